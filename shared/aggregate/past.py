"""What an aggregate's document has no room for: its older history, and the keys it handled long ago (BUS b5).

Both are copied first and cut from the document afterwards, so that a crash between the two loses nothing and
copying again changes nothing. Neither ever expires: a parked message may be replayed after a year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pymongo import ReplaceOne
from pymongo.collection import Collection

from shared.crash import crash_here

HISTORY = 200  # entries a document may hold; from here on all but the last hundred are moved
RECENT = 100
INBOX = 64  # handled keys that stay in the document; twice as many may wait to be moved


def too_long(version: int, keys: int) -> bool:
    """Whether a document is to be shortened after a write: asked at each one, answered without counting."""
    return (version >= HISTORY and version % RECENT == 0) or keys >= 2 * INBOX


class Past:
    """The two collections beside one collection of aggregates."""

    def __init__(self, collection: Collection[dict[str, Any]]) -> None:
        self.collection = collection
        self.history = collection.database[f"{collection.name}_history"]
        self.keys = collection.database[f"{collection.name}_inbox"]

    def shorten(self, doc: Mapping[str, Any]) -> None:
        """Move what is old out of one document. Never touches `version`: nobody's write is disturbed."""
        id, entries, keys = doc["_id"], doc["history"][:-RECENT], doc["inbox"][:-INBOX]
        _copy(self.history, ({"_id": f"{id}/{entry['v']:010d}"} | entry for entry in entries))
        _copy(self.keys, ({"_id": f"{id}/{key['k']}"} | key for key in keys))
        crash_here("past.before_cut")
        cut = {
            "history": {"v": {"$lte": entries[-1]["v"] if entries else 0}},
            "inbox": {"k": {"$in": [key["k"] for key in keys]}},
        }
        self.collection.update_one(
            {"_id": id}, {"$pull": cut, "$set": {"moved": True}, "$unset": {"long": ""}}
        )

    def entries(self, id: str, since: int, before: int) -> list[dict[str, Any]]:
        """The moved history entries of an aggregate from one version up to another, without that."""
        span = {"$gte": f"{id}/{since:010d}", "$lt": f"{id}/{before:010d}"}
        return list(self.history.find({"_id": span}, {"_id": 0}, sort=[("_id", 1)]))

    def handled(self, id: str, key: str) -> dict[str, str]:
        """The key with its digest, when it was handled long ago."""
        found = self.keys.find_one({"_id": f"{id}/{key}"})
        return {key: found.get("d", "")} if found else {}


def _copy(into: Collection[dict[str, Any]], docs: Iterable[dict[str, Any]]) -> None:
    writes = [ReplaceOne({"_id": doc["_id"]}, doc, upsert=True) for doc in docs]
    if writes:
        into.bulk_write(writes, ordered=False)
