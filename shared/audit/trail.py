"""Appending to an audit trail and reading it, in memory and in the database."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from mongoengine.connection import get_db
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from shared.audit.entry import START, Digest, Entry, read, sealed
from shared.decision import Actor
from shared.errors import Retry

log = logging.getLogger(__name__)

ATTEMPTS = 50  # writers that may come first before this one gives up


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which entries somebody reads; what is empty leaves all. `before` is a number: newest first."""

    actor: str = ""
    action: str = ""
    object: str = ""
    case: str = ""
    result: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int = 0

    def takes(self, entry: Entry) -> bool:
        """Whether an entry is among them."""
        exact = ("actor", "action", "object", "case", "result")
        if any(getattr(self, name) not in ("", getattr(entry, name)) for name in exact):
            return False
        in_time = (self.since or entry.at) <= entry.at and (self.until is None or entry.at < self.until)
        return in_time and (not self.before or entry.n < self.before)

    def query(self) -> dict[str, Any]:
        """The same for the database."""
        exact = ("actor", "action", "object", "case", "result")
        asked: dict[str, Any] = {name: value for name in exact if (value := getattr(self, name))}
        time = {"$gte": self.since} | ({"$lt": self.until} if self.until else {})
        if self.since or self.until:
            asked["at"] = {name: value for name, value in time.items() if value}
        return asked | ({"n": {"$lt": self.before}} if self.before else {})


class Trail(ABC):
    """The audit trail of one service."""

    def __init__(self, chain: str, digest: Digest = "sm3") -> None:
        self.chain, self.digest = chain, digest
        self.turn = threading.Lock()  # threads of one process take turns; processes meet at the number

    def append(
        self,
        actor: Actor,
        action: str,
        object: str,
        *,
        at: datetime,
        purpose: str = "",
        result: str = "ok",
        case: str = "",
        device: str = "",
    ) -> Entry:
        """Write down who did what to which object (`case/<id>`), for which purpose, with which result.

        Raises shared.errors.Retry when others kept coming first.
        """

        def after(last: Entry | None) -> Entry:
            return sealed(Entry(
                chain=self.chain, n=last.n + 1 if last else 1, at=at, actor=actor.ref, role=actor.role,
                action=action, object=object, purpose=purpose, result=result, digest=self.digest,
                prev_hash=last.hash if last else START, case=case, device=device,
            ))  # fmt: skip

        with self.turn:
            for _ in range(ATTEMPTS):
                entry = after(self.last())
                if self.add(entry):
                    log.info("audited", extra={"chain": entry.chain, "n": entry.n, "hash": entry.hash})
                    return entry
        raise Retry(f"audit trail of {self.chain} is busy")

    @abstractmethod
    def last(self) -> Entry | None:
        """The entry at the end of the chain."""

    @abstractmethod
    def add(self, entry: Entry) -> bool:
        """Put an entry at the end; False when its place is taken."""

    @abstractmethod
    def entries(self) -> Iterator[Entry]:
        """The whole chain in order."""

    @abstractmethod
    def listed(self, wanted: Wanted, limit: int) -> list[Entry]:
        """At most so many, newest first."""


class MemoryTrail(Trail):
    """The trail in memory, for tests."""

    def __init__(self, chain: str, digest: Digest = "sm3") -> None:
        super().__init__(chain, digest)
        self.kept: dict[int, Entry] = {}

    def last(self) -> Entry | None:
        return self.kept[max(self.kept)] if self.kept else None

    def add(self, entry: Entry) -> bool:
        return self.kept.setdefault(entry.n, entry) is entry

    def entries(self) -> Iterator[Entry]:
        yield from (self.kept[n] for n in sorted(self.kept))

    def listed(self, wanted: Wanted, limit: int) -> list[Entry]:
        newest = (self.kept[n] for n in sorted(self.kept, reverse=True))
        return [entry for entry in newest if wanted.takes(entry)][:limit]


class MongoTrail(Trail):
    """The trail in collection `audit` of the service's own database, once `open_database(chain)` has run."""

    @property
    def collection(self) -> Collection[dict[str, Any]]:
        """The entries; `_id` is chain and number, so the database itself refuses a second of the same."""
        found: Collection[dict[str, Any]] = get_db(self.chain)["audit"]
        return found

    def last(self) -> Entry | None:
        found = self.collection.find_one({"chain": self.chain}, sort=[("_id", -1)])
        return read(found) if found else None

    def add(self, entry: Entry) -> bool:
        try:
            self.collection.insert_one({"_id": f"{entry.chain}/{entry.n:012d}", **asdict(entry)})
        except DuplicateKeyError:
            return False
        return True

    def entries(self) -> Iterator[Entry]:
        yield from (read(doc) for doc in self.collection.find({}, sort=[("_id", 1)]))

    def listed(self, wanted: Wanted, limit: int) -> list[Entry]:
        found = self.collection.find(wanted.query(), sort=[("_id", -1)], limit=limit)
        return [read(doc) for doc in found]
