"""Where half sign-ins wait for their second step; each can be finished once, and forgets itself.

Here too: how often each machine's key has signed, so that a copy of it is noticed; and what user names look
like, so that no two accounts look the same.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict, replace
from typing import Any

from mongoengine.connection import get_db
from pymongo import ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.identity.model.proof import Step


class Steps(ABC):
    """Both kinds pass the same suite."""

    @abstractmethod
    def put(self, id: str, step: Step) -> None:
        """Keep half a sign-in."""

    @abstractmethod
    def find(self, id: str) -> Step | None:
        """Half a sign-in, still open."""

    @abstractmethod
    def take(self, id: str) -> Step | None:
        """The same, and it is over: whoever comes second gets nothing."""

    @abstractmethod
    def miss(self, id: str) -> int:
        """Count a wrong second step; how many there were."""

    @abstractmethod
    def signed(self, key: str, count: int) -> bool:
        """Note a key's count of signatures; False when it did not grow, as that of a copy would not.

        Keys that do not count say 0 each time; nothing can be noticed of them.
        """

    @abstractmethod
    def claim(self, look: str, account: str) -> bool:
        """Whether an account may have a user name that looks like this: nobody else has one."""


class MongoSteps(Steps):
    """In the service's own database, which forgets old steps by itself."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    @property
    def database(self) -> Database[dict[str, Any]]:
        """The service's database."""
        found: Database[dict[str, Any]] = get_db(self.alias)
        return found

    def prepare(self) -> None:
        """Let the database forget steps some time after they ran out."""
        self.database["steps"].create_index("until", expireAfterSeconds=600)

    def put(self, id: str, step: Step) -> None:
        doc = asdict(step) | {"more": dict(step.more)}
        self.database["steps"].replace_one({"_id": id}, doc, upsert=True)

    def find(self, id: str) -> Step | None:
        return _step(self.database["steps"].find_one({"_id": id}, {"_id": 0}))

    def take(self, id: str) -> Step | None:
        return _step(self.database["steps"].find_one_and_delete({"_id": id}, {"_id": 0}))

    def miss(self, id: str) -> int:
        found = self.database["steps"].find_one_and_update(
            {"_id": id}, {"$inc": {"misses": 1}}, return_document=ReturnDocument.AFTER
        )
        return int(found["misses"]) if found else 0

    def signed(self, key: str, count: int) -> bool:
        counts = self.database["key_counts"]
        if counts.update_one({"_id": key, "count": {"$lt": count}}, {"$set": {"count": count}}).matched_count:
            return True
        try:
            counts.insert_one({"_id": key, "count": count})
        except DuplicateKeyError:
            return count == 0 and counts.count_documents({"_id": key, "count": 0}) == 1
        return True

    def claim(self, look: str, account: str) -> bool:
        try:
            self.database["looks"].insert_one({"_id": look, "account": account})
        except DuplicateKeyError:
            return self.database["looks"].count_documents({"_id": look, "account": account}) == 1
        return True


def _step(found: Any) -> Step | None:
    return Step(**found) if found else None


class MemorySteps(Steps):
    """The same in memory, for tests."""

    def __init__(self) -> None:
        self.kept: dict[str, Step] = {}
        self.counts: dict[str, int] = {}
        self.looks: dict[str, str] = {}

    def put(self, id: str, step: Step) -> None:
        self.kept[id] = step

    def find(self, id: str) -> Step | None:
        return self.kept.get(id)

    def take(self, id: str) -> Step | None:
        return self.kept.pop(id, None)

    def miss(self, id: str) -> int:
        if id not in self.kept:
            return 0
        self.kept[id] = replace(self.kept[id], misses=self.kept[id].misses + 1)
        return self.kept[id].misses

    def signed(self, key: str, count: int) -> bool:
        before = self.counts.get(key)
        grown = before is None or count > before or count == before == 0
        if grown:
            self.counts[key] = count
        return grown

    def claim(self, look: str, account: str) -> bool:
        return self.looks.setdefault(look, account) == account
