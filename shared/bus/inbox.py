"""What becomes of each delivery: had its effect, waits on the ladder, or lies in the park (BUS b7).

A message is acknowledged when it has had its effect, when a copy of it waits on the ladder, or when a copy
lies in the park; never because something went wrong.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from typing import Any

import eventlet
from eventlet.semaphore import Semaphore

from shared.aggregate.held import instant
from shared.aggregate.store import Early
from shared.bus import names
from shared.bus.channel import Sender, message
from shared.bus.outcome import HandlerTimeout, Outcome, attempt_of, copied, discarded, outcome, outlet
from shared.bus.telemetry import HANDLED, HANDLING
from shared.bus.worker import RawWorker, Worker
from shared.contracts.wire import CONTENT_TYPE
from shared.crash import crash_here
from shared.errors import Poison

log = logging.getLogger(__name__)

LIMIT = 60.0  # seconds a handler may take
PATIENCE = (0.01, 0.02, 0.04, 0.08, 0.16)  # before a message that is too early is put aside
PROBE = 2.0  # seconds between tries while the database or the broker is gone


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
        headers, exchange = message.headers or {}, message.delivery_info.get("exchange", "")
        if discarded(headers, exchange):
            return self.worker.pass_over(body)
        if message.content_type != CONTENT_TYPE:
            raise Poison(f"content type {message.content_type}")
        self._hear(body, outlet(headers, exchange))

    def _hear(self, body: bytes, origin: str) -> None:
        """Let the worker hear it; when it is before its turn wait a moment for that, then have it kept."""
        pauses = iter(PATIENCE)
        while True:
            try:
                self.worker.hear(body, origin)
                return
            except Early as early:
                if not any(_in_turn(early, pause) for pause in pauses):
                    early.keep()
                    self.early.set()
                    return

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


def _in_turn(early: Early, pause: float) -> bool:
    eventlet.sleep(pause)
    return early.in_turn()


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
