"""A case is resolved, asked about, checked by somebody else, and closed: G19 to G23."""

from __future__ import annotations

from services.routing.model import CallBack, Case
from services.routing.model import commands as asks
from services.routing.rules.by import By
from services.routing.rules.routes import legal_route
from services.routing.rules.step import entered, moved
from services.routing.rules.units import with_handler
from shared.contracts.closing import (
    CaseCallbackCompleted,
    CaseClosed,
    CaseReferredOut,
    CaseReopenedForRework,
    CaseResolved,
    CaseVerified,
)
from shared.decision import Decision

NOTHING = asks.Nothing()


def resolve(case: Case, ask: asks.Resolve, by: By) -> Decision[Case]:
    """G19: the unit says that every request is answered, and with what result."""
    step = entered(case, "resolve", ask, by)
    days = max(0, (by.at - case.registered_at).days)
    event = CaseResolved(case_id=case.case_id, outcome=ask.outcome, tier=case.tier, days=days)
    return moved(
        case,
        step,
        by,
        event,
        reason=f"办理结果：{ask.outcome}",
        outcome=ask.outcome,
        resolved_tier=case.tier,
        resolved_at=by.at,
        closures=case.closures + 1,
        handlers=with_handler(case, by),
    )


def call_back(case: Case, ask: asks.Call, by: By) -> Decision[Case]:
    """B4: somebody who did not handle the case asks the resident how it went; each try is on record."""
    step = entered(case, "call_back", ask, by)
    event = CaseCallbackCompleted(
        case_id=case.case_id, reached=ask.reached, performed=ask.performed, satisfaction=ask.satisfied,
        places_visited=ask.places_visited,
    )  # fmt: skip
    call = CallBack(
        closure=case.closures, at=by.at, by=by.actor.ref, reached=ask.reached, performed=ask.performed,
        satisfied=ask.satisfied, places_visited=ask.places_visited, remaining_hardship=ask.remaining_hardship,
    )  # fmt: skip
    return moved(case, step, by, event, callbacks=(*case.callbacks, call))


def verify(case: Case, by: By) -> Decision[Case]:
    """G20: somebody else checked the result and found it good (核查)."""
    step = entered(case, "verify", NOTHING, by)
    assert case.outcome is not None
    event = CaseVerified(case_id=case.case_id, outcome=case.outcome, tier=case.tier)
    return moved(case, step, by, event)


def rework(case: Case, ask: asks.Reasoned, by: By) -> Decision[Case]:
    """G21: the check found the result wanting; the unit works on, to the same end as before."""
    step = entered(case, "rework", ask, by)
    event = CaseReopenedForRework(case_id=case.case_id, reason=ask.reason)
    return moved(case, step, by, event, reason=f"核查退回：{ask.reason}", outcome=None)


def close(case: Case, ask: asks.Close, by: By) -> Decision[Case]:
    """G22: nothing of the handling is left open; performance runs on in its own matter (COR-17)."""
    step = entered(case, "close", ask, by)
    assert case.outcome is not None and case.resolved_tier is not None
    event = CaseClosed(
        case_id=case.case_id, outcome=case.outcome, resolved_tier=case.resolved_tier,
        registered_at=case.registered_at, closed_at=by.at,
        extended=any(clock.extended for clock in case.clocks), paused_days=paused_days(case),
    )  # fmt: skip
    return moved(case, step, by, event, closed_at=by.at)


def paused_days(case: Case) -> int:
    """Whole days that the longest-resting clock of the case stood still."""
    return int(max((clock.paused_s for clock in case.clocks), default=0.0) // 86_400)


def refer_out(case: Case, ask: asks.ReferOut, by: By) -> Decision[Case]:
    """G23: the matter leaves by a lawful route, with its material and a receipt."""
    step = entered(case, "refer_out", ask, by)
    event = CaseReferredOut(case_id=case.case_id, route=legal_route(ask.route), receipt=ask.receipt)
    return moved(case, step, by, event, reason=f"引导：{ask.route}", ended_reason=ask.route)
