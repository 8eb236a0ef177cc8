"""Where departments are kept, and their signs of life beside them: those change too often for a history."""

from __future__ import annotations

import time
from abc import abstractmethod
from dataclasses import asdict, dataclass, is_dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from mongoengine.connection import get_db

from services.routing.model.department import Department
from services.routing.model.gate import Gate
from shared.aggregate import AggregateDocument, Held, MemoryStore, MongoStore, Store
from shared.aggregate.held import Teller, Write

FRESH = 1.0  # seconds for which the list of all is taken as it was: every command asks for it

TELLER = Teller(service="routing", aggregate="department")


class DepartmentDocument(AggregateDocument):
    """A stored department."""

    meta = {"collection": "departments", "db_alias": "routing", "indexes": ["state.connection.stage"]}


class DepartmentStore(Store[Department]):
    """Departments; a county has some dozens."""

    @abstractmethod
    def everyone(self) -> list[Held[Department]]:
        """All of them, by id."""


class MongoDepartments(MongoStore[Department], DepartmentStore):
    """Departments in the database."""

    def __init__(self) -> None:
        super().__init__(TELLER, DepartmentDocument, Department)
        self.last: list[Held[Department]] = []
        self.fresh_until = 0.0

    def update(self, held: Held[Department], write: Write) -> bool:
        self.fresh_until = 0.0
        return super().update(held, write)

    def insert(self, id: str, write: Write) -> bool:
        self.fresh_until = 0.0
        return super().insert(id, write)

    def everyone(self) -> list[Held[Department]]:
        if time.monotonic() >= self.fresh_until:
            self.last = list(self.where({}, sort=[("_id", 1)], limit=10_000))
            self.fresh_until = time.monotonic() + FRESH
        return self.last


class MemoryDepartments(MemoryStore[Department], DepartmentStore):
    """Departments in memory."""

    def __init__(self) -> None:
        super().__init__(TELLER)

    def everyone(self) -> list[Held[Department]]:
        return sorted(self.all(), key=lambda held: held.id)


@dataclass(frozen=True, kw_only=True)
class Sign:
    """The last heartbeat of a department's system, and what the broker last said of its mailbox."""

    department: str
    at: datetime | None = None
    version: str = ""
    in_flight: int = 0
    oldest_s: int = 0
    consumers: int = 0
    messages: int = 0
    fault: str = ""
    liveness: str = ""
    misses: int = 0  # looks in a row without a sign
    looked_at: datetime | None = None
    gate: Gate | None = None  # of a department on a closed network


class SignStore(Protocol):
    """Signs of life, only the last of each department."""

    def note(self, department: str, **changes: Any) -> None:
        """Remember what is new of it."""

    def all(self) -> dict[str, Sign]:
        """The last sign of each department."""


class MongoSigns:
    """Signs of life in the database; losing one costs nothing."""

    def note(self, department: str, **changes: Any) -> None:
        collection = get_db("routing")["signs"]
        collection.update_one({"_id": department}, {"$set": _plain(changes)}, upsert=True)

    def all(self) -> dict[str, Sign]:
        found = get_db("routing")["signs"].find({})
        return {doc["_id"]: _sign(doc) for doc in found}


class MemorySigns:
    """Signs of life in memory."""

    def __init__(self) -> None:
        self.signs: dict[str, Sign] = {}

    def note(self, department: str, **changes: Any) -> None:
        before = self.signs.get(department, Sign(department=department))
        self.signs[department] = replace(before, **changes)

    def all(self) -> dict[str, Sign]:
        return dict(self.signs)


def _sign(doc: dict[str, Any]) -> Sign:
    found = {name: value for name, value in doc.items() if name != "_id"}
    gate = Gate(**found["gate"]) if found.get("gate") else None
    return Sign(**found | {"department": doc["_id"], "gate": gate})


def _plain(changes: dict[str, Any]) -> dict[str, Any]:
    return {name: asdict(value) if is_dataclass(value) else value for name, value in changes.items()}  # type: ignore[arg-type]
