"""Reminders and breaches of a case's clocks, each told once; and what a rest does to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.routing import handlers
from services.routing.model import Case, State
from services.routing.model import commands as asks
from services.routing.rules import resting, sweep, taking_in, triage, units
from services.routing.rules.clocks import MINE, ONLY_IF, runs
from services.routing.rules.invariants import assert_owned
from shared.clock import CHINA, local
from shared.contracts.sla import SlaBreached, SlaThresholdReached
from shared.deadlines import Deadline
from tests import routing_given as given
from tests.routing_given import MONDAY, by, clocks, told
from tests.routing_town import Town


def ticked(case: Case, **later: float) -> Any:
    return sweep.tick(case, by("time", at=MONDAY + timedelta(**later)))


def clock(case: Case, kind: str) -> Deadline:
    return next(clock for clock in reversed(case.clocks) if clock.kind == kind)


def marks(decision: Any) -> list[tuple[str, int, tuple[str, ...]]]:
    """(kind, threshold, who hears) of every mark told."""
    return [
        (event.kind, event.pct if isinstance(event, SlaThresholdReached) else 100, tuple(event.notify_roles))
        for event in decision.events
        if isinstance(event, SlaThresholdReached | SlaBreached)
    ]


@pytest.mark.requirement("RT-04", "RT-55")
def test_a_case_assigned_at_nine_is_due_at_ten_and_more_people_hear_of_it_on_the_way() -> None:
    case = given.assigned()

    half, most = ticked(case, minutes=30), ticked(case, minutes=48)
    after_half = ticked(half.state, minutes=48)
    over = ticked(after_half.state, minutes=60)

    assert clock(case, "pickup").due_at == MONDAY + timedelta(hours=1)
    assert marks(half) == [("pickup", 50, ("unit_desk",))]
    assert marks(after_half) == [("pickup", 80, ("unit_head",))]
    assert marks(over) == [("pickup", 100, ("dispatcher", "director", "first_receiver"))]
    assert [pct for _, pct, _ in marks(most)] == [50, 80]


def test_a_case_assigned_after_hours_is_due_an_hour_into_the_next_working_day() -> None:
    evening = datetime(2026, 9, 7, 17, 40, tzinfo=CHINA)

    case = units.assign(given.triaged(), asks.Assign(), by(at=evening)).state

    assert f"{local(clock(case, 'pickup').due_at):%m-%d %H:%M}" == "09-08 09:30"


@pytest.mark.requirement("RT-27", "RT-55")
def test_a_breach_proposes_supervision_once_for_each_clock() -> None:
    over = ticked(given.assigned(), hours=1, minutes=5)
    later = ticked(over.state, hours=1, minutes=12)

    assert told(over) == ["supervision.proposed"]
    assert [(p.clock_kind, p.kind) for p in over.state.proposals] == [("pickup", "county")]
    assert (told(later), marks(later)[0][1]) == ([], 120)
    assert later.state.proposals == over.state.proposals


@pytest.mark.requirement("RT-04")
def test_a_case_taken_too_late_keeps_its_breach() -> None:
    over = ticked(given.assigned(), hours=1, minutes=5).state

    taken = units.accept(over, by("staff", at=MONDAY + timedelta(hours=2))).state

    assert (clock(taken, "pickup").state, "pickup" in clocks(taken)) == ("breached", False)


def test_each_mark_is_told_once_however_often_time_is_asked() -> None:
    first = ticked(given.assigned(), hours=3)

    again = sweep.tick(first.state, by("time", at=MONDAY + timedelta(hours=3)))

    assert again is None
    assert sweep.due(first.state) > MONDAY + timedelta(hours=3)  # type: ignore[operator]


def test_marks_that_fell_due_while_nobody_looked_are_told_in_order() -> None:
    late = ticked(given.assigned(), days=4)

    told_marks = [(kind, pct) for kind, pct, _ in marks(late)]

    assert told_marks[:4] == [("pickup", 50), ("pickup", 80), ("pickup", 100), ("pickup", 120)]
    assert told_marks[4:] == [("general", 50), ("general", 80), ("general", 100)]


def test_nothing_is_told_before_it_is_due() -> None:
    assert ticked(given.assigned(), minutes=29) is None


@pytest.mark.requirement("COR-08", "RT-06")
def test_a_general_matter_has_three_days_from_assignment() -> None:
    case = given.accepted()

    assert clock(case, "general").start_at == MONDAY
    assert f"{local(clock(case, 'general').due_at):%m-%d %H:%M}" == "09-11 00:00"


@pytest.mark.requirement("RT-05", "RT-07", "RT-08")
@pytest.mark.parametrize(
    ("complexity", "due"),
    [("simple", "09-07 17:30"), ("complex", "09-18 00:00"), ("difficult", "10-08 00:00")],
)
def test_each_class_has_its_own_limit(complexity: Any, due: str) -> None:
    case = given.assigned(complexity=complexity)

    assert f"{local(clock(case, complexity).due_at):%m-%d %H:%M}" == due


@pytest.mark.requirement("COR-08")
def test_a_county_may_let_the_class_clock_start_when_the_unit_accepts() -> None:
    limits = dict(given.county().limits)
    limits["general"] = replace(limits["general"], starts=("case.accepted",))
    county = replace(given.county(), limits=limits)

    case = units.assign(given.triaged(), asks.Assign(), by(profile=county)).state
    taken = units.accept(case, by("staff", profile=county)).state

    assert ("general" in clocks(case), "general" in clocks(taken)) == (False, True)


@pytest.mark.requirement("COR-06")
def test_the_residents_clock_runs_from_registration_through_returns_and_transfers() -> None:
    case = given.assigned()
    case = units.return_(case, asks.Return(reason="not_competent"), by(at=MONDAY + timedelta(days=1))).state
    case = units.assign(case, asks.Assign(), by(at=MONDAY + timedelta(days=2))).state
    move = asks.Transfer(to_unit="centre_101", reason="functional_line")
    case = units.transfer(case, move, by(at=MONDAY + timedelta(days=3))).state

    residents = [each for each in case.clocks if each.kind == "resident"]

    assert [(each.start_at, each.stopped_at) for each in residents] == [(MONDAY, None)]


def test_only_the_clock_that_is_first_over_drives_the_work_list() -> None:
    case = given.assigned()
    taken = units.accept(case, by("staff")).state

    assert case.first_due == clock(case, "pickup").due_at
    assert taken.first_due == clock(taken, "general").due_at


def test_a_rest_ends_by_itself_on_its_day() -> None:
    case = given.suspended()

    early, on_the_day = ticked(case, days=9), ticked(case, days=10)

    assert early is None or early.state.state is State.SUSPENDED
    assert on_the_day.state.state is State.HANDLING
    assert told(on_the_day) == ["case.resumed"]
    assert_owned(on_the_day.state)


def test_a_clock_that_is_late_does_not_rest() -> None:
    late = ticked(given.handling(), days=5).state
    ask = asks.Suspend(
        reason="appraisal", until=MONDAY + timedelta(days=20), approved_by="head", document=True
    )

    case = resting.suspend(late, ask, by("head", at=MONDAY + timedelta(days=5))).state

    assert (runs(clock(case, "general")), clock(case, "general").state) == (True, "breached")


def test_a_clock_that_a_later_profile_no_longer_has_ends_and_does_not_stop_the_case() -> None:
    limits = {kind: limit for kind, limit in given.county().limits.items() if kind != "pickup"}

    done = units.accept(given.assigned(), by("staff", profile=replace(given.county(), limits=limits)))

    assert (clock(done.state, "pickup").state, done.state.state) == ("cancelled", State.ACCEPTED)


def test_every_condition_of_the_countys_clocks_is_known() -> None:
    limits = given.county().limits

    assert {limits[kind].only_if for kind in MINE} <= set(ONLY_IF)


def test_a_case_that_cannot_be_timed_does_not_hold_up_the_others() -> None:
    town = Town()
    bad, good = town.register(), town.register(case_id=given.MM, case_no="990101-2026-000002")
    held = town.cases.held[bad]
    owner = replace(held.state.owner, unit="名字")
    town.cases.held[bad] = replace(held, state=replace(held.state, owner=owner))

    with pytest.raises(ExceptionGroup):
        handlers.tick(town.stores, MONDAY + timedelta(hours=3))

    assert [town.stores.cases.load(id).version for id in (bad, good)] == [1, 2]


def test_a_withdrawn_case_that_rested_asks_nothing_more_of_time() -> None:
    stated = asks.Withdraw(reason="settled_privately", statement=True)

    done = taking_in.withdraw(given.suspended(), stated, by())

    assert sweep.due(done.state) is None


def test_a_case_sorted_before_registration_reached_us_keeps_its_true_start() -> None:
    case = given.registered()

    done = triage.triage(case, given.sorting(), by(at=MONDAY + timedelta(hours=3)))

    assert (clock(done.state, "triage").state, clock(done.state, "assign").start_at) == (
        "breached",
        MONDAY + timedelta(hours=3),
    )
