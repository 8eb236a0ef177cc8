"""Sealing again under a new key while everything runs: a little at a time, and gone on with after a kill.

Every collection is gone through in the order of its ids. How far it has come is kept in `rotations`; a round
that finds nothing old any more ends it. What does not open is counted and left exactly as it is.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo.collection import Collection
from pymongo.database import Database

from shared.aggregate.vessels import Item, Vessel
from shared.clock import Clock, now
from shared.crypto import Sealer
from shared.errors import Unavailable
from shared.key_register import enrolled

log = logging.getLogger(__name__)

NOTES = "rotations"
BATCH = 100
SETTLE = timedelta(seconds=5)  # in which a process that has not yet seen the new key may still write the old
Note = dict[str, Any]


@dataclass
class Rotation:
    """The rotation of one database."""

    database: Database[dict[str, Any]]
    vessels: Sequence[Vessel]
    box: Sealer
    clock: Clock = now
    batch: int = BATCH

    @property
    def notes(self) -> Collection[dict[str, Any]]:
        """How far each vessel has come."""
        return self.database[NOTES]

    def work(self, seconds: float) -> bool:
        """Go on for so long; False when there is nothing left to do."""
        if len(self.box.ring.sealing) == 1 and len(self.box.ring.index) == 1:
            return False
        until, left = time.monotonic() + seconds, False
        for vessel in self.vessels:
            note = self._note(vessel)
            while not note.get("done_at") and time.monotonic() < until:
                if not self._step(vessel, note):
                    break
            left = left or not note.get("done_at")
        return left

    def _note(self, vessel: Vessel) -> Note:
        """The note of a vessel; a new one when the key that seals has changed."""
        keys = {"key": self.box.current.id, "index": self.box.marking.id}
        found = self.notes.find_one({"_id": vessel.name})
        if found and {name: found[name] for name in keys} == keys:
            return found
        enrolled(self.box, self.database)
        begun = {
            "_id": vessel.name,
            **keys,
            "of": vessel.total(),
            "started_at": self.clock(),
            "done_at": None,
        }
        note = begun | _round(1, self.clock()) | {"renewed": 0}
        self.notes.replace_one({"_id": vessel.name}, note, upsert=True)
        return note

    def _step(self, vessel: Vessel, note: Note) -> bool:
        """One batch, noted; False when the next round has to wait a moment."""
        if note["not_before"] > self.clock():
            return False
        batch = vessel.after(note["after"], self.batch)
        for item in batch:
            self._one(vessel, item, note)
        if batch:
            note |= {"after": batch[-1][0], "seen": note["seen"] + len(batch)}
        else:
            self._round_over(vessel, note)
        self.notes.replace_one({"_id": vessel.name}, note, upsert=True)
        return True

    def _one(self, vessel: Vessel, item: Item, note: Note) -> None:
        try:
            done = vessel.renew(item, self.box)
        except Unavailable as error:
            log.error("not sealed again", extra={"vessel": vessel.name, "id": item[0], "fault": error.code})
            note["failed"] += 1
            return
        note["old"] += done != "fresh"
        note["renewed"] += done == "renewed"

    def _round_over(self, vessel: Vessel, note: Note) -> None:
        at = self.clock()
        if note["old"]:
            note |= _round(note["round"] + 1, at + SETTLE)
            return
        note["done_at"] = at
        said = {name: note[name] for name in ("key", "index", "renewed", "failed")}
        log.info("everything is sealed with the newest key", extra={"vessel": vessel.name, **said})


def _round(number: int, not_before: datetime) -> Note:
    return {"round": number, "not_before": not_before, "after": "", "seen": 0, "old": 0, "failed": 0}
