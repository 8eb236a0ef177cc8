"""The loops of a worker process: relay, gaps, the worker's own `@every` methods.

They pace themselves by the monotonic clock: nameko's timer stands still when the system clock goes back
(BUS N16). A loop that fails is logged and goes on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import eventlet
from pymongo.errors import PyMongoError

from shared.aggregate.mongo import MongoStore
from shared.bus import telemetry
from shared.bus.fetch import fetch_events
from shared.bus.gaps import Healer
from shared.bus.lease import Lease
from shared.bus.relay import Relay
from shared.bus.worker import Loop, Worker

log = logging.getLogger(__name__)

IDLE = 1.0  # the relay's poll when nothing wakes it


def tasks(worker: Worker, early: threading.Event) -> Callable[[], None]:
    """Start a worker's loops; returns the function that stops them after their present round."""
    stop = threading.Event()
    threads = [eventlet.spawn(_repeat, loop, worker, stop) for loop in worker.loops()]
    stores = [s for s in worker.stores if isinstance(s, MongoStore)]
    if stores:
        threads.append(eventlet.spawn(_heal, worker, early, stop))
    telling = [s for s in stores if not s.projection]
    if telling:
        wake = threading.Event()
        threads.append(eventlet.spawn(_relay, worker, telling, wake, stop))
        eventlet.spawn(_watch, telling, wake, stop)

    def end() -> None:
        stop.set()
        for thread in threads:
            thread.wait()

    return end


def _guarded(name: str, service: str, work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:
        log.exception("loop failed", extra={"service": service, "loop": name, "error": type(error).__name__})
        eventlet.sleep(1)
        return None


def _repeat(loop: Loop, worker: Worker, stop: threading.Event) -> None:
    method = getattr(worker, loop.method)
    lease = _lease(worker, loop.method) if loop.alone else None
    while not stop.is_set():
        started = time.monotonic()
        if lease is None or _guarded(loop.method, worker.service, lease.mine):
            _guarded(loop.method, worker.service, method)
        pause(stop, max(0.01, loop.seconds - (time.monotonic() - started)))


def _lease(worker: Worker, name: str) -> Lease:
    store = next(s for s in worker.stores if isinstance(s, MongoStore))
    return Lease(store.collection.database["leases"], f"{worker.service}.{name}")


def _heal(worker: Worker, early: threading.Event, stop: threading.Event) -> None:
    healer = Healer(worker, fetch_events)
    while not stop.is_set():
        waiting = _guarded("gaps", worker.service, healer.round)
        if not waiting:
            early.clear()
        pause(stop, 0.1 if early.is_set() else 1.0)


def _relay(
    worker: Worker, stores: list[MongoStore[Any]], wake: threading.Event, stop: threading.Event
) -> None:
    relay, lease = Relay(worker.service, stores), _lease(worker, "relay")
    for store in stores:
        store.wrote = lambda id: wake.set()
    while not stop.is_set():
        wake.clear()
        if not _guarded("relay", worker.service, lambda: _told(worker, relay, lease)):
            relay.beat()
            _wait(wake, stop, IDLE)
    relay.close()
    lease.give_up()


def _told(worker: Worker, relay: Relay, lease: Lease) -> int:
    told = relay.cycle() if lease.mine() else 0
    telemetry.TOLD.labels(worker.service).inc(told)
    return told


def _watch(stores: list[MongoStore[Any]], wake: threading.Event, stop: threading.Event) -> None:
    """Wake the relay when another process wrote; only a wake-up, never the record (BUS b6)."""
    names = [store.collection.name for store in stores]
    written = {
        "$or": [{"operationType": "insert"}, {"updateDescription.updatedFields.ob_at": {"$exists": True}}]
    }
    pipeline: list[dict[str, Any]] = [
        {"$match": {"ns.coll": {"$in": names}, **written}},
        {"$project": {"_id": 1}},
    ]
    while not stop.is_set():
        try:
            with stores[0].collection.database.watch(pipeline, max_await_time_ms=1_000) as stream:
                while not stop.is_set():
                    if stream.try_next() is not None:
                        wake.set()
        except PyMongoError:
            eventlet.sleep(1)


def _wait(wake: threading.Event, stop: threading.Event, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not wake.is_set() and not stop.is_set() and time.monotonic() < until:
        eventlet.sleep(0.005)


def pause(stop: threading.Event, seconds: float) -> None:
    """Sleep, but wake for the end."""
    until = time.monotonic() + seconds
    while not stop.is_set() and (left := until - time.monotonic()) > 0:
        eventlet.sleep(min(left, 0.1))
