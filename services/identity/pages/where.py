"""From which machine somebody asks, as a request tells it."""

from __future__ import annotations

from flask import request

from services.identity.model.proof import Where
from shared.settings import settings
from shared.web import machine


def where(*, browser: bool = False) -> Where:
    """Where this request comes from; a `browser` gets a secret of its own that its token is bound to.

    An origin that is not one of ours is not believed: a machine's key then signs for our first address.
    """
    ours, said = settings().origins, request.headers.get("Origin", "")
    return Where(
        machine=request.headers.get("User-Agent", "")[:120],
        address=request.remote_addr or "",
        certificate=machine.certificate(),
        held=machine.given_to_browser() if browser else machine.held(),
        origin=said if said in ours else ours[0],
    )
