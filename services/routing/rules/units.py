"""A case is given to a unit, taken, given back, or moved to another: G4 to G8, and meeting the resident."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.routing.model import Assignment, Case, ReturnRequest
from services.routing.model import commands as asks
from services.routing.rules.by import By
from services.routing.rules.clocks import CLASSES, running
from services.routing.rules.competence import choose
from services.routing.rules.reviewing import GIVEN, reviewed
from services.routing.rules.step import entered, moved
from shared.contracts.routing import (
    CaseAccepted,
    CaseArrived,
    CaseAssigned,
    CaseHandlingStarted,
    CaseReturned,
    CaseReturnRefused,
    CaseReturnRequested,
    CaseTransferred,
)
from shared.decision import Decision

NOTHING = asks.Nothing()
BY_TABLE = "competence_table"


def assign(case: Case, ask: asks.Assign, by: By) -> Decision[Case]:
    """G4: exactly one unit leads, by the competence table or by the dispatcher's decision with a reason."""
    ask, reason, basis = completed(case, ask, by)
    step = entered(case, "assign", ask, by)
    turn = _turn(case, by, ask.lead_unit, ask.co_units or (), reason, basis)
    told = (lambda after: _assigned(after, ask.reason), lambda after: reviewed(after, GIVEN))
    return moved(case, step, by, *told, reason=reason, **turn)


def completed(case: Case, ask: asks.Assign, by: By) -> tuple[asks.Assign, str, str]:
    """The ask with what the table says where the dispatcher said nothing, and why and on what basis."""
    choice = choose(case.category or "", case.tier, case.region, by.profile, without=case.complained_units)
    if choice is None or (ask.lead_unit and ask.lead_unit != choice.lead):
        return ask, f"调度员决定（{ask.reason}）", ""
    co = choice.co if ask.co_units is None else ask.co_units
    return replace(ask, lead_unit=choice.lead, co_units=co), choice.reason, choice.basis


def _turn(case: Case, by: By, unit: str, co: tuple[str, ...], reason: str, basis: str = "") -> dict[str, Any]:
    turn = Assignment(
        n=len(case.assignments) + 1, tier=case.tier, unit=unit, co_units=co, reason=reason, basis=basis,
        assigned_at=by.at,
    )  # fmt: skip
    return {
        "assignments": (*case.assignments, turn),
        "lead_unit": unit,
        "co_units": co,
        "return_request": None,
    }


def ended(case: Case, how: str, by: By, reason: str = "") -> tuple[Assignment, ...]:
    """The assignments with the present one ended."""
    return present(case, ended=how, ended_at=by.at, return_reason=reason)


def present(case: Case, **changes: Any) -> tuple[Assignment, ...]:
    """The assignments with the present one changed."""
    if case.assignment is None:
        return case.assignments
    return (*case.assignments[:-1], replace(case.assignment, **changes))


def _assigned(case: Case, reason: str) -> CaseAssigned:
    pickup, whole = running(case, "pickup"), running(case, *CLASSES)
    return CaseAssigned(
        case_id=case.case_id,
        lead_unit=case.lead_unit,
        co_units=case.co_units,
        tier=case.tier,
        pickup_due=pickup.due_at if pickup else None,
        due_at=whole.due_at if whole else None,
        reason=reason,
    )


def accept(case: Case, by: By) -> Decision[Case]:
    """G5: the lead unit takes the case (接件)."""
    step = entered(case, "accept", NOTHING, by)
    event = CaseAccepted(case_id=case.case_id, unit=case.lead_unit, accepted_at=by.at)
    return moved(
        case,
        step,
        by,
        event,
        assignments=present(case, accepted_at=by.at),
        handlers=with_handler(case, by),
        return_request=None,
    )


def with_handler(case: Case, by: By) -> tuple[str, ...]:
    """Those who worked on the case, the present one included."""
    return tuple(dict.fromkeys((*case.handlers, by.actor.ref)))


def ask_return(case: Case, ask: asks.Return, by: By) -> Decision[Case]:
    """B2: the unit asks to give the case back; the dispatcher decides, the resident never has to."""
    step = entered(case, "ask_return", ask, by)
    unit = case.lead_unit
    event = CaseReturnRequested(case_id=case.case_id, from_unit=unit, reason=ask.reason)
    request = ReturnRequest(unit=unit, reason=ask.reason, at=by.at)
    return moved(case, step, by, event, return_request=request)


def return_(case: Case, ask: asks.Return, by: By) -> Decision[Case]:
    """G6: the dispatcher agrees and the case is to be assigned anew; the third time the director decides."""
    step = entered(case, "return", ask, by)
    reason = ask.reason or (case.return_request.reason if case.return_request else "")
    told = CaseReturned(case_id=case.case_id, from_unit=case.lead_unit, reason=reason, n=case.returns + 1)
    return moved(
        case,
        step,
        by,
        told,
        assignments=ended(case, "returned", by, reason),
        lead_unit="",
        co_units=(),
        return_request=None,
    )


def refuse_return(case: Case, by: By) -> Decision[Case]:
    """B3: the dispatcher does not agree; the case stays."""
    step = entered(case, "refuse_return", NOTHING, by)
    event = CaseReturnRefused(case_id=case.case_id, from_unit=case.lead_unit)
    return moved(case, step, by, event, return_request=None)


def transfer(case: Case, ask: asks.Transfer, by: By) -> Decision[Case]:
    """G7: the dispatcher moves the case to another unit, never in a circle."""
    step = entered(case, "transfer", ask, by)
    moves = sum(1 for turn in case.assignments if turn.ended == "transferred") + 1
    told = CaseTransferred(
        case_id=case.case_id, from_unit=case.lead_unit, to_unit=ask.to_unit, reason=ask.reason, n=moves
    )
    left = replace(case, assignments=ended(case, "transferred", by))
    turn = _turn(left, by, ask.to_unit, ask.co_units, f"转办（{ask.reason}）")
    return moved(case, step, by, told, lambda after: _assigned(after, ask.reason), **turn)


def start(case: Case, by: By) -> Decision[Case]:
    """G8: the unit begins to work."""
    step = entered(case, "start", NOTHING, by)
    event = CaseHandlingStarted(case_id=case.case_id, unit=case.lead_unit)
    return moved(case, step, by, event, handlers=with_handler(case, by))


def arrive(case: Case, by: By) -> Decision[Case]:
    """B1: the desk confirms that the unit stands before the resident (接人); the unit itself cannot."""
    step = entered(case, "arrive", NOTHING, by)
    event = CaseArrived(case_id=case.case_id, unit=case.lead_unit, arrived_at=by.at)
    turns = present(case, arrived_at=by.at)
    return moved(case, step, by, event, assignments=turns, resident_waiting=False)
