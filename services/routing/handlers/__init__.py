"""What routing does when asked or told: load, decide, save. The deciding is in `rules`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from services.routing.handlers.departments import county, is_live
from services.routing.model import Case, Delivery
from services.routing.model import commands as asks
from services.routing.model.delivery import Stage, ask_id, delivery_id
from services.routing.rules import (
    answers,
    closing,
    deliveries,
    escalation,
    genuine,
    liveness,
    mediation,
    replies,
    resting,
    sweep,
    taking_in,
    triage,
    units,
)
from services.routing.rules.by import By
from services.routing.store import DeliveryFilter, Stores
from shared.aggregate import Held
from shared.contracts.base import Event
from shared.contracts.hall import RegistrationReported
from shared.contracts.intake import RegistrationAccepted
from shared.decision import Cause, Decision
from shared.each import each
from shared.errors import Poison
from shared.profile.organisation import Department
from shared.settings import settings

AT_ONCE = 500  # hand-overs of one department in one round
TURN = timedelta(milliseconds=1)  # between two of them, so that they are told in the order they were queued

Ask = Any
Rule = Callable[[Case, Ask, By], Decision[Case]]
Bare = Callable[[Case, By], Decision[Case]]

WITH_ASK: dict[str, Rule] = {
    "not_accept": taking_in.not_accept,
    "triage": triage.triage,
    "assign": units.assign,
    "ask_return": units.ask_return,
    "return": units.return_,
    "transfer": units.transfer,
    "escalate": escalation.escalate,
    "send_back": escalation.send_back,
    "whistle": resting.whistle,
    "suspend": resting.suspend,
    "resolve": closing.resolve,
    "call_back": closing.call_back,
    "rework": closing.rework,
    "refer_out": closing.refer_out,
    "withdraw": taking_in.withdraw,
    "relapse": taking_in.relapse,
}
BARE: dict[str, Bare] = {
    "accept": units.accept,
    "refuse_return": units.refuse_return,
    "start": mediation.start,
    "arrive": units.arrive,
    "accept_escalation": escalation.accept_escalation,
    "resume": resting.resume,
    "verify": closing.verify,
}


def by(stores: Stores, cause: Cause) -> By:
    """The act of a person."""
    return By(actor=cause.actor, at=cause.at, profile=county(stores))


def told(stores: Stores, cause: Cause) -> By:
    """The act of a machine: what was heard from another service, or from a department's outlet."""
    return By(actor=replace(cause.actor, role="service"), at=cause.at, profile=county(stores))


# ── people ask ──────────────────────────────────────────────────────────────────────────────────


def order(stores: Stores, case_id: str, command: str, cause: Cause, ask: Ask = None) -> Held[Case]:
    """One command of the table, given by a person."""
    act = by(stores, cause)
    if ask is None:
        return stores.cases.change(case_id, cause, lambda case: BARE[command](case, act))
    return stores.cases.change(case_id, cause, lambda case: WITH_ASK[command](case, ask, act))


def close(stores: Stores, case_id: str, cause: Cause) -> Held[Case]:
    """Close a case, unless a department still owes an answer."""
    owed = stores.deliveries.listed(DeliveryFilter(case_id=case_id))
    ask = asks.Close(open_deliveries=tuple(held.id for held in owed))
    return stores.cases.change(case_id, cause, lambda case: closing.close(case, ask, by(stores, cause)))


# ── others tell ─────────────────────────────────────────────────────────────────────────────────


def register(stores: Stores, event: RegistrationAccepted, cause: Cause) -> Held[Case]:
    """A registration was accepted: its case is opened, once."""

    def rule(case: Case | None) -> Decision[Case] | None:
        return None if case else taking_in.register(event, told(stores, cause))

    return stores.cases.open(event.case_id, cause, rule)


def reported(stores: Stores, event: RegistrationReported, cause: Cause) -> None:
    """A report to an authority was noted; a case that waited for it waits no longer."""
    act = told(stores, cause)
    if event.released:
        stores.cases.change(event.case_id, cause, lambda case: taking_in.reported(case, event, act))


def mediated(stores: Stores, event: Event | None, cause: Cause) -> None:
    """Something happened in mediation."""
    act = told(stores, cause)
    stores.cases.change(_case_id(cause), cause, lambda case: mediation.hear(event, case, act))


