"""The two ends of an adapter: acknowledged means on disk, gone from the outbox means confirmed."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from pika.exceptions import AMQPConnectionError, NackError

from shared.contracts import wire
from shared.contracts.edge import AdapterHeartbeat
from tests.toys.adapters import NOON, FakeChannel, ask_body, delivery, kept, open_store, properties
from yizhan_adapter import Accepted
from yizhan_adapter.mailbox import Mailbox
from yizhan_adapter.store import NEVER, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path)


@pytest.fixture
def mailbox(store: Store) -> Mailbox:
    return Mailbox("court", "0.1.0", store, clock=lambda: NOON)


class WatchingChannel(FakeChannel):
    """Looks into the store, from outside, at the moment of the acknowledgement."""

    path: Path
    seen: int = 0

    def basic_ack(self, tag: int) -> None:
        self.seen = len(open_store(self.path).unfinished())
        super().basic_ack(tag)


def test_an_ask_is_on_disk_before_it_is_acknowledged(mailbox: Mailbox, tmp_path: Path) -> None:
    channel = WatchingChannel()
    channel.path = tmp_path

    mailbox.take(channel, delivery(7), properties(), ask_body())

    assert channel.seen == 1
    assert channel.done == [("ack", 7)]


def test_killed_before_the_acknowledgement_the_redelivered_ask_has_one_effect(
    mailbox: Mailbox, store: Store, tmp_path: Path
) -> None:
    dying = FakeChannel(fail={"ack": AMQPConnectionError()})
    with pytest.raises(AMQPConnectionError):
        mailbox.take(dying, delivery(1), properties(), ask_body())
    store.close()

    restarted, channel = Mailbox("court", "0.1.0", open_store(tmp_path), clock=lambda: NOON), FakeChannel()
    restarted.take(channel, delivery(1, redelivered=True), properties(), ask_body())
    restarted.post(channel)

    assert channel.done == [("ack", 1)]
    assert channel.answers == ["received"]


def test_an_ask_that_comes_five_times_is_answered_once(mailbox: Mailbox) -> None:
    channel = FakeChannel()

    for tag in range(5):
        mailbox.take(channel, delivery(tag, redelivered=True), properties(), ask_body())
    mailbox.post(channel)

    assert channel.done == [("ack", tag) for tag in range(5)]
    assert channel.answers == ["received"]


def test_only_an_ask_the_centre_itself_sends_again_is_answered_again(mailbox: Mailbox, store: Store) -> None:
    channel = FakeChannel()
    mailbox.take(channel, delivery(1), properties(), ask_body())
    mailbox.post(channel)

    mailbox.take(channel, delivery(2, redelivered=True), properties(), ask_body())
    after_redelivery = mailbox.post(channel)
    mailbox.take(channel, delivery(3), properties(), ask_body())
    after_repetition = mailbox.post(channel)

    assert (after_redelivery, after_repetition) == (0, 1)
    assert len({event.id for _, _, event in channel.published}) == 1


def _changed(**changes: Any) -> bytes:
    return json.dumps(json.loads(ask_body()) | changes).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe not json",
        b"[1, 2]",
        _changed(id=None),
        _changed(specversion=None),
        _changed(type="ask.handle_case.v2"),
        _changed(type="ask.something_else.v1"),
        _changed(data="text"),
        _changed(data={"delivery_id": "d"}),
        ask_body(department="police"),
    ],
)
def test_what_can_never_be_read_goes_to_the_centres_parking_and_is_not_stored(
    mailbox: Mailbox, store: Store, body: bytes
) -> None:
    channel = FakeChannel()

    mailbox.take(channel, delivery(3), properties(), body)

    assert channel.done == [("reject", 3)]
    assert not store.unfinished()


def test_another_content_type_is_not_read(mailbox: Mailbox) -> None:
    channel = FakeChannel()

    mailbox.take(channel, delivery(3), properties("application/xml"), ask_body())

    assert channel.done == [("reject", 3)]


def test_fields_added_later_are_left_out(mailbox: Mailbox, store: Store) -> None:
    body = json.loads(ask_body())
    body["data"]["added_in_1_1"] = "x"

    mailbox.take(FakeChannel(), delivery(), properties(), json.dumps(body).encode())

    assert len(store.unfinished()) == 1


def test_answers_go_to_the_departments_own_outlet_in_order(mailbox: Mailbox, store: Store) -> None:
    channel = FakeChannel()
    ask = kept(store)
    store.tell(ask, [Accepted()], NOON, NEVER)

    mailbox.post(channel)

    assert [(exchange, key) for exchange, key, _ in channel.published] == [("dept.court.out", "reply")] * 2
    assert channel.answers == ["received", "accepted"]


def test_a_confirmed_answer_is_not_sent_again_and_an_unconfirmed_one_is(
    mailbox: Mailbox, store: Store
) -> None:
    kept(store, 1)
    kept(store, 2)
    first, second = store.outgoing()
    channel = FakeChannel(fail={"publish": NackError([])})

    with pytest.raises(NackError):
        mailbox.post(channel)
    mailbox.post(channel)

    assert [event.id for _, _, event in channel.published] == [first.id, second.id]
    assert not store.outgoing()


def test_when_the_link_breaks_midway_what_was_confirmed_stays_confirmed(
    mailbox: Mailbox, store: Store
) -> None:
    kept(store, 1)
    kept(store, 2)
    second = store.outgoing()[1]

    class Breaking(FakeChannel):
        def basic_publish(self, *args: Any, **kwargs: Any) -> None:
            if self.published:
                raise AMQPConnectionError
            super().basic_publish(*args, **kwargs)

    with pytest.raises(AMQPConnectionError):
        mailbox.post(Breaking())

    assert store.outgoing() == [second]


def test_a_heartbeat_tells_the_version_and_what_waits(mailbox: Mailbox, store: Store) -> None:
    kept(store)
    channel = FakeChannel()

    mailbox.beat(channel)

    exchange, key, event = channel.published[0]
    assert (exchange, key, event.subject) == ("dept.court.out", "beat", "adapter/court")
    assert wire.read(event) == AdapterHeartbeat(department="court", version="0.1.0", in_flight=1, oldest_s=0)


def test_heartbeats_sort_by_time_across_restarts(store: Store) -> None:
    channel = FakeChannel()

    for clock in (lambda: NOON, lambda: NOON.replace(minute=1)):
        Mailbox("court", "0.1.0", store, clock=clock).beat(channel)

    one, two = (event.sequence for _, _, event in channel.published)
    assert len(one) == len(two) == 13
    assert one < two


def test_taking_wakes_the_desk(store: Store) -> None:
    woken: list[float] = []
    mailbox = Mailbox("court", "0.1.0", store, took=lambda: woken.append(time.time()))

    mailbox.take(FakeChannel(), delivery(), properties(), ask_body())

    assert len(woken) == 1
