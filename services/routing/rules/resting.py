"""A case rests for an allowed reason, or other units are called to it: G16 to G18."""

from __future__ import annotations

from services.routing.model import Case, Suspension, Whistle
from services.routing.model import commands as asks
from services.routing.rules.by import By
from services.routing.rules.step import entered, moved
from shared import ids
from shared.contracts.closing import CaseResumed, CaseSuspended
from shared.contracts.sla import WhistleCalled
from shared.decision import Decision
from shared.limits import due

NOTHING = asks.Nothing()


def suspend(case: Case, ask: asks.Suspend, by: By) -> Decision[Case]:
    """G17: handling rests until a day; the resident's clock does not."""
    step = entered(case, "suspend", ask, by)
    rest = Suspension(
        reason=ask.reason, until=ask.until, approved_by=ask.approved_by or by.actor.ref, since=by.at
    )
    event = CaseSuspended(case_id=case.case_id, reason=ask.reason, until=ask.until)
    return moved(
        case, step, by, event, reason=f"中止：{ask.reason}", suspension=rest, previous_state=case.state
    )


def resume(case: Case, by: By) -> Decision[Case]:
    """G18: handling goes on where it stopped, by hand or on the day."""
    step = entered(case, "resume", NOTHING, by)
    event = CaseResumed(case_id=case.case_id)
    return moved(case, step, by, event, suspension=None, previous_state=None)


def whistle(case: Case, ask: asks.Blow, by: By) -> Decision[Case]:
    """G16: units are called to report for this case (吹哨报到); its own clocks go on."""
    step = entered(case, "whistle", ask, by)
    limit = by.profile.limits[by.profile.whistle.report_within]
    call = Whistle(
        whistle_id=ids.derived("whistle", case.case_id, str(len(case.whistles))),
        reasons=ask.reasons, units=ask.units, approved_by=by.actor.ref,
        required_by=due(limit, by.at, by.profile.calendar),
    )  # fmt: skip
    event = WhistleCalled(
        whistle_id=call.whistle_id, case_id=case.case_id, units=call.units, reasons=call.reasons,
        required_by=call.required_by,
    )  # fmt: skip
    return moved(case, step, by, event, whistles=(*case.whistles, call))
