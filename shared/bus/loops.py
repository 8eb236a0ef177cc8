"""The loops of a worker process: relay, gaps, old history, the worker's own `@every` methods.

They pace themselves by the monotonic clock: nameko's timer stands still when the system clock goes back
(BUS N16). A loop that fails is logged and goes on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import amqp
import eventlet
from pymongo.errors import PyMongoError

from shared.aggregate.held import Kept
from shared.aggregate.mongo import MongoStore
from shared.aggregate.rotation import Rotation
from shared.audit import MongoTrail
from shared.audit.anchors import Anchors
from shared.bus import names, telemetry
from shared.bus.channel import Sender, message
from shared.bus.fetch import fetch_events
from shared.bus.gaps import Healer
from shared.bus.lease import Lease
from shared.bus.relay import Relay
from shared.bus.worker import Worker
from shared.crypto import sealer
from shared.settings import settings

log = logging.getLogger(__name__)

IDLE = 1.0  # how long a loop waits when nothing wakes it
SOON = 5.0  # seconds for which gaps are looked at often, after a message came early
COMPACT = 60.0  # seconds between two looks for documents that have grown long
ANCHOR = 60.0  # seconds between two heads of the audit trail that are written down elsewhere
RENEW, STRETCH = 2.0, 1.0  # seconds between two looks for new keys, and of sealing again in one look

Stores = list[MongoStore[Any]]


def tasks(worker: Worker, early: threading.Event) -> Callable[[], None]:
    """Start a worker's loops; returns the function that stops them after their present round.

    Raises ValueError when a loop wants to be alone and there is no database to agree on that in.
    """
    stop, wake = threading.Event(), threading.Event()
    stores = [s for s in worker.stores if isinstance(s, MongoStore)]
    threads = [eventlet.spawn(loop, stop) for loop in (*_own(worker), *_usual(worker, stores, early, wake))]

    def end() -> None:
        for event in (stop, wake, early):
            event.set()
        for thread in threads:
            thread.wait()

    return end


Running = Callable[[threading.Event], None]


def _own(worker: Worker) -> list[Running]:
    """The worker's `@every` methods."""
    return [
        partial(
            _repeat, worker, loop.method, loop.seconds, getattr(worker, loop.method),
            _lease(worker, loop.method) if loop.alone else None,
        )
        for loop in worker.loops()
    ]  # fmt: skip


def _usual(worker: Worker, stores: Stores, early: threading.Event, wake: threading.Event) -> list[Running]:
    """What every worker with aggregates needs."""
    if not stores:
        return []
    compact = partial(
        _repeat, worker, "compact", COMPACT, partial(_compact, stores), _lease(worker, "compact")
    )
    renew = [
        partial(_repeat, worker, "renew", RENEW, partial(rotation.work, STRETCH), _lease(worker, "renew"))
        for rotation in _rotations(worker, stores)
    ]
    anchor = partial(_repeat, worker, "anchor", ANCHOR, partial(_anchor, worker), _lease(worker, "anchor"))
    minding = [*renew, anchor]
    telling = [s for s in stores if not s.projection]
    if not telling:
        return [compact, *minding, partial(_heal, worker, early)]
    lease = _lease(worker, "relay")
    relay, watch = partial(_relay, worker, telling, lease, wake), partial(_watch, telling, lease, wake)
    return [compact, *minding, partial(_heal, worker, early), relay, watch]


def _anchor(worker: Worker) -> None:
    """Write down outside the database where the service's audit trail ends now."""
    Anchors(settings().anchors).drop(MongoTrail(worker.service), worker.clock())


def _rotations(worker: Worker, stores: Stores) -> list[Rotation]:
    """Sealing again under a new key, for a worker whose documents have sealed fields."""
    if not any(store.document.SEALED for store in stores):
        return []
    return [Rotation(stores[0].collection.database, worker.vessels(), sealer())]