def handed_over(stores: Stores, event: Event | None, cause: Cause) -> None:
    """Something happened to a delivery; its case may move."""
    act = told(stores, cause)
    stores.cases.change(_case_id(cause), cause, lambda case: answers.hear(event, case, act))


def _case_id(cause: Cause) -> str:
    """The case an event is about, even of a type this version does not know."""
    assert cause.heard is not None
    return str(cause.heard.data["case_id"])


# ── handing over to departments ─────────────────────────────────────────────────────────────────


def keep_in_step(stores: Stores, cause: Cause) -> None:
    """A case has moved: each of its turns is handed over, left alone, or withdrawn, as the case is now."""
    case, act = stores.cases.load(_case_id(cause)).state, told(stores, cause)
    for turn in case.assignments:
        id = delivery_id(case.case_id, turn.unit, turn.n)
        if deliveries.is_owed(case, turn, act) or stores.deliveries.find(id):
            rule = partial(deliveries.kept_in_step, case=case, turn=turn, by=act)
            stores.deliveries.open(id, cause, rule)


def dispatch(stores: Stores, now: datetime) -> None:
    """Send what is queued, oldest first, as far as each department's window is open."""
    known = {unit.id: unit for unit in county(stores).departments}
    for department in stores.deliveries.departments_waiting():
        room = _room(stores, known.get(department))
        queued = DeliveryFilter(department=department, stages=(Stage.QUEUED,))
        found = stores.deliveries.listed(queued, limit=room) if room > 0 else []
        for n, held in enumerate(found):
            send(stores, held, now + n * TURN)


def _room(stores: Stores, department: Department | None) -> int:
    """How many may be sent to it now: none unless it is connected; a desk has no window."""
    if department is None or not is_live(stores, department.id):
        return 0
    if not department.adapter:
        return AT_ONCE
    return min(AT_ONCE, department.window - stores.deliveries.in_mailbox(department.id))


def send(stores: Stores, held: Held[Delivery], now: datetime) -> None:
    """Send one, unless somebody else just did, or its case has gone another way."""
    case, cause = stores.cases.load(held.state.case_id).state, Cause(at=now)
    act = by(stores, cause)
    valid = timedelta(hours=settings().link_hours)
    stores.deliveries.change(held.id, cause, lambda delivery: deliveries.sent(delivery, case, act, valid))


class NotGenuine(Poison):
    """An answer that is not the department's own; its text says what shows that."""


def replay(stores: Stores, id: str, cause: Cause) -> Held[Delivery]:
    """A person has an ask sent again, under its id, to a department that still owes an answer."""
    act = by(stores, cause)
    return stores.deliveries.change(id, cause, lambda delivery: liveness.replayed(delivery, act))


def answered(stores: Stores, event: Event | None, cause: Cause) -> None:
    """A department answered at the edge.

    Raises NotGenuine, with a line in the audit trail, when the answer is not that department's own.
    """
    assert cause.heard is not None
    id = str(cause.heard.data.get("delivery_id", ""))
    held = stores.deliveries.find(id)
    if forged := why_not_genuine(held.state if held else None, cause):
        stores.audit.append(cause.actor, "answer_refused", f"delivery/{id}", at=cause.at, result=forged)
        raise NotGenuine(forged)
    act = told(stores, cause)
    stores.deliveries.change(id, cause, lambda delivery: replies.answered(event, delivery, act))


def why_not_genuine(delivery: Delivery | None, cause: Cause) -> str:
    """What shows that an answer is not the one this department was asked for; empty when nothing does."""
    if delivery is None:
        return "unknown_delivery"
    return genuine.fault(cause, delivery.department, delivery.delivery_id, {ask_id(delivery.delivery_id)})


# ── time passes ─────────────────────────────────────────────────────────────────────────────────


def tick(stores: Stores, now: datetime, limit: int = 200) -> None:
    """Fire every mark that is due, case by case, the earliest first.

    Raises ExceptionGroup at the end for the cases that failed: none of them holds up the others.
    """
    why = Cause(at=now)
    act = by(stores, why)
    each(
        stores.cases.overdue(now, limit),
        lambda id: stores.cases.change(id, why, lambda case: sweep.tick(case, act)),
        failed="cases whose clocks could not be told",
    )
