"""What is put into departments' mailboxes beside cases: which waits to be sent, and how full a mailbox is."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from shared.aggregate import Held, MemoryStore, MongoStore, Store

AGAIN = timedelta(days=1)  # after which one that nobody stored is sent once more
QUEUED, SENT = "queued", "sent"


class Posted(Protocol):
    """What every such thing says of itself."""

    @property
    def region(self) -> str: ...
    @property
    def department(self) -> str: ...
    @property
    def case_id(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def queued_at(self) -> datetime: ...
    @property
    def sent_at(self) -> datetime | None: ...


P = TypeVar("P", bound=Posted)


class PostedStore(Store[P]):
    """Such things, and what the dispatcher of mailboxes asks about them."""

    @abstractmethod
    def waiting(self, department: str, now: datetime, limit: int) -> list[Held[P]]:
        """Those to be sent now, the longest waiting first."""

    @abstractmethod
    def sent(self, department: str, limit: int) -> list[Held[P]]:
        """What lies in a department's mailbox, the longest waiting first."""

    @abstractmethod
    def in_mailbox(self, department: str) -> int:
        """How many were sent and not yet stored by the adapter."""

    @abstractmethod
    def of_case(self, case_id: str) -> list[Held[P]]:
        """All of one case, the oldest first."""


class MongoPosted(MongoStore[P], PostedStore[P]):
    """In the database."""

    def waiting(self, department: str, now: datetime, limit: int) -> list[Held[P]]:
        lost = {"state.stage": SENT, "state.sent_at": {"$lte": now - AGAIN}}
        either: list[dict[str, Any]] = [{"state.stage": QUEUED}, lost]
        query = {"state.department": department, "$or": either}
        return list(self.where(query, sort=[("state.queued_at", 1), ("_id", 1)], limit=limit))

    def sent(self, department: str, limit: int) -> list[Held[P]]:
        query = {"state.department": department, "state.stage": SENT}
        return list(self.where(query, sort=[("state.queued_at", 1), ("_id", 1)], limit=limit))

    def in_mailbox(self, department: str) -> int:
        query = {"state.department": department, "state.stage": SENT}
        return int(self.collection.count_documents(query))

    def of_case(self, case_id: str) -> list[Held[P]]:
        return list(self.where({"state.case_id": case_id}, sort=[("state.queued_at", 1), ("_id", 1)]))


class MemoryPosted(MemoryStore[P], PostedStore[P]):
    """In memory."""

    def waiting(self, department: str, now: datetime, limit: int) -> list[Held[P]]:
        found = [h for h in self._oldest() if h.state.department == department and _is_due(h.state, now)]
        return found[:limit]

    def sent(self, department: str, limit: int) -> list[Held[P]]:
        mine = [h for h in self._oldest() if h.state.department == department]
        return [h for h in mine if h.state.stage == SENT][:limit]

    def in_mailbox(self, department: str) -> int:
        states = [h.state for h in self.all()]
        return sum(1 for s in states if s.department == department and s.stage == SENT)

    def of_case(self, case_id: str) -> list[Held[P]]:
        return [h for h in self._oldest() if h.state.case_id == case_id]

    def _oldest(self) -> list[Held[P]]:
        return sorted(self.all(), key=lambda h: (h.state.queued_at, h.id))


def _is_due(one: Posted, now: datetime) -> bool:
    lost = one.stage == SENT and one.sent_at is not None and one.sent_at + AGAIN <= now
    return one.stage == QUEUED or lost
