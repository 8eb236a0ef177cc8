"""The map: regions and grids by their codes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from services.grid.model import Level, Region
from services.grid.store.documents import RegionDocument
from shared.aggregate import Held, MemoryStore, MongoStore, Store
from shared.aggregate.held import Teller

REGION = Teller(service="grid", aggregate="region")


@dataclass(frozen=True, kw_only=True)
class Under:
    """Which regions a list shows, in order of their codes: everything inside a code, of these levels."""

    code: str
    levels: tuple[Level, ...]
    after: str = ""
    closed: bool = False  # those that have ended, too


class Regions(Store[Region]):
    """The store of regions."""

    @abstractmethod
    def several(self, codes: Collection[str]) -> dict[str, Held[Region]]:
        """Those of these codes that are known."""

    @abstractmethod
    def under(self, wanted: Under, limit: int) -> list[Held[Region]]:
        """At most so many, in order of their codes."""


class MongoRegions(MongoStore[Region], Regions):
    """Regions in the database."""

    def __init__(self) -> None:
        super().__init__(REGION, RegionDocument, Region)

    def several(self, codes: Collection[str]) -> dict[str, Held[Region]]:
        return {held.id: held for held in self.where({"_id": {"$in": list(codes)}})}

    def under(self, wanted: Under, limit: int) -> list[Held[Region]]:
        inside = {"$gte": wanted.code, "$lt": wanted.code + ":", "$gt": wanted.after}
        query: dict[str, Any] = {"_id": inside, "state.level": {"$in": list(wanted.levels)}}
        if not wanted.closed:
            query["state.valid_to"] = None
        return list(self.where(query, sort=[("_id", 1)], limit=limit))


class MemoryRegions(MemoryStore[Region], Regions):
    """Regions in memory."""

    def several(self, codes: Collection[str]) -> dict[str, Held[Region]]:
        return {code: held for code in codes if (held := self.find(code))}

    def under(self, wanted: Under, limit: int) -> list[Held[Region]]:
        found = (held for held in self.all() if _is_wanted(held.state, wanted))
        return sorted(found, key=lambda held: held.id)[:limit]


def _is_wanted(region: Region, wanted: Under) -> bool:
    inside = region.region.startswith(wanted.code) and region.region > wanted.after
    return inside and region.level in wanted.levels and (wanted.closed or region.valid_to is None)
