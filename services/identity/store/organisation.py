"""Where cards, postings and what hangs on the wall are kept."""

from __future__ import annotations

from abc import abstractmethod
from typing import Generic, Protocol, TypeVar

from services.identity.model.organisation import Card, Posting, WallEntry
from shared.aggregate import AggregateDocument, Held, MemoryStore, MongoStore, Store
from shared.aggregate.held import Teller

CARDS = Teller(service="identity", aggregate="card")
POSTINGS = Teller(service="identity", aggregate="posting")
ASSIGNMENTS = Teller(service="identity", aggregate="assignment")
WALL = Teller(service="identity", aggregate="sheet")
KINDS = (Card, Posting, WallEntry)


class AssignmentDocument(AggregateDocument):
    """A stored task or guidance."""

    meta = {"collection": "assignments", "db_alias": "identity", "indexes": ["state.unit", "inbox.k"]}


class OfUnit(Protocol):
    """Something that belongs to one unit of one region."""

    @property
    def region(self) -> str: ...
    @property
    def unit(self) -> str: ...


U = TypeVar("U", bound=OfUnit)


class CardDocument(AggregateDocument):
    """A stored card."""

    meta = {"collection": "cards", "db_alias": "identity", "indexes": ["state.unit", "inbox.k"]}


class PostingDocument(AggregateDocument):
    """A stored posting."""

    meta = {"collection": "postings", "db_alias": "identity", "indexes": ["state.unit", "inbox.k"]}


class WallDocument(AggregateDocument):
    """A stored entry of the wall."""

    meta = {"collection": "wall", "db_alias": "identity", "indexes": ["state.unit", "inbox.k"]}


class UnitStore(Store[U], Generic[U]):
    """A store that lists what belongs to a unit."""

    @abstractmethod
    def of(self, unit: str) -> list[Held[U]]:
        """All of a unit's, by id."""


class MongoOfUnit(MongoStore[U], UnitStore[U]):
    """In the database."""

    def of(self, unit: str) -> list[Held[U]]:
        return list(self.where({"state.unit": unit}, sort=[("_id", 1)]))


class MemoryOfUnit(MemoryStore[U], UnitStore[U]):
    """In memory, for tests."""

    def of(self, unit: str) -> list[Held[U]]:
        return sorted((held for held in self.all() if held.state.unit == unit), key=lambda held: held.id)
