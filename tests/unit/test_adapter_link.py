"""The adapter's one connection: it comes back when lost, drains when stopped, and never declares anything."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pika.exceptions import AMQPConnectionError, NackError

from tests.toys.adapters import FakeChannel, ask_body, delivery, kept, open_store, properties
from yizhan_adapter.link import Link
from yizhan_adapter.mailbox import Mailbox
from yizhan_adapter.run import HUNG, watch
from yizhan_adapter.store import Store

Turn = Callable[["FakeConnection"], None]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path)


class LinkChannel(FakeChannel):
    """A channel that also consumes; anything it does not have, declare above all, fails the test."""

    def __init__(self) -> None:
        super().__init__()
        self.consumer: Any = None
        self.cancelled: Any = None
        self.prefetch = 0

    def confirm_delivery(self) -> None:
        self.done.append(("confirms", True))

    def basic_qos(self, prefetch_count: int) -> None:
        self.prefetch = prefetch_count

    def add_on_cancel_callback(self, callback: Any) -> None:
        self.cancelled = callback

    def basic_consume(self, queue: str, callback: Any) -> str:
        self.consumer = callback
        return queue

    def basic_cancel(self, tag: str) -> None:
        self.done.append(("cancel", tag))


class FakeConnection:
    """Plays one turn of a script at each look for events."""

    def __init__(self, *turns: Turn) -> None:
        self.turns = list(turns)
        self.inbox, self.outlet = LinkChannel(), LinkChannel()
        self.channels = iter((self.inbox, self.outlet))
        self.closed = False

    def channel(self) -> LinkChannel:
        return next(self.channels)

    def process_data_events(self, time_limit: float) -> None:
        self.turns.pop(0)(self)

    def close(self) -> None:
        self.closed = True


def deliver(connection: FakeConnection) -> None:
    connection.inbox.consumer(connection.inbox, delivery(1), properties(), ask_body())


def lost(connection: FakeConnection) -> None:
    raise AMQPConnectionError("gone")


def quiet(connection: FakeConnection) -> None:
    """Nothing happens."""


def run(store: Store, *connections: Any) -> None:
    """A link that goes through the connections and is stopped by the last turn of the last one."""
    stop, left = Event(), list(connections)

    def connect() -> Any:
        found = left.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    connections[-1].turns.append(lambda _: stop.set())
    Link(Mailbox("court", "0.1.0", store), connect, stop, pauses=(0.0,)).run()


def test_it_consumes_its_own_inbox_twenty_at_a_time_and_confirms_what_it_publishes(store: Store) -> None:
    connection = FakeConnection(deliver)

    run(store, connection)

    assert connection.inbox.prefetch == 20
    assert connection.inbox.done == [("ack", 1), ("cancel", "dept.court.inbox")]
    assert connection.outlet.done == [("confirms", True)]
    assert connection.outlet.answers == ["received"]


def test_a_lost_link_is_made_again_and_what_was_unsent_is_sent_then(store: Store) -> None:
    kept(store)
    broken, whole = FakeConnection(lost), FakeConnection(quiet)

    run(store, broken, OSError("refused"), whole)

    assert broken.closed
    assert broken.outlet.answers == []
    assert whole.outlet.answers == ["received"]


def test_while_answers_are_refused_asks_are_still_taken_in(store: Store) -> None:
    class Refusing(LinkChannel):
        def basic_publish(self, exchange: str, key: str, *rest: Any, **options: Any) -> None:
            if key == "reply":
                raise NackError([])

    kept(store, 9)
    connection = FakeConnection(quiet, deliver, quiet)
    connection.outlet = Refusing()
    connection.channels = iter((connection.inbox, connection.outlet))

    run(store, connection)

    assert ("ack", 1) in connection.inbox.done
    assert len(store.outgoing()) == 2


def test_a_consumer_ended_by_the_broker_is_noticed(store: Store) -> None:
    ended = FakeConnection(lambda c: c.inbox.cancelled(None))
    whole = FakeConnection(deliver)

    run(store, ended, whole)

    assert ended.closed
    assert ("ack", 1) in whole.inbox.done


def test_a_channel_closed_by_the_broker_is_noticed(store: Store) -> None:
    def close(connection: FakeConnection) -> None:
        connection.inbox.is_open = False

    closed, whole = FakeConnection(close), FakeConnection(deliver)

    run(store, closed, whole)

    assert closed.closed
    assert ("ack", 1) in whole.inbox.done


def test_while_the_disk_takes_no_writes_nothing_is_consumed(tmp_path: Path) -> None:
    stop, connected = Event(), Event()

    class FullDisk(Store):
        def check(self) -> None:
            stop.set()
            raise sqlite3.OperationalError("database or disk is full")

    Link(Mailbox("court", "0.1.0", FullDisk(tmp_path / "a.sqlite")), connected.set, stop, pauses=(0.0,)).run()

    assert not connected.is_set()


def test_stopped_it_takes_no_more_lets_the_desk_finish_and_sends_what_is_left(store: Store) -> None:
    connection = FakeConnection()
    stop = Event()
    connection.turns = [lambda _: stop.set()]

    def finish() -> None:
        if not store.unfinished():
            assert ("cancel", "dept.court.inbox") in connection.inbox.done
            kept(store)

    Link(Mailbox("court", "0.1.0", store), lambda: connection, stop, pauses=(0.0,)).run(finish)

    assert connection.outlet.answers == ["received"]
    assert connection.closed


def test_a_link_that_hangs_ends_its_process_to_be_started_again(store: Store) -> None:
    link = Link(Mailbox("court", "0.1.0", store), FakeConnection, Event())
    ended: list[int] = []

    watch(link, Event(), silence=0.05, end=ended.append)

    assert ended == [HUNG]
