"""The addresses of intake for programs: a few lines each."""

from __future__ import annotations

from flask import Flask

from services.intake.api import (
    desk,
    exports,
    files,
    groups,
    guidance,
    hall,
    imports,
    privacy,
    receiving,
    registrations,
    reveals,
    sharing,
    suggestions,
)
from services.intake.pages import pages
from services.intake.store import Stores, stores
from shared.clock import Clock, now
from shared.web import make_app


def create_app(given: Stores | None = None, clock: Clock = now) -> Flask:
    """The web application of intake."""
    views = [registrations.blp, imports.blp, sharing.blp, files.blp, desk.blp, reveals.blp, groups.blp]
    views += [hall.blp, receiving.blp, guidance.blp, privacy.blp, exports.blp]
    views += [suggestions.blp]
    return make_app(
        "intake", views, stores=given or stores(), pages=[pages], title="一站 · 受理", clock=clock
    )
