"""What routing tells about a case on its way: from registration to a unit, mediation and the upper tiers.

How it rests and ends is in `closing.py`, its clocks, supervision and whistles in `sla.py`, the handing to
departments in `delivery.py`; all of them are published by routing.
"""

from __future__ import annotations

from shared.contracts.base import Event, event
from shared.contracts.fields import (
    AgreementForm,
    CaseNo,
    Channel,
    Code,
    Complexity,
    Count,
    Id,
    Instant,
    LegalRoute,
    MatterType,
    MediationResult,
    Number,
    PersonsBand,
    PublicFlag,
    Region,
    Tier,
    Trigger,
    Unit,
    Willingness,
)


@event("case.registered", by="routing", about="case", minor=1)
class CaseRegistered(Event):
    """A case was opened for a registration; `category` stays empty for a protected case."""

    case_id: Id
    case_no: CaseNo
    reg_id: Id
    channel: Channel
    matter_type: MatterType
    category: Code | None
    region: Region
    grid_id: Region | None = None
    persons_band: PersonsBand = "unknown"
    tier: Tier
    flags: tuple[PublicFlag, ...] = ()
    protected: bool = False
    discovered_at: Instant | None = None
    received_at: Instant | None = None
    registered_at: Instant
    finding_id: Id | None = None
    referred: bool = False
    linkage_stage: Code | None = None


@event("case.merged", by="routing", about="case")
class CaseMerged(Event):
    """A person found this case to be the same matter as another one and merged it there."""

    case_id: Id
    into_case_id: Id


@event("case.not_accepted", by="routing", about="case")
class CaseNotAccepted(Event):
    """The matter is not for mediation here; the resident was shown the legal route in writing."""

    case_id: Id
    reason: Code
    route: LegalRoute


@event("case.triaged", by="routing", about="case", minor=1)
class CaseTriaged(Event):
    """A dispatcher said what the matter is, how hard, and at which tier it is handled.

    `kept_from`: units that are complained about in it, and must not find it anywhere.
    """

    case_id: Id
    matter_type: MatterType
    category: Code | None
    complexity: Complexity
    willingness: Willingness
    tier: Tier
    flags: tuple[PublicFlag, ...] = ()
    protected: bool = False
    suggestion_used: bool = False
    kept_from: tuple[Unit, ...] = ()


@event("case.assigned", by="routing", about="case")
class CaseAssigned(Event):
    """A lead unit was made responsible, with the units that help it."""

    case_id: Id
    lead_unit: Unit
    co_units: tuple[Unit, ...] = ()
    tier: Tier
    pickup_due: Instant | None = None
    due_at: Instant | None = None
    reason: Code | None = None


@event("case.accepted", by="routing", about="case")
class CaseAccepted(Event):
    """The lead unit took the case."""

    case_id: Id
    unit: Unit
    accepted_at: Instant


@event("case.arrived", by="routing", about="case")
class CaseArrived(Event):
    """The desk confirmed that somebody of the unit stands before the resident."""

    case_id: Id
    unit: Unit
    arrived_at: Instant


@event("case.returned", by="routing", about="case")
class CaseReturned(Event):
    """The unit gave the case back to the dispatcher with a reason; the resident's clock runs on."""

    case_id: Id
    from_unit: Unit
    reason: Code
    n: Number


@event("case.return_requested", by="routing", about="case")
class CaseReturnRequested(Event):
    """The unit asks to give the case back; the dispatcher has not agreed yet."""

    case_id: Id
    from_unit: Unit
    reason: Code


@event("case.return_refused", by="routing", about="case")
class CaseReturnRefused(Event):
    """The dispatcher did not agree; the case stays with its unit."""

    case_id: Id
    from_unit: Unit


@event("case.transferred", by="routing", about="case")
class CaseTransferred(Event):
    """The dispatcher moved the case from one unit to another."""

    case_id: Id
    from_unit: Unit
    to_unit: Unit
    reason: Code
    n: Number


@event("case.handling_started", by="routing", about="case")
class CaseHandlingStarted(Event):
    """The lead unit began to work on the case."""

    case_id: Id
    unit: Unit


@event("case.mediation_opened", by="routing", about="case")
class CaseMediationOpened(Event):
    """The case is being mediated."""

    case_id: Id
    mm_id: Id


@event("case.mediation_closed", by="routing", about="case")
class CaseMediationClosed(Event):
    """Mediation ended and the case is with its unit again; the other routes were explained."""

    case_id: Id
    mm_id: Id
    result: MediationResult


@event("case.attempt_recorded", by="routing", about="case")
class CaseAttemptRecorded(Event):
    """A failed round of mediation counted at this tier."""

    case_id: Id
    tier: Tier
    n: Number
    threshold: Count


@event("case.agreement_reached", by="routing", about="case")
class CaseAgreementReached(Event):
    """The parties' agreement took effect."""

    case_id: Id
    agr_id: Id
    form: AgreementForm
    tier: Tier


@event("case.escalation_requested", by="routing", about="case")
class CaseEscalationRequested(Event):
    """A tier asked the next one to take over; it stays responsible until that one accepts."""

    case_id: Id
    from_tier: Tier
    to_tier: Tier
    trigger: Trigger
    attempts: Count


@event("case.escalated", by="routing", about="case")
class CaseEscalated(Event):
    """The upper tier accepted the case."""

    case_id: Id
    from_tier: Tier
    to_tier: Tier
    trigger: Trigger
    attempts: Count


@event("case.escalation_rejected", by="routing", about="case")
class CaseEscalationRejected(Event):
    """The upper tier sent the case back with a reason."""

    case_id: Id
    from_tier: Tier
    to_tier: Tier
    trigger: Trigger
    attempts: Count
    reason: Code


@event("case.noted", by="routing", about="case")
class CaseNoted(Event):
    """Something heard about the case did not move it, and why: `about` is the event's type."""

    case_id: Id
    about: Code
    reason: Code
