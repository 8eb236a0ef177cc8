"""What the surroundings ask a web process: does it live, can it answer, how is it doing."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, Response, g, jsonify, make_response, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from pymongo.errors import PyMongoError

from shared.aggregate.mongo import MongoStore
from shared.aggregate.store import Store
from shared.web.access import public
from shared.web.site import aggregates, site


class Figures:
    """The figures of one application; route templates only, never an id."""

    def __init__(self, service: str) -> None:
        self.service, self.registry = service, CollectorRegistry()
        self.requests = Counter(
            "yizhan_http_requests_total", "Requests answered", ["service", "method", "route", "status"],
            registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "yizhan_http_request_seconds", "From request to answer", ["service", "method", "route"],
            registry=self.registry,
        )  # fmt: skip
        self.outbox_age = Gauge(
            "yizhan_outbox_age_seconds", "Age of the oldest event not yet told", ["service"],
            registry=self.registry,
        )  # fmt: skip

    def count(self, reply: Response) -> Response:
        """Note an answered request."""
        route = request.url_rule.rule if request.url_rule else "unmatched"
        method = request.method if route != "unmatched" else "any"
        self.requests.labels(self.service, method, route, reply.status_code).inc()
        self.seconds.labels(self.service, method, route).observe(time.monotonic() - g.started)
        return reply


def outbox_age(store: Store[Any], now: datetime) -> float:
    """Seconds since the oldest event that is not yet told; 0 when all is told."""
    if not isinstance(store, MongoStore):
        return 0.0
    oldest = store.collection.find_one(
        {"ob_at": {"$exists": True}}, {"ob_at": 1}, sort=[("ob_at", 1)], max_time_ms=2_000
    )
    return max(0.0, (now - oldest["ob_at"]).total_seconds()) if oldest else 0.0


def database_answers(store: Store[Any]) -> bool:
    """Whether the store's database answers."""
    if not isinstance(store, MongoStore):
        return True
    try:
        store.collection.database.command("ping")
    except PyMongoError:
        return False
    return True


def probes(app: Flask, service: str) -> Blueprint:
    """The addresses /healthz, /readyz and /metrics of an application."""
    figures = Figures(service)
    app.before_request(_start)
    app.after_request(figures.count)
    views = Blueprint("probes", __name__)
    views.add_url_rule("/healthz", "healthz", public(_healthz))
    views.add_url_rule("/readyz", "readyz", public(_readyz))
    views.add_url_rule("/metrics", "metrics", public(lambda: _metrics(figures)))
    return views


def _start() -> None:
    g.started = time.monotonic()


def _healthz() -> Response:
    return jsonify({"service": site().service, "live": True})


def _readyz() -> Response:
    stores = list(aggregates(site().stores))
    ready = all(database_answers(store) for store in stores[:1])
    age = max((outbox_age(store, site().clock()) for store in stores), default=0.0) if ready else None
    body = {"service": site().service, "ready": ready, "outbox_age_seconds": age}
    return make_response(jsonify(body), 200 if ready else 503)


def _metrics(figures: Figures) -> Response:
    ages = [outbox_age(store, site().clock()) for store in aggregates(site().stores)]
    figures.outbox_age.labels(figures.service).set(max(ages, default=0.0))
    return Response(generate_latest(figures.registry), content_type=CONTENT_TYPE_LATEST)