def _guarded(name: str, service: str, work: Callable[[], Any]) -> Any:
    """The result of one round, or None: not even a BaseException of eventlet's ends the loop."""
    try:
        return work()
    except (KeyboardInterrupt, SystemExit, eventlet.greenlet.GreenletExit):
        raise
    except BaseException as error:
        log.exception("loop failed", extra={"service": service, "loop": name, "error": type(error).__name__})
        eventlet.sleep(1)
        return None


def _repeat(
    worker: Worker,
    name: str,
    seconds: float,
    work: Callable[[], Any],
    lease: Lease | None,
    stop: threading.Event,
) -> None:
    while not stop.is_set():
        started = time.monotonic()
        if lease is None or _guarded(name, worker.service, lease.mine):
            _guarded(name, worker.service, work)
        stop.wait(max(0.01, seconds - (time.monotonic() - started)))


def _lease(worker: Worker, name: str) -> Lease:
    store = next((s for s in worker.stores if isinstance(s, MongoStore)), None)
    if store is None:
        raise ValueError(f"{worker.service}.{name} is to run alone, but the worker has no database")
    return Lease(store.collection.database["leases"], f"{worker.service}.{name}")


def _compact(stores: Stores) -> None:
    for store in stores:
        store.compact()


def _heal(worker: Worker, early: threading.Event, stop: threading.Event) -> None:
    sender = Sender(worker.vhost)
    healer = Healer(worker, fetch_events, partial(_give_back, worker, sender))
    often = 0.0
    while not stop.is_set():
        if early.is_set():
            early.clear()
            often = time.monotonic() + SOON
        _guarded("gaps", worker.service, healer.round)
        if time.monotonic() < often:
            stop.wait(0.1)
        else:
            early.wait(IDLE)
    sender.close()


def _give_back(worker: Worker, sender: Sender, kept: Kept, error: Exception) -> bool:
    about = {"service": worker.service, "stream": kept.stream, "error": type(error).__name__}
    try:
        sender.send(names.RETURN, worker.queue, message(kept.body))
    except (OSError, amqp.AMQPError):
        return False
    log.warning("kept message failed and is back in the queue", extra=about)
    return True


def _relay(
    worker: Worker, stores: Stores, lease: Lease, wake: threading.Event, stop: threading.Event
) -> None:
    relay = Relay(worker.service, stores)
    for store in stores:
        store.wrote = lambda id: wake.set()
    while not stop.is_set():
        wake.clear()
        if not _guarded("relay", worker.service, lease.mine):
            stop.wait(IDLE)  # another replica tells what this one writes
        elif not _guarded("relay", worker.service, lambda: _told(worker, relay)):
            _guarded("relay", worker.service, relay.beat)
            wake.wait(IDLE)
    relay.close()
    _guarded("relay", worker.service, lease.give_up)


def _told(worker: Worker, relay: Relay) -> int:
    told = relay.cycle()
    telemetry.TOLD.labels(worker.service).inc(told)
    return told


def _watch(stores: Stores, lease: Lease, wake: threading.Event, stop: threading.Event) -> None:
    """Wake the relay when another process wrote; only a wake-up, never the record (BUS b6)."""
    collections = [store.collection.name for store in stores]
    written = {
        "$or": [{"operationType": "insert"}, {"updateDescription.updatedFields.ob_at": {"$exists": True}}]
    }
    pipeline: list[dict[str, Any]] = [
        {"$match": {"ns.coll": {"$in": collections}, **written}},
        {"$project": {"_id": 1}},
    ]
    while not stop.is_set():
        if not lease.held:  # the replica that tells watches for itself
            stop.wait(IDLE)
            continue
        try:
            with stores[0].collection.database.watch(pipeline, max_await_time_ms=1_000) as stream:
                while lease.held and not stop.is_set():
                    if stream.try_next() is not None:
                        wake.set()
        except PyMongoError:
            stop.wait(IDLE)
