"""Departments behind a gate: alive at the pace of bundles; what waits there is shown and left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.routing.model import Stage as Way
from services.routing.model.gate import Gate
from services.routing.rules import board, gates
from tests.routing_given import MONDAY
from tests.unit.test_routing_deliveries import sent


def ferried(**said: object) -> Gate:
    return replace(Gate(at=MONDAY, expect_s=1_800, silent_s=60), **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("later", "silent", "oldest", "consumers", "state"),
    [
        (0, 0, 0, 1, "online"), (0, 1_799, 0, 1, "online"), (0, 1_800, 0, 1, "silent"),
        (0, 5_400, 0, 1, "offline"), (0, None, 0, 1, "silent"), (0, 0, 2_401, 1, "stuck"),
        (89, 0, 0, 1, "online"), (90, 0, 0, 1, "silent"), (301, 0, 0, 1, "silent"), (301, 0, 0, 0, "offline"),
    ],
)  # fmt: skip
def test_a_department_behind_a_gate_is_alive_when_bundles_come_as_often_as_they_should(
    later: int, silent: int | None, oldest: int, consumers: int, state: str
) -> None:
    now = MONDAY + timedelta(seconds=later)

    assert gates.liveness(ferried(silent_s=silent), oldest, consumers, now) == state


def test_a_department_that_speaks_to_the_broker_again_is_behind_no_gate() -> None:
    assert gates.standing(None, MONDAY) is None
    assert gates.standing(ferried(), None) == ferried()
    assert gates.standing(ferried(), MONDAY + timedelta(minutes=4)) == ferried()
    assert gates.standing(ferried(), MONDAY + timedelta(minutes=5)) is None


@pytest.mark.requirement("COR-05")
def test_what_waits_at_the_gate_is_shown_there_and_what_is_not_there_any_more_is_not() -> None:
    later = MONDAY + timedelta(hours=1)
    mail = replace(sent(), sent_at=MONDAY)
    full, empty = (ferried(at=later, waiting=n, oldest_s=3_600) for n in (2, 0))
    younger = ferried(at=later, waiting=1, oldest_s=600)

    assert gates.waits_there(mail, full)
    assert not gates.waits_there(mail, empty) and not gates.waits_there(mail, younger)
    assert not gates.waits_there(mail, None)
    assert not gates.waits_there(replace(mail, stage=Way.RECEIVED), full)
    assert board.stuck(mail, later, at_gate=True) == "waiting_at_gate"
    assert board.stuck(mail, MONDAY, at_gate=True) == ""
