"""Fault tests 1–4 of the bus: a process dies by kill -9 at each of the four worst moments."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator

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


@pytest.mark.parametrize(
    ("module", "point"),
    [
        (BETA, "handler.before_write"),  # 1: the message is delivered again and applied then
        (ALPHA, "relay.before_publish"),  # 2: told by the next relay
        (ALPHA, "relay.after_publish"),  # 3: told twice, applied once
        (ALPHA, "relay.before_removal"),  # 3: confirmed, not yet removed
        (BETA, "handler.after_write"),  # 4: delivered again, known, no second write
        (BETA, "consumer.before_ack"),  # 4: likewise
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
