"""How a store keeps the order of what it hears, when several hear at once."""

from __future__ import annotations

import pytest

from shared import ids
from shared.aggregate import Store
from shared.aggregate.store import Early
from shared.decision import Cause, Decision
from tests.contracts.test_store import heard, noted
from tests.toys import alpha

Counters = Store[alpha.Counter]
STREAM = "/svc/gamma/990101|other/s"


def keep(counters: Counters, id: str, cause: Cause) -> None:
    """Let a message come before its turn."""
    with pytest.raises(Early) as early:
        counters.open(id, cause, lambda state: noted(id, state))
    early.value.keep()


def test_a_slow_reader_does_not_put_back_the_mark_that_others_moved_on(counters: Counters) -> None:
    id, (first, second, third) = ids.new(), [heard("s", n, 0, True) for n in (1, 2, 3)]
    counters.open(id, first, lambda state: noted(id, state))
    overtaken: list[bool] = []

    def slow(state: alpha.Counter | None) -> Decision[alpha.Counter] | None:
        if not overtaken:  # meanwhile another replica hears the same and the next
            overtaken.append(True)
            counters.open(id, second, lambda state: None)
            counters.open(id, third, lambda state: None)
        return None

    counters.open(id, second, slow)

    assert list(counters.load(id).seen.values()) == ["0000000004.00"]


def test_one_message_that_is_early_for_two_is_kept_for_both(counters: Counters) -> None:
    one, other, message = ids.new(), ids.new(), heard("s", 2, 0, True)
    keep(counters, one, message)
    keep(counters, other, message)

    first, second = counters.kept()
    counters.release(first)

    assert {first.aggregate, second.aggregate} == {one, other}
    assert [kept.aggregate for kept in counters.kept()] == [second.aggregate]


def test_who_waits_long_does_not_hide_another_who_follows_the_same_stream(counters: Counters) -> None:
    one, other = ids.new(), ids.new()
    keep(counters, one, heard("s", 2, 0, True))
    keep(counters, other, heard("s", 4, 0, True))

    waiting = {kept.aggregate: kept.sequence for kept in counters.kept()}

    assert waiting == {one: "0000000002.00", other: "0000000004.00"}


def test_what_was_discarded_is_waited_for_by_nobody(counters: Counters) -> None:
    id, message = ids.new(), heard("s", 4, 0, True)
    counters.open(id, heard("s", 1, 0, True), lambda state: noted(id, state))
    keep(counters, id, message)
    counters.pass_over(STREAM, "0000000002.00", "0000000002.01")
    counters.pass_over(STREAM, "0000000002.01", "0000000003.00")
    keep(counters, id, message)

    counters.pass_over(STREAM, "0000000003.00", "0000000004.00")
    counters.change(id, message, lambda state: None)

    assert list(counters.load(id).seen.values()) == ["0000000005.00"]


def test_a_stream_may_go_on_whose_very_first_event_was_discarded(counters: Counters) -> None:
    id, other = ids.new(), ids.new()
    counters.pass_over(STREAM, "0000000001.00", "0000000002.00")

    counters.open(id, heard("s", 2, 0, True), lambda state: noted(id, state))

    assert counters.expected(id, STREAM) == "0000000003.00"
    assert counters.expected(other, STREAM) == "0000000002.00"
    assert counters.expected(other, "/svc/gamma/990101|other/t") == "0000000001.00"
