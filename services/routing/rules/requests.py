"""Asking departments for services beside a case: who offers what, what must be there, what they answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import singledispatch
from typing import Any

from services.routing.model import ENDED, Case
from services.routing.model.request import (
    CONFIRMING,
    DONE,
    PAPER,
    WAY,
    OpenRequest,
    Request,
    Stage,
    request_id,
)
from services.routing.rules.by import By
from services.routing.rules.shown import shown_category
from shared.contracts.base import Event
from shared.contracts.edge import (
    AnswerAccepted,
    AnswerProgressed,
    AnswerReceived,
    AnswerReturned,
    AnswerServed,
    AskRequestService,
)
from shared.contracts.request import (
    RequestAccepted,
    RequestProgressed,
    RequestQueued,
    RequestReceived,
    RequestReturned,
    RequestSent,
    RequestServed,
)
from shared.decision import Decision
from shared.errors import Illegal, Refused
from shared.profile import Profile

AGAIN = timedelta(days=1)  # after which an ask that nobody stored is put into the mailbox once more


def opened(ask: OpenRequest, case: Case, earlier: Iterable[Request], by: By) -> Decision[Request]:
    """A new request. Raises Refused when something it needs is missing, Illegal when one is still open.

    What a department that left still owed stands in nobody's way: it will never be answered.
    """
    before, here = [one for one in earlier if one.service == ask.service], _connected(by.profile)
    waiting = next((one for one in before if one.stage not in DONE and one.department in here), None)
    if waiting:
        raise Illegal("这项服务已经请求，等待答复", state=waiting.stage, allowed=(), code="request_is_open")
    if case.state in ENDED and ask.service not in CONFIRMING:
        raise Illegal("案件已经办结，不能再请求", state=case.state, allowed=(), code="case_ended")
    _what_it_needs(ask, case, by)
    return made(ask, case, str(len(before)), by)


def made(ask: OpenRequest, case: Case, number: str, by: By) -> Decision[Request]:
    """A request of this number; a service by paper is done at once, and nobody is asked for it."""
    found = _made(ask, case, offering(ask, by.profile), number, by)
    queued = RequestQueued(**_named(found), agreement_id=found.agreement_id, due_at=found.due_at)
    if ask.service == "electronic_service" and not ask.consented:
        done = AnswerServed(delivery_id=found.request_id, result=PAPER, served_at=by.at)
        return _served(found, done, queued)
    return Decision(state=found, events=(queued,), reason="请求协助")


def is_asked(agreement_id: str, earlier: Iterable[Request]) -> bool:
    """Whether a court is at work on this agreement; after a refusal the parties may file anew."""
    return any(one.agreement_id == agreement_id and one.stage not in DONE for one in earlier)


def _connected(profile: Profile) -> set[str]:
    return {unit.id for unit in profile.departments}


def offering(ask: OpenRequest, profile: Profile) -> str:
    """The department that offers the service: the named one, or the only one."""
    offer = [unit.id for unit in profile.departments if ask.service in unit.services and unit.adapter]
    chosen = [id for id in offer if ask.department in ("", id)]
    if not chosen:
        said = "没有单位接入这项服务，请走线下途径"
        raise Refused(said, code="service_not_offered", fields={"department" if offer else "service": [said]})
    return chosen[0]


def offered(unit: str, profile: Profile) -> str:
    """By which service a unit confirms agreements; empty when it does not, or has no system."""
    found = next((one for one in profile.departments if one.id == unit and one.adapter), None)
    return next((service for service in CONFIRMING if found and service in found.services), "")


def _what_it_needs(ask: OpenRequest, case: Case, by: By) -> None:
    confirming, elsewhere = ask.service in CONFIRMING, ask.target_region or by.profile.county6
    found = {
        "service": "还没有生效的协议" if confirming and case.agreement is None else "",
        "joint": "须由双方共同申请" if confirming and not ask.joint else "",
        "target_region": "请填写外地管辖法院的地区码"
        if ask.service == "cross_region_filing" and elsewhere.startswith(by.profile.county6)
        else "",
    }
    wrong = {name: [sentence] for name, sentence in found.items() if sentence}
    if wrong:
        raise Refused("填写的内容有误，请按提示修改", code="invalid_fields", fields=wrong)


def _made(ask: OpenRequest, case: Case, department: str, number: str, by: By) -> Request:
    agreement = case.agreement if ask.service in CONFIRMING else None
    return Request(
        request_id=request_id(case.case_id, ask.service, number),
        case_id=case.case_id,
        case_no=case.case_no,
        department=department,
        service=ask.service,
        region=case.region,
        profile_version=case.profile_version,
        matter_type=case.matter_type,
        tier=case.tier,
        protected=case.protected,
        category=shown_category(case),
        agreement_id=ask.agreement_id or (agreement.agr_id if agreement else None),
        target_region=ask.target_region,
        asked_at=ask.asked_at or by.at,
        due_at=agreement.confirm_deadline if agreement else None,
        queued_at=by.at,
    )


def sent(request: Request, by: By) -> Decision[Request] | None:
    """Into the department's mailbox, or once more when it was not even stored for a day."""
    if not is_due(request, by.at):
        return None
    after = replace(request, stage=Stage.SENT, sent_n=request.sent_n + 1, sent_at=by.at)
    event = RequestSent(**_named(after), attempt=after.sent_n, sent_at=by.at)
    return Decision(state=after, events=(event, asked(after)), reason="已送达信箱")


