"""A court behind a gate, on the real broker: no kill of either end, and no loss, shows in the end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.contracts import wire
from tests.faults.departments import (
    PATIENCE,
    Edge,
    assert_whole,
    departments,
    ended,
    eventually,
    free_port,
    simulator,
)
from tests.faults.gates import Closed
from tests.servers import TestServers
from tests.toys.adapters import ask_body

CENTRE = (
    "adapter.before_store", "adapter.before_ack", "gate.before_bundle", "gate.after_bundle",
    "gate.before_rename", "gate.after_rename", "gate.before_take", "gate.after_take",
    "adapter.before_publish", "adapter.before_removal",
)  # fmt: skip
THERE = (
    "gate.before_take", "gate.after_take", "gate.before_keep", "gate.after_keep", "gate.before_sent",
    "gate.before_bundle", "gate.after_bundle", "gate.before_rename", "gate.after_rename",
)  # fmt: skip


@pytest.fixture(scope="module")
def mailboxes(servers: TestServers) -> Iterator[dict[str, str]]:
    with departments(servers) as environment:
        yield environment


@pytest.fixture
def closed(mailboxes: dict[str, str], tmp_path: Path) -> Closed:
    """The mailboxes, emptied, and a gate before the court."""
    return Closed(Edge(mailboxes, tmp_path))


@pytest.fixture
def office(closed: Closed) -> Iterator[str]:
    port = free_port()
    with ended(simulator(closed.side, port)):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.requirement("COR-05")
def test_both_ends_are_killed_and_the_ferry_loses_and_damages_files_and_every_case_is_answered_once(
    closed: Closed, office: str
) -> None:
    side, bodies = closed.side, [ask_body(number) for number in range(8)]
    side.publish(*bodies)

    with closed.carrier(seed=7):
        with (
            ended(closed.ferry(CRASH_AT="gate.after_rename:2")) as ferry,
            ended(closed.adapter(office, CRASH_AT="gate.after_keep:3")) as there,
        ):
            ferry.wait(PATIENCE)
            with ended(closed.ferry()):
                there.wait(PATIENCE)
        with ended(closed.ferry()), ended(closed.adapter(office)):
            assert eventually(lambda: side.finished() == len(bodies)), closed.log()

    assert ferry.returncode == there.returncode == -signal.SIGKILL
    assert_whole(side, bodies)
    beats = {wire.decode(body).name for body in side.fetch("q.beats")}
    assert beats == {"gate.heartbeat", "adapter.heartbeat"}


@pytest.mark.nightly
@pytest.mark.fault(21, part="a ferry killed once at each point")
@pytest.mark.parametrize("point", CENTRE)
def test_the_centres_ferry_killed_at_any_point_loses_and_doubles_nothing(
    closed: Closed, office: str, point: str
) -> None:
    side, bodies = closed.side, [ask_body(number) for number in range(6)]
    side.publish(*bodies)

    with closed.carrier(), ended(closed.adapter(office)):
        with ended(closed.ferry(CRASH_AT=f"{point}:2")) as dying:
            dying.wait(PATIENCE)
        with ended(closed.ferry()):
            assert eventually(lambda: side.finished() == len(bodies)), closed.log()

    assert dying.returncode == -signal.SIGKILL
    assert_whole(side, bodies)


@pytest.mark.nightly
@pytest.mark.fault(21, part="an adapter behind a gate killed once at each point")
@pytest.mark.parametrize("point", THERE)
def test_the_departments_end_killed_at_any_point_loses_and_doubles_nothing(
    closed: Closed, office: str, point: str
) -> None:
    side, bodies = closed.side, [ask_body(number) for number in range(6)]
    side.publish(*bodies)

    with closed.carrier(), ended(closed.ferry()):
        with ended(closed.adapter(office, CRASH_AT=f"{point}:2")) as dying:
            dying.wait(PATIENCE)
        with ended(closed.adapter(office)):
            assert eventually(lambda: side.finished() == len(bodies)), closed.log()

    assert dying.returncode == -signal.SIGKILL
    assert_whole(side, bodies)
