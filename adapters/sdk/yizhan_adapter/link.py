"""The one connection to the broker: consumes, publishes, beats, and comes back when it is lost.

It alone touches pika, in one thread; the desk works beside it and they meet in the store. Nothing is ever
declared here: mailboxes belong to the centre.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event
from typing import Any

import pika
from pika.exceptions import AMQPError, NackError, UnroutableError

from yizhan_adapter.mailbox import Mailbox

log = logging.getLogger(__name__)

PREFETCH = 20
BEAT = 30.0
REFUSED = 4.0  # seconds before answers are offered again to a gateway that took none
TICK = 0.5  # seconds until a stop or a quiet outbox is noticed; a wake-up call ends it early
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
LOST = (AMQPError, OSError, sqlite3.Error)

Connect = Callable[[], Any]


class ConsumerGone(AMQPError):  # type: ignore[misc]
    """The broker ended our consumer: the mailbox was deleted or moved."""


class Link:
    """Serves one mailbox until told to stop."""

    def __init__(
        self, mailbox: Mailbox, connect: Connect, stop: Event, *, pauses: tuple[float, ...] = PAUSES
    ) -> None:
        self.mailbox, self.connect, self.stop, self.pauses = mailbox, connect, stop, pauses
        self.connection: Any = None
        self.alive = time.monotonic()  # watched from outside: a link that hangs is ended with its process
        self._inbox: Any = None
        self._gone = False
        self._failures = 0
        self._next_beat = self._next_post = 0.0

    def run(self, finish: Callable[[], None] = lambda: None) -> None:
        """Connect and serve, again and again; at the end `finish` is called, then what it left is sent."""
        while not self.stop.is_set():
            try:
                self._serve(finish)
            except LOST as error:
                pause = self.pauses[min(self._failures, len(self.pauses) - 1)]
                self._failures += 1
                log.warning(
                    "link lost", extra={"error": f"{type(error).__name__}: {error}", "pause_s": pause}
                )
                self._wait(pause)
        finish()

    def wake(self) -> None:
        """From another thread: look into the outbox now."""
        connection = self.connection
        if connection is not None:
            with suppress(AMQPError, OSError):
                connection.add_callback_threadsafe(lambda: None)

    def _serve(self, finish: Callable[[], None]) -> None:
        self.mailbox.store.check()
        with self._connected() as connection:
            self._inbox, outlet = connection.channel(), connection.channel()
            outlet.confirm_delivery()
            tag = self._consume()
            while not self.stop.is_set():
                connection.process_data_events(time_limit=TICK)
                self._tick(outlet)
            self._inbox.basic_cancel(tag)
            finish()
            while self.mailbox.post(outlet):
                pass

    def _consume(self) -> Any:
        self._gone = False
        self._inbox.add_on_cancel_callback(self._cancelled)
        self._inbox.basic_qos(prefetch_count=PREFETCH)
        return self._inbox.basic_consume(self.mailbox.inbox, self.mailbox.take)

    def _tick(self, outlet: Any) -> None:
        """What is due between two deliveries."""
        self.alive = now = time.monotonic()
        if self._gone or not self._inbox.is_open:  # pika itself would go on without a word
            raise ConsumerGone(self.mailbox.inbox)
        if now >= self._next_beat:
            self._next_beat = now + BEAT
            self.mailbox.beat(outlet)
            self._failures = 0
        if now >= self._next_post:
            self._post(outlet, now)

    def _post(self, outlet: Any, now: float) -> None:
        """Send answers; while the centre's gateway is full or missing, go on taking asks in."""
        try:
            self.mailbox.post(outlet)
        except (NackError, UnroutableError) as error:
            self._next_post = now + REFUSED
            log.warning("answers not taken", extra={"error": type(error).__name__})

    def _cancelled(self, frame: Any) -> None:
        self._gone = True

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        self.connection = self.connect()
        try:
            yield self.connection
        finally:
            connection, self.connection = self.connection, None
            with suppress(*LOST):
                connection.close()

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.stop.wait(min(TICK, max(0.0, until - time.monotonic()))) and time.monotonic() < until:
            self.alive = time.monotonic()


def connector(url: str) -> Connect:
    """How to reach the broker at a URL, with the time limits that keep a silent broker from holding us."""
    parameters = pika.URLParameters(url)
    parameters.heartbeat = 20
    parameters.blocked_connection_timeout = 30
    parameters.socket_timeout = parameters.stack_timeout = 10
    parameters.connection_attempts = 1
    return lambda: pika.BlockingConnection(parameters)
