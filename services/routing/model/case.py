"""The case: what is known of one matter from registration to closure, and who answers for it now.

Codes, times and references only: names, numbers and texts live in intake's vault.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.routing.model.parts import (
    Agreement,
    Assignment,
    CallBack,
    Escalation,
    Joined,
    Mediation,
    Owner,
    Proposal,
    ReturnRequest,
    Suggestion,
    Suspension,
    Whistle,
)
from services.routing.model.states import State
from shared.contracts.fields import (
    Channel,
    Complexity,
    MatterType,
    Outcome,
    PersonsBand,
    Tier,
    Willingness,
)
from shared.deadlines import Deadline


@dataclass(frozen=True, kw_only=True)
class Case:
    """One matter, from registration to closure."""

    case_id: str
    case_no: str
    reg_ids: tuple[str, ...]
    region: str
    channel: Channel
    matter_type: MatterType
    registered_at: datetime
    profile_version: str
    state: State
    tier: Tier
    tier_origin: Tier
    owner: Owner

    grid_id: str | None = None
    category: str | None = None
    complexity: Complexity | None = None
    willingness: Willingness = "unknown"
    flags: tuple[str, ...] = ()
    persons_band: PersonsBand = "unknown"
    protected: bool = False
    complained_units: tuple[str, ...] = ()
    resident_waiting: bool = False
    first_receiver: str = ""
    report_due: bool = False  # what the law makes report at once has not been reported yet
    referred: bool = False  # by another office, which is to hear of the result
    suggestion: Suggestion | None = None

    previous_state: State | None = None
    suspension: Suspension | None = None
    lead_unit: str = ""
    co_units: tuple[str, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    return_request: ReturnRequest | None = None
    handlers: tuple[str, ...] = ()  # who worked on it: none of them may verify it
    attempts: dict[str, int] = field(default_factory=dict)
    escalations: tuple[Escalation, ...] = ()
    mediation: Mediation | None = None
    agreement: Agreement | None = None
    clocks: tuple[Deadline, ...] = ()
    first_due: datetime | None = None  # the earliest end of a running clock: it drives the work list
    proposals: tuple[Proposal, ...] = ()
    whistles: tuple[Whistle, ...] = ()

    outcome: Outcome | None = None
    resolved_tier: Tier | None = None
    resolved_at: datetime | None = None
    closures: int = 0  # how often it was resolved
    callbacks: tuple[CallBack, ...] = ()
    closed_at: datetime | None = None
    ended_reason: str = ""
    merged_into: str | None = None
    stilled: tuple[str, ...] = ()  # clocks that the merge ended: they run on when it is undone
    joined: tuple[Joined, ...] = ()  # cases that were merged into this one
    relapse_count: int = 0

    @property
    def assignment(self) -> Assignment | None:
        """The present assignment, or None."""
        last = self.assignments[-1] if self.assignments else None
        return last if last and not last.ended else None

    @property
    def returns(self) -> int:
        """How often a unit has given the case back."""
        return sum(1 for each in self.assignments if each.ended == "returned")
