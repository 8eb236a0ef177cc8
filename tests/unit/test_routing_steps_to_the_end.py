"""The later steps of a case along its table: rising, resting, ending, coming back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.routing.model import State
from services.routing.model import commands as asks
from services.routing.rules import closing, escalation, mediation, resting, taking_in, units
from services.routing.rules.invariants import assert_owned
from shared.contracts.closing import CaseClosed, CaseResolved
from tests import routing_given as given
from tests.routing_given import COMMITTEE, MONDAY, by, clocks, told


def test_the_tier_that_asks_for_help_stays_responsible_until_the_upper_one_accepts() -> None:
    case = given.escalating()

    assert (case.state, case.owner.unit) == (State.ESCALATING, COMMITTEE)
    assert "upper_accept" in clocks(case)


def test_an_escalation_that_is_accepted_is_assigned_anew_one_tier_up() -> None:
    done = escalation.accept_escalation(given.escalating(), by("town_dispatcher"))

    assert told(done) == ["case.escalated"]
    assert (done.state.tier, done.state.state) == ("township", State.TRIAGED)
    assert (done.state.lead_unit, done.state.owner.unit) == ("", "centre_101")
    assert clocks(done.state) == {"resident", "assign"}


def test_an_escalation_may_be_sent_back_with_a_reason() -> None:
    done = escalation.send_back(given.escalating(), asks.Reasoned(reason="material_unclear"), by())

    assert told(done) == ["case.escalation_rejected"]
    assert (done.state.state, done.state.escalations[-1].sent_back) == (State.HANDLING, "material_unclear")


@pytest.mark.requirement("RT-25")
def test_a_whistle_calls_units_and_the_case_goes_on() -> None:
    ask = asks.Blow(reasons=("complex_major",), units=("police", "housing"))

    done = resting.whistle(given.handling(), ask, by("director"))

    assert told(done) == ["whistle.called"]
    assert (done.state.state, done.state.whistles[0].units) == (State.HANDLING, ("police", "housing"))
    assert clocks(done.state) == clocks(given.handling())


def test_a_case_that_rests_keeps_the_residents_clock_and_goes_on_where_it_stopped() -> None:
    resting_case = given.suspended()

    done = resting.resume(resting_case, by("head", at=MONDAY + timedelta(days=2)))

    before = next(clock for clock in resting_case.clocks if clock.kind == "general")
    after = next(clock for clock in done.state.clocks if clock.kind == "general")
    assert clocks(resting_case) == {"resident"}
    assert (done.state.state, done.state.suspension) == (State.HANDLING, None)
    assert after.due_at == before.due_at + timedelta(days=2)


def test_a_resolved_case_says_what_came_out_and_after_how_many_days() -> None:
    done = closing.resolve(given.agreed(), given.DONE, by("staff", at=MONDAY + timedelta(days=2)))

    assert isinstance(done.events[0], CaseResolved)
    assert (done.events[0].outcome, done.events[0].days) == ("mediated_written", 2)
    assert clocks(done.state) == {"callback", "verify"}


@pytest.mark.requirement("COR-21")
def test_a_call_back_is_made_once_per_closure_by_somebody_else() -> None:
    done = closing.call_back(given.resolved(), asks.Call(reached=True, satisfied=4), by("verifier"))

    assert told(done) == ["case.callback_completed"]
    assert clocks(done.state) == {"verify"}


@pytest.mark.requirement("RT-38")
def test_a_result_is_checked_by_somebody_else() -> None:
    done = closing.verify(given.called_back(), by("verifier"))

    assert told(done) == ["case.verified"]
    assert (done.state.state, done.state.owner.post) == (State.VERIFIED, "director")


def test_a_result_found_wanting_goes_back_and_its_clocks_run_on_to_the_same_end() -> None:
    before = next(clock for clock in given.handling().clocks if clock.kind == "general")

    done = closing.rework(given.called_back(), asks.Reasoned(reason="requests_unanswered"), by("verifier"))

    after = next(clock for clock in done.state.clocks if clock.kind == "general")
    assert told(done) == ["case.reopened_for_rework"]
    assert clocks(done.state) == {"resident", "general"}
    assert (after.id, after.due_at) == (before.id, before.due_at)


@pytest.mark.requirement("COR-17")
def test_a_closed_case_leaves_no_clock_behind() -> None:
    done = closing.close(given.verified(), asks.Close(), by("director", at=MONDAY + timedelta(days=3)))

    assert isinstance(done.events[0], CaseClosed)
    assert (done.state.state, clocks(done.state)) == (State.CLOSED, set())


def test_a_matter_leaves_by_a_lawful_route_with_its_material_and_a_receipt() -> None:
    ask = asks.ReferOut(route="arbitration", material=True, receipt=True)

    done = closing.refer_out(given.handling(), ask, by("staff"))

    assert told(done) == ["case.referred_out"]
    assert (done.state.state, clocks(done.state)) == (State.REFERRED_OUT, set())


def test_an_applicant_may_take_a_matter_back() -> None:
    done = taking_in.withdraw(
        given.mediating(), asks.Withdraw(reason="settled_privately", statement=True), by()
    )

    assert told(done) == ["case.withdrawn"]
    assert (done.state.state, clocks(done.state)) == (State.WITHDRAWN, set())


@pytest.mark.requirement("RT-56")
def test_a_relapse_keeps_the_number_and_begins_anew() -> None:
    done = taking_in.relapse(
        given.closed(), asks.Relapse(confirmed=True), by("clerk", at=MONDAY + timedelta(days=40))
    )

    assert told(done) == ["case.relapsed"]
    assert (done.state.case_no, done.state.relapse_count) == (given.closed().case_no, 1)
    assert (done.state.state, done.state.lead_unit, done.state.outcome) == (State.REGISTERED, "", None)
    assert clocks(done.state) == {"triage", "resident"}


@pytest.mark.requirement("COR-06")
@pytest.mark.parametrize("make", given.EACH, ids=lambda make: make.__name__)
def test_in_every_state_a_case_has_an_owner_and_a_clock_until_it_is_closed(make: object) -> None:
    assert_owned(make())  # type: ignore[operator]


def test_mediation_opened_before_the_unit_began_starts_with_the_handling() -> None:
    waiting = given.heard(given.accepted(), given.opened())
    early = given.heard(given.assigned(), given.opened())
    taken = units.accept(early, by("staff")).state

    done = mediation.start(taken, by("staff"))

    assert waiting.state is State.MEDIATING
    assert early.state is State.ASSIGNED
    assert told(done) == ["case.handling_started", "case.mediation_opened"]
