"""What the database wrote and when, by its own log: no listener is asked, and nothing is slowed down.

Times are those at which the database committed. Only writes that gave an aggregate a new version count; the
relay's removals of told events do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import MongoClient

from shared.settings import settings


@dataclass(frozen=True, kw_only=True)
class Written:
    """One write of an aggregate."""

    id: str
    version: int
    at: datetime


class WriteLog:
    """The writes of one collection from the moment on at which this was made."""

    def __init__(self, service: str, collection: str) -> None:
        self.client: MongoClient[dict[str, Any]] = MongoClient(settings().mongo_url, tz_aware=True)
        self.namespace = f"{settings().database(service)}.{collection}"
        self.position = self.client.admin.command("ping")["operationTime"]
        self.writes: list[Written] = []

    def read(self) -> list[Written]:
        """All of them until now."""
        changed = {"$or": [{"op": "i"}, {"op": "u", "o.diff.u.version": {"$exists": True}}]}
        query = {"ts": {"$gt": self.position}, "ns": self.namespace, **changed}
        shown = {"ts": 1, "wall": 1, "o._id": 1, "o2._id": 1, "o.version": 1, "o.diff.u.version": 1}
        for entry in self.client.local["oplog.rs"].find(query, shown).sort("$natural", 1):
            self.position = entry["ts"]
            self.writes.append(_written(entry))
        return self.writes

    def close(self) -> None:
        """Hang up."""
        self.client.close()


def _written(entry: dict[str, Any]) -> Written:
    change = entry["o"]
    version = change["version"] if "version" in change else change["diff"]["u"]["version"]
    return Written(
        id=entry["o2"]["_id"] if "o2" in entry else change["_id"], version=version, at=entry["wall"]
    )
