"""The small things beside the aggregates: case numbers, query attempts, and sealed pieces of files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Protocol

from pymongo import ReturnDocument, UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database

from shared.clock import local
from shared.crypto import Sealer

WINDOW = timedelta(minutes=1)
AT_ONCE = 32  # pieces in one write


class Numbers(Protocol):
    """Sequences of case numbers. A crash may leave a hole, never a number given twice."""

    def take(self, sequence: str, count: int = 1) -> int:
        """Take the next `count` numbers of a sequence; returns the first of them."""
        ...


class Attempts(Protocol):
    """How often somebody tried something in the present minute, hour or day."""

    def count(self, who: str, now: datetime, window: timedelta = WINDOW) -> int:
        """Note one more attempt and say how many there were in this minute (or longer window)."""
        ...

    def forget(self, before: datetime) -> None:
        """Forget attempts of minutes, hours and days that were over at an instant."""
        ...


class Pieces(Protocol):
    """Bytes that belong to a record and are too large for it, each piece sealed."""

    def put(self, owner: str, kind: str, pieces: Iterable[tuple[int, bytes]]) -> None:
        """Keep numbered pieces; the same number again replaces."""
        ...

    def get(self, owner: str, kind: str) -> Iterator[tuple[int, bytes]]:
        """The pieces in the order of their numbers."""
        ...

    def one(self, owner: str, kind: str, number: int) -> bytes | None:
        """The piece with this number."""
        ...

    def drop(self, owner: str, kind: str) -> None:
        """Keep them no longer."""
        ...


class MongoNumbers:
    """Counters in the database."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self.counters: Collection[dict[str, Any]] = database["counters"]

    def take(self, sequence: str, count: int = 1) -> int:
        found = self.counters.find_one_and_update(
            {"_id": sequence}, {"$inc": {"last": count}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        last: int = found["last"] if found else count
        return last - count + 1


class MemoryNumbers:
    """Counters in memory."""

    def __init__(self) -> None:
        self.counters: Counter[str] = Counter()

    def take(self, sequence: str, count: int = 1) -> int:
        self.counters[sequence] += count
        return self.counters[sequence] - count + 1


class MongoAttempts:
    """Attempts in the database."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self.attempts: Collection[dict[str, Any]] = database["attempts"]

    def count(self, who: str, now: datetime, window: timedelta = WINDOW) -> int:
        found = self.attempts.find_one_and_update(
            {"_id": _stretch(who, now, window)},
            {"$inc": {"n": 1}, "$setOnInsert": {"at": now + window - WINDOW}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        n: int = found["n"] if found else 1
        return n

    def forget(self, before: datetime) -> None:
        self.attempts.delete_many({"at": {"$lt": before}})


class MemoryAttempts:
    """Attempts in memory."""

    def __init__(self) -> None:
        self.attempts: dict[str, tuple[int, datetime]] = {}

    def count(self, who: str, now: datetime, window: timedelta = WINDOW) -> int:
        key = _stretch(who, now, window)
        n, over = self.attempts.get(key, (0, now + window - WINDOW))
        self.attempts[key] = n + 1, over
        return n + 1

    def forget(self, before: datetime) -> None:
        self.attempts = {who: (n, at) for who, (n, at) in self.attempts.items() if at >= before}


def _stretch(who: str, now: datetime, window: timedelta) -> str:
    """A name for who and the minute, hour or day, which begins as the clock on the wall shows it."""
    at = local(now).replace(tzinfo=UTC).timestamp()
    return f"{who}:{int(at // window.total_seconds())}" + ("" if window == WINDOW else f"/{window.seconds}")


class MongoPieces:
    """Sealed pieces in the database."""

    def __init__(self, database: Database[dict[str, Any]], sealer: Sealer) -> None:
        self.pieces: Collection[dict[str, Any]] = database["pieces"]
        self.sealer = sealer

    def put(self, owner: str, kind: str, pieces: Iterable[tuple[int, bytes]]) -> None:
        left = iter(pieces)
        while some := [self._one(owner, kind, n, data) for n, data in islice(left, AT_ONCE)]:
            self.pieces.bulk_write(some, ordered=False)

    def _one(self, owner: str, kind: str, n: int, data: bytes) -> UpdateOne:
        sealed = self.sealer.seal_bytes(data, owner=owner, field=f"{kind}.{n}")
        return UpdateOne({"_id": f"{owner}/{kind}/{n:08d}"}, {"$set": {"data": sealed}}, upsert=True)

    def get(self, owner: str, kind: str) -> Iterator[tuple[int, bytes]]:
        for doc in self.pieces.find(_of(owner, kind), sort=[("_id", 1)]):
            n = int(doc["_id"].rpartition("/")[2])
            yield n, self.sealer.open_bytes(doc["data"], owner=owner, field=f"{kind}.{n}")

    def one(self, owner: str, kind: str, number: int) -> bytes | None:
        doc = self.pieces.find_one({"_id": f"{owner}/{kind}/{number:08d}"})
        return self.sealer.open_bytes(doc["data"], owner=owner, field=f"{kind}.{number}") if doc else None

    def drop(self, owner: str, kind: str) -> None:
        self.pieces.delete_many(_of(owner, kind))


def _of(owner: str, kind: str) -> dict[str, Any]:
    return {"_id": {"$gte": f"{owner}/{kind}/", "$lt": f"{owner}/{kind}0"}}


class MemoryPieces:
    """Pieces in memory."""

    def __init__(self) -> None:
        self.pieces: dict[tuple[str, str, int], bytes] = {}

    def put(self, owner: str, kind: str, pieces: Iterable[tuple[int, bytes]]) -> None:
        self.pieces |= {(owner, kind, n): data for n, data in pieces}

    def get(self, owner: str, kind: str) -> Iterator[tuple[int, bytes]]:
        mine = sorted(key for key in self.pieces if key[:2] == (owner, kind))
        yield from ((key[2], self.pieces[key]) for key in mine)

    def one(self, owner: str, kind: str, number: int) -> bytes | None:
        return self.pieces.get((owner, kind, number))

    def drop(self, owner: str, kind: str) -> None:
        self.pieces = {key: data for key, data in self.pieces.items() if key[:2] != (owner, kind)}
