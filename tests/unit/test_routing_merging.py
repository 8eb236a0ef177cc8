"""Two cases that are one matter, and that were not after all: state, owner, clocks and what is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.routing.model import Case, State
from services.routing.model import commands as asks
from services.routing.rules import merging
from services.routing.rules.invariants import assert_owned
from services.routing.rules.sweep import tick
from shared import ids
from shared.errors import Illegal, Refused
from tests import routing_given as given
from tests.routing_given import MONDAY, by, clocks, told

OTHER = ids.derived("tests", "other case")
INTO = asks.Merge(into_case_id=OTHER, confirmed=True, into_state=State.HANDLING)
BACK = asks.Unmerge(confirmed=True, reason="not_same_matter")
WEEK = timedelta(days=7)


def other(**changes: object) -> Case:
    """A second case, of somebody else."""
    return given.registered(
        case_id=OTHER, case_no="990101-2026-000002", reg_id=ids.derived("tests", "other"), **changes
    )


@pytest.mark.parametrize("case", [given.registered(), given.triaged()], ids=["registered", "triaged"])
def test_undoing_a_merge_leaves_the_case_as_it_was(case: Case) -> None:
    merged = merging.merge(case, INTO, by("clerk", at=MONDAY + timedelta(minutes=5)))

    back = merging.unmerge(merged.state, BACK, by("clerk", at=MONDAY + timedelta(minutes=9)))

    assert clocks(merged.state) == set()
    assert back.state == case
    assert told(back)[0] == "case.unmerged"
    assert_owned(back.state)


def test_nobody_wins_time_by_a_merge() -> None:
    merged = merging.merge(given.registered(), INTO, by("clerk"))

    back = merging.unmerge(merged.state, BACK, by("clerk", at=MONDAY + WEEK)).state
    swept = tick(back, by("time", at=MONDAY + WEEK))

    assert {clock.due_at for clock in back.clocks} == {clock.due_at for clock in given.registered().clocks}
    assert swept is not None
    assert "sla.breached" in [event.TYPE for event in swept.events]


def test_a_case_whose_clocks_the_county_no_longer_has_gets_new_ones() -> None:
    merged = merging.merge(given.registered(), INTO, by("clerk")).state

    back = merging.unmerge(replace(merged, clocks=(), stilled=()), BACK, by("clerk"))

    assert clocks(back.state) == {"triage", "resident"}
    assert_owned(back.state)


def test_the_case_that_counts_lists_numbers_and_registrations_of_those_that_joined() -> None:
    case = other()

    joined = merging.join(given.registered(), case, by("mediation"))
    assert joined is not None
    left = merging.part(joined.state, case, by("mediation"))

    assert [(one.case_no, one.reg_ids) for one in joined.state.joined] == [(case.case_no, case.reg_ids)]
    assert (told(joined), left and told(left)) == (["case.joined"], ["case.parted"])
    assert left
    assert left.state == given.registered()


def test_joining_and_parting_twice_is_once() -> None:
    joined = merging.join(given.registered(), other(), by("mediation"))
    assert joined

    assert merging.join(joined.state, other(), by("mediation")) is None
    assert merging.part(given.registered(), other(), by("mediation")) is None


def test_no_chain_is_made() -> None:
    joined = merging.join(given.registered(), other(), by("mediation"))
    assert joined

    with pytest.raises(Illegal) as refusal:
        merging.merge(joined.state, replace(INTO, into_case_id=ids.new()), by("clerk"))

    assert refusal.value.code == "merge_chain"


@pytest.mark.parametrize(
    "state", [State.MERGED, State.CLOSED, State.RESOLVED, State.VERIFIED, State.WITHDRAWN]
)
def test_nothing_is_merged_into_what_is_done_or_merged_itself(state: State) -> None:
    with pytest.raises(Refused) as refusal:
        merging.merge(given.registered(), replace(INTO, into_state=state), by("clerk"))

    assert refusal.value.code == "nothing_to_merge_into"


@pytest.mark.parametrize("case", [given.accepted(), given.assigned()], ids=["accepted", "assigned"])
def test_what_a_unit_works_on_is_not_merged_away_from_it(case: Case) -> None:
    with pytest.raises(Illegal):
        merging.merge(case, INTO, by("clerk"))


def test_what_is_for_few_eyes_is_not_joined_with_what_is_for_many() -> None:
    with pytest.raises(Refused) as refusal:
        merging.merge(given.registered(protected=True, category=None), INTO, by("clerk"))

    assert refusal.value.code == "protection_differs"


def test_a_complaint_does_not_reach_the_unit_complained_about_by_way_of_another_case() -> None:
    case = replace(given.triaged(), complained_units=("police",))

    with pytest.raises(Refused) as refusal:
        merging.merge(case, replace(INTO, into_units=("court", "police")), by("clerk"))

    assert refusal.value.code == "unit_complained_about"


def test_only_a_merged_case_is_parted_and_only_for_a_listed_reason() -> None:
    merged = merging.merge(given.registered(), INTO, by("clerk")).state

    with pytest.raises(Illegal):
        merging.unmerge(given.registered(), BACK, by("clerk"))
    with pytest.raises(Refused):
        merging.unmerge(merged, replace(BACK, reason="because"), by("clerk"))
    with pytest.raises(Refused):
        merging.unmerge(merged, replace(BACK, confirmed=False), by("clerk"))


def test_a_flag_is_set_once_and_not_on_a_case_that_is_over() -> None:
    flagged = merging.flag(given.registered(), "mass", True, by("mediation"))
    merged = merging.merge(given.registered(), INTO, by("clerk")).state

    assert flagged
    assert (told(flagged), flagged.state.flags) == (["case.flag_changed"], ("mass",))
    assert merging.flag(flagged.state, "mass", True, by("mediation")) is None
    assert merging.flag(merged, "mass", True, by("mediation")) is None
