"""What happens at the two ends of the adapter: an ask that comes in, answers that go out.

An ask is acknowledged when it is on disk here, and for no other reason. An answer leaves the outbox when the
broker has confirmed it, and for no other reason.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any, Protocol

from pika import BasicProperties

from yizhan_adapter import asks, claim_check, envelope
from yizhan_adapter.clock import Clock, now
from yizhan_adapter.crash import crash_here
from yizhan_adapter.errors import NotThere, Unreadable
from yizhan_adapter.store import Letter

log = logging.getLogger(__name__)

HOLD = 5.0  # seconds a message is held whose data cannot be fetched now
TURN = 5.0  # seconds of sending before the inbox is looked at again


class Keeps(Protocol):
    """Where asks are put and answers lie: the adapter's own store, or the memory of a gate."""

    def check(self) -> None:
        """Prove that the disk takes writes."""

    def keep(self, ask: asks.Ask, body: bytes, now: datetime, *, again: bool = False) -> bool:
        """Store an ask; whether it is new."""

    def outgoing(self) -> list[Letter]:
        """Answers the centre has not confirmed, in their order."""

    def sent(self, letters: Sequence[Letter]) -> None:
        """The centre's broker has these."""

    def burden(self, at: float) -> tuple[int, int]:
        """What waits, and the age in seconds of the oldest."""


class Mailbox:
    """One department's inbox and outlet; the channel comes as an argument."""

    def __init__(
        self,
        department: str,
        version: str,
        store: Keeps,
        *,
        clock: Clock = now,
        took: Callable[[], None] = lambda: None,
        fetch: asks.Fetch = claim_check.fetched,
        queue: str = "inbox",
    ) -> None:
        self.department, self.version, self.store = department, version, store
        self.clock, self.took, self.fetch = clock, took, fetch
        self.inbox = f"dept.{department}.{queue}"
        self.outlet = f"dept.{department}.{'trial' if queue == 'sandbox' else 'out'}"

    def take(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        """Store one delivery, then acknowledge it; what can never be read goes to the centre's parking."""
        try:
            body = asks.whole(body, properties.content_type, self.fetch)
            ask = asks.read(body, properties.content_type, self.department)
        except NotThere as error:
            log.warning("data not there", extra={"error": str(error), "event_id": properties.message_id})
            _give_back(channel, method.delivery_tag)
            return
        except Unreadable as error:
            log.error("unreadable", extra={"error": str(error), "event_id": properties.message_id})
            channel.basic_reject(method.delivery_tag, requeue=False)
            return
        crash_here("adapter.before_store")
        new = self.store.keep(ask, body, self.clock(), again=not method.redelivered)
        crash_here("adapter.before_ack")
        channel.basic_ack(method.delivery_tag)
        log.info(
            "taken" if new else "had it", extra={"delivery_id": ask.delivery_id, "event_id": ask.event_id}
        )
        self.took()

    def post(self, channel: Any) -> int:
        """Send what the centre has not confirmed, in order, for a few seconds; how many it has confirmed now.

        Raises pika.exceptions.AMQPError when one is refused or the broker hangs up: the rest stays.
        """
        confirmed: list[Letter] = []
        until = time.monotonic() + TURN
        try:
            for letter in takewhile(lambda _: time.monotonic() < until, self.store.outgoing()):
                self._publish(channel, letter)
                confirmed.append(letter)
        finally:
            self.store.sent(confirmed)
        return len(confirmed)

    def beat(self, channel: Any) -> None:
        """Say that this adapter is alive and what waits for it."""
        in_flight, oldest_s = self.store.burden(time.time())
        body = envelope.heartbeat(self.department, self.version, in_flight, oldest_s, self.clock())
        properties = self._properties("adapter.heartbeat.v1")
        channel.basic_publish(self.outlet, "beat", body, properties, mandatory=False)

    def _publish(self, channel: Any, letter: Letter) -> None:
        crash_here("adapter.before_publish")
        properties = self._properties(f"{letter.name}.v1", letter.id)
        channel.basic_publish(self.outlet, "reply", letter.body, properties, mandatory=True)  # waits
        crash_here("adapter.before_removal")

    def _properties(self, type: str, id: str | None = None) -> BasicProperties:
        return BasicProperties(
            content_type=asks.CONTENT_TYPE,
            content_encoding="utf-8",
            delivery_mode=2,
            message_id=id,
            type=type,
            app_id=f"dept.{self.department}",
        )


def _give_back(channel: Any, tag: int) -> None:
    """Return a message after a while: at once would be a hot loop that uses up its deliveries."""

    def give_back() -> None:
        if channel.is_open:
            channel.basic_nack(tag, requeue=True)

    channel.connection.call_later(HOLD, give_back)
