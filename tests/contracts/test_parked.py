"""The park: nothing that lies in it is lost, hidden, or sent back in somebody else's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.bus import parked, replay
from shared.bus.names import GATEWAY
from shared.contracts.wire import CONTENT_TYPE
from tests.servers import TestServers
from tests.toys.adapters import ask_body

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
OURS = {"x-origin": GATEWAY, "x-attempt": 8, "x-last-error": "Retry:1"}


@pytest.fixture(scope="module")
def park(servers: TestServers) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch, servers.entered(monkeypatch):
        parked.open_park()
        yield


@pytest.fixture(autouse=True)
def empty(park: None) -> None:
    parked.Parked.drop_collection()


def put(body: bytes, headers: dict[str, Any]) -> parked.Parked:
    """Park a message."""
    return parked.one(parked.store("edge", body, CONTENT_TYPE, headers, NOON))


class Line:
    """Notes what is sent; `meanwhile` happens before it says so."""

    def __init__(self, meanwhile: Callable[[], Any] = lambda: None) -> None:
        self.meanwhile = meanwhile
        self.sent: list[tuple[str, str, Any]] = []

    def send(self, exchange: str, key: str, msg: Any) -> None:
        self.sent.append((exchange, key, msg))
        self.meanwhile()


def replayer(line: Line) -> replay.Replayer:
    made = replay.Replayer("wang")
    made.senders = {"core": line, "edge": line}  # type: ignore[dict-item]
    return made


def in_core(body: bytes) -> parked.Parked:
    return parked.one(parked.store("core", body, CONTENT_TYPE, OURS | {"x-origin": "beta.inbox"}, NOON))


def test_who_waits_for_a_discarded_event_is_told_to_go_on_without_it() -> None:
    record, line = in_core(ask_body()), Line()

    assert replayer(line).discard(record, "li", "twice the same")

    ((exchange, queue, copy),) = line.sent
    assert (exchange, queue, copy.body) == ("x.return", "beta.inbox", ask_body())
    assert copy.headers["x-discarded"] == "wang"
    after = parked.one(record.id)
    assert (after.state, after.notes[0]["by"]) == ("discarded", "wang+li")


def test_a_discarded_message_goes_back_to_no_department_and_rubbish_to_nobody() -> None:
    records, line = [put(ask_body(), OURS | {"x-origin": "dept.court.inbox"}), in_core(b"rubbish")], Line()

    for record in records:
        replayer(line).discard(record, "li", "not ours")

    assert line.sent == []
    assert {parked.one(record.id).state for record in records} == {"discarded"}


def test_what_is_parked_again_while_it_is_discarded_waits_again() -> None:
    record = in_core(ask_body())

    done = replayer(Line(lambda: in_core(ask_body()))).discard(record, "li", "twice the same")

    assert not done
    assert parked.one(record.id).state == "parked"


def test_two_messages_with_one_id_are_both_kept() -> None:
    put(ask_body(1, event_id="same"), OURS)
    put(ask_body(2, event_id="same"), OURS)

    assert {bytes(p.body) for p in parked.Parked.objects} == {
        ask_body(1, event_id="same"), ask_body(2, event_id="same"),
    }  # fmt: skip


def test_a_message_parked_again_during_its_replay_waits_again() -> None:
    record = put(ask_body(), OURS)
    parked.note(record, "replaying", "wang", "", NOON)
    put(ask_body(), OURS)  # it failed again before the replayer could write down that it was sent

    moved = parked.note(record, "replayed", "wang", "", NOON)

    assert not moved
    assert parked.one(record.id).state == "parked"


def test_a_replay_that_died_half_way_still_waits_for_a_person() -> None:
    record = put(ask_body(), OURS)

    parked.note(record, "replaying", "wang", "", NOON)

    assert parked.waiting("edge") == 1
    (group,) = parked.groups()
    assert [p.id for p in parked.of_group(group["group"])] == [record.id]


def test_who_sent_it_is_remembered_where_we_wrote_it_down_and_nowhere_else() -> None:
    by_us = put(ask_body(1), OURS | {"x-outlet": "dept.court.out"})
    death = [{"queue": GATEWAY, "reason": "delivery_limit", "exchange": "dept.court.out"}]
    by_the_broker = put(ask_body(2), {"x-outlet": "dept.police.out", "x-origin": "forged", "x-death": death})

    assert by_us.headers["x-outlet"] == "dept.court.out"
    assert "x-outlet" not in by_the_broker.headers
    assert by_the_broker.queue == GATEWAY


def test_one_that_came_back_from_the_ladder_belongs_to_the_queue_it_was_for() -> None:
    death = [{"queue": "q.delay.2s", "reason": "expired", "exchange": "x.delay.2s"}]

    record = put(ask_body(), OURS | {"x-death": death})

    assert record.queue == GATEWAY


@pytest.mark.parametrize(
    "headers",
    [
        {"x-death": "not a list"},
        {"x-death": [7]},
        {"x-attempt": "many", "x-last-error": {"a.b": "$c"}},
        {"$set": "x", "a.b": "y", "nul\0": "z", "large": 2**64, b"bytes": 1},
        {"half": "\ud800", "x-origin": "\ud800"},
    ],
    ids=str,
)
def test_no_header_keeps_a_message_out_of_the_park(headers: dict[Any, Any]) -> None:
    record = put(b"\xd8\x00rubbish", headers)

    assert bytes(record.body) == b"\xd8\x00rubbish"
