"""The table of cases is whole: every row of the design, every guard a function, nothing outside of it."""

from __future__ import annotations

import pytest

from services.routing.model import BESIDE, OPEN_GUARDS, TABLE, State, allowed, must_allow, roles
from services.routing.rules import guards
from shared.contracts import all as everything
from shared.contracts.base import contracts
from shared.errors import Illegal
from tests.routing_page import PAGE, page

ROWS = (*TABLE, *BESIDE)


@pytest.mark.requirement("RT-38")
def test_the_table_has_every_transition_of_the_design() -> None:
    assert [row.id for row in TABLE] == [f"G{n}" for n in range(28)]
    assert len({row.command for row in ROWS}) == len(ROWS)


def test_every_guard_named_in_the_table_is_a_function_that_says_what_it_guards() -> None:
    named = {name for row in ROWS for name in row.guards}

    assert named == set(guards.__all__)
    assert all(getattr(guards, name).__doc__ for name in named)


def test_every_fact_named_in_the_table_is_a_contract_that_routing_tells() -> None:
    assert everything.MODULES
    mine = {contract.TYPE for contract in contracts() if contract.PUBLISHER == "routing"}

    assert {event for row in ROWS for event in row.emits} <= mine


def test_open_guards_belong_to_a_row_and_say_why() -> None:
    ids = {row.id for row in TABLE}

    assert all(guard.row in ids and guard.because for guard in OPEN_GUARDS)


def test_the_page_for_people_is_what_the_table_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "stale: python -m tests.routing_page"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_step_is_illegal_in_every_state_the_table_does_not_name(row: object) -> None:
    command, sources = row.command, row.sources  # type: ignore[attr-defined]

    for state in set(State) - set(sources):
        with pytest.raises(Illegal) as refusal:
            must_allow(state, command)
        assert refusal.value.details == {"state": state.value, "allowed": sorted(allowed(state))}


def test_what_is_allowed_depends_on_the_state_and_on_the_post() -> None:
    assert "assign" in allowed(State.TRIAGED, ["dispatcher"])
    assert "assign" not in allowed(State.TRIAGED, ["unit_staff"])
    assert "assign" not in allowed(State.ASSIGNED)


def test_a_closed_case_can_only_come_back() -> None:
    assert allowed(State.CLOSED) == ("relapse",)


def test_machines_and_time_are_never_among_the_posts_of_a_command() -> None:
    assert roles("accept") == ("unit_head", "unit_staff")
    assert roles("breach") == ()
