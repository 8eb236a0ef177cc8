"""Replicas, duplicates, reordering and deaths in random schedules: each event has one effect, in its turn.

Every look at the store and every write is a moment at which another replica may go on, or this one may die.
"""

from __future__ import annotations

import random
from functools import partial
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet  # type: ignore[import-untyped]

from shared import ids
from shared.aggregate import MemoryStore
from shared.aggregate.store import Early
from shared.bus.gaps import Healer
from shared.bus.worker import Worker, on
from shared.contracts import wire
from shared.contracts.base import Event
from shared.decision import Cause
from shared.errors import Retry
from tests.toys import alpha
from tests.toys.beta import TELLER, Tally, heard

COUNTERS = [ids.derived("counter", str(n)) for n in range(2)]
ONE = ids.derived("everybody's")
IGNORED, END = "0000000003", "0000000007.00"
SCHEDULES = 150


class Interleaved(MemoryStore[Tally]):
    """Lets others go on before each step."""

    def find(self, id: str) -> Any:
        _step()
        return super().find(id)

    def insert(self, id: str, write: Any) -> bool:
        _step()
        return super().insert(id, write)

    def update(self, held: Any, write: Any) -> bool:
        _step()
        return super().update(held, write)

    def keep(self, id: str, cause: Cause) -> None:
        _step()
        super().keep(id, cause)

    def release(self, kept: Any) -> None:
        _step()
        super().release(kept)


def _step() -> None:
    parent = getcurrent().parent
    if parent is not None:
        parent.switch()


class Follower(Worker):
    """Sums each counter in strict order, and all of them in any order. Every third event decides nothing."""

    service = "beta"

    @on("counter.#", order="strict")
    def counted(self, event: Event | None, cause: Cause) -> None:
        assert cause.heard is not None
        id, sequence = cause.heard.data["counter_id"], cause.heard.sequence
        ignored = sequence.startswith(IGNORED)
        self.stores[0].open(
            id, cause, lambda tally: None if ignored and tally else heard(tally, event, sequence)
        )


class Summer(Worker):
    """Sums all counters in any order."""

    service = "gamma"

    @on("counter.#")
    def summed(self, event: Event | None, cause: Cause) -> None:
        assert cause.heard is not None
        told = cause.heard
        self.stores[0].open(ONE, cause, lambda tally: heard(tally, event, f"{told.subject} {told.sequence}"))


def told() -> list[bytes]:
    """What two counters tell that were raised six times."""
    counters = alpha.memory()
    for n in range(6):
        for counter in COUNTERS:
            alpha.raise_counter(counters, counter, f"k{n}", by=n + 1)
    return [entry["body"] for entry in counters.outbox]


def deliver(worker: Worker, body: bytes) -> None:
    """One delivery, as the consumer handles it."""
    try:
        worker.hear(body)
    except Early as early:
        early.keep()


def run(chance: random.Random, worker: Worker, bodies: list[bytes]) -> None:
    """Handle deliveries and look after gaps with four hands at a time, some of which die."""
    waiting = bodies * 2
    chance.shuffle(waiting)
    healer = Healer(worker, lambda stream, sequence: [])
    at_work: dict[Any, bytes | None] = {}
    while waiting or at_work:
        if waiting and len(at_work) < 4:
            body = waiting.pop() if chance.random() < 0.8 else None
            at_work[greenlet(partial(_work, worker, healer, body))] = body
            continue
        hand, dies = chance.choice(list(at_work)), chance.random() < 0.03
        again = hand.throw(GreenletExit) if dies else hand.switch()
        if hand.dead and (body := at_work.pop(hand)) and again:
            waiting.insert(0, body)  # not acknowledged: delivered again, some time later


def _work(worker: Worker, healer: Healer, body: bytes | None) -> bool:
    """Whether it is to be tried again."""
    try:
        deliver(worker, body) if body is not None else healer.round()
    except Retry:
        return True
    return False


def followed(store: Interleaved, seed: int) -> list[bytes]:
    """Let a strict listener follow everything in one schedule, and give what it kept its turn."""
    worker, bodies = Follower([store]), told()
    run(random.Random(seed), worker, bodies)
    Healer(worker, lambda stream, sequence: []).round()
    return bodies


def test_a_strict_listener_has_each_event_once_and_in_turn() -> None:
    for seed in range(SCHEDULES):
        store = Interleaved(TELLER, projection=True)

        bodies = followed(store, seed)

        assert store.early == {}
        for counter in COUNTERS:
            sequences = [e.sequence for e in map(wire.decode, bodies) if e.subject.endswith(counter)]
            expected = [sequence for sequence in sequences if not sequence.startswith(IGNORED)]
            assert list(store.held[counter].state.heard) == expected, seed
            assert set(store.held[counter].seen.values()) == {END}, seed


def test_a_listener_without_order_has_each_event_once() -> None:
    for seed in range(SCHEDULES):
        store, bodies = Interleaved(TELLER, projection=True), told()

        run(random.Random(seed), Summer([store]), bodies)

        state = store.held[ONE].state
        assert len(state.heard) == len(set(state.heard)) == len(bodies), seed
        assert state.sum == 2 * sum(range(1, 7)), seed


class Careless(Interleaved):
    """Looks at the version only, and puts marks back."""

    def update(self, held: Any, write: Any) -> bool:
        _step()
        now = self.held[held.id]
        return now.version == held.version and self._put(held.id, now, write)


def test_the_schedules_are_hard_enough_to_find_a_store_that_looks_at_versions_only() -> None:
    wrong = 0
    for seed in range(SCHEDULES):
        store = Careless(TELLER, projection=True)

        followed(store, seed)

        wrong += any(set(held.seen.values()) != {END} for held in store.held.values())
    assert wrong
