"""Where identity keeps what proves a person, and which sessions ended before their tokens did.

They are no aggregates: a counted wrong password tells nobody anything, and a password has no history. Each
change is one atomic operation of the database.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from mongoengine.connection import get_db
from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.identity.model import ACCESS, Credential


class Credentials(ABC):
    """What proves each account's person. Both kinds pass the same suite."""

    @abstractmethod
    def find(self, account: str) -> Credential | None:
        """The credential of an account."""

    @abstractmethod
    def create(self, account: str, credential: Credential) -> bool:
        """Keep the first credential of an account; False when it has one."""

    @abstractmethod
    def set_password(self, account: str, password: str, *, must_change: bool, at: datetime) -> None:
        """Another password; wrong ones before it are forgotten."""

    @abstractmethod
    def failed(self, account: str) -> int:
        """Count a wrong password; how many it are in a row now. 0 for an account without credential."""

    @abstractmethod
    def forgive(self, account: str) -> None:
        """Forget the wrong passwords."""

    @abstractmethod
    def admit(self, account: str, session: str) -> str:
        """This session is the account's only one from now on; returns the one that ended by it, or ''."""

    @abstractmethod
    def ended(self) -> list[str]:
        """Sessions that ended although tokens of them may still be about."""

    @abstractmethod
    def end_session(self, session: str) -> None:
        """Note that a session ended, whoever had it."""

    def end(self, account: str) -> str:
        """End the account's session, if it has one; returns it."""
        return self.admit(account, "")


class MongoCredentials(Credentials):
    """Credentials and ended sessions in the service's own database."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    @property
    def database(self) -> Database[dict[str, Any]]:
        """The service's database."""
        found: Database[dict[str, Any]] = get_db(self.alias)
        return found

    @property
    def collection(self) -> Collection[dict[str, Any]]:
        """One document an account."""
        return self.database["credentials"]

    def prepare(self) -> None:
        """Let the database forget ended sessions when no token of them can live any more."""
        life = int(ACCESS.total_seconds()) + 120
        self.database["ended_sessions"].create_index("at", expireAfterSeconds=life)

    def find(self, account: str) -> Credential | None:
        found = self.collection.find_one({"_id": account}, {"_id": 0})
        return Credential(**found) if found else None

    def create(self, account: str, credential: Credential) -> bool:
        try:
            self.collection.insert_one({"_id": account, **asdict(credential)})
        except DuplicateKeyError:
            return False
        return True

    def set_password(self, account: str, password: str, *, must_change: bool, at: datetime) -> None:
        values = {"password": password, "must_change": must_change, "changed_at": at, "failures": 0}
        self.collection.update_one({"_id": account}, {"$set": values})

    def failed(self, account: str) -> int:
        found = self.collection.find_one_and_update(
            {"_id": account}, {"$inc": {"failures": 1}}, return_document=ReturnDocument.AFTER
        )
        return int(found["failures"]) if found else 0

    def forgive(self, account: str) -> None:
        self.collection.update_one({"_id": account}, {"$set": {"failures": 0}})

    def admit(self, account: str, session: str) -> str:
        before = self.collection.find_one_and_update(
            {"_id": account}, {"$set": {"session": session, "failures": 0}}
        )
        ended = str(before.get("session", "")) if before else ""
        if ended and ended != session:
            self.end_session(ended)
        return ended

    def end_session(self, session: str) -> None:
        now = {"$currentDate": {"at": True}}  # real time, like the life of a token
        self.database["ended_sessions"].update_one({"_id": session}, now, upsert=True)

    def ended(self) -> list[str]:
        return [doc["_id"] for doc in self.database["ended_sessions"].find({}, {"_id": 1})]


class MemoryCredentials(Credentials):
    """The same in memory, for tests."""

    def __init__(self) -> None:
        self.kept: dict[str, Credential] = {}
        self.over: list[str] = []

    def find(self, account: str) -> Credential | None:
        return self.kept.get(account)

    def create(self, account: str, credential: Credential) -> bool:
        return self.kept.setdefault(account, credential) is credential

    def set_password(self, account: str, password: str, *, must_change: bool, at: datetime) -> None:
        self._change(account, password=password, must_change=must_change, changed_at=at, failures=0)

    def failed(self, account: str) -> int:
        found = self.kept.get(account)
        return self._change(account, failures=found.failures + 1).failures if found else 0

    def forgive(self, account: str) -> None:
        self._change(account, failures=0)

    def admit(self, account: str, session: str) -> str:
        before = self.kept.get(account)
        if before is None:
            return ""
        self._change(account, session=session, failures=0)
        if before.session and before.session != session:
            self.end_session(before.session)
        return before.session

    def end_session(self, session: str) -> None:
        if session not in self.over:
            self.over.append(session)

    def _change(self, account: str, **values: Any) -> Credential:
        self.kept[account] = replace(self.kept[account], **values)
        return self.kept[account]

    def ended(self) -> list[str]:
        return list(self.over)
