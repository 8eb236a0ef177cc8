"""Where sign-ins are listed: those that go on, and for half a year those that are over (网络安全法)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from mongoengine.connection import get_db
from pymongo.collection import Collection

from services.identity.model.proof import Session

KEPT = 200 * 86_400  # seconds


class Sessions(ABC):
    """Both kinds pass the same suite."""

    @abstractmethod
    def begin(self, session: Session) -> None:
        """Keep a new sign-in."""

    @abstractmethod
    def find(self, id: str) -> Session | None:
        """One sign-in."""

    @abstractmethod
    def seen(self, id: str, at: datetime) -> None:
        """Somebody works in it."""

    @abstractmethod
    def finish(self, id: str, at: datetime, why: str) -> bool:
        """It is over; False when it was already."""

    @abstractmethod
    def of(self, account: str, limit: int = 20) -> list[Session]:
        """The sign-ins of an account, the latest first."""


class MongoSessions(Sessions):
    """In the service's own database."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    @property
    def collection(self) -> Collection[dict[str, Any]]:
        """One document a sign-in."""
        found: Collection[dict[str, Any]] = get_db(self.alias)["sessions"]
        return found

    def prepare(self) -> None:
        """Indexes; what is old is forgotten by the database."""
        self.collection.create_index([("account", 1), ("started_at", -1)])
        self.collection.create_index("started_at", expireAfterSeconds=KEPT)

    def begin(self, session: Session) -> None:
        self.collection.replace_one({"_id": session.id}, asdict(session), upsert=True)

    def find(self, id: str) -> Session | None:
        found = self.collection.find_one({"_id": id}, {"_id": 0})
        return _session(found) if found else None

    def seen(self, id: str, at: datetime) -> None:
        self.collection.update_one({"_id": id}, {"$max": {"seen_at": at}})

    def finish(self, id: str, at: datetime, why: str) -> bool:
        over = {"$set": {"ended_at": at, "why": why}}
        return self.collection.update_one({"_id": id, "ended_at": None}, over).modified_count == 1

    def of(self, account: str, limit: int = 20) -> list[Session]:
        found = self.collection.find({"account": account}, {"_id": 0}, sort=[("started_at", -1), ("_id", -1)])
        return [_session(doc) for doc in found.limit(limit)]


def _session(found: dict[str, Any]) -> Session:
    return Session(**(found | {"proofs": tuple(found["proofs"])}))


class MemorySessions(Sessions):
    """The same in memory, for tests."""

    def __init__(self) -> None:
        self.kept: dict[str, Session] = {}

    def begin(self, session: Session) -> None:
        self.kept[session.id] = session

    def find(self, id: str) -> Session | None:
        return self.kept.get(id)

    def seen(self, id: str, at: datetime) -> None:
        found = self.kept.get(id)
        if found and at > found.seen_at:
            self.kept[id] = replace(found, seen_at=at)

    def finish(self, id: str, at: datetime, why: str) -> bool:
        found = self.kept.get(id)
        if found is None or found.ended_at is not None:
            return False
        self.kept[id] = replace(found, ended_at=at, why=why)
        return True

    def of(self, account: str, limit: int = 20) -> list[Session]:
        found = [session for session in self.kept.values() if session.account == account]
        return sorted(found, key=lambda s: (s.started_at, s.id), reverse=True)[:limit]
