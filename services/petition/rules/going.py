"""The way of a petition: passed on, notified, accepted, handled, given more time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from services.petition.model import Extension, Petition, State
from services.petition.model.commands import Accept, Extend, Notify, Transfer
from services.petition.rules import clocks
from services.petition.rules.by import By
from services.petition.rules.step import by_the_unit, entered, moved
from shared import deadlines
from shared.contracts.petition import (
    PetitionAccepted,
    PetitionExtended,
    PetitionHandlingStarted,
    PetitionNotified,
    PetitionTransferred,
)
from shared.decision import Decision
from shared.errors import Forbidden, Refused


def transfer(petition: Petition, ask: Transfer, by: By) -> Decision[Petition]:
    """It is sent to the unit that must answer, never to one it complains about (条例 art. 30)."""
    state = entered(petition, "transfer")
    if ask.to_unit not in by.profile.all_units:
        raise Refused("没有这个单位", code="unit_unknown")
    if ask.to_unit in petition.complained_units:
        raise Refused("不得转给被检举控告的单位", code="unit_complained_about")
    notify = petition.clock(clocks.NOTIFY)
    told = PetitionTransferred(
        pet_id=petition.pet_id, case_id=petition.case_id, to_unit=ask.to_unit,
        due_at=notify.due_at if notify else None,
    )  # fmt: skip
    return moved(
        petition, by, "transfer", told, state=state, reason=f"转送 {ask.to_unit}", unit=ask.to_unit,
        transferred_at=by.at,
    )  # fmt: skip


def notify(petition: Petition, ask: Notify, by: By) -> Decision[Petition]:
    """The petitioner is told in writing; not accepting needs a listed reason and another road."""
    entered(petition, "notify")
    at = _between(petition.received_at, ask.notified_at or by.at, by.at)
    if not ask.accepted:
        _refusal_is_lawful(ask, by)
    told = PetitionNotified(pet_id=petition.pet_id, case_id=petition.case_id, accepted=ask.accepted)
    return moved(
        petition, by, "notify", told, state=State.NOTIFIED if ask.accepted else State.NOT_ACCEPTED,
        reason="书面告知", notified_at=at, notified_how=ask.how, refusal=ask.reason, refusal_route=ask.route,
    )  # fmt: skip


def accept(petition: Petition, ask: Accept, by: By) -> Decision[Petition]:
    """The responsible unit accepts it; the sixty days run, beside them the ten of the simple procedure."""
    state = entered(petition, "accept")
    by_the_unit(petition, by)
    at = _between(petition.received_at, ask.accepted_at or by.at, by.at)
    accepted = replace(petition, accepted_at=at, simple=petition.simple or ask.simple)
    kind = clocks.SIMPLE if accepted.simple else clocks.MAIN
    told = PetitionAccepted(
        pet_id=petition.pet_id, case_id=petition.case_id, unit=petition.unit,
        due_at=clocks.due(kind, at, by),
    )  # fmt: skip
    return moved(accepted, by, "accept", told, state=state, reason="受理")


def start(petition: Petition, by: By) -> Decision[Petition]:
    """The unit begins to work on it."""
    state = entered(petition, "start")
    by_the_unit(petition, by)
    told = PetitionHandlingStarted(pet_id=petition.pet_id, case_id=petition.case_id, unit=petition.unit)
    return moved(petition, by, "start", told, state=state, reason="开始办理")


def extend(petition: Petition, ask: Extend, by: By) -> Decision[Petition]:
    """The head of the unit grants more time: once, before the end, and the petitioner is told why."""
    entered(petition, "extend")
    by_the_unit(petition, by)
    limit = by.profile.limits[clocks.EXTENSION]
    main = petition.clock(clocks.MAIN)
    assert main is not None  # it runs from acceptance on
    if by.actor.role != limit.approver:
        raise Forbidden("延期须由单位负责人批准", code="approver_needed")
    if petition.extension or by.at >= main.due_at:
        raise Refused("只能在到期前延长一次", code="extension_not_possible")
    if not 0 < ask.days <= limit.length.days:
        raise Refused(f"延长不超过{limit.length.days}天", code="extension_too_long", most=limit.length.days)
    if not ask.petitioner_told:
        raise Refused("须把延期理由告知信访人", code="petitioner_not_told")
    due_at = deadlines.prolonged(main, replace(limit, length=timedelta(days=ask.days)), by.profile.calendar)
    longer = deadlines.extend(main, due_at, by.profile.calendar)
    told = PetitionExtended(
        pet_id=petition.pet_id, case_id=petition.case_id, due_at=due_at, reason=ask.reason
    )
    return moved(
        petition, by, "extend", told, reason="延长办理期限",
        extension=Extension(days=ask.days, reason=ask.reason, approved_by=by.actor.ref, told_at=by.at),
        clocks=tuple(longer if clock is main else clock for clock in petition.clocks),
    )  # fmt: skip


def tick(petition: Petition, by: By) -> Decision[Petition] | None:
    """Every mark that is due, once."""
    after, told = clocks.fired(petition, by)
    return Decision(state=after, events=told, reason="到时提醒") if told else None


def _refusal_is_lawful(ask: Notify, by: By) -> None:
    known = {reason.code: reason.route for reason in by.profile.not_accept.reasons}
    if ask.reason not in known:
        raise Refused("不予受理的理由不在清单里", code="reason_not_listed", allowed=list(known))
    if not ask.route:
        raise Refused("须写明应走的途径", code="route_missing", route=known[ask.reason])


def _between(first: datetime, at: datetime, last: datetime) -> datetime:
    if not first <= at <= last:
        raise Refused("时间应在收到之后、现在之前", code="time_wrong")
    return at
