"""The addresses of grid for programs."""

from __future__ import annotations

from flask import Flask

from services.grid.api import findings, regions
from services.grid.store import Stores, stores
from shared.clock import Clock, now
from shared.web import make_app


def create_app(given: Stores | None = None, clock: Clock = now) -> Flask:
    """The web application of grid."""
    views = [regions.blp, findings.blp]
    return make_app("grid", views, stores=given or stores(), title="一站 · 网格", clock=clock)
