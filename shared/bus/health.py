"""The small page of a worker process: does it live, does its database answer, how is it doing."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import eventlet
import eventlet.wsgi
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pymongo.errors import PyMongoError

from shared.aggregate.mongo import MongoStore
from shared.bus import telemetry
from shared.bus.worker import Worker

log = logging.getLogger(__name__)

WAIT = 2_000  # milliseconds a scrape waits for the database


class Page:
    """The WSGI application behind the address; it reads the stores only when asked."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        self.workers = workers
        self.views = {"/healthz": self._live, "/readyz": self._ready, "/metrics": self._metrics}

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        view = self.views.get(environ.get("PATH_INFO", ""), _absent)
        status, kind, body = view()
        start(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _live(self) -> tuple[str, str, bytes]:
        return _json("200 OK", {"live": True})

    def _ready(self) -> tuple[str, str, bytes]:
        silent = sorted({w.service for w in self.workers if not all(_answers(s) for s in _stores(w)[:1])})
        status = "503 Service Unavailable" if silent else "200 OK"
        return _json(status, {"ready": not silent, "silent": silent})

    def _metrics(self) -> tuple[str, str, bytes]:
        for worker in self.workers:
            try:
                _measure(worker)
            except PyMongoError as error:
                log.warning(
                    "cannot measure", extra={"service": worker.service, "error": type(error).__name__}
                )
        return "200 OK", CONTENT_TYPE_LATEST, generate_latest()


def serve(bind: str, workers: Sequence[Worker]) -> None:
    """Answer at `host:port` from now on, beside the work."""
    host, _, port = bind.rpartition(":")
    listener = eventlet.listen((host.strip("[]") or "127.0.0.1", int(port)))
    eventlet.spawn(eventlet.wsgi.server, listener, Page(workers), log_output=False, debug=False)


def _measure(worker: Worker) -> None:
    stores = _stores(worker)
    if not stores:
        return
    now = worker.clock()
    telemetry.OUTBOX_AGE.labels(worker.service).set(max(_oldest(store, now) for store in stores))
    early = sum(store.early.estimated_document_count(maxTimeMS=WAIT) for store in stores)
    telemetry.EARLY.labels(worker.service).set(early)
    telemetry.CLOCKS_LATE.labels(worker.service).set(max(_latest(store, now) for store in stores))


def _oldest(store: MongoStore[Any], now: datetime) -> float:
    waiting = {"ob_at": {"$exists": True}}
    found = store.collection.find_one(waiting, {"ob_at": 1}, sort=[("ob_at", 1)], max_time_ms=WAIT)
    return max(0.0, (now - found["ob_at"]).total_seconds()) if found else 0.0


def _latest(store: MongoStore[Any], now: datetime) -> float:
    """Seconds since the earliest instant at which somebody should have looked, and nobody has."""
    waiting = {"due": {"$lte": now}}
    found = store.collection.find_one(waiting, {"due": 1}, sort=[("due", 1)], max_time_ms=WAIT)
    return (now - found["due"]).total_seconds() if found else 0.0


def _stores(worker: Worker) -> list[MongoStore[Any]]:
    return [store for store in worker.stores if isinstance(store, MongoStore)]


def _answers(store: MongoStore[Any]) -> bool:
    try:
        store.collection.database.command("ping", maxTimeMS=WAIT)
    except PyMongoError:
        return False
    return True


def _absent() -> tuple[str, str, bytes]:
    return _json("404 Not Found", {"code": "not_found", "message": "没有找到这个地址"})


def _json(status: str, body: dict[str, Any]) -> tuple[str, str, bytes]:
    return status, "application/json", json.dumps(body, ensure_ascii=False).encode()
