"""Routing over HTTP, under /routing."""

from __future__ import annotations

from flask import Flask

from services.routing.api.board import board
from services.routing.api.deciding import deciding
from services.routing.api.departments import connections
from services.routing.api.links import links
from services.routing.api.mailbox import mailbox
from services.routing.api.reading import handovers, reading
from services.routing.api.residency import seats
from services.routing.api.services import asking
from services.routing.pages import pages
from services.routing.store import SERVICE, Stores, stores
from shared.clock import Clock, now
from shared.web import make_app


def create_app(kept: Stores | None = None, clock: Clock = now) -> Flask:
    """The web application of routing."""
    blueprints = (reading, deciding, handovers, links, mailbox, connections, seats, board, asking)
    return make_app(
        SERVICE, blueprints, stores=kept or stores(), pages=[pages], title="一站 流转", clock=clock
    )
