"""Who does it: one replica at a time, decided by the database's own clock (BUS b6)."""

from __future__ import annotations

import os
import socket
import time
from typing import Any

from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from shared import ids

ME = f"{socket.gethostname()}-{os.getpid()}-{ids.new()[-6:]}"


class Lease:
    """A named right that one process holds until it stops renewing it."""

    def __init__(
        self, collection: Collection[dict[str, Any]], name: str, milliseconds: int = 5_000, *, me: str = ME
    ) -> None:
        self.collection, self.name, self.milliseconds, self.me = collection, name, milliseconds, me
        self.held = False  # the last answer
        self.sure_until = 0.0  # by the monotonic clock: so long nobody else can have it

    def mine(self) -> bool:
        """Whether we hold the right, taken or renewed. Immune to clients' clocks.

        For the first quarter of its time the database is not asked again.
        """
        asked = time.monotonic()
        if asked < self.sure_until:
            return True
        self.held = self._asked()
        self.sure_until = asked + self.milliseconds / 4_000 if self.held else 0.0
        return self.held

    def _asked(self) -> bool:
        free = {"$or": [{"$eq": [{"$ifNull": ["$by", self.me]}, self.me]}, {"$lt": ["$until", "$$NOW"]}]}
        until = {"$add": ["$$NOW", self.milliseconds]}
        taken = {"by": {"$cond": [free, self.me, "$by"]}, "until": {"$cond": [free, until, "$until"]}}
        try:
            held = self.collection.find_one_and_update(
                {"_id": self.name}, [{"$set": taken}], upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:  # somebody else was the first ever
            return False
        return bool(held and held["by"] == self.me)

    def give_up(self) -> None:
        """Let the next one in at once."""
        self.held, self.sure_until = False, 0.0
        self.collection.delete_one({"_id": self.name, "by": self.me})
