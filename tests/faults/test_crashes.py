"""Fault tests 1–4 of the bus: a process dies by kill -9 at each of the four worst moments."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.faults.harness import ALPHA, BETA, PARKER, Bench, bench, died, invariants
from tests.servers import TestServers


@pytest.fixture(scope="module")
def benches(servers: TestServers) -> Iterator[Callable[[], Bench]]:
    with bench(servers) as make:
        yield make


@pytest.fixture
def made(benches: Callable[[], Bench]) -> Iterator[Bench]:
    ready = benches()
    yield ready
    ready.stop()


def test_without_a_fault_everything_arrives_once_and_in_order(made: Bench) -> None:
    made.start(ALPHA, BETA, PARKER)
    made.load(counters=20, each=10)

    made.wait_for_effects()

    invariants(made)


def at(fault: int, module: str, point: str) -> Any:
    """A process and the moment of its death."""
    return pytest.param(module, point, marks=pytest.mark.fault(fault))


@pytest.mark.parametrize(
    ("module", "point"),
    [
        at(1, BETA, "handler.before_write"),  # the message is delivered again and applied then
        at(2, ALPHA, "relay.before_publish"),  # told by the next relay
        at(3, ALPHA, "relay.after_publish"),  # told twice, applied once
        at(3, ALPHA, "relay.before_removal"),  # confirmed, not yet removed
        at(4, BETA, "handler.after_write"),  # delivered again, known, no second write
        at(4, BETA, "consumer.before_ack"),  # likewise
    ],
)
def test_a_process_killed_at_its_worst_moment_loses_and_doubles_nothing(
    made: Bench, module: str, point: str
) -> None:
    other = BETA if module == ALPHA else ALPHA
    made.start(other, PARKER)
    for n in range(3):
        victim = made.start(module, CRASH_AT=f"{point}:{n * 5 + 1 if 'handler' in point else 1}")
        made.load(counters=5, each=4)
        assert died(victim) == -signal.SIGKILL
    made.start(module)

    made.wait_for_effects()

    invariants(made)
