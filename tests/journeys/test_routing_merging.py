"""Two cases are merged and parted again, while messages repeat, processes stop and others do the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from services.routing.handlers import merging
from services.routing.model import Case, State
from services.routing.model import commands as asks
from services.routing.rules import merging as rules
from services.routing.rules.invariants import assert_owned
from shared import ids
from shared.contracts.groups import GroupMassDecided
from shared.contracts.routing import CaseNoted
from shared.decision import Cause, Decision
from shared.errors import Illegal, Problem, Refused, Stale
from tests import routing_given as given
from tests.routing_town import Town

BACK = asks.Unmerge(confirmed=True, reason="not_same_matter")


def neighbours(town: Town, count: int = 2) -> list[str]:
    """So many residents register something."""
    return [
        town.register(
            case_id=ids.derived("tests", f"case {n}"), reg_id=ids.derived("tests", f"reg {n}"),
            case_no=f"990101-2026-{n + 1:06d}",
        )
        for n in range(count)
    ]  # fmt: skip


def act(town: Town, **more: Any) -> Cause:
    """A clerk does something."""
    return Cause(at=town.now, actor=given.by("clerk").actor, **more)


def merge(town: Town, one: str, into: str, **more: Any) -> Case:
    """A clerk merges one into another."""
    ask = asks.Merge(into_case_id=into, confirmed=True)
    return merging.merge(town.stores, one, act(town, **more), ask).state


def unmerge(town: Town, one: str, **more: Any) -> Case:
    """A clerk takes it back."""
    return merging.unmerge(town.stores, one, act(town, **more), BACK).state


def joined(town: Town, case_id: str) -> list[str]:
    """Which cases one lists as joined."""
    return [one.case_id for one in town.case(case_id).joined]


@pytest.mark.parametrize(("copies", "shuffle"), [(1, None), (2, 7), (3, 19)])
def test_both_sides_are_right_after_a_merge_and_after_its_undoing(copies: int, shuffle: int | None) -> None:
    town = Town(copies=copies, shuffle=shuffle)
    first, second = neighbours(town)
    before = town.case(first), town.case(second)

    merge(town, second, first)
    town.settle()
    together = town.case(second).state, joined(town, first)
    unmerge(town, second)
    town.settle()

    assert together == (State.MERGED, [second])
    assert (town.case(first), town.case(second)) == before
    history = [entry["reason"] for entry in town.stores.cases.entries(second)]
    assert history == ["登记", "并案", "撤销并案"]


def test_the_same_request_merges_once_and_again_says_how_it_is() -> None:
    town = Town()
    first, second = neighbours(town)

    states = [merge(town, second, first, key="k", digest="d").state for _ in range(3)]

    assert states == [State.MERGED] * 3
    assert joined(town, first) == [second]


def test_a_clerk_who_read_an_old_version_changes_neither_case() -> None:
    town = Town()
    first, second = neighbours(town)

    with pytest.raises(Stale):
        merge(town, second, first, expected=9)

    assert (town.case(second).state, joined(town, first)) == (State.REGISTERED, [])


def test_chains_and_circles_are_refused() -> None:
    town = Town()
    first, second, third = neighbours(town, 3)
    merge(town, second, first)

    with pytest.raises(Refused):
        merge(town, third, second)
    with pytest.raises(Illegal):
        merge(town, first, third)
    with pytest.raises(Refused):
        merge(town, first, first)

    assert joined(town, first) == [second]


def test_many_who_merge_in_all_directions_at_once_never_make_a_chain() -> None:
    town = Town()
    cases = neighbours(town, 4)
    pairs = [(one, into) for one in cases for into in cases if one != into]

    def attempt(pair: tuple[str, str]) -> str:
        try:
            return str(merge(town, *pair).merged_into)
        except Problem as refused:
            return refused.code

    with ThreadPoolExecutor(8) as clerks:
        list(clerks.map(attempt, pairs))
    town.settle()

    found = {id: town.case(id) for id in cases}
    for case in found.values():
        assert_owned(case)
        if case.merged_into:
            assert found[case.merged_into].state in (State.REGISTERED,)
            assert case.case_id in joined(town, case.merged_into)
    assert sum(case.state == State.MERGED for case in found.values()) == 3


def test_two_clerks_merge_one_case_into_two_others_and_one_of_them_is_told() -> None:
    town = Town()
    first, second, third = neighbours(town, 3)
    merge(town, third, first)

    with pytest.raises(Illegal) as refusal:
        merge(town, third, second)

    assert refusal.value.details["state"] == "merged"
    assert (joined(town, first), joined(town, second)) == ([third], [])


def test_undoing_does_not_ask_what_became_of_the_other_case() -> None:
    town = Town()
    first, second = neighbours(town)
    merge(town, second, first)
    town.stores.cases.change(first, Cause(at=town.now), closed)

    back = unmerge(town, second)
    town.settle()

    assert back.state == State.REGISTERED
    assert_owned(back)
    assert (town.case(first).state, joined(town, first)) == (State.CLOSED, [])


def closed(case: Case) -> Decision[Case]:
    """The case as it is when all is done."""
    event = CaseNoted(case_id=case.case_id, about="case.closed", reason="closed")
    return Decision(state=replace(case, state=State.CLOSED, clocks=()), events=(event,))


def test_who_takes_a_matter_back_speaks_for_nobody_else() -> None:
    town = Town()
    first, second = neighbours(town)
    merge(town, second, first)

    with pytest.raises(Refused) as refusal:
        town.order(first, "withdraw", "clerk", asks.Withdraw(reason="settled", statement=True))

    assert (refusal.value.code, town.case(first).state) == ("others_wait", State.REGISTERED)


def test_what_a_stopped_process_left_half_done_is_finished_by_what_was_told() -> None:
    town = Town()
    first, second = neighbours(town)
    known = asks.Merge(into_case_id=first, confirmed=True, into_state=State.REGISTERED)
    act_of_clerk = given.by("clerk", at=town.now)

    town.stores.cases.change(second, act(town), lambda case: rules.merge(case, known, act_of_clerk))
    town.settle()
    after_merge = joined(town, first)
    town.stores.cases.change(second, act(town), lambda case: rules.unmerge(case, BACK, act_of_clerk))
    town.settle()

    assert (after_merge, joined(town, first)) == ([second], [])


def test_a_merge_into_a_case_that_went_elsewhere_meanwhile_is_undone() -> None:
    town = Town()
    first, second, third = neighbours(town, 3)
    known = asks.Merge(into_case_id=first, confirmed=True, into_state=State.REGISTERED)
    clerk = given.by("clerk", at=town.now)
    town.stores.cases.change(second, act(town), lambda case: rules.merge(case, known, clerk))

    merge(town, first, third)  # the process that merged the second one stood still before it wrote the first
    town.settle()

    assert town.case(second).state == State.REGISTERED
    assert_owned(town.case(second))
    assert joined(town, third) == [first]


@pytest.mark.parametrize("merged", [False, True])
def test_a_crowd_that_a_person_saw_is_flagged_on_the_case_that_counts(merged: bool) -> None:
    town = Town(copies=2, shuffle=3)
    first, second = neighbours(town)
    if merged:
        merge(town, second, first)
    told = GroupMassDecided(
        group_id=ids.derived("tests", "group"), case_id=second, mass=True, reason="confirmed"
    )

    town.tell("intake", f"group/{told.group_id}", told)

    assert town.case(first if merged else second).flags == ("mass",)
    assert town.case(second if merged else first).flags == ()
