"""A platform's copy of a case: what it was told last, whether it took it, and with which receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared import ids
from shared.contracts.fields import Channel, Complexity, MatterType, Outcome, PersonsBand, PublicFlag, Tier


class Reported(StrEnum):
    """How far the present revision has come."""

    QUEUED = "queued"
    SENT = "sent"
    RECEIVED = "received"
    TAKEN = "taken"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a platform is told of a case: codes, times, regions."""

    region: str
    channel: Channel
    matter_type: MatterType
    tier: Tier
    state: str
    registered_at: datetime
    category: str | None = None
    complexity: Complexity | None = None
    persons_band: PersonsBand = "unknown"
    flags: tuple[PublicFlag, ...] = ()
    resolved_at: datetime | None = None
    lead_unit: str | None = None
    outcome: Outcome | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Report:
    """One case and one platform."""

    report_id: str
    case_id: str
    case_no: str
    department: str
    region: str
    profile_version: str
    revision: int
    facts: Facts
    queued_at: datetime
    protected: bool = False
    stage: Reported = Reported.QUEUED
    sent_n: int = 0
    sent_at: datetime | None = None
    taken_at: datetime | None = None
    receipt_hash: str = ""
    refused_reason: str = ""

    @property
    def delivery_id(self) -> str:
        """What it is called in a mailbox."""
        return self.report_id

    @property
    def ask_id(self) -> str:
        """The id of the ask of the present revision."""
        return ask_id(self.report_id, self.revision)


def report_id(case_id: str, department: str) -> str:
    """The same case and platform have the same report."""
    return ids.derived("report", case_id, department)


def ask_id(report_id: str, revision: int) -> str:
    """The id of the ask of one revision: answers name it as their cause, and a repeated ask keeps it."""
    return ids.derived("ask", report_id, str(revision))
