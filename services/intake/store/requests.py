"""Requests about the own data, and those whose time has come."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime

from services.intake.model.privacy import PrivacyRequest
from services.intake.store.documents import PrivacyRequestDocument
from services.intake.store.found import Found, MemoryFound, MongoFound
from shared.aggregate.held import Teller

REQUEST = Teller(service="intake", aggregate="privacy_request")


class Requests(Found[PrivacyRequest]):
    """The store of requests."""

    @abstractmethod
    def overdue(self, now: datetime, limit: int = 200) -> list[str]:
        """Ids of requests that time changes now, earliest first."""


class MongoRequests(MongoFound[PrivacyRequest], Requests):
    """Requests in the database."""

    def __init__(self) -> None:
        super().__init__(REQUEST, PrivacyRequestDocument, PrivacyRequest, due=lambda asked: asked.next_at)


class MemoryRequests(MemoryFound[PrivacyRequest], Requests):
    """Requests in memory."""

    def __init__(self) -> None:
        super().__init__(REQUEST)

    def overdue(self, now: datetime, limit: int = 200) -> list[str]:
        due = [(at, held.id) for held in self.all() if (at := held.state.next_at) and at <= now]
        return [id for _, id in sorted(due)][:limit]
