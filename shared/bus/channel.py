"""Connections of py-amqp as this bus wants them: heartbeats, confirms with their own tags, no surprises."""

from __future__ import annotations

import contextlib
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


def connect(vhost: str) -> amqp.Connection:
    """A new connection to a vhost; raises OSError or amqp.AMQPError when nobody answers in time."""
    at = urlsplit(settings().amqp_url)
    connection = amqp.Connection(
        host=f"{at.hostname}:{at.port or 5672}",
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
        """Send without waiting."""
        self.tag += 1
        self.pending[self.tag] = (ticket, msg.properties.get("message_id", ""))
        self.channel.basic_publish(msg, exchange=exchange, routing_key=key, mandatory=True)

    def drain(self, seconds: float = TIMEOUT) -> None:
        """Read confirms until none is outstanding.

        Raises TimeoutError when the broker is silent for so long, and amqp errors when it hangs up.
        """
        while self.pending:
            assert self.connection is not None
            self.connection.drain_events(timeout=seconds)

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
        tags = [t for t in self.pending if t <= tag] if multiple else [tag]
        for t in tags:
            ticket, id = self.pending.pop(t)
            self.settled(ticket, "returned" if id in self.returned else verdict)

    def _returned(self, error: Exception, exchange: str, key: str, msg: amqp.Message) -> None:
        self.returned.add(msg.properties.get("message_id", ""))


def publish_one(publisher: Publisher, exchange: str, key: str, msg: amqp.Message) -> None:
    """Send one message and wait for its confirm.

    Raises OSError or amqp.AMQPError when it is not confirmed; it may be there all the same.
    """
    publisher.open()
    publisher.publish(exchange, key, msg, None)
    try:
        publisher.drain()
    except BaseException:
        publisher.close()
        raise
