"""Many rows at once, for counting everything again: read in the order of ids, written without a rule."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from pymongo import ReplaceOne
from pymongo.errors import DuplicateKeyError

from shared.aggregate import Held, MemoryStore, MongoStore, Store
from shared.aggregate.held import Regional
from shared.aggregate.mongo import converter

S = TypeVar("S", bound=Regional)


class Bulk(Store[S]):
    """A projection that can be read and written in heaps."""

    @abstractmethod
    def several(self, ids: Collection[str]) -> dict[str, Held[S]]:
        """Those of these ids that exist."""

    @abstractmethod
    def every(self, after: str, limit: int) -> list[Held[S]]:
        """The next ones by id."""

    @abstractmethod
    def put(self, held: Iterable[Held[S]]) -> None:
        """Write these as they are, whatever was there."""

    @abstractmethod
    def mend(self, wrong: Held[S] | None, right: Held[S]) -> bool:
        """Write `right` where `wrong` still is; False when somebody wrote in between."""

    @abstractmethod
    def clear(self) -> None:
        """Forget all."""


class MongoBulk(MongoStore[S], Bulk[S]):
    """In the database."""

    def several(self, ids: Collection[str]) -> dict[str, Held[S]]:
        return {held.id: held for held in self.where({"_id": {"$in": list(ids)}})}

    def every(self, after: str, limit: int) -> list[Held[S]]:
        return list(self.where({"_id": {"$gt": after}}, sort=[("_id", 1)], limit=limit))

    def put(self, held: Iterable[Held[S]]) -> None:
        writes = [ReplaceOne({"_id": one.id}, self._document(one), upsert=True) for one in held]
        if writes:
            self.collection.bulk_write(writes, ordered=False)

    def mend(self, wrong: Held[S] | None, right: Held[S]) -> bool:
        document = self._document(right)
        if wrong is not None:
            found = {"_id": wrong.id, "version": wrong.version}
            document["version"] = wrong.version + 1
            return self.collection.replace_one(found, document).modified_count == 1
        try:
            self.collection.insert_one(document)
        except DuplicateKeyError:
            return False
        return True

    def clear(self) -> None:
        self.collection.delete_many({})

    def _document(self, held: Held[S]) -> dict[str, Any]:
        return {
            "_id": held.id,
            "schema": self.document.SCHEMA,
            "version": held.version,
            "state": converter.unstructure(held.state, self.kind),
            "seen": dict(held.seen),
            "inbox": [{"k": key, "d": digest} for key, digest in held.inbox.items()],
            "history": [],
            "outbox": [],
        }


class MemoryBulk(MemoryStore[S], Bulk[S]):
    """In memory."""

    def several(self, ids: Collection[str]) -> dict[str, Held[S]]:
        return {id: self.held[id] for id in ids if id in self.held}

    def every(self, after: str, limit: int) -> list[Held[S]]:
        return [self.held[id] for id in sorted(self.held) if id > after][:limit]

    def put(self, held: Iterable[Held[S]]) -> None:
        self.held.update({one.id: one for one in held})

    def mend(self, wrong: Held[S] | None, right: Held[S]) -> bool:
        if self.held.get(right.id) != wrong:
            return False
        self.put([right])
        return True

    def clear(self) -> None:
        self.held.clear()
