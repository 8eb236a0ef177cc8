"""What mediation copies of a case, and which facts about a case end its mediation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.mediation.model import CaseView
from shared.contracts.base import Event
from shared.contracts.closing import (
    CaseClosed,
    CaseReferredOut,
    CaseRelapsed,
    CaseReopenedForRework,
    CaseResolved,
    CaseResumed,
    CaseSuspended,
    CaseVerified,
    CaseWithdrawn,
)
from shared.contracts.merging import CaseUnmerged
from shared.contracts.routing import (
    CaseAccepted,
    CaseAgreementReached,
    CaseAssigned,
    CaseEscalated,
    CaseEscalationRejected,
    CaseEscalationRequested,
    CaseHandlingStarted,
    CaseMediationClosed,
    CaseMediationOpened,
    CaseMerged,
    CaseNotAccepted,
    CaseRegistered,
    CaseReturned,
    CaseTransferred,
    CaseTriaged,
)
from shared.decision import Decision

STATES: dict[type[Event], str] = {
    CaseRegistered: "registered",
    CaseTriaged: "triaged",
    CaseAssigned: "assigned",
    CaseTransferred: "assigned",
    CaseAccepted: "accepted",
    CaseReturned: "triaged",
    CaseHandlingStarted: "handling",
    CaseMediationOpened: "mediating",
    CaseMediationClosed: "handling",
    CaseAgreementReached: "agreed",
    CaseEscalationRequested: "escalating",
    CaseEscalated: "triaged",
    CaseEscalationRejected: "handling",
    CaseSuspended: "suspended",
    CaseResumed: "handling",
    CaseResolved: "resolved",
    CaseVerified: "verified",
    CaseReopenedForRework: "handling",
    CaseClosed: "closed",
    CaseReferredOut: "referred_out",
    CaseWithdrawn: "withdrawn",
    CaseRelapsed: "registered",
    CaseNotAccepted: "not_accepted",
    CaseMerged: "merged",
    CaseUnmerged: "registered",  # or sorted: neither is ready for mediation
}
"""What state each event leaves the case in; these are all that mediation listens to."""

COPIED: dict[type[Event], dict[str, str]] = {  # event -> our field: its field
    CaseRegistered: {
        "case_no": "case_no",
        "category": "category",
        "matter_type": "matter_type",
        "tier": "tier",
        "protected": "protected",
        "channel": "channel",
        "referred": "referred",
        "linkage_stage": "linkage_stage",
    },
    CaseTriaged: {
        "category": "category",
        "matter_type": "matter_type",
        "tier": "tier",
        "protected": "protected",
        "willingness": "willingness",
    },
    CaseAssigned: {"lead_unit": "lead_unit", "tier": "tier"},
    CaseTransferred: {"lead_unit": "to_unit"},
    CaseEscalated: {"tier": "to_tier"},
}


def noted(
    view: CaseView | None, event: Event, *, case_id: str, region: str, sequence: str, at: datetime
) -> Decision[CaseView]:
    """The view after one event of its case. Events may come in any order: the newest wins, field by field."""
    view = view or CaseView(case_id=case_id, region=region)
    fields = {name: getattr(event, source) for name, source in COPIED.get(type(event), {}).items()}
    fields |= {"state": STATES[type(event)]}
    newer = {name: value for name, value in fields.items() if sequence > view.told.get(name, "")}
    told = view.told | {name: sequence for name in newer}
    if "state" in newer:
        newer |= {"state_at": at}
    return Decision(state=replace(view, **newer, told=told))
