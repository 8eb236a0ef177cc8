"""One look after another at a case, one thing done at each, until it must wait."""

from __future__ import annotations

from deploy.local.demo.ending import closed, resolved, verified
from deploy.local.demo.handling import agreed, escalating, handling, mediating, suspended
from deploy.local.demo.life import Case, Life, Rest, Stage, Step
from deploy.local.demo.opening import accepted, assigned, registered, triaged
from deploy.local.demo.web import Refusal

STEPS: dict[str, Step] = {
    "registered": registered,
    "triaged": triaged,
    "assigned": assigned,
    "accepted": accepted,
    "handling": handling,
    "mediating": mediating,
    "agreed": agreed,
    "escalating": escalating,
    "suspended": suspended,
    "resolved": resolved,
    "verified": verified,
    "closed": closed,
}

NOT_THERE = 404


def go_on(life: Life, stage: Stage) -> Rest:
    """Do what can be done now; returns why it stops."""
    try:
        case: Case = stage.case(life)
    except Refusal as refusal:
        if refusal.status != NOT_THERE:
            raise
        return Rest.EVENT  # routing has not heard of it yet
    for _ in range(60):
        life.state = case["state"]
        step = STEPS.get(life.state)
        if step is None:
            life.ended = True
            return Rest.END
        outcome = step(life, case, stage)
        if isinstance(outcome, Rest):
            life.ended = outcome is Rest.END
            return outcome
        case = outcome
    raise RuntimeError(f"{life.case_no} goes round in circles at {life.state}")
