"""Stores whose aggregates are also looked for by one or two of their own fields."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import TypeVar

from shared.aggregate import Held, MemoryStore, MongoStore, Store
from shared.aggregate.held import Regional

S = TypeVar("S", bound=Regional)

MOST = 200


class Found(Store[S]):
    """A store that is asked for what has certain values; the fields have an index."""

    @abstractmethod
    def having(self, **values: str) -> list[Held[S]]:
        """Those whose fields have all of these values, at most 200, in the order of their ids."""

    @abstractmethod
    def inside(self, region: str, most: int, sort: str, **values: object) -> list[Held[S]]:
        """Those of a region's subtree whose fields have these values, the least of a field first."""


class MongoFound(MongoStore[S], Found[S]):
    """In the database."""

    def having(self, **values: str) -> list[Held[S]]:
        wanted = {f"state.{name}": value for name, value in values.items()}
        return list(self.where(wanted, sort=[("_id", 1)], limit=MOST))

    def inside(self, region: str, most: int, sort: str, **values: object) -> list[Held[S]]:
        wanted: dict[str, object] = {f"state.{name}": value for name, value in values.items()}
        wanted["state.region"] = {"$gte": region, "$lt": region + ":"}
        return list(self.where(wanted, sort=[(f"state.{sort}", 1), ("_id", 1)], limit=most))


class MemoryFound(MemoryStore[S], Found[S]):
    """In memory."""

    def having(self, **values: str) -> list[Held[S]]:
        wanted = [held for held in self.all() if _has(held.state, values)]
        return sorted(wanted, key=lambda held: held.id)[:MOST]

    def inside(self, region: str, most: int, sort: str, **values: object) -> list[Held[S]]:
        found = [h for h in self.all() if _has(h.state, values) and h.state.region.startswith(region)]
        return sorted(found, key=lambda held: (getattr(held.state, sort), held.id))[:most]


def _has(state: object, values: Mapping[str, object]) -> bool:
    return all(getattr(state, name) == value for name, value in values.items())
