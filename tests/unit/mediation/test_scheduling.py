"""Fixing a sitting: each form asks for something of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.mediation.model import State
from services.mediation.model.commands import Schedule, Start
from services.mediation.rules import scheduling, sessions
from shared.errors import Problem, Refused
from tests.unit.mediation.given import (
    HOUR,
    LI,
    MONDAY,
    VILLAGE,
    WANG,
    by,
    ending,
    fact,
    last,
    opened,
    scheduled,
    session_id,
)  # fmt: skip


def refused(**asked: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        scheduling.schedule(opened(), session_id(1), Schedule(**{"start": MONDAY} | asked), by())
    return caught.value


@pytest.mark.requirement("MD-19")
def test_an_online_sitting_can_be_fixed_and_held_the_same_day() -> None:
    matter = scheduled(mode="online", start=MONDAY + HOUR, agreed_by=(WANG, LI))

    begun = sessions.start(
        matter, session_id(1), Start(rights_notice=True, identity_checked=True), by(MONDAY + HOUR)
    ).state
    held = sessions.hold(begun, session_id(1), ending("agreed"), by(MONDAY + 2 * HOUR))

    assert held.state.state is State.AGREED


@pytest.mark.requirement("MD-18")
def test_online_needs_everybody_and_a_check_of_identities() -> None:
    one_sided = refused(mode="online", agreed_by=(WANG,))
    matter = scheduled(mode="online", agreed_by=(WANG, LI))
    with pytest.raises(Refused, match="核验身份"):
        sessions.start(matter, session_id(1), Start(rights_notice=True), by())

    assert one_sided.code == "online_needs_everybody"


@pytest.mark.requirement("MD-18")
@pytest.mark.parametrize(("minutes", "outcome", "attempts"), [(11, "interrupted", 0), (10, "failed", 1)])
def test_a_line_that_drops_for_long_interrupts_and_is_no_failure(
    minutes: int, outcome: str, attempts: int
) -> None:
    matter = scheduled(mode="online", agreed_by=(WANG, LI))
    checked = Start(rights_notice=True, identity_checked=True)
    begun = sessions.start(matter, session_id(1), checked, by()).state

    held = sessions.hold(begun, session_id(1), ending("failed", dropped_minutes=minutes), by(MONDAY + HOUR))

    assert fact(held, "mediation.session_held").outcome == outcome
    assert held.state.attempts == attempts


@pytest.mark.requirement("MD-12")
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"end": MONDAY + HOUR, "place_cell": VILLAGE + "001"}, "visit_not_agreed"),
        ({"agreed_by": (LI,), "place_cell": VILLAGE + "001"}, "visit_needs_slot_and_cell"),
        ({"agreed_by": (LI,), "end": MONDAY + HOUR}, "visit_needs_slot_and_cell"),
    ],
)
def test_a_home_visit_needs_a_slot_a_cell_and_the_yes_of_somebody_at_home(asked: Any, code: str) -> None:
    problem = refused(mode="home_visit", **asked)

    assert problem.code == code
    if code == "visit_not_agreed":
        assert problem.details == {"offer": ["centre", "online"]}


@pytest.mark.requirement("MD-12")
def test_an_agreed_home_visit_keeps_only_the_cell() -> None:
    cell = VILLAGE + "001"

    matter = scheduled(mode="home_visit", end=MONDAY + HOUR, agreed_by=(LI,), place_cell=cell)

    assert last(matter).place_cell == cell


@pytest.mark.requirement("MD-16")
def test_mediation_on_site_names_its_public_place() -> None:
    assert refused(mode="on_site").code == "place_missing"
    assert refused(mode="on_site", place_kind="residence").code == "place_missing"

    assert last(scheduled(mode="on_site", place_kind="market")).place_kind == "market"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"mode": "centre", "start": MONDAY - timedelta(minutes=1)}, "start_in_the_past"),
        ({"mode": "centre", "end": MONDAY}, "end_before_start"),
        ({"mode": "centre", "agreed_by": ("somebody",)}, "not_a_party"),
    ],
)
def test_a_sitting_lies_ahead_and_is_agreed_by_parties_only(asked: Any, code: str) -> None:
    assert refused(**asked).code == code
