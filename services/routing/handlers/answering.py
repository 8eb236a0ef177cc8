"""Answers at the edge: each belongs to a hand-over, to a report of how a case stands, or to a request."""

from __future__ import annotations

from services.routing import handlers
from services.routing.handlers import reports, requests
from services.routing.store import Stores
from shared.contracts.base import Event
from shared.decision import Cause


def answered(stores: Stores, event: Event | None, cause: Cause) -> None:
    """Give the answer to what it answers; one to nothing known is refused as a hand-over's would be."""
    assert cause.heard is not None
    id = str(cause.heard.data.get("delivery_id", ""))
    if stores.reports.find(id):
        reports.answered(stores, event, cause)
    elif stores.requests.find(id):
        requests.answered(stores, event, cause)
    else:
        handlers.answered(stores, event, cause)
