"""Groups of matters that look like one, and the list of them."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from services.intake.model.likeness import Group
from services.intake.store.documents import GroupDocument
from shared.aggregate import Held, MemoryStore, MongoStore, Store
from shared.aggregate.held import Teller
from shared.place import Place

GROUP = Teller(service="intake", aggregate="group")
LEAST = 2  # members: one alone is no group


class Groups(Store[Group]):
    """The store of groups."""

    @abstractmethod
    def listed(self, region: str, mass: str, before: Place | None, limit: int) -> list[Held[Group]]:
        """Groups of a region, the last grown first; with `mass` only those where it stands so."""


class MongoGroups(MongoStore[Group], Groups):
    """In the database."""

    def __init__(self) -> None:
        super().__init__(GROUP, GroupDocument, Group)

    def listed(self, region: str, mass: str, before: Place | None, limit: int) -> list[Held[Group]]:
        query: dict[str, Any] = {
            "state.region": {"$gte": region, "$lt": region + ":"}, "state.members": {"$gte": LEAST},
        }  # fmt: skip
        if mass:
            query["state.mass"] = mass
        if before:
            at, id = before
            query["$or"] = [{"state.grown_at": {"$lt": at}}, {"state.grown_at": at, "_id": {"$lt": id}}]
        return list(self.where(query, sort=[("state.grown_at", -1), ("_id", -1)], limit=limit))


class MemoryGroups(MemoryStore[Group], Groups):
    """In memory."""

    def __init__(self) -> None:
        super().__init__(GROUP)

    def listed(self, region: str, mass: str, before: Place | None, limit: int) -> list[Held[Group]]:
        found = sorted(self.all(), key=lambda held: (held.state.grown_at, held.id), reverse=True)
        return [held for held in found if _wanted(held, region, mass, before)][:limit]


def _wanted(held: Held[Group], region: str, mass: str, before: Place | None) -> bool:
    group = held.state
    here = group.region.startswith(region) and group.members >= LEAST and mass in ("", group.mass)
    return here and (before is None or (group.grown_at, held.id) < before)
