"""Where reports to platforms are kept: which wait, and how full a platform's mailbox is."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import Any

from services.routing.model.report import Report, Reported, ask_id
from services.routing.rules.reports import AGAIN, is_due
from shared import ids
from shared.aggregate import AggregateDocument, Held, MemoryStore, MongoStore, Store
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


class ReportDocument(AggregateDocument):
    """A stored report."""

    meta = {
        "collection": "reports",
        "db_alias": "routing",
        "indexes": [("state.department", "state.stage", "state.queued_at"), "state.case_id"],
    }


class ReportStore(Store[Report]):
    """Reports, and what the dispatcher of mailboxes asks about them."""

    @abstractmethod
    def waiting(self, department: str, now: datetime, limit: int) -> list[Held[Report]]:
        """Reports to be sent now, the longest waiting first."""

    @abstractmethod
    def sent(self, department: str, limit: int) -> list[Held[Report]]:
        """What lies in a platform's mailbox, the longest waiting first."""

    @abstractmethod
    def in_mailbox(self, department: str) -> int:
        """How many were sent and not yet stored by the adapter."""


class MongoReports(MongoStore[Report], ReportStore):
    """Reports in the database."""

    def __init__(self) -> None:
        super().__init__(TELLER, ReportDocument, Report)

    def waiting(self, department: str, now: datetime, limit: int) -> list[Held[Report]]:
        lost = {"state.stage": Reported.SENT.value, "state.sent_at": {"$lte": now - AGAIN}}
        either: list[dict[str, Any]] = [{"state.stage": Reported.QUEUED.value}, lost]
        query = {"state.department": department, "$or": either}
        return list(self.where(query, sort=[("state.queued_at", 1), ("_id", 1)], limit=limit))

    def sent(self, department: str, limit: int) -> list[Held[Report]]:
        query = {"state.department": department, "state.stage": Reported.SENT.value}
        return list(self.where(query, sort=[("state.queued_at", 1), ("_id", 1)], limit=limit))

    def in_mailbox(self, department: str) -> int:
        query = {"state.department": department, "state.stage": Reported.SENT.value}
        return int(self.collection.count_documents(query))


class MemoryReports(MemoryStore[Report], ReportStore):
    """Reports in memory."""

    def __init__(self) -> None:
        super().__init__(TELLER)

    def waiting(self, department: str, now: datetime, limit: int) -> list[Held[Report]]:
        found = [h for h in self.all() if h.state.department == department and is_due(h.state, now)]
        return sorted(found, key=lambda h: (h.state.queued_at, h.id))[:limit]

    def sent(self, department: str, limit: int) -> list[Held[Report]]:
        found = [h for h in self.all() if h.state.department == department]
        mine = [h for h in found if h.state.stage is Reported.SENT]
        return sorted(mine, key=lambda h: (h.state.queued_at, h.id))[:limit]

    def in_mailbox(self, department: str) -> int:
        states = [h.state for h in self.all()]
        return sum(1 for s in states if s.department == department and s.stage is Reported.SENT)
