"""Who does it: one replica at a time, decided by the database's own clock (BUS b6)."""

from __future__ import annotations

import os
import socket
from typing import Any

from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from shared import ids

ME = f"{socket.gethostname()}-{os.getpid()}-{ids.new()[-6:]}"


class Lease:
    """A named right that one process holds until it stops renewing it."""

    def __init__(self, collection: Collection[dict[str, Any]], name: str, milliseconds: int = 5_000) -> None:
        self.collection, self.name, self.milliseconds = collection, name, milliseconds

    def mine(self) -> bool:
        """Take or renew the right; False while somebody else holds it. Immune to clients' clocks."""
        free = {"$or": [{"$eq": [{"$ifNull": ["$by", ME]}, ME]}, {"$lt": ["$until", "$$NOW"]}]}
        until = {"$add": ["$$NOW", self.milliseconds]}
        taken = {"by": {"$cond": [free, ME, "$by"]}, "until": {"$cond": [free, until, "$until"]}}
        try:
            held = self.collection.find_one_and_update(
                {"_id": self.name}, [{"$set": taken}], upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:  # somebody else was the first ever
            return False
        return bool(held and held["by"] == ME)

    def give_up(self) -> None:
        """Let the next one in at once."""
        self.collection.delete_one({"_id": self.name, "by": ME})
