"""Connections of py-amqp as this bus wants them: heartbeats, confirms with their own tags, no surprises."""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

import amqp

from shared.contracts.wire import CONTENT_TYPE
from shared.settings import settings

HEARTBEAT = 20
TIMEOUT = 10.0

Verdict = Literal["ack", "nack", "returned"]
Settle = Callable[[Any, Verdict], None]


def vhost_name(vhost: str) -> str:
    """The configured name of `core` or `edge`."""
    return {"core": settings().core_vhost, "edge": settings().edge_vhost}[vhost]


def tls() -> dict[str, Any] | bool:
    """What a connection to `amqps://…` asks of the broker's certificate; False without TLS."""
    at = urlsplit(settings().amqp_url)
    if at.scheme != "amqps":
        return False
    known = {"ca_certs": str(settings().ca)} if settings().ca else {}
    return {"server_hostname": at.hostname, "cert_reqs": ssl.CERT_REQUIRED, **known}


def connect(vhost: str) -> amqp.Connection:
    """A new connection to a vhost; raises OSError or amqp.AMQPError when nobody answers in time."""
    at, secured = urlsplit(settings().amqp_url), tls()
    connection = amqp.Connection(
        host=f"{at.hostname}:{at.port or (5671 if secured else 5672)}",
        ssl=secured,
        userid=unquote(at.username or "guest"),
        password=unquote(at.password or "guest"),
        virtual_host=vhost_name(vhost),
        heartbeat=HEARTBEAT,
        connect_timeout=5,
        read_timeout=None,
        write_timeout=TIMEOUT,
    )
    connection.connect()
    return connection


def message(body: bytes, headers: Mapping[str, Any] | None = None, **properties: Any) -> amqp.Message:
    """A durable message of our own content type; the properties are copies for operators only."""
    about = {"content_type": CONTENT_TYPE, "content_encoding": "utf-8", "delivery_mode": 2} | properties
    return amqp.Message(body, application_headers=dict(headers or {}), **about)


class Publisher:
    """One channel in confirm mode that knows by tag which message each confirm is for.

    `settled(ticket, verdict)` is called from `drain` for every ticket that was published.
    """

    def __init__(self, vhost: str, settled: Settle) -> None:
        self.vhost, self.settled = vhost, settled
        self.connection: amqp.Connection | None = None
        self.channel: Any = None
        self.pending: dict[int, tuple[Any, str]] = {}
        self.returned: set[str] = set()
        self.tag = 0

    def open(self) -> None:
        """Connect, if not connected."""
        if self.channel is not None and self.channel.is_open:
            return
        self.close()
        self.connection = connect(self.vhost)
        self.channel = self.connection.channel()
        self.channel.confirm_select()
        self.channel.events["basic_ack"].add(lambda tag, multiple: self._settle(tag, multiple, "ack"))
        self.channel.events["basic_nack"].add(lambda tag, multiple: self._settle(tag, multiple, "nack"))
        self.channel.events["basic_return"].add(self._returned)

    def publish(self, exchange: str, key: str, msg: amqp.Message, ticket: Any) -> None:
        """Send without waiting for the confirm; raises amqp errors when the socket takes nothing for long."""
        self.tag += 1
        self.pending[self.tag] = (ticket, msg.properties.get("message_id", ""))
        self.channel.basic_publish(msg, exchange=exchange, routing_key=key, mandatory=True, timeout=TIMEOUT)

    def drain(self, seconds: float = TIMEOUT) -> None:
        """Read confirms until none is outstanding.

        Raises TimeoutError when none comes for so long, heartbeats notwithstanding, and amqp errors when the
        broker hangs up.
        """
        while left := len(self.pending):
            until = time.monotonic() + seconds
            while len(self.pending) == left:
                self._read(until - time.monotonic())

    def _read(self, seconds: float) -> None:
        assert self.connection is not None
        if seconds <= 0:
            raise TimeoutError("no confirm")
        self.connection.blocking_read(seconds)  # one frame; drain_events would wait on after a heartbeat

    def beat(self) -> None:
        """Keep an idle connection alive and notice a dead one."""
        if self.connection is None:
            return
        with contextlib.suppress(TimeoutError):
            self.connection.drain_events(timeout=0.001)
        self.connection.heartbeat_tick()

    def close(self) -> None:
        """Hang up, whatever state the connection is in; what was unconfirmed is nobody's success."""
        connection, self.connection, self.channel = self.connection, None, None
        self.pending, self.returned, self.tag = {}, set(), 0
        if connection is not None:
            connection.collect()

    def _settle(self, tag: int, multiple: bool, verdict: Verdict) -> None:
        tags = [t for t in self.pending if t == tag or (multiple and t < tag)]
        for t in tags:
            ticket, id = self.pending.pop(t)
            came_back = id in self.returned
            self.returned.discard(id)  # sent again later, it may well arrive
            self.settled(ticket, "returned" if came_back else verdict)

    def _returned(self, error: Exception, exchange: str, key: str, msg: amqp.Message) -> None:
        self.returned.add(msg.properties.get("message_id", ""))


def publish_one(publisher: Publisher, exchange: str, key: str, msg: amqp.Message) -> None:
    """Send one message and wait for its confirm.

    Raises OSError or amqp.AMQPError when it is not confirmed; it may be there all the same.
    """
    try:
        publisher.open()
        publisher.publish(exchange, key, msg, None)
        publisher.drain()
    except BaseException:
        publisher.close()
        raise


class Sender:
    """Sends one message at a time, and returns when the broker has it in a queue."""

    def __init__(self, vhost: str) -> None:
        self.publisher = Publisher(vhost, self._settled)
        self.turn = threading.Lock()
        self.verdict: Verdict = "nack"

    def send(self, exchange: str, key: str, msg: amqp.Message) -> None:
        """Send it; a second time when the connection had died of idleness since the last message.

        Raises OSError or amqp.AMQPError when it was not taken; it may be there all the same.
        """
        with self.turn:
            self._send(exchange, key, msg)
            if self.verdict != "ack":
                raise OSError(f"not taken: {self.verdict}")

    def _send(self, exchange: str, key: str, msg: amqp.Message) -> None:
        was_open = self.publisher.connection is not None
        try:
            publish_one(self.publisher, exchange, key, msg)
        except (OSError, amqp.AMQPError):
            if not was_open:
                raise
            publish_one(self.publisher, exchange, key, msg)

    def close(self) -> None:
        """Hang up."""
        self.publisher.close()

    def _settled(self, ticket: Any, verdict: Verdict) -> None:
        self.verdict = verdict
