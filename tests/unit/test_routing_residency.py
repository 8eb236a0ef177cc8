"""Who of a department sits where (COR-01): asked, agreed, changed, away, called, at rest, ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.routing.model.department import Department, Seat, Seconded
from services.routing.model.department_asks import AskLeave, AskSeat, ChangeSeat, Pause
from services.routing.rules import residency
from services.routing.rules.competence import choose
from shared.contracts.department import DepartmentResidencyChanged
from shared.errors import Forbidden, Illegal, NotFound, Refused
from tests import routing_given as given
from tests.routing_given import MONDAY, by, refusal, told

CENTRE = "centre_county"
LI, WANG, ZHAO = "li", "wang", "zhao"
ASK = AskSeat(
    centre=CENTRE, mode="resident", windows=("window_05",), categories=("contract",),
    staff=(Seconded(ref=LI, authority=("agree_on_the_spot",)), Seconded(ref=WANG)),
)  # fmt: skip
COURT = Department(department="court", region="990101")


def requested(ask: AskSeat = ASK) -> Department:
    return residency.request(COURT, ask, by("dispatcher")).state


def seated(ask: AskSeat = ASK) -> Department:
    return residency.approve(requested(ask), CENTRE, by("director")).state


def on_call() -> Department:
    return seated(AskSeat(centre=CENTRE, mode="on_call"))


def rotating() -> Department:
    return seated(AskSeat(centre=CENTRE, mode="rotating", days=("MON", "THU"), windows=("window_07",)))


@pytest.mark.requirement("COR-01")
def test_a_unit_is_seated_when_a_second_person_agrees() -> None:
    asked = residency.request(COURT, ASK, by("dispatcher"))

    agreed = residency.approve(asked.state, CENTRE, by("director"))

    assert (told(asked), told(agreed)) == (
        ["department.residency_requested"],
        ["department.residency_approved"],
    )
    assert residency.seat(agreed.state, CENTRE).seat is Seat.APPROVED
    assert refusal(lambda: residency.approve(asked.state, CENTRE, by("dispatcher")), Forbidden) == (
        "second_person_needed"
    )


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        (AskSeat(centre="nowhere", mode="on_call"), "centre"),
        (AskSeat(centre=CENTRE, mode="resident"), "windows"),
        (AskSeat(centre=CENTRE, mode="rotating"), "days"),
        (AskSeat(centre=CENTRE, mode="on_call", days=("MON",)), "days"),
        (AskSeat(centre=CENTRE, mode="on_call", categories=("weather",)), "categories"),
        (AskSeat(centre=CENTRE, mode="on_call", staff=(Seconded(ref=LI), Seconded(ref=LI))), "staff"),
        (AskSeat(centre=CENTRE, mode="on_call", until=MONDAY), "until"),
    ],
)
def test_what_cannot_be_is_refused_by_the_name_of_its_field(ask: AskSeat, field: str) -> None:
    with pytest.raises(Refused) as refused:
        residency.request(COURT, ask, by("dispatcher"))

    assert list(refused.value.fields) == [field]


def test_a_unit_has_its_seats_at_a_centre_once() -> None:
    again = refusal(lambda: residency.request(seated(), ASK, by("dispatcher")))

    assert again == "residency_exists"
    assert refusal(lambda: residency.seat(COURT, CENTRE), NotFound) == "residency_not_found"


@pytest.mark.requirement("COR-01")
def test_each_thing_that_changes_is_told_by_itself_and_nothing_that_stays() -> None:
    ask = ChangeSeat(windows=("window_09",), categories=("contract",), staff=(Seconded(ref=ZHAO),))

    done = residency.change(seated(), CENTRE, ask, by("dispatcher"))

    changed: list[Any] = list(done.events)
    assert all(isinstance(event, DepartmentResidencyChanged) for event in changed)
    assert [event.what for event in changed] == ["windows", "staff"]
    assert changed[1].staff == (ZHAO,) and changed[1].authority == ()
    assert refusal(lambda: residency.change(seated(), CENTRE, ChangeSeat(), by())) == "nothing_changes"


@pytest.mark.requirement("COR-01")
def test_a_stand_in_sits_there_during_a_leave_and_only_then() -> None:
    tomorrow, after = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)
    ask = AskLeave(ref=LI, since=tomorrow, until=after, stand_in=ZHAO)

    done = residency.leave(seated(), CENTRE, ask, by("dispatcher"))

    seat = residency.seat(done.state, CENTRE)
    assert [residency.people_there(seat, at) for at in (MONDAY, tomorrow, after)] == [
        (LI, WANG),
        (ZHAO, WANG),
        (LI, WANG),
    ]
    (event,) = done.events
    assert isinstance(event, DepartmentResidencyChanged) and event.what == "stand_in"


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (AskLeave(ref=ZHAO, since=MONDAY, until=MONDAY + timedelta(days=1)), "not_seconded"),
        (AskLeave(ref=LI, since=MONDAY, until=MONDAY), "ends_before_it_begins"),
        (AskLeave(ref=LI, since=MONDAY, until=MONDAY + timedelta(days=1), stand_in=LI), "stand_in_is_self"),
    ],
)
def test_a_leave_that_cannot_be_is_refused(ask: AskLeave, code: str) -> None:
    assert refusal(lambda: residency.leave(seated(), CENTRE, ask, by("dispatcher"))) == code


def test_a_rotating_unit_is_there_on_its_days_only() -> None:
    seat = residency.seat(rotating(), CENTRE)

    there = [residency.is_there(seat, MONDAY + timedelta(days=n)) for n in range(5)]

    assert there == [True, False, False, True, False]


@pytest.mark.requirement("COR-01")
def test_a_unit_on_call_is_there_from_the_call_until_the_caller_lets_it_go() -> None:
    case = given.registered().case_id

    called = residency.call(on_call(), CENTRE, case, by("clerk"))
    assert called is not None
    released = residency.release(called.state, CENTRE, case, by("clerk")).state

    there = [
        residency.is_there(residency.seat(department, CENTRE), MONDAY)
        for department in (on_call(), called.state, released)
    ]
    assert there == [False, True, False]
    assert residency.call(called.state, CENTRE, case, by("clerk")) is None
    assert refusal(lambda: residency.release(released, CENTRE, case, by("clerk"))) == "not_called"
    assert refusal(lambda: residency.call(seated(), CENTRE, case, by("clerk"))) == "not_on_call"


def test_seats_rest_and_end_and_a_new_request_begins_again() -> None:
    rest = residency.suspend(seated(), CENTRE, Pause(reason="flood"), by("dispatcher"))
    back = residency.resume(rest.state, CENTRE, by("dispatcher"))
    over = residency.end(back.state, CENTRE, Pause(reason="moved"), by("dispatcher"))

    again = residency.request(over.state, ASK, by("dispatcher")).state

    assert [told(step) for step in (rest, back, over)] == [
        ["department.residency_suspended"],
        ["department.residency_changed"],
        ["department.residency_ended"],
    ]
    assert not residency.is_there(residency.seat(rest.state, CENTRE), MONDAY)
    assert [each.seat for each in again.residencies] == [Seat.ENDED, Seat.REQUESTED]
    assert refusal(lambda: residency.suspend(rest.state, CENTRE, Pause(reason="x"), by()), Illegal)


@pytest.mark.requirement("COR-01")
def test_residency_never_changes_who_is_competent() -> None:
    before = choose("contract", "county", "990101101", given.county())

    residency.end(seated(), CENTRE, Pause(reason="moved"), by("dispatcher"))

    assert choose("contract", "county", "990101101", by().profile) == before
