"""Who looked, who changed, why: an audit trail in which no entry can be altered or left out unnoticed.

Every service writes its own chain in its own database. Each entry holds the hash of the one before it, and
its number is its key, so that two writers can never both append after the same entry. A chain shows changes
inside it by itself; that its end was cut off shows against a head that was noted elsewhere, which is why
every head is also written to the log and printed by `yizhan audit verify`.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any, Literal

import orjson
from cryptography.hazmat.primitives import hashes
from mongoengine.connection import get_db
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from shared.aggregate.held import instant
from shared.decision import Actor
from shared.errors import Retry

log = logging.getLogger(__name__)

Digest = Literal["sm3", "sha256"]
START = "0" * 64
ATTEMPTS = 20  # writers that may come first before this one gives up


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the trail: references and codes, never a name."""

    chain: str
    n: int
    at: datetime
    actor: str
    role: str
    action: str
    object: str
    purpose: str
    result: str
    digest: Digest
    prev_hash: str
    hash: str = ""


@dataclass(frozen=True, kw_only=True)
class Break:
    """The first link of a chain that does not hold, and what is wrong with it."""

    chain: str
    n: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Head:
    """How far a chain reaches: the number and hash of its last entry."""

    chain: str
    n: int
    hash: str


class Trail(ABC):
    """The audit trail of one service."""

    def __init__(self, chain: str, digest: Digest = "sm3") -> None:
        self.chain, self.digest = chain, digest

    def append(
        self, actor: Actor, action: str, object: str, *, at: datetime, purpose: str = "", result: str = "ok"
    ) -> Entry:
        """Write down who did what to which object (`case/<id>`), for which purpose, with which result.

        Raises shared.errors.Retry when others kept coming first.
        """
        for _ in range(ATTEMPTS):
            last = self.last()
            entry = sealed(Entry(
                chain=self.chain, n=last.n + 1 if last else 1, at=at, actor=actor.ref, role=actor.role,
                action=action, object=object, purpose=purpose, result=result, digest=self.digest,
                prev_hash=last.hash if last else START,
            ))  # fmt: skip
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


def read(doc: dict[str, Any]) -> Entry:
    """A stored entry; what an intruder left out is empty, and its hash will not fit."""
    return Entry(**{f.name: doc.get(f.name, "") for f in fields(Entry)})


def sealed(entry: Entry) -> Entry:
    """The entry with its hash."""
    values = asdict(entry) | {"hash": ""}
    return Entry(**(values | {"hash": _hash(values)}))


def _hash(values: dict[str, Any]) -> str:
    at = values["at"]
    values = values | {"at": instant(at.replace(tzinfo=at.tzinfo or UTC)) if isinstance(at, datetime) else at}
    made = hashes.Hash(hashes.SHA256() if values["digest"] == "sha256" else hashes.SM3())
    made.update(orjson.dumps(values, default=str, option=orjson.OPT_SORT_KEYS))
    return made.finalize().hex()


def verify(entries: Iterable[Entry], noted: Head | None = None) -> Head | Break | None:
    """The head of a whole chain, its first broken link, or None when there is nothing.

    `noted` is a head that was printed before: the chain must still contain it.
    """
    before: Entry | None = None
    for entry in entries:
        if why := _fault(entry, before, noted):
            return Break(chain=entry.chain, n=entry.n, why=why)
        before = entry
    if noted and (before is None or before.n < noted.n):
        reached = before.n if before else 0
        return Break(chain=noted.chain, n=reached + 1, why="cut off: entries noted before are gone")
    return Head(chain=before.chain, n=before.n, hash=before.hash) if before else None


def _fault(entry: Entry, before: Entry | None, noted: Head | None) -> str:
    if entry.n != (before.n + 1 if before else 1):
        return "an entry before this one is missing"
    if entry.prev_hash != (before.hash if before else START):
        return "does not follow the entry before it"
    if entry.hash != sealed(entry).hash:
        return "was altered"
    if noted and entry.n == noted.n and entry.hash != noted.hash:
        return "is not the entry that was noted"
    return ""
