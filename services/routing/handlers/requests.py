"""Asking departments for services beside a case: load, decide, save. The deciding is in `rules.requests`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.routing.handlers import NotGenuine, by, told
from services.routing.handlers.departments import is_live
from services.routing.model.request import OpenRequest, Request, ask_id
from services.routing.rules import genuine, requests
from services.routing.store import Stores
from shared.aggregate import Held
from shared.bus.worker import message_key
from shared.contracts.base import Event
from shared.contracts.mediation import MediationConfirmationFiled
from shared.decision import Cause, Decision


def ask(stores: Stores, case_id: str, wanted: OpenRequest, cause: Cause) -> Held[Request]:
    """A person asks for a service; the same key again finds the same request."""
    case, earlier = stores.cases.load(case_id).state, stores.requests.of_case(case_id)
    same = next((held for held in earlier if cause.key and cause.key in held.inbox), None)
    if same:
        return stores.requests.open(same.id, cause, lambda request: None)
    decided = requests.opened(wanted, case, [held.state for held in earlier], by(stores, cause))
    return _open(stores, decided, cause)


def filed(stores: Stores, event: Event | None, cause: Cause) -> None:
    """The parties asked a court to confirm their agreement: where it is connected, that goes there online."""
    if not isinstance(event, MediationConfirmationFiled) or cause.heard is None:
        return
    cause = replace(cause, order="none", key=message_key(cause.heard))  # a request has an order of its own
    act = told(stores, cause)
    service = requests.offered(event.court_unit, act.profile)
    case, earlier = stores.cases.load(event.case_id).state, stores.requests.of_case(event.case_id)
    if not service or requests.is_asked(event.agr_id, [held.state for held in earlier]):
        return
    wanted = OpenRequest(
        service=service, department=event.court_unit, joint=True, agreement_id=event.agr_id,
        asked_at=event.filed_at,
    )  # fmt: skip
    _open(stores, requests.made(wanted, case, event.filed_at.isoformat(), act), cause)


def _open(stores: Stores, decided: Decision[Request], cause: Cause) -> Held[Request]:
    id = decided.state.request_id
    return stores.requests.open(id, cause, lambda request: None if request else decided)


def dispatch(stores: Stores, now: datetime) -> None:
    """Send what waits, oldest first, as far as each department's window is open."""
    cause = Cause(at=now)
    act = by(stores, cause)
    for department in act.profile.departments:
        if not department.services or not is_live(stores, department.id):
            continue
        room = department.window - stores.requests.in_mailbox(department.id)
        for held in stores.requests.waiting(department.id, now, room) if room > 0 else ():
            stores.requests.change(held.id, cause, lambda request: requests.sent(request, act))


def answered(stores: Stores, event: Event | None, cause: Cause) -> None:
    """A department answered to a request.

    Raises NotGenuine, with a line in the audit trail, when the answer is not that department's own.
    """
    assert cause.heard is not None
    id = str(cause.heard.data.get("delivery_id", ""))
    request = stores.requests.load(id).state
    if forged := genuine.fault(cause, request.department, id, {ask_id(id)}):
        stores.audit.append(cause.actor, "answer_refused", f"request/{id}", at=cause.at, result=forged)
        raise NotGenuine(forged)
    act = told(stores, cause)
    stores.requests.change(id, cause, lambda request: requests.answered(event, request, act))
