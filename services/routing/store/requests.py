"""Where requests for services beside cases are kept."""

from __future__ import annotations

from services.routing.model.request import Request, ask_id
from services.routing.store.posted import MemoryPosted, MongoPosted, PostedStore
from shared import ids
from shared.aggregate import AggregateDocument
from shared.aggregate.held import Teller
from shared.contracts.base import Event
from shared.contracts.edge import AskRequestService


def address(told: Event) -> tuple[str, str] | None:
    """Asks go to the department's mailbox; everything else is for everybody."""
    return ("edge:x.dept", told.department) if isinstance(told, AskRequestService) else None


def identity(id: str, told: Event) -> str:
    """An ask keeps its id however often it is sent."""
    return ask_id(id) if isinstance(told, AskRequestService) else ids.new()


TELLER = Teller(service="routing", aggregate="request", address=address, identity=identity)
RequestStore = PostedStore[Request]


class RequestDocument(AggregateDocument):
    """A stored request."""

    meta = {
        "collection": "requests",
        "db_alias": "routing",
        "indexes": [("state.department", "state.stage", "state.queued_at"), "state.case_id"],
    }


class MongoRequests(MongoPosted[Request]):
    """Requests in the database."""

    def __init__(self) -> None:
        super().__init__(TELLER, RequestDocument, Request)


class MemoryRequests(MemoryPosted[Request]):
    """Requests in memory."""

    def __init__(self) -> None:
        super().__init__(TELLER)
