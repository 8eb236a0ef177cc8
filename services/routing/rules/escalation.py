"""A case moves up a tier: asked for below, decided above, always with somebody responsible (G13–G15)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.routing.model import Case, Escalation
from services.routing.model import commands as asks
from services.routing.rules.by import By
from services.routing.rules.ladder import attempts_of, tier_above
from services.routing.rules.step import entered, moved
from services.routing.rules.units import ended
from shared.contracts.routing import CaseEscalated, CaseEscalationRejected, CaseEscalationRequested
from shared.decision import Decision

NOTHING = asks.Nothing()


def escalate(case: Case, ask: asks.Escalate, by: By) -> Decision[Case]:
    """G13: the tier asks the one above; it stays responsible until that one accepts."""
    step = entered(case, "escalate", ask, by)
    to_tier = tier_above(case, ask.trigger, by.profile)
    assert to_tier is not None  # a guard of this row
    wanted = Escalation(
        from_tier=case.tier, to_tier=to_tier, trigger=ask.trigger, attempts=attempts_of(case),
        requested_by=by.actor.ref, approved_by=ask.approved_by or by.actor.ref, requested_at=by.at,
    )  # fmt: skip
    event = CaseEscalationRequested(case_id=case.case_id, **_told(wanted))
    reason = f"上报：{ask.trigger}"
    return moved(case, step, by, event, reason=reason, escalations=(*case.escalations, wanted))


def accept_escalation(case: Case, by: By) -> Decision[Case]:
    """G14: the upper tier takes the case; it is to be assigned there."""
    step = entered(case, "accept_escalation", NOTHING, by)
    wanted = case.escalations[-1]
    return moved(
        case,
        step,
        by,
        CaseEscalated(case_id=case.case_id, **_told(wanted)),
        tier=wanted.to_tier,
        escalations=(*case.escalations[:-1], replace(wanted, accepted_at=by.at)),
        assignments=ended(case, "escalated", by),
        lead_unit="",
        co_units=(),
    )


def send_back(case: Case, ask: asks.Reasoned, by: By) -> Decision[Case]:
    """G15: the upper tier sends the case back with a reason, once."""
    step = entered(case, "send_back", ask, by)
    wanted = case.escalations[-1]
    event = CaseEscalationRejected(case_id=case.case_id, reason=ask.reason, **_told(wanted))
    rejected = (*case.escalations[:-1], replace(wanted, sent_back=ask.reason))
    return moved(case, step, by, event, reason=f"上级退回：{ask.reason}", escalations=rejected)


def _told(wanted: Escalation) -> dict[str, Any]:
    return {
        "from_tier": wanted.from_tier,
        "to_tier": wanted.to_tier,
        "trigger": wanted.trigger,
        "attempts": wanted.attempts,
    }
