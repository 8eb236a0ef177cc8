"""Routing over HTTP, under /routing."""

from __future__ import annotations

from flask import Flask

from services.routing.api.deciding import deciding
from services.routing.api.reading import handovers, reading
from services.routing.store import SERVICE, Stores, stores
from shared.clock import Clock, now
from shared.web import make_app


def create_app(kept: Stores | None = None, clock: Clock = now) -> Flask:
    """The web application of routing."""
    blueprints = (reading, deciding, handovers)
    return make_app(SERVICE, blueprints, stores=kept or stores(), title="一站 流转", clock=clock)
