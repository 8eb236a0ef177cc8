"""The tray beside a service's outboxes: what the broker will never take lies there until a person returns it.

An entry goes out of the tray only when it is in its outbox again, and not when it was refused once more
meanwhile; so it is told twice at worst, which the listeners' marks absorb.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pymongo.collection import Collection
from pymongo.database import Database

from shared.crash import crash_here
from shared.errors import NotFound

Documents = Collection[dict[str, Any]]
TRAY = "outbox_parked"
_ENTRY = ("id", "n", "dest", "key", "body")


def lay(owners: Documents, owner: str, entry: Mapping[str, Any]) -> None:
    """Keep an entry of an aggregate's outbox; the same one refused again is the same, once more."""
    about = {"collection": owners.name, "aggregate": owner} | {name: entry[name] for name in _ENTRY}
    again = {"$set": about, "$inc": {"times": 1}}
    owners.database[TRAY].update_one({"_id": entry["id"]}, again, upsert=True)


def lying(database: Database[dict[str, Any]]) -> list[dict[str, Any]]:
    """What lies in a service's tray, the oldest first."""
    return list(database[TRAY].find(sort=[("_id", 1)]))


def give_back(database: Database[dict[str, Any]], laid: Mapping[str, Any], now: datetime) -> None:
    """Put an entry back into the outbox it came from; the relay tells it next.

    Raises NotFound when there is no such aggregate any more; the entry then stays.
    """
    entry = {name: laid[name] for name in _ENTRY}
    back = {"$addToSet": {"outbox": entry}, "$min": {"ob_at": now}}
    if not database[laid["collection"]].update_one({"_id": laid["aggregate"]}, back).matched_count:
        raise NotFound("没有找到它所属的记录")
    crash_here("aside.before_removal")
    database[TRAY].delete_one({"_id": laid["_id"], "times": laid["times"]})
