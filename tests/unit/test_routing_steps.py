"""Each step of a case along its table, one after another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.routing.model import State
from services.routing.model import commands as asks
from services.routing.rules import merging, taking_in, triage, units
from shared import ids
from shared.contracts.routing import CaseAssigned, CaseRegistered, CaseTriaged
from tests import routing_given as given
from tests.routing_given import COMMITTEE, MONDAY, by, clocks, told

OTHER = ids.derived("tests", "other case")


@pytest.mark.requirement("COR-06", "IN-05")
def test_a_registered_case_belongs_to_the_dispatcher_and_two_clocks_run_from_that_second() -> None:
    opened = taking_in.register(given.registration(), by("mediation", at=MONDAY + timedelta(minutes=3)))

    case = opened.state
    assert told(opened) == ["case.registered"]
    assert (case.owner.post, case.owner.unit) == ("dispatcher", "centre_101")
    assert clocks(case) == {"triage", "resident"}
    assert {clock.start_at for clock in case.clocks} == {MONDAY}


def test_a_protected_registration_shows_nobody_its_category() -> None:
    opened = taking_in.register(given.registration(protected=True, category=None), by("mediation"))

    assert isinstance(opened.events[0], CaseRegistered)
    assert (opened.events[0].category, opened.events[0].protected) == (None, True)


def test_what_intake_suggests_is_kept_as_a_suggestion_and_not_applied() -> None:
    case = given.registered(category=None, suggested_category="contract", suggested_by="lexicon@1")

    assert case.category is None
    assert case.suggestion is not None
    assert (case.suggestion.category, case.suggestion.unit) == ("contract", COMMITTEE)


def test_a_case_that_is_the_same_matter_is_merged_into_the_other() -> None:
    ask = asks.Merge(into_case_id=OTHER, confirmed=True, into_state=State.HANDLING)

    done = merging.merge(given.registered(), ask, by("clerk"))

    assert told(done) == ["case.merged"]
    assert (done.state.state, done.state.merged_into, clocks(done.state)) == (State.MERGED, OTHER, set())


@pytest.mark.requirement("IN-04")
def test_a_matter_for_the_court_is_not_accepted_but_shown_its_route() -> None:
    done = taking_in.not_accept(
        given.registered(), asks.NotAccept(reason="court_accepted", notice=True), by()
    )

    assert told(done) == ["case.not_accepted"]
    assert done.state.state is State.NOT_ACCEPTED


@pytest.mark.requirement("RT-03", "COR-06")
def test_a_sorted_case_says_who_is_willing_and_waits_to_be_assigned() -> None:
    done = triage.triage(given.registered(), given.sorting(willingness="applicant_only"), by())

    assert isinstance(done.events[0], CaseTriaged)
    assert done.events[0].willingness == "applicant_only"
    assert (done.state.state, clocks(done.state)) == (State.TRIAGED, {"assign", "resident"})


@pytest.mark.requirement("RT-20")
def test_a_matter_of_two_townships_goes_to_the_county_at_once() -> None:
    done = triage.triage(given.registered(), given.sorting(flags=("cross_township",)), by())

    assert (done.state.tier, done.state.tier_origin) == ("county", "village")
    assert done.state.owner.unit == "centre_county"
    assert "cross_township" in done.reason


def test_flags_that_protect_somebody_never_leave_routing() -> None:
    ask = given.sorting(flags=("dv", "mass"), harm_reported=True)

    done = triage.triage(given.registered(), ask, by())

    assert isinstance(done.events[0], CaseTriaged)
    assert (done.events[0].flags, done.events[0].protected, done.events[0].category) == (
        ("mass",),
        True,
        None,
    )
    assert done.state.flags == ("mass", "dv")


@pytest.mark.requirement("COR-10")
def test_a_tier_complained_about_is_passed_over() -> None:
    done = triage.triage(given.registered(), given.sorting(complained_units=(COMMITTEE,)), by())

    assert (done.state.tier, done.state.protected) == ("township", True)
    assert "interested_tier" in done.reason


@pytest.mark.requirement("RT-09", "RT-10", "RT-11")
def test_a_case_is_given_to_exactly_one_lead_by_place_and_kind_and_says_why() -> None:
    done = units.assign(given.triaged(), asks.Assign(), by())

    turn = done.state.assignment
    assert turn is not None
    assert (turn.unit, turn.co_units, turn.n) == (COMMITTEE, (), 1)
    assert turn.reason and turn.basis
    assert (done.state.owner.post, done.state.owner.unit) == ("unit_desk", COMMITTEE)


def test_an_assignment_tells_when_to_accept_and_when_to_be_done() -> None:
    done = units.assign(given.triaged(), asks.Assign(), by())

    assert isinstance(done.events[0], CaseAssigned)
    assert done.events[0].pickup_due == MONDAY + timedelta(hours=1)
    assert done.events[0].due_at is not None


def test_a_dispatcher_may_decide_otherwise_with_a_reason() -> None:
    ask = asks.Assign(lead_unit="judicial_bureau", co_units=("police",), reason="common_superior_decides")

    done = units.assign(given.triaged(), ask, by())

    assert (done.state.lead_unit, done.state.co_units) == ("judicial_bureau", ("police",))
    assert "common_superior_decides" in done.reason


@pytest.mark.requirement("RT-04")
def test_the_lead_unit_accepts_and_the_pickup_clock_stops() -> None:
    done = units.accept(given.assigned(), by("staff"))

    assert told(done) == ["case.accepted"]
    assert (done.state.state, done.state.owner.ref) == (State.ACCEPTED, given.PEOPLE["staff"].ref)
    assert "pickup" not in clocks(done.state)


@pytest.mark.requirement("COR-07", "RT-04")
def test_meeting_the_resident_has_its_own_clock_that_only_the_desk_stops() -> None:
    case = units.assign(
        triage.triage(given.registered(resident_waiting=True), given.sorting(), by()).state,
        asks.Assign(),
        by(),
    ).state
    taken = units.accept(case, by("staff")).state

    done = units.arrive(taken, by("guide"))

    assert ("meet" in clocks(case), "meet" in clocks(taken), "meet" in clocks(done.state)) == (
        True,
        True,
        False,
    )
    assert told(done) == ["case.arrived"]


@pytest.mark.requirement("IN-11", "COR-06")
def test_a_return_is_asked_by_the_unit_agreed_by_the_dispatcher_and_never_resets_the_resident() -> None:
    asked = units.ask_return(given.assigned(), asks.Return(reason="not_competent"), by("staff")).state

    done = units.return_(asked, asks.Return(), by(at=MONDAY + timedelta(hours=5)))

    resident = next(clock for clock in done.state.clocks if clock.kind == "resident")
    assert told(done) == ["case.returned"]
    assert (done.state.state, done.state.lead_unit) == (State.TRIAGED, "")
    assert (resident.start_at, resident.stopped_at) == (MONDAY, None)
    assert clocks(done.state) == {"resident", "general", "assign"}


def test_a_dispatcher_may_refuse_a_return() -> None:
    asked = units.ask_return(given.assigned(), asks.Return(reason="not_competent"), by("staff")).state

    done = units.refuse_return(asked, by())

    assert told(done) == ["case.return_refused"]
    assert (done.state.state, done.state.return_request) == (State.ASSIGNED, None)


@pytest.mark.requirement("RT-39")
def test_a_transfer_ends_one_turn_and_begins_another() -> None:
    ask = asks.Transfer(to_unit="centre_101", reason="functional_line")

    done = units.transfer(given.accepted(), ask, by(at=MONDAY + timedelta(minutes=30)))

    assert told(done) == ["case.transferred", "case.assigned"]
    assert [turn.ended for turn in done.state.assignments] == ["transferred", ""]
    assert (done.state.state, done.state.lead_unit) == (State.ASSIGNED, "centre_101")
    assert clocks(done.state) == {"resident", "general", "pickup"}


def test_a_unit_that_accepted_begins_to_work() -> None:
    done = units.start(given.accepted(), by("staff"))

    assert told(done) == ["case.handling_started"]
    assert done.state.state is State.HANDLING
