"""The ladder: three rounds in the village, two in the township, two in the county, then a leader (3221)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.routing.model import Case, State
from services.routing.model import commands as asks
from services.routing.rules import escalation
from shared.errors import Refused
from shared.profile import Profile
from shared.profile.tiers import FastTrack, Ladder, Step
from tests import routing_given as given
from tests.routing_given import MONDAY, by, clocks, ended, failed, heard, opened

BASIS = "和政發〔2024〕16號"


def step(tier: str, rounds: int, following: str) -> Step:
    return Step(tier=tier, min_failed=rounds, next=following, escalate_within="escalate", basis=BASIS)


COUNTY_3221: Profile = replace(
    given.county(),
    ladder=Ladder(
        mode="attempts",
        steps=(
            step("village", 3, "township"),
            step("township", 2, "county"),
            step("county", 2, "county_leader"),
            Step(tier="county_leader", terminal="sponsorship", basis=BASIS),
        ),
        fast_track=(
            FastTrack(reason="cross_region", to="county", approver="director", basis=BASIS),
            FastTrack(reason="mediation_declined", to="next", approver="director", basis=BASIS),
        ),
        basis=BASIS,
    ),
)


def after(*rounds: Any, tier: Any = "village") -> Case:
    """A case in mediation after these rounds, in the county of the 3221."""
    return heard(replace(given.mediating(), tier=tier), *rounds, profile=COUNTY_3221)


def climb(case: Case, trigger: Any = "attempts", **more: Any) -> Any:
    ask = asks.Escalate(trigger=trigger, material_complete=True, **more)
    return escalation.escalate(case, ask, by("director", profile=COUNTY_3221))


@pytest.mark.requirement("RT-13", "RT-14")
def test_after_two_failed_rounds_a_village_may_not_report_up_yet_and_hears_how_many_are_missing() -> None:
    case = after(failed(), failed())

    with pytest.raises(Refused, match="2/3") as refused:
        climb(case)

    assert (refused.value.status, refused.value.code) == (422, "ladder_not_satisfied")
    assert refused.value.details == {"attempts": 2, "needed": 3}


@pytest.mark.requirement("RT-14")
def test_after_three_failed_rounds_on_three_days_a_village_may_report_up() -> None:
    case = given.mediating()
    for day in range(3):
        case = heard(case, failed(), at=MONDAY + timedelta(days=day), profile=COUNTY_3221)

    done = climb(case)

    assert done.state.state is State.ESCALATING
    assert (done.state.escalations[-1].to_tier, done.state.escalations[-1].attempts) == ("township", 3)


def test_a_round_that_was_declined_is_no_attempt() -> None:
    case = after(failed(), failed(), ended("declined"))

    with pytest.raises(Refused, match="2/3"):
        climb(case)

    assert case.attempts == {"village": 2}


@pytest.mark.requirement("COR-11")
def test_two_rounds_within_an_hour_that_mediation_counts_as_one_count_as_one() -> None:
    case = after(failed(), failed(counts=False))

    assert case.attempts == {"village": 1}


@pytest.mark.requirement("RT-14")
def test_when_the_last_round_has_failed_the_clock_for_reporting_up_starts_once() -> None:
    two, three = after(failed(), failed()), after(failed(), failed(), failed())
    four = heard(three, failed(), at=MONDAY + timedelta(hours=1), profile=COUNTY_3221)

    assert ("escalate" in clocks(two), "escalate" in clocks(three)) == (False, True)
    assert [clock for clock in four.clocks if clock.kind == "escalate"] == [
        clock for clock in three.clocks if clock.kind == "escalate"
    ]
    assert "escalate" not in clocks(climb(three).state)


@pytest.mark.requirement("RT-15", "RT-16")
@pytest.mark.parametrize(("tier", "above"), [("township", "county"), ("county", "county_leader")])
def test_township_and_county_try_twice(tier: Any, above: str) -> None:
    once, twice = after(failed(tier), tier=tier), after(failed(tier), failed(tier), tier=tier)

    with pytest.raises(Refused, match="1/2"):
        climb(once)

    assert climb(twice).state.escalations[-1].to_tier == above


def test_rounds_of_the_tier_below_do_not_count_above() -> None:
    case = replace(after(failed(), failed(), failed()), tier="township")

    with pytest.raises(Refused, match="0/2"):
        climb(case)


@pytest.mark.requirement("COR-10")
def test_who_declined_mediation_is_not_stranded() -> None:
    case = heard(given.mediating(), ended("declined"), profile=COUNTY_3221)

    done = climb(case, "mediation_declined")

    assert done.state.escalations[-1].to_tier == "township"
    assert done.state.attempts == {}


@pytest.mark.requirement("RT-20")
def test_a_matter_of_two_townships_found_out_late_jumps_to_the_county() -> None:
    done = climb(given.handling(), "cross_region")

    assert done.state.escalations[-1].to_tier == "county"


def test_a_late_case_may_be_reported_up_where_the_county_says_so() -> None:
    case = given.handling()
    late = replace(case, clocks=tuple(replace(clock, state="breached") for clock in case.clocks))
    ask = asks.Escalate(trigger="deadline", material_complete=True)

    done = escalation.escalate(late, ask, by("director"))

    assert done.state.state is State.ESCALATING


def test_mediation_that_goes_on_above_is_another_matter() -> None:
    moved = escalation.accept_escalation(
        climb(after(failed(), failed(), failed())).state, by("town_dispatcher")
    )

    again = heard(moved.state, opened(), failed("township"), profile=COUNTY_3221)

    assert (again.state, again.attempts) == (State.TRIAGED, {"village": 3})
