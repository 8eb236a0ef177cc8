"""What routing tells about how a case rests, is resolved, checked, closed, and comes back."""

from __future__ import annotations

from shared.contracts.base import Event, event
from shared.contracts.fields import (
    Code,
    Count,
    Id,
    Instant,
    LegalRoute,
    Number,
    Outcome,
    PauseReason,
    PublicFlag,
    Rating,
    Tier,
)


@event("case.suspended", by="routing", about="case")
class CaseSuspended(Event):
    """Handling rests for an allowed reason until a given day."""

    case_id: Id
    reason: PauseReason
    until: Instant


@event("case.resumed", by="routing", about="case")
class CaseResumed(Event):
    """Handling goes on after a rest."""

    case_id: Id


@event("case.resolved", by="routing", about="case")
class CaseResolved(Event):
    """The unit says every request was answered; nobody has checked it yet."""

    case_id: Id
    outcome: Outcome
    tier: Tier
    days: Count


@event("case.verified", by="routing", about="case")
class CaseVerified(Event):
    """Somebody other than the handler checked the result and found it good."""

    case_id: Id
    outcome: Outcome
    tier: Tier


@event("case.reopened_for_rework", by="routing", about="case")
class CaseReopenedForRework(Event):
    """The check found the result wanting and sent the case back to its unit."""

    case_id: Id
    reason: Code


@event("case.closed", by="routing", about="case")
class CaseClosed(Event):
    """The case is closed; performance of an agreement may still run on in mediation."""

    case_id: Id
    outcome: Outcome
    resolved_tier: Tier
    registered_at: Instant
    closed_at: Instant
    extended: bool = False
    paused_days: Count = 0


@event("case.referred_out", by="routing", about="case")
class CaseReferredOut(Event):
    """The matter was handed to another legal route."""

    case_id: Id
    route: LegalRoute
    receipt: bool


@event("case.withdrawn", by="routing", about="case")
class CaseWithdrawn(Event):
    """The applicant took the matter back."""

    case_id: Id
    reason: Code


@event("case.relapsed", by="routing", about="case")
class CaseRelapsed(Event):
    """The same dispute broke out again and the case was reopened."""

    case_id: Id
    relapse_count: Number


@event("case.callback_completed", by="routing", about="case")
class CaseCallbackCompleted(Event):
    """Somebody other than the handler asked the resident how it went."""

    case_id: Id
    reached: bool
    performed: bool | None = None
    satisfaction: Rating | None = None
    places_visited: Count | None = None


@event("case.flag_changed", by="routing", about="case")
class CaseFlagChanged(Event):
    """One of the case's public flags was set or taken away."""

    case_id: Id
    flag: PublicFlag
    value: bool
