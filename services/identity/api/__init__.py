"""The addresses of identity for programs."""

from __future__ import annotations

from flask import Flask

from services.identity import pages
from services.identity.api.assignments import blp as assignments
from services.identity.api.bodies import bodies
from services.identity.api.importing import bringing
from services.identity.api.organisation import bodies as organisation
from services.identity.api.people import people
from services.identity.api.proving import proving
from services.identity.api.signing import signing
from services.identity.handlers.start import prepared
from services.identity.store import SERVICE, Stores
from shared.web import make_app


def create_app(stores: Stores | None = None) -> Flask:
    """The web application of identity."""
    return make_app(
        SERVICE,
        [signing, people, proving, bodies, organisation, assignments, bringing],
        pages=[pages.views],
        stores=stores or prepared(),
        title="一站 身份与权限",
    )
