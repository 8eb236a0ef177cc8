"""Imports, and which of them are not done."""

from __future__ import annotations

from abc import abstractmethod

from services.intake.model import Import
from services.intake.store.documents import ImportDocument
from shared.aggregate import Held, MemoryStore, MongoStore, Store
from shared.aggregate.held import Teller

IMPORT = Teller(service="intake", aggregate="import")


class Imports(Store[Import]):
    """The store of imports."""

    @abstractmethod
    def running(self) -> list[str]:
        """Ids of those that are not done, the oldest first."""

    @abstractmethod
    def listed(self, region: str, limit: int) -> list[Held[Import]]:
        """Those of a region, newest first."""


class MongoImports(MongoStore[Import], Imports):
    """Imports in the database."""

    def __init__(self) -> None:
        super().__init__(IMPORT, ImportDocument, Import)

    def running(self) -> list[str]:
        oldest = [("state.created_at", 1), ("_id", 1)]
        return [
            doc["_id"] for doc in self.collection.find({"state.state": "running"}, {"_id": 1}, sort=oldest)
        ]

    def listed(self, region: str, limit: int) -> list[Held[Import]]:
        inside = {"state.region": {"$gte": region, "$lt": region + ":"}}
        return list(self.where(inside, sort=[("state.created_at", -1), ("_id", -1)], limit=limit))


class MemoryImports(MemoryStore[Import], Imports):
    """Imports in memory."""

    def running(self) -> list[str]:
        mine = [h for h in self.all() if h.state.state == "running"]
        return [h.id for h in sorted(mine, key=lambda h: (h.state.created_at, h.id))]

    def listed(self, region: str, limit: int) -> list[Held[Import]]:
        mine = [h for h in self.all() if h.state.region.startswith(region)]
        return sorted(mine, key=lambda h: (h.state.created_at, h.id), reverse=True)[:limit]
