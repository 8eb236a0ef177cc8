"""The centre's side of the sandbox: puts asks in, hears the answers, sees what was rejected."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pika

from yizhan_conformance.asks import CONTENT_TYPE

PATIENCE = 30.0


@dataclass
class Sandbox:
    """One department's sandbox, seen by an operator who may read and write the departments' virtual host."""

    department: str
    url: str
    patience: float = PATIENCE
    heard: list[dict[str, Any]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    rejected: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.queue, self.outlet = f"dept.{self.department}.sandbox", f"dept.{self.department}.trial"
        self._link = pika.BlockingConnection(pika.URLParameters(self.url))
        self._channel = self._link.channel()
        self._channel.confirm_delivery()
        self._channel.queue_purge(self.queue)
        self._answers = self._ear(self.outlet, "reply")
        self._parked = self._ear("x.park", "")

    def close(self) -> None:
        """Leave nothing behind."""
        self._channel.queue_purge(self.queue)
        self._link.close()

    def ask(self, *bodies: bytes, content_type: str = CONTENT_TYPE) -> None:
        """Put asks into the sandbox's mailbox."""
        about = pika.BasicProperties(content_type=content_type, content_encoding="utf-8", delivery_mode=2)
        for body in bodies:
            self._channel.basic_publish("", self.queue, body, about, mandatory=True)

    def waiting(self) -> int:
        """Asks that no consumer has been given."""
        found = self._channel.queue_declare(self.queue, passive=True)
        return int(found.method.message_count)

    def readers(self) -> int:
        """How many consumers the mailbox has."""
        return int(self._channel.queue_declare(self.queue, passive=True).method.consumer_count)

    def until(self, holds: Callable[[], object], seconds: float = 0.0) -> bool:
        """Listen until it comes true; whether it did in time."""
        end = time.monotonic() + (seconds or self.patience)
        while not (held := holds()) and time.monotonic() < end:
            self.listen(0.1)
        return bool(held or holds())

    def listen(self, seconds: float) -> None:
        """Take in what was said meanwhile."""
        self._link.process_data_events(time_limit=0)
        self._link.sleep(seconds)
        for body in self._fetch(self._answers):
            self.raw.append(body)
            self.heard.append(_event(body))
        self.rejected += self._fetch(self._parked)

    def about(self, delivery_id: str) -> list[dict[str, Any]]:
        """The answers about one hand-over, repeats under one id once, in the order they were heard."""
        unique = {event.get("id"): event for event in reversed(self.heard)}
        said = [event for event in unique.values() if _data(event).get("delivery_id") == delivery_id]
        return sorted(said, key=lambda event: str(event.get("sequence")))

    def _ear(self, exchange: str, key: str) -> str:
        name = str(self._channel.queue_declare("", exclusive=True).method.queue)
        self._channel.queue_bind(name, exchange, key)
        return name

    def _fetch(self, queue: str) -> list[bytes]:
        found = []
        while (got := self._channel.basic_get(queue, auto_ack=True))[0] is not None:
            found.append(bytes(got[2]))
        return found


def _event(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _data(event: dict[str, Any]) -> dict[str, Any]:
    data = event.get("data")
    return data if isinstance(data, dict) else {}
