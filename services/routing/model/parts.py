"""The parts of a case: who had it, why it moved, what was agreed, whom was called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.fields import (
    AgreementForm,
    Complexity,
    MatterType,
    MediationResult,
    PauseReason,
    Tier,
    Trigger,
)


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Who answers for the case now: a post in a unit, and the person in it once known (COR-06)."""

    post: str
    unit: str
    ref: str


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One keyword of the county's list that spoke for a category."""

    word: str
    weight: int


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What the keyword table or intake suggests, with its reasons; a person decides."""

    category: str | None
    tier: Tier
    score: int = 0
    complexity: Complexity | None = None
    unit: str | None = None
    by: str = ""  # empty: nothing was suggested, this is what the clerk chose
    reasons: tuple[Reason, ...] = ()
    matter_type: MatterType | None = None
    confidence: int | None = None  # per cent
    others: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """One unit's turn with the case: the present one has no `ended`."""

    n: int
    tier: Tier
    unit: str
    co_units: tuple[str, ...] = ()
    reason: str
    basis: str = ""
    assigned_at: datetime
    accepted_at: datetime | None = None
    arrived_at: datetime | None = None
    ended: str = ""  # returned | transferred | escalated | ended
    ended_at: datetime | None = None
    return_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ReturnRequest:
    """A unit asks to give the case back; the dispatcher has not decided yet."""

    unit: str
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """One request to move up a tier."""

    from_tier: Tier
    to_tier: Tier
    trigger: Trigger
    attempts: int
    requested_by: str
    approved_by: str
    requested_at: datetime
    accepted_at: datetime | None = None
    sent_back: str = ""


@dataclass(frozen=True, kw_only=True)
class Mediation:
    """The matter open in mediation, or the last one and how it ended."""

    mm_id: str
    opened_at: datetime
    result: MediationResult | None = None
    declined_sides: int = 0
    late: bool = False  # its limit ran out without an agreement


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """The parties' agreement that took effect."""

    agr_id: str
    form: AgreementForm
    effective_at: datetime
    confirm_deadline: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class CallBack:
    """One try to ask the resident how it went; `closure` counts the resolutions of the case."""

    closure: int
    at: datetime
    by: str
    reached: bool
    performed: bool | None = None
    satisfied: int | None = None
    places_visited: int | None = None
    remaining_hardship: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Suspension:
    """A rest for an allowed reason, until a day, with an approver."""

    reason: PauseReason
    until: datetime
    approved_by: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Supervision proposed after a breach; a person decides on it."""

    order_id: str
    kind: str
    clock_id: str
    clock_kind: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Joined:
    """A case that is the same matter and was merged here; it keeps its number, and so do its residents."""

    case_id: str
    case_no: str
    reg_ids: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Whistle:
    """A call to other units to report for this case."""

    whistle_id: str
    reasons: tuple[str, ...]
    units: tuple[str, ...]
    approved_by: str
    required_by: datetime
