"""An aggregate as it was read, and what one write changes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, Protocol, TypeVar

from shared import ids
from shared.contracts import base, wire
from shared.decision import Cause, Decision


class Regional(Protocol):
    """Every state says which region it belongs to."""

    @property
    def region(self) -> str: ...


S = TypeVar("S", bound=Regional)

FIRST = "0000000001.00"
EVERYBODY = "core:x.events"
MOST = 100  # events of one write: the index in a sequence has two digits


@dataclass(frozen=True, kw_only=True)
class Held(Generic[S]):
    """One aggregate with its version and what it has heard so far."""

    id: str
    version: int
    state: S
    seen: Mapping[str, str] = field(default_factory=dict)  # source|subject -> the sequence expected next
    inbox: Mapping[str, str] = field(default_factory=dict)  # key -> digest of messages and requests handled
    moved: bool = False  # keys handled long ago are kept elsewhere
    resealed: int = 0  # how often its fields were sealed again under a newer key


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A message that came before its turn."""

    id: str
    aggregate: str
    stream: str
    sequence: str
    expected: str  # what the stream was waiting for when this came
    since: datetime
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Write:
    """One write: everything that becomes true together, or not at all."""

    version: int
    state: Any
    history: Mapping[str, Any] | None
    outbox: Sequence[Mapping[str, Any]]
    cause: Cause


def stream(heard: wire.Envelope) -> str:
    """The ordered stream an event belongs to."""
    return f"{heard.source}|{heard.subject}"


def following(heard: wire.Envelope) -> str:
    """The sequence that must come after this event: the next of the same write, or the next version."""
    version, _, index = heard.sequence.partition(".")
    return f"{int(version) + 1:010d}.00" if heard.last else f"{version}.{int(index) + 1:02d}"


class Position:
    """Where a message stands against what was heard: already done, next in turn, or too early."""

    DONE, NEXT, EARLY = "done", "next", "early"

    @staticmethod
    def of(held: Held[Any] | None, cause: Cause) -> str:
        """The position of this cause's message for a listener that may not exist yet."""
        if held and cause.key and cause.key in held.inbox:
            return Position.DONE
        if cause.heard is None or cause.order == "none":
            return Position.NEXT
        expected = held.seen.get(stream(cause.heard), FIRST) if held else FIRST
        if cause.heard.sequence < expected:
            return Position.DONE
        early = cause.order == "strict" and cause.heard.sequence > expected
        return Position.EARLY if early else Position.NEXT


@dataclass(frozen=True, kw_only=True)
class Teller:
    """Turns a decision's events into envelopes of one aggregate."""

    service: str
    aggregate: str
    address: Callable[[base.Event], tuple[str, str] | None] = lambda told: None
    """(destination, routing key) of events that are not for everybody, e.g. ("edge:x.dept", "court").

    In one write they are put after those for everybody: whoever follows the aggregate sees no gap.
    """
    identity: Callable[[str, base.Event], str] = lambda id, told: ids.new()
    """(aggregate, event) -> the event's id; derived for one that may be told again under the same id."""

    def outbox(self, id: str, version: int, decision: Decision[Any], cause: Cause) -> list[dict[str, Any]]:
        """The outbox entries of one write, in order, the last one for each address marked.

        Raises ValueError when nobody but an addressee is told, or a hundred events at once: either would be
        a gap that those who follow the aggregate cannot close.
        """
        told = sorted(decision.events, key=lambda event: self.address(event) is not None)
        if told and (self.address(told[0]) is not None or len(told) > MOST):
            raise ValueError(
                f"a change of {self.aggregate} must tell everybody something, and at most {MOST}"
            )
        lasts = {self.address(event): n for n, event in enumerate(told)}
        return [
            self._entry(
                self._envelope(id, version, n, n == lasts[self.address(event)], event, decision, cause), event
            )
            for n, event in enumerate(told)
        ]

    def _envelope(
        self,
        id: str,
        version: int,
        n: int,
        last: bool,
        event: base.Event,
        decision: Decision[Any],
        cause: Cause,
    ) -> wire.Envelope:
        region = decision.state.region
        return wire.Envelope(
            id=self.identity(id, event),
            source=f"/svc/{self.service}/{region[:6]}",
            type=f"{event.TYPE}.v{event.MAJOR}",
            subject=f"{self.aggregate}/{id}",
            time=instant(cause.at),
            sequence=f"{version:010d}.{n:02d}",
            last=last,
            data=base.dump(event),
            dataschema=f"urn:yizhan:schema:{event.TYPE}:{event.MAJOR}.{event.MINOR}",
            correlationid=cause.correlation,
            causationid=cause.heard.id if cause.heard else "",
            traceparent=cause.traceparent,
            regioncode=region,
            profileversion=getattr(decision.state, "profile_version", ""),
            actorrole=cause.actor.role,
            classification="protected" if getattr(decision.state, "protected", False) else "normal",
        )

    def _entry(self, envelope: wire.Envelope, event: base.Event) -> dict[str, Any]:
        destination, key = self.address(event) or (EVERYBODY, envelope.key)
        body = wire.encode(envelope)
        return {"id": envelope.id, "n": envelope.sequence, "dest": destination, "key": key, "body": body}


def history(
    version: int, entries: Sequence[Mapping[str, Any]], decision: Decision[Any], cause: Cause
) -> dict[str, Any]:
    """The history entry of one write: who, when, why, and the exact events told."""
    return {
        "v": version,
        "at": cause.at,
        "actor": cause.actor.ref,
        "role": cause.actor.role,
        "unit": cause.actor.unit,
        "reason": decision.reason,
        "key": cause.key,
        "events": [entry["body"] for entry in entries],
    }


def instant(at: datetime) -> str:
    """An instant as the wire writes it: UTC, milliseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
