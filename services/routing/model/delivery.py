"""The handing of a case to one department's own system, owed until the department gives a business answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared import ids
from shared.contracts.fields import Complexity, MatterType, Outcome, PersonsBand, PublicFlag, Tier


class Stage(StrEnum):
    """How far the handing over has come. The last four are ends."""

    QUEUED = "queued"
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    CONCLUDED = "concluded"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


IN_MAILBOX = (Stage.SENT, Stage.RECEIVED)  # these fill a department's window (BUS b11)
OUTSTANDING = (Stage.QUEUED, *IN_MAILBOX, Stage.ACCEPTED)
DONE = tuple(stage for stage in Stage if stage not in OUTSTANDING)
WAY = {Stage.QUEUED: 0, Stage.SENT: 1, Stage.RECEIVED: 2, Stage.ACCEPTED: 3} | dict.fromkeys(DONE, 4)
"""How far each stage is: an answer leads on, never back, and never out of an end."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One case in one department's mailbox; what it holds is what the department is asked."""

    delivery_id: str
    case_id: str
    case_no: str
    department: str
    assignment: int
    region: str
    profile_version: str
    protected: bool = False
    category: str | None = None
    complexity: Complexity
    matter_type: MatterType
    tier: Tier
    persons_band: PersonsBand = "unknown"
    flags: tuple[PublicFlag, ...] = ()
    complained_units: tuple[str, ...] = ()  # they must not find it in a list
    accept_by: datetime | None = None
    due_at: datetime | None = None

    stage: Stage = Stage.QUEUED
    queued_at: datetime
    sent_n: int = 0
    sent_at: datetime | None = None
    received_at: datetime | None = None
    accepted_at: datetime | None = None
    returned_reason: str = ""
    steps: tuple[str, ...] = ()
    outcome: Outcome | None = None
    ended_at: datetime | None = None
    links: int = 0  # single-case links issued to a unit without a system; only the last one opens
    link_until: datetime | None = None
    link_sent: int = 0  # the number of the last link that went out by message
    late: int = 0  # answers that came when nothing was owed any more

    @property
    def ask_id(self) -> str:
        """The id of its ask, which every answer names as its cause."""
        return ask_id(self.delivery_id)


def delivery_id(case_id: str, unit: str, assignment: int) -> str:
    """The same handing over has the same id, however often it is asked for."""
    return ids.derived("delivery", case_id, unit, str(assignment))


def ask_id(delivery_id: str) -> str:
    """The id of the ask: every answer must name it as its cause, and a repeated ask keeps it."""
    return ids.derived("ask", delivery_id)
