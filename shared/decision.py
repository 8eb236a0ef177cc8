"""What a rule answers, and why it was asked: the two values every change is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar

from shared.contracts.base import Event
from shared.contracts.wire import Envelope

S = TypeVar("S")

Order = Literal["strict", "latest", "none"]
"""How a listener keeps order per foreign subject: every event in turn, only newer ones, or no order."""


@dataclass(frozen=True, kw_only=True)
class Decision(Generic[S]):
    """The new state, the facts to tell about it, and the reason a citizen may ask for.

    A decision with no events changes nothing: it only remembers that the message was heard.
    """

    state: S
    events: tuple[Event, ...] = ()
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: a reference, never a name."""

    ref: str
    role: str
    unit: str = ""
    region: str = ""


SYSTEM = Actor(ref="system", role="system")


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a change happens, when, and what makes it unrepeatable."""

    at: datetime
    actor: Actor = SYSTEM
    key: str = ""  # the same key acts once
    digest: str = ""  # of the request's body: the same key with another body is refused
    expected: int | None = None  # the version the caller has read
    heard: Envelope | None = None
    order: Order = "none"
    body: bytes = b""  # what was heard, kept when it came too early
    origin: str = ""  # the exchange it came in through: the one identity the broker checks
    correlation: str = ""
    traceparent: str = ""
