"""The one write, on the store in memory and on the real database."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from shared import clock, ids
from shared.aggregate import Store
from shared.aggregate.store import Early
from shared.contracts import wire
from shared.decision import Cause, Decision
from shared.errors import NotFound, Refused, Stale
from tests.toys import alpha
from tests.toys.contracts import CounterNoted


def cause(key: str = "", **more: Any) -> Cause:
    return Cause(at=clock.now(), key=key, **more)


def test_a_repeated_command_acts_once(counters: Store[alpha.Counter]) -> None:
    id = ids.new()

    alpha.raise_counter(counters, id, "same")
    held = alpha.raise_counter(counters, id, "same")

    assert (held.version, held.state.total) == (1, 1)
    assert counters.load(id).state.total == 1


def test_each_change_is_one_version_with_its_events_in_order(counters: Store[alpha.Counter]) -> None:
    id = ids.new()

    alpha.raise_counter(counters, id, "a", by=2)
    alpha.raise_counter(counters, id, "b", by=3)

    told = [wire.decode(body) for body in counters.events_after(id, "")]
    assert [(e.name, e.sequence, e.last) for e in told] == [
        ("counter.opened", "0000000001.00", False),
        ("counter.raised", "0000000001.01", False),
        ("counter.noted", "0000000001.02", True),
        ("counter.raised", "0000000002.00", False),
        ("counter.noted", "0000000002.01", True),
    ]


def test_events_after_a_sequence_are_only_the_later_ones(counters: Store[alpha.Counter]) -> None:
    id = ids.new()
    alpha.raise_counter(counters, id, "a")
    alpha.raise_counter(counters, id, "b")

    told = [wire.decode(body).sequence for body in counters.events_after(id, "0000000001.01")]

    assert told == ["0000000001.02", "0000000002.00", "0000000002.01"]


def test_the_same_key_with_another_body_is_refused(counters: Store[alpha.Counter]) -> None:
    id = ids.new()
    first = cause("k", digest="one")
    counters.open(id, first, lambda state: alpha.raised(id, state, 1))

    with pytest.raises(Refused, match="Idempotency-Key"):
        counters.change(id, cause("k", digest="two"), lambda state: alpha.raised(id, state, 1))


def test_a_key_makes_one_aggregate_only(counters: Store[alpha.Counter]) -> None:
    made = ids.new()
    alpha.raise_counter(counters, made, "mine")

    counters.check_key(made, cause("mine"))
    counters.check_key(ids.new(), cause("another"))
    with pytest.raises(Refused, match="Idempotency-Key"):
        counters.check_key(ids.new(), cause("mine"))


def test_a_stale_version_is_refused_and_changes_nothing(counters: Store[alpha.Counter]) -> None:
    id = ids.new()
    alpha.raise_counter(counters, id, "a")
    alpha.raise_counter(counters, id, "b")

    with pytest.raises(Stale):
        counters.change(id, cause(expected=1), lambda state: alpha.raised(id, state, 1))

    assert counters.load(id).version == 2


def test_what_does_not_exist_is_not_found(counters: Store[alpha.Counter]) -> None:
    with pytest.raises(NotFound):
        counters.change(ids.new(), cause(), lambda state: alpha.raised("", state, 1))


def test_a_change_that_tells_nothing_is_refused(counters: Store[alpha.Counter]) -> None:
    with pytest.raises(ValueError, match="must tell"):
        counters.open(ids.new(), cause(), lambda state: Decision(state=alpha.Counter()))


def test_competing_writers_lose_nothing(counters: Store[alpha.Counter]) -> None:
    id = ids.new()
    alpha.raise_counter(counters, id, "start")
    if not hasattr(counters, "collection"):
        pytest.skip("the store in memory is used by one thread")

    def raise_five(name: int) -> None:
        for n in range(5):
            while True:
                try:
                    alpha.raise_counter(counters, id, f"{name}-{n}")
                    break
                except Exception as busy:
                    assert "busy" in str(busy)

    threads = [threading.Thread(target=raise_five, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (counters.load(id).state.total, counters.load(id).version) == (21, 21)


def heard(counter: str, version: int, index: int, last: bool, order: Any = "strict") -> Cause:
    envelope = wire.Envelope(
        id=ids.new(),
        source="/svc/gamma/990101",
        type="counter.noted.v1",
        subject=f"other/{counter}",
        time="2026-01-01T00:00:00.000Z",
        sequence=f"{version:010d}.{index:02d}",
        last=last,
        data={},
    )
    return cause(heard=envelope, order=order, body=wire.encode(envelope))


def noted(id: str, state: alpha.Counter | None) -> Decision[alpha.Counter]:
    return Decision(state=state or alpha.Counter(), events=(CounterNoted(counter_id=id),))


def test_a_strict_listener_takes_events_in_turn_and_keeps_early_ones(counters: Store[alpha.Counter]) -> None:
    id = ids.new()
    first, second, third = heard("s", 1, 0, False), heard("s", 1, 1, True), heard("s", 2, 0, True)
    counters.open(id, first, lambda state: noted(id, state))

    with pytest.raises(Early) as early:
        counters.open(id, third, lambda state: noted(id, state))
    early.value.keep()
    early.value.keep()

    (kept,) = counters.kept()
    assert (kept.sequence, kept.expected) == ("0000000002.00", "0000000001.01")
    assert not early.value.in_turn()
    counters.open(id, second, lambda state: noted(id, state))
    assert early.value.in_turn()
    counters.open(id, third, lambda state: noted(id, state))
    counters.release(kept)
    assert counters.load(id).version == 3
    assert list(counters.kept()) == []


def test_a_strict_listener_hears_twice_and_acts_once(counters: Store[alpha.Counter]) -> None:
    id = ids.new()
    once = heard("s", 1, 0, True)

    counters.open(id, once, lambda state: noted(id, state))
    counters.open(id, once, lambda state: noted(id, state))

    assert counters.load(id).version == 1


def test_a_listener_of_the_latest_skips_what_is_older(counters: Store[alpha.Counter]) -> None:
    id = ids.new()
    newer, older = heard("s", 5, 0, True, "latest"), heard("s", 4, 0, True, "latest")

    counters.open(id, newer, lambda state: noted(id, state))
    counters.open(id, older, lambda state: noted(id, state))

    assert counters.load(id).version == 1


def test_a_rule_that_decides_nothing_only_remembers_that_it_heard(counters: Store[alpha.Counter]) -> None:
    id = ids.new()
    counters.open(id, heard("s", 1, 0, True), lambda state: noted(id, state))

    counters.open(id, heard("s", 2, 0, True), lambda state: None)

    held = counters.load(id)
    assert held.version == 1
    assert list(held.seen.values()) == ["0000000003.00"]
