"""Two replicas of one store: what one of them remembers is old as soon as the other has written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared import clock, ids
from shared.aggregate import Held, MongoStore
from shared.decision import Cause, Decision
from shared.errors import Illegal, Stale
from tests.contracts.test_store import heard
from tests.servers import TestServers
from tests.toys import alpha

Counters = MongoStore[alpha.Counter]


@pytest.fixture
def two(servers: TestServers, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Counters, Counters]]:
    with servers.entered(monkeypatch):
        one, other = alpha.store(), alpha.store()
        one.prepare()
        yield one, other


def reads(store: Counters, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which aggregates the store reads from now on."""
    read: list[str] = []
    find = store.find

    def watched(id: str) -> Held[alpha.Counter] | None:
        read.append(id)
        return find(id)

    monkeypatch.setattr(store, "find", watched)
    return read


def test_what_was_just_written_is_not_read_again(
    two: tuple[Counters, Counters], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = two
    id = ids.new()
    alpha.raise_counter(one, id, "a")
    read = reads(one, monkeypatch)

    held = alpha.raise_counter(one, id, "b")

    assert (held.version, read) == (2, [])


def test_nothing_is_lost_when_another_replica_wrote_in_between(two: tuple[Counters, Counters]) -> None:
    one, other = two
    id = ids.new()
    for n in range(6):
        alpha.raise_counter((one, other)[n % 2], id, f"key {n}")

    assert (one.load(id).version, one.load(id).state.total) == (6, 6)


def test_a_key_that_another_replica_handled_acts_once(two: tuple[Counters, Counters]) -> None:
    one, other = two
    id = ids.new()
    alpha.raise_counter(one, id, "a")
    alpha.raise_counter(other, id, "b")

    held = alpha.raise_counter(one, id, "b")

    assert (held.version, held.state.total) == (2, 2)


def test_only_what_is_stored_refuses(two: tuple[Counters, Counters]) -> None:
    one, other = two
    id = ids.new()
    alpha.raise_counter(one, id, "a")
    alpha.raise_counter(other, id, "b")

    def second_only(state: alpha.Counter) -> Decision[alpha.Counter]:
        if state.total != 2:
            raise Illegal("not yet", state=str(state.total), allowed=())
        return alpha.raised(id, state, 1)

    assert one.change(id, Cause(at=clock.now(), key="c"), second_only).state.total == 3


def test_an_old_if_match_is_stale_and_a_new_one_is_not(two: tuple[Counters, Counters]) -> None:
    one, other = two
    id = ids.new()
    alpha.raise_counter(one, id, "a")
    alpha.raise_counter(other, id, "b")

    def by_one(expected: int, key: str) -> int:
        cause = Cause(at=clock.now(), key=key, expected=expected)
        return one.open(id, cause, lambda state: alpha.raised(id, state, 1)).version

    with pytest.raises(Stale):
        by_one(1, "c")
    assert by_one(2, "d") == 3


def test_a_message_is_not_early_because_another_replica_heard_the_one_before(
    two: tuple[Counters, Counters],
) -> None:
    one, other = two
    id, (first, second, third) = ids.new(), [heard("s", n, 0, True) for n in (1, 2, 3)]
    one.open(id, first, lambda state: alpha.raised(id, state, 1))
    other.open(id, second, lambda state: alpha.raised(id, state, 1))

    held = one.open(id, third, lambda state: alpha.raised(id, state, 1))

    assert held.state.total == 3


def test_what_nothing_changed_is_answered_as_it_is_stored(two: tuple[Counters, Counters]) -> None:
    one, other = two
    id = ids.new()
    alpha.raise_counter(one, id, "a")
    alpha.raise_counter(other, id, "b")

    assert one.open(id, Cause(at=clock.now()), lambda state: None).version == 2
