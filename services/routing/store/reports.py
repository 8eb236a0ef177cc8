"""Where reports of how cases stand are kept."""

from __future__ import annotations

from services.routing.model.report import Report, ask_id
from services.routing.store.posted import MemoryPosted, MongoPosted, PostedStore
from shared import ids
from shared.aggregate import AggregateDocument
from shared.aggregate.held import Teller
from shared.contracts.base import Event
from shared.contracts.edge import AskReportCase


def address(told: Event) -> tuple[str, str] | None:
    """Asks go to the platform's mailbox; everything else is for everybody."""
    return ("edge:x.dept", told.department) if isinstance(told, AskReportCase) else None


def identity(id: str, told: Event) -> str:
    """The ask of one revision keeps its id however often it is sent."""
    return ask_id(id, told.revision) if isinstance(told, AskReportCase) else ids.new()


TELLER = Teller(service="routing", aggregate="report", address=address, identity=identity)
ReportStore = PostedStore[Report]


class ReportDocument(AggregateDocument):
    """A stored report."""

    meta = {
        "collection": "reports",
        "db_alias": "routing",
        "indexes": [("state.department", "state.stage", "state.queued_at"), "state.case_id"],
    }


class MongoReports(MongoPosted[Report]):
    """Reports in the database."""

    def __init__(self) -> None:
        super().__init__(TELLER, ReportDocument, Report)


class MemoryReports(MemoryPosted[Report]):
    """Reports in memory."""

    def __init__(self) -> None:
        super().__init__(TELLER)
