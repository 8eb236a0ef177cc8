"""What a department may say about an ask: codes and instants only, never a text.

`received` is said by the adapter itself, as soon as the ask is stored; the other four by the department.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from yizhan_adapter.clock import instant
from yizhan_adapter.errors import NeverPossible

REASONS = ("not_competent", "wrong_region", "duplicate", "material_missing", "conflict_of_interest")
OUTCOMES = (
    "mediated_written", "mediated_oral", "settled", "admin_resolved", "answered", "aid_only",
    "referred_court", "referred_arbitration", "referred_admin", "petition_concluded", "withdrawn", "failed",
)  # fmt: skip
STEP = re.compile(r"[a-z][a-z0-9_.]{0,47}")
REFERENCE = re.compile(
    r"[A-Z][A-Z0-9_./-]{2,47}"
)  # another number stays with the department: it could say who


@dataclass(frozen=True)
class Accepted:
    """The department takes the case; `at` only when its system says when."""

    at: datetime | None = None
    name: ClassVar[str] = "answer.accepted"


@dataclass(frozen=True)
class Returned:
    """The department gives the case back; the reason is one of REASONS."""

    reason: str
    name: ClassVar[str] = "answer.returned"

    def __post_init__(self) -> None:
        if self.reason not in REASONS:
            raise NeverPossible(f"no such reason for a return: {self.reason!r}")


@dataclass(frozen=True)
class Progressed:
    """The department reached a step on its own way; each step is told once."""

    step: str
    name: ClassVar[str] = "answer.progressed"

    def __post_init__(self) -> None:
        if not STEP.fullmatch(self.step):
            raise NeverPossible("a step is a code: small letters, digits, dots and underscores")


@dataclass(frozen=True)
class Concluded:
    """The department finished its part; the outcome is one of OUTCOMES."""

    outcome: str
    at: datetime | None = None
    name: ClassVar[str] = "answer.concluded"

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            raise NeverPossible(f"no such outcome: {self.outcome!r}")


@dataclass(frozen=True)
class Served:
    """A service beside the case came to a result; with their number, and when somebody is to come."""

    result: str
    reference: str = ""
    meeting_at: datetime | None = None
    at: datetime | None = None
    name: ClassVar[str] = "answer.served"

    def __post_init__(self) -> None:
        if not STEP.fullmatch(self.result):
            raise NeverPossible("a result is a code: small letters, digits, dots and underscores")


@dataclass(frozen=True)
class Received:
    """The adapter has stored the ask; nobody in the department has decided anything yet."""

    name: ClassVar[str] = "answer.received"


@dataclass(frozen=True)
class Reported:
    """A platform has its copy of the case as it was reported; its receipt stays with the adapter."""

    receipt: str = ""
    at: datetime | None = None
    name: ClassVar[str] = "answer.reported"


Answer = Accepted | Returned | Progressed | Concluded | Served | Reported
Said = Answer | Received


def said(answer: Said) -> str:
    """What makes an answer the same answer when the back office says it again."""
    return ":".join((answer.name.removeprefix("answer."), *_detail(answer).values()))


def fresh(spoken: Iterable[str], told: Iterable[Answer]) -> list[Answer]:
    """What of `told` was not said yet, up to the first final answer.

    Who moves on has accepted, so that is said before a step or an outcome.
    """
    new: list[Answer] = []
    before = set(spoken)
    for answer in told:
        for one in (*_implied(answer), answer):
            if not finished(before) and said(one) not in before:
                before.add(said(one))
                new.append(one)
    return new


def finished(spoken: Iterable[str]) -> bool:
    """Whether the department has had its last word."""
    return any(one.startswith(("returned:", "concluded:", "served:", "reported")) for one in spoken)


def _implied(answer: Answer) -> tuple[Answer, ...]:
    if isinstance(answer, Concluded | Served):
        return (Accepted(answer.at),)
    return (Accepted(),) if isinstance(answer, Progressed) else ()


def data(answer: Said, delivery_id: str, now: datetime) -> dict[str, str]:
    """The answer's data on the wire; an instant the back office did not give is the present one."""
    found = {"delivery_id": delivery_id} | _detail(answer)
    if isinstance(answer, Accepted):
        return found | {"accepted_at": instant(answer.at or now)}
    if isinstance(answer, Concluded):
        return found | {"concluded_at": instant(answer.at or now)}
    if isinstance(answer, Served):
        meeting = {"meeting_at": instant(answer.meeting_at)} if answer.meeting_at else {}
        number = {"reference": answer.reference} if REFERENCE.fullmatch(answer.reference) else {}
        return found | number | meeting | {"served_at": instant(answer.at or now)}
    if isinstance(answer, Reported):
        proof = {"receipt_hash": sha256(answer.receipt.encode()).hexdigest()} if answer.receipt else {}
        return found | proof | {"reported_at": instant(answer.at or now)}
    return found


def _detail(answer: Said) -> dict[str, str]:
    names = ("reason", "step", "outcome", "result")
    return {name: getattr(answer, name) for name in names if hasattr(answer, name)}
