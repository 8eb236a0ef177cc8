"""What the bus promises, on the bus in memory and on the real broker with real worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

import pytest

from shared import ids
from shared.bus.memory import MemoryBus
from shared.bus.worker import Worker
from tests.faults.harness import ALPHA, BETA, PARKER, Bench, bench, heard_all, publish, wait
from tests.servers import TestServers
from tests.toys import alpha, beta


class Carrier(Protocol):
    """A bus with the two toys on it."""

    def ask(self, counter: str, key: str) -> None:
        """Give alpha a command."""

    def settle(self) -> None:
        """Wait until everything has been heard."""

    def tell_again(self) -> None:
        """Deliver everything once more."""

    def heard(self, counter: str) -> tuple[str, ...]:
        """What beta has heard of a counter, in its order."""


class InMemory:
    """The bus that journeys use."""

    def __init__(self) -> None:
        self.counters, self.tallies = alpha.memory(), beta.memory()
        self.workers: list[Worker] = [alpha.Alpha([self.counters]), beta.Beta([self.tallies])]
        self.bus = MemoryBus(self.workers, copies=2, shuffle=5)
        self.entries: list[dict[str, object]] = []

    def ask(self, counter: str, key: str) -> None:
        alpha.raise_counter(self.counters, counter, key)

    def settle(self) -> None:
        self.entries += self.counters.outbox
        self.bus.settle()

    def tell_again(self) -> None:
        self.counters.outbox += self.entries
        self.bus.settle()

    def heard(self, counter: str) -> tuple[str, ...]:
        return self.tallies.load(counter).state.heard


class OnTheBroker:
    """The bus that counties use: two worker processes."""

    def __init__(self, made: Bench) -> None:
        self.made = made
        made.start(ALPHA, PARKER)
        made.start(BETA)

    def ask(self, counter: str, key: str) -> None:
        before = alpha.store().find(counter)
        alpha.raise_counter(alpha.store(), counter, key)
        held = alpha.store().load(counter)
        if before is None or held.version > before.version:
            self.made.accepted[counter] = held.state.total

    def settle(self) -> None:
        self.made.wait_for_effects()
        wait(lambda: heard_all(self.made), 30, self.made.log)

    def tell_again(self) -> None:
        publish(self.made.told())
        self.made.wait_for_effects()

    def heard(self, counter: str) -> tuple[str, ...]:
        return beta.store().load(counter).state.heard


@pytest.fixture(scope="module")
def benches(servers: TestServers) -> Iterator[Callable[[], Bench]]:
    with bench(servers) as make:
        yield make


@pytest.fixture(params=["memory", "broker"], scope="module")
def carrier(request: pytest.FixtureRequest) -> Carrier:
    """The same promises, kept by two buses."""
    if request.param == "memory":
        return InMemory()
    make: Callable[[], Bench] = request.getfixturevalue("benches")
    return OnTheBroker(make())


def test_what_one_service_tells_the_other_hears_in_order(carrier: Carrier) -> None:
    counter = ids.new()
    for n in range(10):
        carrier.ask(counter, f"k{n}")

    carrier.settle()

    heard = carrier.heard(counter)
    assert len(heard) == 21
    assert list(heard) == sorted(heard)


def test_what_is_told_again_has_no_second_effect(carrier: Carrier) -> None:
    counter = ids.new()
    carrier.ask(counter, "once")
    carrier.settle()
    before = carrier.heard(counter)

    carrier.tell_again()

    assert carrier.heard(counter) == before


def test_a_command_asked_twice_is_told_once(carrier: Carrier) -> None:
    counter = ids.new()

    carrier.ask(counter, "same")
    carrier.ask(counter, "same")

    carrier.settle()
    assert len(carrier.heard(counter)) == 3
