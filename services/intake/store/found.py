"""Stores whose aggregates are also looked for by one or two of their own fields."""

from __future__ import annotations

from abc import abstractmethod
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


class MongoFound(MongoStore[S], Found[S]):
    """In the database."""

    def having(self, **values: str) -> list[Held[S]]:
        wanted = {f"state.{name}": value for name, value in values.items()}
        return list(self.where(wanted, sort=[("_id", 1)], limit=MOST))


class MemoryFound(MemoryStore[S], Found[S]):
    """In memory."""

    def having(self, **values: str) -> list[Held[S]]:
        wanted = [held for held in self.all() if _has(held.state, values)]
        return sorted(wanted, key=lambda held: held.id)[:MOST]


def _has(state: object, values: dict[str, str]) -> bool:
    return all(getattr(state, name) == value for name, value in values.items())
