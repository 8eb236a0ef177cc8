"""The consumer: nameko's, with its ways of losing messages closed (BUS b16, N1–N6, N23).

A message is acknowledged when it has had its effect, when a copy of it waits on the ladder, or when a copy
lies in the park; never because something went wrong.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from functools import partial
from typing import Any

import eventlet
from eventlet.event import Event as Signal
from eventlet.semaphore import Semaphore
from kombu.entity import Exchange, Queue
from nameko.messaging import Consumer, QueueConsumer

from shared.aggregate.held import instant
from shared.aggregate.store import Early
from shared.bus import names
from shared.bus.channel import Sender, message
from shared.bus.outcome import HandlerTimeout, Outcome, attempt_of, copied, outcome, outlet
from shared.bus.raw import unopened
from shared.bus.telemetry import HANDLED, HANDLING
from shared.bus.worker import RawWorker, Worker
from shared.contracts.wire import CONTENT_TYPE
from shared.crash import crash_here
from shared.errors import Poison

log = logging.getLogger(__name__)

LIMIT = 60.0  # seconds a handler may take
PATIENCE = (0.005, 0.01, 0.02, 0.04, 0.08, 0.16)  # before a message that is too early is put aside
PROBE = 2.0  # seconds between tries while the database or the broker is gone


class ReliableQueueConsumer(QueueConsumer):  # type: ignore[misc]
    """Consumes raw bytes, and stops only when every message in hand is settled."""

    _consumers_ready: Any

    def __init__(self) -> None:
        super().__init__()
        self.in_hand = 0
        self.draining = False

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        unopened(channel)
        self._consumers = {}
        for provider in self._providers:
            consumer = consumer_cls(queues=[provider.queue], on_message=partial(self.take, provider))
            consumer.qos(prefetch_count=self.prefetch_count)
            self._consumers[provider] = consumer
        return self._consumers.values()

    def take(self, provider: Inbox, message: Any) -> None:
        """Hand one delivery on; when stopping, leave it to the broker, which gives it to another."""
        if self.draining:
            return
        self.in_hand += 1
        self.handle_message(provider, message.body, message)

    def settled(self) -> None:
        """One message less in hand."""
        self.in_hand -= 1

    def on_iteration(self) -> None:
        self._cancel_consumers_if_requested()
        if not self._consumers:
            self.draining = True
            if not self.in_hand:
                self.should_stop = True

    def on_connection_error(self, exc: Any, interval: Any) -> None:
        """While the broker is away there is nothing to cancel: stop as nameko stops before its start."""
        super().on_connection_error(exc, interval)
        if self._consumers_ready.ready():
            self._consumers_ready = Signal()
        for removed in self._pending_remove_providers.values():
            removed.send()
        self._pending_remove_providers.clear()

    def on_decode_error(self, message: Any, exc: Any) -> None:
        """To the park; kombu would acknowledge it."""
        message.reject(requeue=False)


class Inbox(Consumer):  # type: ignore[misc]
    """The one entrypoint of a worker: its queue, and what becomes of each message."""

    queue_consumer = ReliableQueueConsumer()

    def __init__(self, name: str, vhost: str, **kwargs: Any) -> None:
        made: Any = {"durable": True, "no_declare": True}  # by the deploy job, never by us
        back = Exchange(names.RETURN, "direct", passive=True, **made)
        arguments = {"x-queue-type": "quorum"}
        queue = Queue(name, back, name, queue_arguments=arguments, **made)
        super().__init__(queue, **kwargs)
        self.name, self.vhost = name, vhost

    def handle_message(self, body: Any, message: Any) -> None:
        try:
            self.container.spawn_worker(
                self, (bytes(body) if not isinstance(body, str) else body.encode(), message), {},
                context_data={}, handle_result=partial(self.handle_result, message),
            )  # fmt: skip
        except BaseException:
            self.queue_consumer.settled()
            raise

    def handle_result(self, message: Any, worker_ctx: Any, result: Any = None, exc_info: Any = None) -> Any:
        self.queue_consumer.settled()
        return result, exc_info


class Settler:
    """Runs a worker's handler on each message and settles it."""

    def __init__(self, worker: Worker, probe: float = PROBE) -> None:
        self.worker, self.probe = worker, probe
        self.locks: dict[int, Semaphore] = defaultdict(Semaphore)
        self.sender = Sender(worker.vhost)
        self.stopping = False
        self.early = threading.Event()

    def handle(self, body: bytes, message: Any) -> None:
        """Handle one delivery to its end: acknowledged, or left to the broker when that was impossible."""
        started = time.perf_counter()
        headers = dict(message.headers or {})
        if message.delivery_info.get("redelivered"):
            log.info("delivered again", extra={"event_id": message.properties.get("message_id")})
        while (result := self._decided(self._tried(body, message), headers)).action == "wait":
            if self._returns(message):
                return
            eventlet.sleep(self.probe)
        crash_here("consumer.before_ack")
        if self._settled(result, body, message, headers):
            HANDLED.labels(self.worker.service, result.action).inc()
            HANDLING.labels(self.worker.service).observe(time.perf_counter() - started)

    def _decided(self, error: BaseException | None, headers: dict[str, Any]) -> Outcome:
        if error is not None and isinstance(self.worker, RawWorker):
            return Outcome(action="wait")  # behind the park there is nothing: not even a lap of the ladder
        return outcome(error, attempt_of(headers))

    def _returns(self, message: Any) -> bool:
        """Whether the broker delivers it again anyway: we are stopping, or its connection is dead."""
        return self.stopping or message.channel is None or message.channel.connection is None

    def _tried(self, body: bytes, message: Any) -> BaseException | None:
        """The error of handling a message, or None; nothing escapes, not even eventlet's BaseExceptions."""
        try:
            with self.locks[_lane(body)], eventlet.Timeout(LIMIT, HandlerTimeout("took too long")):
                self._take(body, message)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            log.warning("not handled", extra=_about(self.worker, message, error))
            return error
        return None

    def _take(self, body: bytes, message: Any) -> None:
        if isinstance(self.worker, RawWorker):
            return self.worker.take(body, message.content_type or "", dict(message.headers or {}))
        if message.content_type != CONTENT_TYPE:
            raise Poison(f"content type {message.content_type}")
        self._hear(body, outlet(message.headers or {}, message.delivery_info.get("exchange", "")))

    def _hear(self, body: bytes, origin: str) -> None:
        """Let the worker hear it; when it is before its turn wait a moment, then have it kept."""
        for pause in PATIENCE:
            try:
                self.worker.hear(body, origin)
                return
            except Early:
                eventlet.sleep(pause)
        try:
            self.worker.hear(body, origin)
        except Early as early:
            early.keep()
            self.early.set()

    def _settled(self, result: Outcome, body: bytes, message: Any, headers: dict[str, Any]) -> bool:
        """Copy if need be, then acknowledge. Until there is a copy the message stays ours."""
        while result.action != "ack" and not self._copied(result, body, message, headers):
            if self._returns(message):
                return False
            eventlet.sleep(self.probe)
        try:
            message.ack()
        except Exception as error:  # the broker is gone: it will deliver again, and the marks know
            log.warning("not acknowledged", extra=_about(self.worker, message, error))
            return False
        return True

    def _copied(self, result: Outcome, body: bytes, message: Any, headers: dict[str, Any]) -> bool:
        queue, came_by = self.worker.queue, outlet(headers, message.delivery_info.get("exchange", ""))
        made = copied(headers, result, instant(self.worker.clock()))
        copy = _again(body, message, made | {"x-origin": queue, "x-outlet": came_by})
        try:
            self.sender.send(_towards(result), queue, copy)
        except Exception as error:
            log.warning("no copy yet", extra=_about(self.worker, message, error))
            return False
        return True


def _towards(result: Outcome) -> str:
    if result.action == "park":
        return names.PARK
    return f"x.delay.{result.step}" if result.step else names.RETURN


def _again(body: bytes, original: Any, headers: dict[str, Any]) -> Any:
    """A copy with the same bytes and identity."""
    kept = {
        name: original.properties[name]
        for name in ("message_id", "type", "correlation_id")
        if original.properties.get(name)
    }
    kept["content_type"] = original.content_type or "application/octet-stream"
    return message(body, headers, **kept)


def _lane(body: bytes) -> int:
    """Messages about one subject go one after another within a process."""
    start = body.find(b'"subject":')
    return hash(body[start : start + 60]) % 512 if start >= 0 else 512


def _about(worker: Worker, message: Any, error: BaseException) -> dict[str, Any]:
    return {
        "service": worker.service,
        "type": message.properties.get("type"),
        "event_id": message.properties.get("message_id"),
        "error": type(error).__name__,
        "attempt": attempt_of(message.headers or {}),
    }
