"""What mediation tells: sittings, agreements and their performance. Everything names its case."""

from __future__ import annotations

from shared.contracts.base import Event, event
from shared.contracts.fields import (
    AgreementForm,
    AmountBand,
    Code,
    Count,
    Id,
    Instant,
    Linkage,
    MediationKind,
    MediationResult,
    Number,
    Percent,
    Ref,
    SessionMode,
    SessionOutcome,
    Tier,
    Unit,
)


@event("mediation.matter_opened", by="mediation", about="matter")
class MediationMatterOpened(Event):
    """Mediation of a case began, of this kind, by this organisation, within this limit."""

    mm_id: Id
    case_id: Id
    kind: MediationKind
    linkage: Linkage = "none"
    organisation: Unit
    tier: Tier | None = None
    limit_due: Instant | None = None


@event("mediation.session_scheduled", by="mediation", about="matter")
class MediationSessionScheduled(Event):
    """A sitting has a time and a form."""

    mm_id: Id
    session_id: Id
    case_id: Id
    mode: SessionMode
    start: Instant


@event("mediation.session_held", by="mediation", about="matter")
class MediationSessionHeld(Event):
    """A sitting took place and ended in some way."""

    mm_id: Id
    session_id: Id
    case_id: Id
    tier: Tier
    mode: SessionMode
    outcome: SessionOutcome
    minutes: Count | None = None


@event("mediation.session_failed", by="mediation", about="matter")
class MediationSessionFailed(Event):
    """A sitting ended without agreement; `counts_as_attempt` says whether the round counts."""

    mm_id: Id
    session_id: Id
    case_id: Id
    tier: Tier
    counts_as_attempt: bool
    reason_code: Code


@event("mediation.session_declined", by="mediation", about="matter")
class MediationSessionDeclined(Event):
    """One or more sides did not want to mediate, which is their right and no failed attempt."""

    mm_id: Id
    session_id: Id
    case_id: Id
    side_count: Number


@event("mediation.agreement_effective", by="mediation", about="matter")
class MediationAgreementEffective(Event):
    """An agreement took effect; until `confirm_deadline` a court may be asked to confirm it."""

    mm_id: Id
    agr_id: Id
    case_id: Id
    form: AgreementForm
    effective_at: Instant
    confirm_deadline: Instant | None = None
    total_amount_band: AmountBand = "none"


@event("mediation.performance_due", by="mediation", about="matter")
class MediationPerformanceDue(Event):
    """The day came on which one item of an agreement is to be done."""

    mm_id: Id
    agr_id: Id
    case_id: Id
    item_no: Number
    due: Instant


@event("mediation.performed", by="mediation", about="matter")
class MediationPerformed(Event):
    """One item of an agreement was done."""

    mm_id: Id
    agr_id: Id
    case_id: Id
    item_no: Number
    due: Instant
    done_at: Instant


@event("mediation.performance_breached", by="mediation", about="matter")
class MediationPerformanceBreached(Event):
    """One item of an agreement was not done when it was due."""

    mm_id: Id
    agr_id: Id
    case_id: Id
    item_no: Number
    due: Instant


@event("mediation.matter_closed", by="mediation", about="matter")
class MediationMatterClosed(Event):
    """Mediation of a case ended."""

    mm_id: Id
    case_id: Id
    result: MediationResult
    days: Count


@event("mediation.conflict_declared", by="mediation", about="matter")
class MediationConflictDeclared(Event):
    """A mediator said that they have an interest in the case and stepped back."""

    mm_id: Id
    case_id: Id
    mediator_ref: Ref


@event("mediation.noted", by="mediation", about="matter")
class MediationNoted(Event):
    """Something was put on record that does not move the matter by itself: `about` says what."""

    mm_id: Id
    case_id: Id
    about: Code
    session_id: Id | None = None


@event("mediation.extended", by="mediation", about="matter")
class MediationExtended(Event):
    """All sides agreed to give the mediation more time."""

    mm_id: Id
    case_id: Id
    kind: Code
    due_at: Instant


@event("mediation.clock_threshold", by="mediation", about="matter")
class MediationClockThreshold(Event):
    """A share of one of the matter's limits is used up."""

    mm_id: Id
    case_id: Id
    clock_id: Id
    kind: Code
    pct: Percent
    due_at: Instant


@event("mediation.confirmation_filed", by="mediation", about="matter")
class MediationConfirmationFiled(Event):
    """The parties asked a court together to confirm their agreement, in time or late."""

    mm_id: Id
    agr_id: Id
    case_id: Id
    court_unit: Unit
    filed_at: Instant
    days_late: Count = 0


@event("mediation.confirmed", by="mediation", about="matter")
class MediationConfirmed(Event):
    """The court confirmed the agreement, which can now be enforced."""

    mm_id: Id
    agr_id: Id
    case_id: Id
    decided_at: Instant


@event("mediation.rejected", by="mediation", about="matter")
class MediationRejected(Event):
    """The court did not confirm the agreement, or the parties took it back; `reason` says which."""

    mm_id: Id
    agr_id: Id
    case_id: Id
    decided_at: Instant
    reason: Code
