"""Sketches of matters, and how those that share a key are found among a million.

One small document per registration, beside it and not in it: a search reads only these. They can be lost and
made again from the registrations; how far that has come is kept too.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Collection as Several
from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any, Protocol

from pymongo import DESCENDING, IndexModel, UpdateOne, WriteConcern
from pymongo.collection import Collection
from pymongo.database import Database

from services.intake.model.likeness import Sketch, Sketched
from services.intake.rules.likeness.sketch import NAMES
from shared.place import Place

PER_KEY = 20  # newest matters with one key: a word that thousands have tells little
AT_MOST = 150  # so many are compared at once; where there are more, the newest of each key
NEAREST = 40  # of all found, those that share most keys are compared


class Sketches(Protocol):
    """Finds matters that may be the same."""

    def keep(self, several: Sequence[Sketched]) -> None:
        """Keep sketches; one of the same registration is replaced, its group stays."""
        ...

    def near(self, keys: Sequence[int]) -> list[Sketched]:
        """At most forty that share keys with these, those that share most first, of equals the newest."""
        ...

    def several(self, ids: Several[str]) -> dict[str, Sketched]:
        """Those of these registrations that have a sketch."""
        ...

    def members(self, group: str, limit: int) -> list[str]:
        """Registrations of a group, the newest first."""
        ...

    def move(self, reg_id: str, group: str) -> None:
        """Put a registration into another group."""
        ...

    def forget(self, reg_id: str) -> None:
        """Keep nothing of a registration any longer."""
        ...

    def clear(self) -> None:
        """Keep nothing: everything is made anew."""
        ...

    def count(self) -> int:
        """How many there are."""
        ...

    def progress(self, scheme: str) -> Place | None:
        """How far registrations were gone through under a scheme."""
        ...

    def mark(self, scheme: str, place: Place | None) -> None:
        """Note how far, and forget other schemes; None begins anew."""
        ...


class MongoSketches:
    """In the database."""

    def __init__(self, database: Database[dict[str, Any]], name: str = "sketches") -> None:
        soon = WriteConcern(w=1)  # what a crash loses is made again: nobody waits for the disk
        self.sketches: Collection[dict[str, Any]] = database.get_collection(name, write_concern=soon)
        self.marks: Collection[dict[str, Any]] = database[f"{name}_progress"]

    def prepare(self) -> None:
        """Create the indexes; safe to repeat."""
        self.sketches.create_indexes([
            IndexModel([("k", 1), ("at", DESCENDING)], name="keys"),
            IndexModel([("g", 1), ("at", DESCENDING)], name="group"),
        ])  # fmt: skip

    def keep(self, several: Sequence[Sketched]) -> None:
        if several:
            self.sketches.bulk_write([_put(one) for one in several], ordered=False)

    def near(self, keys: Sequence[int]) -> list[Sketched]:
        sure, names = keys[: -NAMES or None], keys[-NAMES:]
        found = {doc["_id"]: doc for some in (sure, names) if some for doc in self._with(some)}
        wanted = set(keys)
        order = sorted(
            found.values(), key=lambda doc: (len(wanted.intersection(doc["k"])), doc["at"]), reverse=True
        )
        return [_read(doc) for doc in order[:NEAREST]]

    def _with(self, keys: Sequence[int]) -> list[dict[str, Any]]:
        """All that have one of these keys; where they are too many, the newest of each key."""
        few = list(self.sketches.find({"k": {"$in": list(keys)}}, limit=AT_MOST))
        if len(few) < AT_MOST:
            return few
        first, *others = [_newest(key) for key in keys]
        union = [{"$unionWith": {"coll": self.sketches.name, "pipeline": one}} for one in others]
        return list(self.sketches.aggregate([*first, *union]))

    def several(self, ids: Several[str]) -> dict[str, Sketched]:
        return {doc["_id"]: _read(doc) for doc in self.sketches.find({"_id": {"$in": list(ids)}})}

    def members(self, group: str, limit: int) -> list[str]:
        found = self.sketches.find({"g": group}, {"_id": 1}, sort=[("at", DESCENDING)], limit=limit)
        return [doc["_id"] for doc in found]

    def move(self, reg_id: str, group: str) -> None:
        self.sketches.update_one({"_id": reg_id}, {"$set": {"g": group}})

    def forget(self, reg_id: str) -> None:
        self.sketches.delete_one({"_id": reg_id})

    def clear(self) -> None:
        self.sketches.delete_many({})
        self.marks.delete_many({})

    def count(self) -> int:
        return self.sketches.estimated_document_count()

    def progress(self, scheme: str) -> Place | None:
        doc = self.marks.find_one({"_id": scheme})
        return Place(at=doc["at"], id=doc["reg"]) if doc else None

    def mark(self, scheme: str, place: Place | None) -> None:
        self.marks.delete_many({"_id": {"$ne": scheme}} if place else {})
        if place:
            self.marks.update_one({"_id": scheme}, {"$set": {"at": place.at, "reg": place.id}}, upsert=True)


def _newest(key: int) -> list[dict[str, Any]]:
    return [{"$match": {"k": key}}, {"$sort": {"at": DESCENDING}}, {"$limit": PER_KEY}]


def _put(one: Sketched) -> UpdateOne:
    doc = written(one)
    id, group = doc.pop("_id"), doc.pop("g")
    return UpdateOne({"_id": id}, {"$set": doc, "$setOnInsert": {"g": group}}, upsert=True)


def written(one: Sketched) -> dict[str, Any]:
    """A sketch as it lies in the database."""
    sketch = one.sketch
    return {
        "_id": one.reg_id, "case": one.case_id, "no": one.case_no, "r": one.region, "c": one.category,
        "p": one.protected, "at": one.at, "g": one.group, "v": one.scheme, "k": list(sketch.keys),
        "t": _packed(sketch.title), "l": _packed(sketch.trouble), "b": _packed(sketch.body), "n": sketch.size,
        "w": sketch.whole, "x": [len(sketch.pairs), len(sketch.names)], "h": sketch.titled,
    }  # fmt: skip


def _read(doc: Mapping[str, Any]) -> Sketched:
    keys = tuple(doc["k"])[0 if doc["w"] is None else 1 :]
    return Sketched(
        reg_id=doc["_id"], case_id=doc["case"], case_no=doc["no"], region=doc["r"], category=doc["c"],
        protected=doc["p"], at=doc["at"], group=doc["g"], scheme=doc["v"],
        sketch=Sketch(
            title=_unpacked(doc["t"]), trouble=_unpacked(doc["l"]),
            body=_unpacked(doc["b"]), size=doc["n"], whole=doc["w"],
            pairs=keys[: doc["x"][0]], names=keys[doc["x"][0] :], titled=doc["h"],
        ),
    )  # fmt: skip


def _packed(numbers: Sequence[int]) -> bytes:
    return struct.pack(f">{len(numbers)}I", *numbers)


def _unpacked(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f">{len(data) // 4}I", data)


class MemorySketches:
    """In memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Sketched] = {}
        self.keys: dict[int, set[str]] = {}
        self.places: dict[str, Place] = {}
        self.lock = Lock()

    def keep(self, several: Sequence[Sketched]) -> None:
        with self.lock:
            for one in several:
                known = self.kept.get(one.reg_id)
                self._drop(one.reg_id)
                self.kept[one.reg_id] = replace(one, group=known.group) if known else one
                for key in one.sketch.keys:
                    self.keys.setdefault(key, set()).add(one.reg_id)

    def _drop(self, reg_id: str) -> None:
        known = self.kept.pop(reg_id, None)
        for key in known.sketch.keys if known else ():
            self.keys[key].discard(reg_id)

    def near(self, keys: Sequence[int]) -> list[Sketched]:
        with self.lock:
            shared = Counter(id for key in keys for id in self._newest_with(key))
            found = sorted(shared, key=lambda id: (shared[id], self.kept[id].at), reverse=True)
            return [self.kept[id] for id in found[:NEAREST]]

    def _newest_with(self, key: int) -> list[str]:
        return sorted(self.keys.get(key, ()), key=lambda id: self.kept[id].at, reverse=True)[:PER_KEY]

    def several(self, ids: Several[str]) -> dict[str, Sketched]:
        return {id: self.kept[id] for id in ids if id in self.kept}

    def members(self, group: str, limit: int) -> list[str]:
        found = [one for one in self.kept.values() if one.group == group]
        return [one.reg_id for one in sorted(found, key=lambda one: one.at, reverse=True)[:limit]]

    def move(self, reg_id: str, group: str) -> None:
        if reg_id in self.kept:
            self.kept[reg_id] = replace(self.kept[reg_id], group=group)

    def forget(self, reg_id: str) -> None:
        with self.lock:
            self._drop(reg_id)

    def clear(self) -> None:
        with self.lock:
            self.kept, self.keys, self.places = {}, {}, {}

    def count(self) -> int:
        return len(self.kept)

    def progress(self, scheme: str) -> Place | None:
        return self.places.get(scheme)

    def mark(self, scheme: str, place: Place | None) -> None:
        self.places = {scheme: place} if place else {}
