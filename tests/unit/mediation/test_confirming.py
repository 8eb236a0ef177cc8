"""After an agreement took effect: the court, the days of its items, and disputes about it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from services.mediation.model import AgreementState, FilingState
from services.mediation.model.commands import CourtDecision, File, Perform, Sign
from services.mediation.rules import agreeing, confirming, performing, time
from shared.calendar import day_of, end_of, midnight
from shared.clock import CHINA
from shared.errors import Illegal, NotFound, Problem, Refused
from tests.unit.mediation.given import (
    DAY,
    HOUR,
    LI,
    MONDAY,
    WANG,
    by,
    draft,
    drafted,
    ended,
    everybody,
    fact,
    failed,
    in_force,
    opened,
    told,
)  # fmt: skip

DUE = end_of(date(2026, 9, 30))


@pytest.mark.requirement("MD-21")
def test_the_thirty_days_for_the_court_run_from_effect_and_move_off_a_rest_day() -> None:
    first_of_may = datetime(2026, 5, 1, 10, 0, tzinfo=CHINA)
    matter = ended("agreed", opened(first_of_may), first_of_may).state
    matter = agreeing.draft(matter, draft(promises=()), by(first_of_may)).state

    done = agreeing.sign(matter, Sign(signatures=everybody(first_of_may)), by(first_of_may))

    assert fact(done, "mediation.agreement_effective").confirm_deadline == end_of(date(2026, 6, 1))


def filed(at: datetime, by_whom: tuple[str, ...] = (WANG, LI)) -> Any:
    ask = File(court="court", applicants=by_whom, filed_at=at)
    return confirming.file(in_force(), ask, by(at))


def test_the_parties_file_together() -> None:
    with pytest.raises(Refused) as caught:
        filed(MONDAY + DAY, (WANG,))

    assert caught.value.code == "joint_application_needed"


@pytest.mark.requirement("MD-21")
def test_a_request_in_time_stops_the_window_and_follows_what_the_court_decides() -> None:
    in_time = filed(MONDAY + DAY)
    decided = confirming.decide(
        in_time.state, CourtDecision(result="confirmed", decided_at=MONDAY + 5 * DAY), by(MONDAY + 5 * DAY)
    )

    assert fact(in_time, "mediation.confirmation_filed").days_late == 0
    assert in_time.state.clock("confirm_window").state == "met"
    assert told(decided) == ["mediation.confirmed"]
    assert decided.state.clock("confirm_decision").state == "met"  # type: ignore[union-attr]


@pytest.mark.requirement("COR-18")
@pytest.mark.parametrize(
    ("day", "late"), [(date(2026, 10, 8), 0), (date(2026, 10, 9), 1), (date(2026, 11, 8), 31)]
)
def test_a_late_request_is_warned_about_and_counted_and_never_refused(day: date, late: int) -> None:
    at = midnight(day) + 10 * HOUR  # the window ends on 8 October: the 7th is a holiday

    decision = filed(at)

    assert fact(decision, "mediation.confirmation_filed").days_late == late
    assert bool(confirming.warning(decision.state.agreement)) is bool(late)


@pytest.mark.requirement("MD-21", "COR-18")
def test_the_package_for_the_court_lists_its_papers_and_warns_when_it_is_late() -> None:
    in_time = confirming.package(in_force(), MONDAY + DAY)
    late = confirming.package(in_force(), MONDAY + 60 * DAY)

    papers = {paper["code"]: paper["present"] for paper in in_time["documents"]}  # type: ignore[attr-defined]
    assert papers == {
        "application": False, "agreement": True, "mediation_proof": True, "identity": False,
        "property_proof": False,
    }  # fmt: skip
    assert (in_time["warning"], in_time["applicants"]) == ("", (WANG, LI))
    assert "由法院决定" in str(late["warning"])
    with pytest.raises(NotFound):
        confirming.package(drafted(), MONDAY)


@pytest.mark.requirement("COR-18")
def test_what_the_court_decides_about_a_late_request_is_recorded() -> None:
    matter = filed(MONDAY + 60 * DAY).state
    ask = CourtDecision(result="not_accepted", decided_at=MONDAY + 61 * DAY)

    decided = confirming.decide(matter, ask, by(MONDAY + 61 * DAY))

    assert fact(decided, "mediation.rejected").reason == "not_accepted"
    assert decided.state.agreement and decided.state.agreement.filing
    assert decided.state.agreement.filing.state is FilingState.REJECTED


def test_the_window_reminds_on_day_15_25_and_28() -> None:
    window = in_force().clock("confirm_window")

    assert window
    assert [(day_of(mark.at) - day_of(MONDAY)).days for mark in window.marks[:3]] == [15, 25, 28]


def test_an_item_is_called_on_its_day_and_again_when_the_day_has_passed() -> None:
    matter = in_force()
    assert matter.agreement

    on_the_day = time.tick(matter, by(DUE - HOUR))
    assert on_the_day
    after = time.tick(on_the_day.state, by(DUE))

    assert fact(on_the_day, "mediation.performance_due").item_no == 1
    assert after and [e.kind for e in after.events] == ["performance"]  # type: ignore[attr-defined]
    assert after.state.agreement and after.state.agreement.state is AgreementState.EFFECTIVE


def test_when_everything_is_done_the_agreement_is_performed() -> None:
    decision = performing.perform(in_force(), Perform(no=1, done_at=MONDAY + DAY), by(MONDAY + DAY))

    assert told(decision) == ["mediation.performed"]
    assert decision.state.agreement and decision.state.agreement.state is AgreementState.PERFORMED
    tick = time.tick(decision.state, by(DUE + DAY))
    assert all(event.kind == "confirm_window" for event in tick.events)  # type: ignore[union-attr]


def test_a_person_says_that_an_item_was_not_done_and_only_after_its_day() -> None:
    with pytest.raises(Refused, match="还没到履行期限"):
        performing.breach(in_force(), 1, by(MONDAY + DAY))
    breached = performing.breach(in_force(), 1, by(DUE))

    assert told(breached) == ["mediation.performance_breached"]
    late = performing.perform(breached.state, Perform(no=1, done_at=DUE + DAY), by(DUE + DAY))
    assert late.state.agreement and late.state.agreement.state is AgreementState.PERFORMED


def test_what_is_disputed_stays_in_force_until_a_court_says_otherwise() -> None:
    disputed = performing.dispute(in_force(), by(MONDAY + DAY)).state

    assert disputed.agreement and disputed.agreement.state is AgreementState.DISPUTED
    assert disputed.agreement.effective_at
    with pytest.raises(Illegal):
        performing.dispute(disputed, by(MONDAY + DAY))


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        (lambda: performing.perform(in_force(), Perform(no=9, done_at=MONDAY), by()), NotFound),
        (lambda: performing.perform(failed(), Perform(no=1, done_at=MONDAY), by()), NotFound),
        (lambda: performing.perform(drafted(), Perform(no=1, done_at=MONDAY), by()), Illegal),
        (lambda: performing.perform(in_force(), Perform(no=1, done_at=DUE), by(MONDAY + DAY)), Refused),
        (
            lambda: confirming.file(
                drafted(), File(court="court", applicants=(WANG, LI), filed_at=MONDAY), by()
            ),
            NotFound,
        ),
        (
            lambda: confirming.decide(in_force(), CourtDecision(result="confirmed", decided_at=MONDAY), by()),
            NotFound,
        ),
        (lambda: filed(MONDAY), Refused),
    ],
)
def test_what_makes_no_sense_is_refused(step: Any, problem: type[Problem]) -> None:
    with pytest.raises(problem):
        step()
