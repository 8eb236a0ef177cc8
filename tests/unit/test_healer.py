"""Who looks after gaps: one stream that cannot go on holds up no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from shared import clock, ids
from shared.aggregate import MemoryStore
from shared.aggregate.held import Held, Kept
from shared.aggregate.store import Early
from shared.bus.gaps import Healer
from shared.bus.worker import Worker, on
from shared.contracts import wire
from shared.decision import Decision
from shared.errors import Poison
from tests.toys import beta
from tests.toys.beta import Tally, heard, memory


def raised(counter: str, version: int, **changes: Any) -> bytes:
    """An event of a counter, the only one of its write."""
    data = {"counter_id": counter, "by": 1, "total": version} | changes.pop("data", {})
    envelope = wire.Envelope(
        id=ids.new(), source="/svc/alpha/990101", type="counter.raised.v1", subject=f"counter/{counter}",
        time="2026-01-01T00:00:00.000Z", sequence=f"{version:010d}.00", data=data,
    )  # fmt: skip
    return wire.encode(replace(envelope, **changes))


def sum_of(worker: Worker, counter: str) -> int:
    """What the listener has heard of a counter."""
    held = worker.stores[0].find(counter)
    return int(held.state.sum) if held else 0


class Listener(Worker):
    """Sums what it hears of counters; 667 is a number that it refuses."""

    service = "beta"

    @on("counter.#", order="strict")
    def counted(self, event: Any, cause: Any) -> None:
        def rule(tally: Tally | None) -> Decision[Tally]:
            if event.by == 667:
                raise Poison("refused")
            return heard(tally, event, cause.heard.sequence)

        self.stores[0].open(event.counter_id, cause, rule)


def listener() -> Listener:
    return Listener([memory()])


def keep(worker: Worker, body: bytes, minutes_ago: int = 0) -> None:
    """Let a message come before its turn, some time ago."""
    with pytest.raises(Early) as early:
        worker.hear(body)
    early.value.keep()
    store: Any = worker.stores[0]
    for id, kept in store.early.items():
        if kept.body == body:
            store.early[id] = replace(kept, since=clock.now() - timedelta(minutes=minutes_ago))


def test_a_stream_whose_turn_fails_is_given_back_and_holds_up_no_other() -> None:
    worker, bad, good = listener(), ids.new(), ids.new()
    for counter in (bad, good):
        keep(worker, raised(counter, 2, data={"by": 667 if counter == bad else 5}))
        worker.hear(raised(counter, 1))
    given_back: list[Kept] = []

    def give_back(kept: Kept, error: Exception) -> bool:
        given_back.append(kept)
        return True

    waiting = Healer(worker, lambda stream, sequence: [], give_back).round()

    assert waiting == 0
    assert [orjson.loads(kept.body)["subject"] for kept in given_back] == [f"counter/{bad}"]
    assert sum_of(worker, good) == 6


def test_what_cannot_be_given_back_stays_kept() -> None:
    worker, counter = listener(), ids.new()
    keep(worker, raised(counter, 2, data={"by": 667}))
    worker.hear(raised(counter, 1))

    waiting = Healer(worker, lambda stream, sequence: [], lambda kept, error: False).round()

    assert waiting == 1


def test_an_owner_who_does_not_answer_holds_up_no_other_and_is_not_asked_at_once_again() -> None:
    worker, silent, other = listener(), ids.new(), ids.new()
    keep(worker, raised(silent, 2), minutes_ago=6)
    keep(worker, raised(other, 2), minutes_ago=6)
    asked = []

    def fetch(stream: str, sequence: str) -> list[bytes]:
        asked.append(stream)
        if silent in stream:
            raise OSError("no answer")
        return [raised(other, 1)]

    healer = Healer(worker, fetch)
    healer.round()
    left = healer.round()

    assert left == 1
    assert sum_of(worker, other) == 2
    assert len(asked) == 2


def test_a_type_that_nobody_here_takes_does_not_stop_its_stream() -> None:
    worker, counter = listener(), ids.new()
    worker.hear(raised(counter, 1))
    keep(worker, raised(counter, 3), minutes_ago=6)
    unknown = raised(counter, 2, type="novelty.made.v1")

    healer = Healer(worker, lambda stream, sequence: [unknown])
    healer.round()

    assert healer.round() == 0
    assert sum_of(worker, counter) == 2


class Dreamer(MemoryStore[Tally]):
    """Tells from memory, once, what was true before somebody else wrote."""

    def __init__(self) -> None:
        super().__init__(beta.TELLER, projection=True)
        self.dream: Held[Tally] | None = None

    def find(self, id: str) -> Held[Tally] | None:
        dream, self.dream = self.dream, None
        return dream or super().find(id)

    def expected(self, id: str, stream: str) -> str:
        return self.held[id].seen[stream]


def test_a_kept_message_that_seems_early_once_more_stays_kept_until_it_is_heard() -> None:
    store, counter = Dreamer(), ids.new()
    worker = Listener([store])
    worker.hear(raised(counter, 1))
    before = store.held[counter]
    keep(worker, raised(counter, 3))
    worker.hear(raised(counter, 2))
    store.dream = before
    healer = Healer(worker, lambda stream, sequence: [])

    healer.round()

    assert (sum_of(worker, counter), len(store.early)) == (2, 1)
    healer.round()
    assert (sum_of(worker, counter), len(store.early)) == (3, 0)


@pytest.mark.parametrize(
    "broken", [{"data": {"by": 667}}, {"type": "counter.raised.v9"}], ids=["refused", "unread"]
)
def test_what_waits_behind_a_discarded_event_goes_on_without_it(broken: dict[str, Any]) -> None:
    worker, counter = listener(), ids.new()
    bad = raised(counter, 2, **broken)
    worker.hear(raised(counter, 1))
    keep(worker, raised(counter, 3), minutes_ago=10)
    with pytest.raises(Poison):
        worker.hear(bad)

    worker.pass_over(bad)
    waiting = Healer(worker, lambda stream, sequence: [bad] if sequence < "0000000003" else []).round()

    assert waiting == 0
    assert sum_of(worker, counter) == 2


def test_discarding_what_is_not_followed_in_turn_lets_nothing_be_jumped_over() -> None:
    class Careless(Listener):
        @on("counter.#")
        def counted(self, event: Any, cause: Any) -> None:
            """Each once, in any order."""

    worker, counter = Careless([memory()]), ids.new()

    worker.pass_over(raised(counter, 1))

    assert worker.stores[0].expected(counter, f"/svc/alpha/990101|counter/{counter}") == "0000000001.00"
