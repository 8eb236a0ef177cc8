"""Fault test 24 of the bus: services restart one after another under load and hand over cleanly."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from shared import ids
from tests.faults.harness import ALPHA, BETA, PARKER, Bench, bench, died, invariants
from tests.servers import TestServers
from tests.toys import beta

GRACE = 30
RATE = 100


@pytest.fixture(scope="module")
def benches(servers: TestServers) -> Iterator[Callable[[], Bench]]:
    with bench(servers) as make:
        yield make


@pytest.mark.fault(24)
def test_a_rolling_restart_under_load_repeats_no_finished_message(benches: Callable[[], Bench]) -> None:
    made = benches()
    made.start(PARKER)
    replicas = [
        made.start(ALPHA),
        made.start(ALPHA),
        made.start(BETA, SLOW="0.3"),
        made.start(BETA, SLOW="0.3"),
    ]
    made.wait_until_listening()
    stop = threading.Event()
    load = threading.Thread(target=_open_loop, args=(made, stop))
    load.start()

    codes = []
    for old, module in zip(replicas, (ALPHA, ALPHA, BETA, BETA), strict=True):
        time.sleep(2)
        old.send_signal(signal.SIGTERM)
        codes.append(died(old, GRACE))
        made.start(module)
        made.wait_until_listening()
    stop.set()
    load.join()

    made.wait_for_effects(120)
    invariants(made)
    assert codes == [0, 0, 0, 0]
    again = made.logged("delivered again")
    finished_twice = {doc["_id"] for doc in beta.handled().find({"times": {"$gt": 1}})}
    assert {line["event_id"] for line in again} & finished_twice == set()


def _open_loop(made: Bench, stop: threading.Event) -> None:
    """A hundred commands a second, whatever becomes of them."""
    counters = [ids.new() for _ in range(50)]
    started = time.monotonic()
    n = 0
    while not stop.is_set():
        made.command(counters[n % 50], f"load-{n}")
        n += 1
        time.sleep(max(0.0, started + n / RATE - time.monotonic()))