def is_due(request: Request, now: datetime) -> bool:
    """Whether it waits to be sent, or was sent and then lost."""
    if request.stage is Stage.SENT:
        return request.sent_at is not None and request.sent_at + AGAIN <= now
    return request.stage is Stage.QUEUED


def asked(request: Request) -> AskRequestService:
    """What the department is asked."""
    same = ("case_id", "case_no", "department", "service", "category", "matter_type", "tier", "region")
    beside = ("agreement_id", "target_region", "asked_at", "due_at")
    facts = {name: getattr(request, name) for name in (*same, *beside)}
    return AskRequestService(delivery_id=request.request_id, **facts)


@singledispatch
def answered(told: Event | None, request: Request, by: By) -> Decision[Request] | None:
    """What an answer changes; None for one that means nothing here, or comes again."""
    return None


@answered.register
def received(told: AnswerReceived, request: Request, by: By) -> Decision[Request] | None:
    """The department's system has stored it."""
    event = RequestReceived(**_named(request), received_at=by.at)
    return _on(request, Stage.RECEIVED, event, received_at=by.at)


@answered.register
def accepted(told: AnswerAccepted, request: Request, by: By) -> Decision[Request] | None:
    """The department took it up."""
    event = RequestAccepted(**_named(request), accepted_at=told.accepted_at)
    return _on(request, Stage.ACCEPTED, event, accepted_at=told.accepted_at)


@answered.register
def progressed(told: AnswerProgressed, request: Request, by: By) -> Decision[Request] | None:
    """A step on the way."""
    if told.step in request.steps or request.stage in DONE:
        return None
    event = RequestProgressed(**_named(request), step=told.step)
    after = replace(request, steps=(*request.steps, told.step))
    return Decision(state=after, events=(event,), reason="部门答复")


@answered.register
def returned(told: AnswerReturned, request: Request, by: By) -> Decision[Request] | None:
    """The department gives it back; a person reads the reason and asks again or elsewhere."""
    event = RequestReturned(**_named(request), reason=told.reason)
    return _on(request, Stage.RETURNED, event, returned_reason=told.reason)


@answered.register
def served(told: AnswerServed, request: Request, by: By) -> Decision[Request] | None:
    """The service came to its result."""
    return None if request.stage in DONE else _served(request, told)


def _served(request: Request, told: AnswerServed, *before: Event) -> Decision[Request]:
    after = replace(
        request,
        stage=Stage.SERVED,
        result=told.result,
        reference=told.reference or "",
        meeting_at=told.meeting_at,
        served_at=told.served_at,
    )
    event = RequestServed(
        **_named(request),
        result=told.result,
        agreement_id=request.agreement_id,
        reference=told.reference,
        meeting_at=told.meeting_at,
        served_at=told.served_at,
    )
    return Decision(state=after, events=(*before, event), reason="服务有了结果")


def _on(request: Request, stage: Stage, event: Event, **kept: Any) -> Decision[Request] | None:
    if WAY[stage] <= WAY[request.stage] or request.stage in DONE:
        return None
    return Decision(state=replace(request, stage=stage, **kept), events=(event,), reason="部门答复")


def _named(request: Request) -> dict[str, Any]:
    names = ("request_id", "case_id", "department", "service")
    return {name: getattr(request, name) for name in names}
