"""The addresses of mediation for programs."""

from __future__ import annotations

from flask import Flask

from services.mediation.api import agreements, matters, sittings
from services.mediation.store import Stores, stores
from shared.clock import Clock, now
from shared.web import make_app


def create_app(given: Stores | None = None, clock: Clock = now) -> Flask:
    """The web application of mediation."""
    blueprints = [matters.blp, sittings.blp, agreements.blp]
    return make_app("mediation", blueprints, stores=given or stores(), title="一站 · 调解", clock=clock)
