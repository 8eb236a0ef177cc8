"""What a department's answers do to its case: they are the acts of the lead unit, where they still fit."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch

from services.routing.model import Case, State
from services.routing.model import commands as asks
from services.routing.model.delivery import delivery_id
from services.routing.rules import units
from services.routing.rules.by import By
from services.routing.rules.closing import resolve
from services.routing.rules.mediation import noted, refused, start
from services.routing.rules.step import then
from shared.contracts.base import Event
from shared.contracts.delivery import DeliveryAccepted, DeliveryConcluded, DeliveryReturned
from shared.decision import Decision


@singledispatch
def hear(told: Event | None, case: Case, by: By) -> Decision[Case] | None:
    """What a fact about a delivery changes of its case; None for those that change nothing."""
    return None


@hear.register
def accepted(told: DeliveryAccepted, case: Case, by: By) -> Decision[Case] | None:
    """G5 and G8: the department took the case and works on it."""
    if not _present(case, told):
        return noted(case, told.TYPE, "moved_on", by)
    if case.state is not State.ASSIGNED:
        return None
    return taken(case, _as(told.department, by))


def taken(case: Case, by: By) -> Decision[Case]:
    """Accepted and begun, as far as the case is not there yet."""
    if case.state is State.ASSIGNED:
        return then(units.accept(case, by), lambda accepted: start(accepted, by))
    return start(case, by)


@hear.register
def returned(told: DeliveryReturned, case: Case, by: By) -> Decision[Case] | None:
    """The department asks to give the case back; the county may have agreed to some reasons beforehand."""
    mine = _as(told.department, by)
    ask = asks.Return(reason=told.reason)
    refusal = "" if _present(case, told) else "moved_on"
    refusal = refusal or refused(case, "ask_return", ask, mine)
    if refusal:
        return noted(case, told.TYPE, refusal, by)
    asked = units.ask_return(case, ask, mine)
    agreed = told.reason in by.profile.returns.auto_agree
    if not agreed or refused(asked.state, "return", ask, mine):
        return asked
    return then(asked, lambda case: units.return_(case, ask, mine))


@hear.register
def concluded(told: DeliveryConcluded, case: Case, by: By) -> Decision[Case] | None:
    """G19: the department finished; what it had not said before is taken as said."""
    mine = _as(told.department, by)
    if not _present(case, told):
        return noted(case, told.TYPE, "moved_on", by)
    begun = taken(case, mine) if case.state in (State.ASSIGNED, State.ACCEPTED) else None
    ask = asks.Resolve(outcome=told.outcome, requests_answered=True)
    refusal = refused(begun.state if begun else case, "resolve", ask, mine)
    if refusal:
        last = noted(begun.state if begun else case, told.TYPE, refusal, by)
        return then(begun, lambda case: last) if begun else last
    return then(begun, lambda case: resolve(case, ask, mine)) if begun else resolve(case, ask, mine)


def _present(case: Case, told: DeliveryAccepted | DeliveryReturned | DeliveryConcluded) -> bool:
    """Whether the delivery is the one of the present assignment."""
    turn = case.assignment
    return turn is not None and told.delivery_id == delivery_id(case.case_id, turn.unit, turn.n)


def _as(department: str, by: By) -> By:
    """The department acts through its system."""
    return replace(by, actor=replace(by.actor, ref=department, role="service", unit=department))
