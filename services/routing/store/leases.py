"""What one alone may do for a while: asks lent to a department that fetches its mail, the right to merge."""

from __future__ import annotations

from datetime import datetime
from threading import Lock
from typing import Any, Protocol

from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError


class Leases(Protocol):
    """An ask is lent to one reader at a time."""

    def take(self, ask_id: str, until: datetime, now: datetime) -> bool:
        """Lend an ask until an instant; False when it is lent already."""
        ...

    def lent(self, ask_id: str) -> bool:
        """Whether an ask was lent, be it long ago, and not dropped since."""
        ...

    def drop(self, ask_id: str) -> None:
        """It need not be lent again."""
        ...

    def polled(self, department: str, now: datetime) -> None:
        """Note that a department fetched its mail over HTTPS."""
        ...

    def polling(self, since: datetime) -> list[str]:
        """Departments that fetched their mail over HTTPS since an instant."""
        ...


class MongoLeases:
    """In the database."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self.leases: Collection[dict[str, Any]] = database["leases"]
        self.polls: Collection[dict[str, Any]] = database["polls"]

    def take(self, ask_id: str, until: datetime, now: datetime) -> bool:
        free = {"_id": ask_id, "until": {"$lte": now}}
        try:
            self.leases.update_one(free, {"$set": {"until": until}}, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    def lent(self, ask_id: str) -> bool:
        return self.leases.find_one({"_id": ask_id}, {"_id": 1}) is not None

    def drop(self, ask_id: str) -> None:
        self.leases.delete_one({"_id": ask_id})

    def polled(self, department: str, now: datetime) -> None:
        self.polls.update_one({"_id": department}, {"$set": {"at": now}}, upsert=True)

    def polling(self, since: datetime) -> list[str]:
        found = self.polls.find({"at": {"$gte": since}}, {"_id": 1}, sort=[("_id", 1)])
        return [str(doc["_id"]) for doc in found]


class MemoryLeases:
    """In memory."""

    def __init__(self) -> None:
        self.leases: dict[str, datetime] = {}
        self.one_at_a_time = Lock()
        self.polls: dict[str, datetime] = {}

    def take(self, ask_id: str, until: datetime, now: datetime) -> bool:
        with self.one_at_a_time:
            if ask_id in self.leases and self.leases[ask_id] > now:
                return False
            self.leases[ask_id] = until
            return True

    def lent(self, ask_id: str) -> bool:
        return ask_id in self.leases

    def drop(self, ask_id: str) -> None:
        self.leases.pop(ask_id, None)

    def polled(self, department: str, now: datetime) -> None:
        self.polls[department] = now

    def polling(self, since: datetime) -> list[str]:
        return sorted(department for department, at in self.polls.items() if at >= since)
