"""Requests about the own data: taken with a clock, decided by a named person, a refusal with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.intake.model.privacy import BASES, REFUSALS, PrivacyRequest, RequestKind
from services.intake.model.registration import Party, Registration
from services.intake.model.words import FIELDS, OUR_SIDE, PERSONAL
from services.intake.rules import numbers, sealing
from shared.contracts.privacy import (
    PrivacyCopyCollected,
    PrivacyRequestClosed,
    PrivacyRequestReceived,
    PrivacyRequestReminded,
)
from shared.crypto import Sealer
from shared.deadlines import Deadline, fire, reached, stop
from shared.decision import Actor, Decision
from shared.errors import Forbidden, Illegal, NotFound, Refused

RESIDENT = "resident"
COLLECT = timedelta(days=30)  # so long a granted copy can be taken
OVER = ("closed", "withdrawn", "not_accepted", "merged", "referred_out", "answered")


@dataclass(frozen=True, kw_only=True)
class AskPrivacy:
    """What somebody asks, in words."""

    kind: RequestKind
    field: str = ""
    value: str = ""
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was decided."""

    grant: bool
    refusal: str = ""
    basis: str = ""


def own_party(registration: Registration, phone_tail: str, sealer: Sealer) -> Party:
    """The party whose number ends like this. Raises NotFound when nobody's does."""
    for party in registration.parties:
        if party.role in OUR_SIDE and phone_tail.upper() in _tails(registration, party, sealer):
            return party
    raise NotFound("查询码或手机号后四位不对，请核对后再查", code="query_not_found")


def _tails(registration: Registration, party: Party, sealer: Sealer) -> set[str]:
    given = (sealing.personal(registration, party, field, sealer) for field in ("phone", "id_no"))
    return {numbers.tail(number) for number in given if number}


def cleaned(ask: AskPrivacy, today: date) -> AskPrivacy:
    """The ask with its value in one way of writing. Raises Refused by field."""
    if ask.kind != "correct":
        return replace(ask, field="", value="")
    if ask.field not in PERSONAL:
        listed = "、".join(f"{field} {FIELDS[field]}" for field in PERSONAL)
        raise _wrong("field", f"请选择要更正的内容：{listed}")
    value = _one_way(ask.field, ask.value, today)
    if not value:
        raise _wrong("value", f"请写清正确的{FIELDS[ask.field]}")
    return replace(ask, value=value)


def _one_way(field: str, given: str, today: date) -> str | None:
    """A value in one way of writing; None when it cannot be right."""
    if field == "phone":
        return numbers.phone(given)
    return numbers.id_number(given, today) if field == "id_no" else given.strip()


def _wrong(field: str, sentence: str) -> Refused:
    return Refused("填写的内容有误，请按提示修改", code="invalid_fields", fields={field: [sentence]})


def receive(
    request_id: str,
    ask: AskPrivacy,
    registration: Registration,
    party: Party,
    clock: Deadline,
    *,
    actor: Actor,
    sealer: Sealer,
) -> Decision[PrivacyRequest]:
    """A request is taken; its clock runs. Its words and the new value are sealed."""

    def seal(text: str, field: str) -> bytes | None:
        return sealer.seal(text, owner=request_id, field=field) if text else None

    state = PrivacyRequest(
        request_id=request_id,
        region=registration.region,
        protected=registration.protected,
        reg_id=registration.reg_id,
        case_id=registration.case_id,
        case_no=registration.case_no,
        party_id=party.party_id,
        kind=ask.kind,
        via="online" if actor.role == RESIDENT else "window",
        asked_at=clock.start_at,
        clock=clock,
        field=ask.field,
        value=seal(ask.value, "value"),
        words=seal(ask.words, "words"),
        taken_by="" if actor.role == RESIDENT else actor.ref,
    )
    told = PrivacyRequestReceived(
        request_id=request_id, case_id=state.case_id, kind=ask.kind, due_at=clock.due_at
    )
    return Decision(state=state, events=(told,), reason=ask.kind)


def remind(request: PrivacyRequest, now: datetime) -> Decision[PrivacyRequest] | None:
    """The marks of its clock that have come."""
    due = reached(request.clock, now) if request.state == "received" else ()
    if not due:
        return None
    clock = request.clock
    for pct in due:
        clock = fire(clock, pct)
    told = tuple(
        PrivacyRequestReminded(
            request_id=request.request_id, case_id=request.case_id, pct=pct, due_at=clock.due_at
        )
        for pct in due
    )
    return Decision(state=replace(request, clock=clock), events=told, reason="reminded")


def check(verdict: Verdict, request: PrivacyRequest, standing: str, actor: Actor) -> None:
    """Raises Refused for a refusal without reason or removal while it is handled; Illegal, Forbidden."""
    if request.state != "received":
        raise Illegal("这项申请已经答复", state=request.state, allowed=[])
    if request.taken_by and request.taken_by == actor.ref:
        raise Forbidden("经手登记的人不能自己决定", code="same_person")
    if not verdict.grant:
        _check_refusal(verdict)
    elif request.kind == "delete" and standing not in OVER:
        said = "事项还在办理，不能删除；请说明理由后答复不予删除，或等办结后再决定"
        raise Refused(said, code="still_handled", fields={"decision": [said]})


def _check_refusal(verdict: Verdict) -> None:
    """拒绝个人行使权利的请求的，应当说明理由（第五十条）."""
    if verdict.refusal not in REFUSALS:
        raise _wrong("refusal", "请选择理由：" + "、".join(f"{c} {w}" for c, w in REFUSALS.items()))
    if verdict.basis not in BASES:
        raise _wrong("basis", "请选择依据：" + "、".join(f"{c} {w}" for c, w in BASES.items()))


def decide(
    request: PrivacyRequest, verdict: Verdict, *, actor: Actor, now: datetime
) -> Decision[PrivacyRequest]:
    """The request is granted or refused; its clock stops."""
    if request.state != "received":
        raise Illegal("这项申请已经答复", state=request.state, allowed=[])
    result = "granted" if verdict.grant else "refused"
    late = now >= request.clock.due_at
    state = replace(
        request,
        state="granted" if verdict.grant else "refused",
        clock=stop(request.clock, now),
        decided_by=actor.ref,
        decided_at=now,
        refusal="" if verdict.grant else verdict.refusal,
        basis=verdict.basis,
    )
    told = PrivacyRequestClosed(
        request_id=request.request_id, case_id=request.case_id, kind=request.kind, result=result,
        reason=state.refusal or None, late=late, closed_at=now,
    )  # fmt: skip
    return Decision(state=state, events=(told,), reason=result)


def collect(request: PrivacyRequest, now: datetime) -> Decision[PrivacyRequest]:
    """The person takes the copy. Raises Forbidden when it is not granted, or was granted long ago."""
    if request.kind != "copy" or request.state != "granted" or request.decided_at is None:
        raise Forbidden("这项申请还没有同意，或者不是查阅、复制", code="not_granted")
    if now - request.decided_at > COLLECT:
        raise Forbidden("领取期限已过，请重新申请", code="copy_expired")
    told = PrivacyCopyCollected(request_id=request.request_id, case_id=request.case_id)
    return Decision(state=replace(request, collected_at=now), events=(told,), reason="collected")


def is_late(request: PrivacyRequest, now: datetime) -> bool:
    """Whether an answer is overdue."""
    return request.state == "received" and now >= request.clock.due_at
