"""Who of a department sits where (COR-01): asked for, agreed to by a second person, changed, ended.

Residency decides who is reachable; the competence table alone decides who leads.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from services.routing.model.department import (
    WEEKDAYS,
    Call,
    Department,
    Leave,
    Residency,
    Seat,
)
from services.routing.model.department_asks import AskLeave, AskSeat, ChangeSeat, Pause
from services.routing.rules.by import By
from shared.calendar import day_of
from shared.contracts.department import (
    DepartmentResidencyApproved,
    DepartmentResidencyChanged,
    DepartmentResidencyEnded,
    DepartmentResidencyRequested,
    DepartmentResidencySuspended,
    ResidencyChange,
)
from shared.decision import Decision
from shared.errors import Forbidden, Illegal, NotFound, Refused

HELD = (Seat.REQUESTED, Seat.APPROVED, Seat.SUSPENDED)


def seat(department: Department, centre: str) -> Residency:
    """The seats at a centre that are not ended.

    Raises NotFound.
    """
    found = [r for r in department.residencies if r.centre == centre and r.seat in HELD]
    if not found:
        raise NotFound("该单位在这个中心没有入驻", code="residency_not_found")
    return found[-1]


def request(department: Department, ask: AskSeat, by: By) -> Decision[Department]:
    """A unit is to take seats at a centre."""
    if any(r.centre == ask.centre and r.seat in HELD for r in department.residencies):
        raise Refused("该单位在这个中心已有入驻", code="residency_exists")
    made = Residency(
        centre=ask.centre, mode=ask.mode, windows=ask.windows, categories=ask.categories, staff=ask.staff,
        days=ask.days, since=ask.since or by.at, until=ask.until, requested_by=by.actor.ref,
    )  # fmt: skip
    _must_hold(made, by)
    event = DepartmentResidencyRequested(**_whole(department, made))
    after = replace(department, residencies=(*department.residencies, made))
    return Decision(state=after, events=(event,), reason="申请入驻")


def approve(department: Department, centre: str, by: By) -> Decision[Department]:
    """A second person agrees."""
    mine = _in(department, centre, Seat.REQUESTED)
    if mine.requested_by == by.actor.ref:
        raise Forbidden("申请人不能自己批准", code="second_person_needed")
    after = replace(mine, seat=Seat.APPROVED, approved_by=by.actor.ref)
    event = DepartmentResidencyApproved(**_whole(department, after))
    return _with(department, after, event, reason="批准入驻")


def change(department: Department, centre: str, ask: ChangeSeat, by: By) -> Decision[Department]:
    """What is said is different from now on; each thing is told by itself."""
    before = _in(department, centre, Seat.APPROVED)
    said = {f.name: value for f in fields(ask) if (value := getattr(ask, f.name)) is not None}
    changed = {name: value for name, value in said.items() if value != getattr(before, name)}
    if not changed:
        raise Refused("没有要变更的内容", code="nothing_changes")
    after = replace(before, **changed)
    _must_hold(after, by)
    named: dict[str, ResidencyChange] = {"days": "schedule"}
    events = tuple(_changed(department, after, named.get(name, name)) for name in changed)  # type: ignore[arg-type]
    return _with(department, after, *events, reason="变更入驻")


def leave(department: Department, centre: str, ask: AskLeave, by: By) -> Decision[Department]:
    """Somebody seconded is away; with a stand-in, that one sits there."""
    mine = _in(department, centre, Seat.APPROVED)
    people = {person.ref for person in mine.staff}
    if ask.ref not in people:
        raise Refused("此人没有派驻在这里", code="not_seconded", fields={"ref": ["没有派驻在这里"]})
    if ask.until <= ask.since:
        raise Refused("结束须晚于开始", code="ends_before_it_begins", fields={"until": ["须晚于开始"]})
    if ask.stand_in == ask.ref:
        raise Refused("不能由本人顶班", code="stand_in_is_self", fields={"stand_in": ["不能是本人"]})
    gone = Leave(ref=ask.ref, since=ask.since, until=ask.until, stand_in=ask.stand_in)
    kept = tuple(x for x in mine.leaves if (x.ref, x.since) != (gone.ref, gone.since))
    after = replace(mine, leaves=(*kept, gone))
    what: ResidencyChange = "stand_in" if ask.stand_in else "leave"
    event = _changed(
        department, after, what, staff_ref=ask.ref, stand_in_ref=ask.stand_in or None,
        since=ask.since, until=ask.until,
    )  # fmt: skip
    return _with(department, after, event, reason="请假顶班")


def call(department: Department, centre: str, case_id: str, by: By) -> Decision[Department] | None:
    """随叫随驻: the unit is called for a case, and stays until it is released."""
    mine = _in(department, centre, Seat.APPROVED)
    if mine.mode != "on_call":
        raise Refused("只有随叫随驻的单位需要召唤", code="not_on_call")
    if any(c.case_id == case_id and c.released_at is None for c in mine.calls):
        return None
    after = replace(mine, calls=(*mine.calls, Call(case_id=case_id, since=by.at, by=by.actor.ref)))
    event = _changed(department, after, "called", case_id=case_id, since=by.at)
    return _with(department, after, event, reason="召唤到场")


def release(department: Department, centre: str, case_id: str, by: By) -> Decision[Department]:
    """The caller lets the unit go."""
    mine = _in(department, centre, Seat.APPROVED)
    if not any(c.case_id == case_id and c.released_at is None for c in mine.calls):
        raise Refused("没有为此案召唤该单位", code="not_called")
    gone = tuple(_released(c, case_id, by) for c in mine.calls)
    after = replace(mine, calls=gone)
    event = _changed(department, after, "released", case_id=case_id, until=by.at)
    return _with(department, after, event, reason="解除召唤")


def _released(call: Call, case_id: str, by: By) -> Call:
    over = call.case_id != case_id or call.released_at is not None
    return call if over else replace(call, released_at=by.at)


def suspend(department: Department, centre: str, ask: Pause, by: By) -> Decision[Department]:
    """The seats stay empty for a while."""
    mine = _in(department, centre, Seat.APPROVED)
    after = replace(mine, seat=Seat.SUSPENDED, suspended_until=ask.until, reason=ask.reason)
    event = DepartmentResidencySuspended(
        department=department.department, centre=centre, reason=ask.reason, until=ask.until
    )
    return _with(department, after, event, reason="暂停入驻")


def resume(department: Department, centre: str, by: By) -> Decision[Department]:
    """The seats are taken again."""
    mine = _in(department, centre, Seat.SUSPENDED)
    after = replace(mine, seat=Seat.APPROVED, suspended_until=None, reason="")
    return _with(department, after, _changed(department, after, "resumed", since=by.at), reason="恢复入驻")


def end(department: Department, centre: str, ask: Pause, by: By) -> Decision[Department]:
    """The unit has no seats there any more."""
    mine = seat(department, centre)
    after = replace(mine, seat=Seat.ENDED, until=by.at, reason=ask.reason)
    event = DepartmentResidencyEnded(department=department.department, centre=centre, reason=ask.reason)
    return _with(department, after, event, reason="结束入驻")


def rested(department: Department, by: By) -> str:
    """The centre whose seats were to stay empty until now, if there is one."""
    over = (
        seat.centre
        for seat in department.residencies
        if seat.seat is Seat.SUSPENDED and seat.suspended_until and seat.suspended_until <= by.at
    )
    return next(over, "")


def rest_over(department: Department, by: By) -> Decision[Department] | None:
    """The seats that were to stay empty until now are taken again, at one centre."""
    centre = rested(department, by)
    return resume(department, centre, by) if centre else None


def is_there(residency: Residency, at: datetime, *, case_id: str = "") -> bool:
    """Whether the unit is to be found at its seat at an instant, or for a case it was called for."""
    over = residency.until is not None and residency.until <= at
    if residency.seat is not Seat.APPROVED or residency.since > at or over:
        return False
    if residency.mode == "rotating":
        return WEEKDAYS[day_of(at).weekday()] in residency.days
    if residency.mode == "on_call":
        return any(c.released_at is None and case_id in ("", c.case_id) for c in residency.calls)
    return True


def people_there(residency: Residency, at: datetime) -> tuple[str, ...]:
    """The seconded who sit there at an instant: those on leave left out, their stand-ins put in."""
    away = {x.ref: x.stand_in for x in residency.leaves if x.since <= at < x.until}
    found = (away.get(person.ref, person.ref) for person in residency.staff)
    return tuple(dict.fromkeys(ref for ref in found if ref))


def _in(department: Department, centre: str, wanted: Seat) -> Residency:
    found = seat(department, centre)
    if found.seat is not wanted:
        raise Illegal("入驻的状态不允许这样做", state=found.seat, allowed=_allowed(found.seat))
    return found


def _allowed(seat: Seat) -> tuple[str, ...]:
    return {
        Seat.REQUESTED: ("approve", "end"),
        Seat.APPROVED: ("change", "leave", "call", "release", "suspend", "end"),
        Seat.SUSPENDED: ("resume", "end"),
        Seat.ENDED: (),
    }[seat]


def _must_hold(residency: Residency, by: By) -> None:
    """Raises Refused naming the field for what cannot be."""
    county, refs = by.profile, [person.ref for person in residency.staff]
    codes = {category.code for category in county.categories}
    checks: dict[str, tuple[bool, str]] = {
        "centre": (residency.centre not in county.all_units, "没有这个中心"),
        "categories": (not set(residency.categories) <= codes, "没有这个类别"),
        "staff": (len(refs) != len(set(refs)), "同一人只能派驻一次"),
        "days": ((residency.mode == "rotating") != bool(residency.days), "轮驻须写明星期，其他方式不写"),
        "windows": (residency.mode == "resident" and not residency.windows, "常驻须有窗口"),
        "until": (residency.until is not None and residency.until <= residency.since, "须晚于开始"),
    }
    wrong = {name: [said] for name, (is_wrong, said) in checks.items() if is_wrong}
    if wrong:
        raise Refused("入驻的内容有误", code="residency_wrong", fields=wrong)


def _with(department: Department, after: Residency, *events: Any, reason: str) -> Decision[Department]:
    last = max(n for n, r in enumerate(department.residencies) if r.centre == after.centre)
    kept = list(department.residencies)
    kept[last] = after
    return Decision(state=replace(department, residencies=tuple(kept)), events=events, reason=reason)


def _whole(department: Department, residency: Residency) -> dict[str, Any]:
    return {
        "department": department.department,
        "centre": residency.centre,
        "mode": residency.mode,
        "windows": residency.windows,
        "categories": residency.categories,
        "staff": tuple(person.ref for person in residency.staff),
        "since": residency.since,
        "until": residency.until,
    }


def _changed(
    department: Department, after: Residency, what: ResidencyChange, **more: Any
) -> DepartmentResidencyChanged:
    whole = _whole(department, after) | {"since": None, "until": None}
    authority = sorted({code for person in after.staff for code in person.authority})
    return DepartmentResidencyChanged(**whole | {"what": what, "authority": tuple(authority)} | more)
