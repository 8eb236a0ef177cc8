"""Lists that were taken out, and which of them a registration was in."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime

from services.intake.model.export import Export
from services.intake.store.documents import ExportDocument
from services.intake.store.found import Found, MemoryFound, MongoFound
from shared.aggregate import Held
from shared.aggregate.held import Teller

EXPORT = Teller(service="intake", aggregate="export")


class Exports(Found[Export]):
    """The store of lists."""

    @abstractmethod
    def naming(self, registered_at: datetime) -> list[Held[Export]]:
        """Lists with the parties' own data that were taken and reach over this instant."""


class MongoExports(MongoFound[Export], Exports):
    """Lists in the database."""

    def __init__(self) -> None:
        super().__init__(EXPORT, ExportDocument, Export)

    def naming(self, registered_at: datetime) -> list[Held[Export]]:
        over = {"state.from_at": {"$lte": registered_at}, "state.until_at": {"$gt": registered_at}}
        return list(self.where({"state.personal": True, "state.taken": {"$gt": 0}} | over))


class MemoryExports(MemoryFound[Export], Exports):
    """Lists in memory."""

    def __init__(self) -> None:
        super().__init__(EXPORT)

    def naming(self, registered_at: datetime) -> list[Held[Export]]:
        taken = [held for held in self.all() if held.state.personal and held.state.taken]
        return [h for h in taken if h.state.from_at <= registered_at < h.state.until_at]
