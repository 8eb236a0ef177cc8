"""Requests about the own data: asked online or at the window, decided, done, and the copy handed over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.intake.handlers import erasing, vault
from services.intake.handlers.policy import policy
from services.intake.model import Registration
from services.intake.model.privacy import PrivacyRequest
from services.intake.model.registration import Party
from services.intake.model.words import FIELDS, PERSONAL
from services.intake.rules import erasing as rules_of_erasing
from services.intake.rules import privacy, sealing
from services.intake.rules.privacy import AskPrivacy, Verdict
from services.intake.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.calendar import day_of
from shared.deadlines import start
from shared.decision import SYSTEM, Actor, Cause
from shared.errors import Forbidden, Illegal, NotFound, Stale
from shared.profile import profile

LIMIT = "privacy_request"


def ask_online(
    all: Stores, code: str, phone_tail: str, ask: AskPrivacy, source: str, cause: Cause
) -> Held[PrivacyRequest]:
    """A resident asks, with query code and phone tail as proof. Raises as the query itself does."""
    found = vault.proven(all, code, phone_tail, source, cause.at)
    party = privacy.own_party(found, phone_tail, all.sealer)
    return _take(all, found, party, ask, cause)


def ask_at_window(
    all: Stores, reg_id: str, party_id: str, ask: AskPrivacy, cause: Cause, roles: Any
) -> Held[PrivacyRequest]:
    """A clerk takes the request of somebody whose papers the clerk has seen."""
    found = vault.readable(all, reg_id, cause.actor, roles).state
    party = found.party(party_id)
    if party is None:
        raise NotFound("没有找到这位当事人", code="party_not_found")
    return _take(all, found, party, ask, cause)


def _take(
    all: Stores, found: Registration, party: Party, ask: AskPrivacy, cause: Cause
) -> Held[PrivacyRequest]:
    if found.anonymised_at:
        raise NotFound("这件登记的个人信息已经删除", code="nothing_personal")
    ask = privacy.cleaned(ask, day_of(cause.at))
    id = ids.derived("privacy_request", cause.key) if cause.key else ids.new()
    if all.requests.find(id) is None:
        _check_new(all, found, party, ask)
    county = profile()
    clock = start(county.limits[LIMIT], cause.at, county.calendar, id)
    made = privacy.receive(id, ask, found, party, clock, actor=cause.actor, sealer=all.sealer)
    held = all.requests.open(id, cause, lambda state: None if state else made)
    _record(all, held.state, cause, "privacy.ask", held.state.kind)
    return held


def _check_new(all: Stores, found: Registration, party: Party, ask: AskPrivacy) -> None:
    """Raises Illegal while the same waits for its answer."""
    for held in all.requests.having(reg_id=found.reg_id, state="received"):
        same = (held.state.party_id, held.state.kind, held.state.field)
        if same == (party.party_id, ask.kind, ask.field):
            said = "同样的申请已经提出，正在办理"
            raise Illegal(said, state="received", allowed=[], code="already_asked")


def decide(all: Stores, id: str, verdict: Verdict, cause: Cause, roles: Any) -> Held[PrivacyRequest]:
    """Grant or refuse; what was granted is done first, so that nobody is told of what did not happen."""
    before = readable(all, id, cause.actor, roles)
    if cause.key and cause.key in before.inbox:
        return before
    if cause.expected not in (None, before.version):
        raise Stale("内容已被他人修改，请刷新后再试", version=before.version)
    request = before.state
    found = all.registrations.load(request.reg_id).state
    privacy.check(verdict, request, _standing(all, found), cause.actor)
    if verdict.grant:
        _do(all, request, cause)
    held = all.requests.change(
        id, cause, lambda state: privacy.decide(state, verdict, actor=cause.actor, now=cause.at)
    )
    _record(all, held.state, cause, "privacy.decide", held.state.state)
    return held


def _do(all: Stores, request: PrivacyRequest, cause: Cause) -> None:
    done = Cause(at=cause.at, actor=cause.actor, correlation=cause.correlation)
    if request.kind == "delete":
        erasing.remove_party(all, request.reg_id, request.party_id, done)
    if request.kind == "correct":
        assert request.value is not None
        value = all.sealer.open(request.value, owner=request.request_id, field="value")
        all.registrations.change(
            request.reg_id, done,
            lambda state: rules_of_erasing.corrected(
                state, request.party_id, request.field, value, all.sealer
            ),
        )  # fmt: skip


def _standing(all: Stores, found: Registration) -> str:
    seen = vault.views(all, found)
    return found.state if found.state != "registered" else seen[-1].state if seen else "registered"


def collect(all: Stores, id: str, code: str, phone_tail: str, source: str, cause: Cause) -> dict[str, Any]:
    """The person's own data in words, once granted; who looked at them belongs to it."""
    found = vault.proven(all, code, phone_tail, source, cause.at)
    request = all.requests.find(id)
    if request is None or request.state.reg_id != found.reg_id:
        raise NotFound("没有找到这项申请", code="request_not_found")
    party = found.party(request.state.party_id)
    if party is None or party != privacy.own_party(found, phone_tail, all.sealer):
        raise Forbidden("这项申请不是您提出的", code="not_the_person")
    held = all.requests.change(id, cause, lambda state: privacy.collect(state, cause.at))
    _record(all, held.state, cause, "privacy.collect", "ok")
    return {"request_id": id, "case_no": found.case_no} | _copy(all, found, party, cause.at)


def _copy(all: Stores, found: Registration, party: Party, now: datetime) -> dict[str, Any]:
    values = {FIELDS[f]: sealing.personal(found, party, f, all.sealer) for f in PERSONAL}
    texts = {FIELDS[f]: sealing.opened(found, f, all.sealer) for f in ("title", "summary", "place", "answer")}
    return {
        "values": {name: value for name, value in values.items() if value},
        "texts": {name: text for name, text in texts.items() if text},
        "requests": sealing.requests(found, all.sealer),
        "looks": vault.looked(all, found, policy(found.region, now)),
    }


def readable(all: Stores, id: str, actor: Actor, roles: Any) -> Held[PrivacyRequest]:
    """A request about a matter that this reader may see."""
    held = all.requests.load(id)
    vault.readable(all, held.state.reg_id, actor, roles)
    return held


def listed(all: Stores, state: str, actor: Actor, roles: Any) -> list[Held[PrivacyRequest]]:
    """The requests in a state about matters that this reader may see, the earliest due first."""
    found = all.requests.having(state=state)
    seen = vault.seen(all, {held.state.reg_id for held in found}, actor, roles)
    return sorted((h for h in found if h.state.reg_id in seen), key=lambda h: h.state.clock.due_at)


def remind(all: Stores, now: datetime) -> None:
    """Tell of requests whose time runs out."""
    for id in all.requests.overdue(now):
        cause = Cause(at=now, actor=SYSTEM)
        all.requests.change(id, cause, lambda state: privacy.remind(state, now))


def _record(all: Stores, request: PrivacyRequest, cause: Cause, action: str, result: str) -> None:
    all.audit.append(
        cause.actor, action, f"privacy_request/{request.request_id}", at=cause.at, purpose=request.kind,
        result=result, case=request.case_id,
    )  # fmt: skip
