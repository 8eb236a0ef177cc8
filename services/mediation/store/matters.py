"""Matters, and the few ways in which they are looked for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.mediation.model import Matter
from services.mediation.store.documents import MatterDocument
from shared.aggregate import Held, MemoryStore, MongoStore, Store
from shared.aggregate.held import Teller
from shared.place import Place

MATTER = Teller(service="mediation", aggregate="matter")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which matters a list shows, newest first."""

    region: str
    case_id: str = ""
    state: str = ""
    before: Place | None = None


class Matters(Store[Matter]):
    """The store of matters."""

    @abstractmethod
    def of_case(self, case_id: str) -> list[Held[Matter]]:
        """Every matter of a case, oldest first."""

    @abstractmethod
    def listed(self, wanted: Wanted, limit: int) -> list[Held[Matter]]:
        """At most so many, newest first."""

    @abstractmethod
    def overdue(self, now: datetime, limit: int = 200) -> list[str]:
        """Ids of matters that time changes now, earliest first."""


class MongoMatters(MongoStore[Matter], Matters):
    """Matters in the database."""

    def __init__(self) -> None:
        super().__init__(MATTER, MatterDocument, Matter, due=lambda matter: matter.next_at)

    def of_case(self, case_id: str) -> list[Held[Matter]]:
        return list(self.where({"state.case_id": case_id}, sort=[("state.opened_at", 1), ("_id", 1)]))

    def listed(self, wanted: Wanted, limit: int) -> list[Held[Matter]]:
        query: dict[str, Any] = {"state.region": {"$gte": wanted.region, "$lt": wanted.region + ":"}}
        for name in ("case_id", "state"):
            if value := getattr(wanted, name):
                query[f"state.{name}"] = value
        if wanted.before:
            at, id = wanted.before
            earlier = [{"state.opened_at": {"$lt": at}}, {"state.opened_at": at, "_id": {"$lt": id}}]
            query["$or"] = earlier
        return list(self.where(query, sort=[("state.opened_at", -1), ("_id", -1)], limit=limit))


class MemoryMatters(MemoryStore[Matter], Matters):
    """Matters in memory."""

    def of_case(self, case_id: str) -> list[Held[Matter]]:
        return [held for held in reversed(list(self._newest())) if held.state.case_id == case_id]

    def listed(self, wanted: Wanted, limit: int) -> list[Held[Matter]]:
        return [held for held in self._newest() if _is_wanted(held, wanted)][:limit]

    def overdue(self, now: datetime, limit: int = 200) -> list[str]:
        due = [(at, held.id) for held in self.all() if (at := held.state.next_at) and at <= now]
        return [id for _, id in sorted(due)][:limit]

    def _newest(self) -> Iterator[Held[Matter]]:
        yield from sorted(self.all(), key=lambda held: (held.state.opened_at, held.id), reverse=True)


def _is_wanted(held: Held[Matter], wanted: Wanted) -> bool:
    matter = held.state
    exact = wanted.case_id in ("", matter.case_id) and wanted.state in ("", matter.state)
    earlier = wanted.before is None or (matter.opened_at, held.id) < wanted.before
    return exact and earlier and matter.region.startswith(wanted.region)
