"""What sealed fields lie in, seen as a row of items that can be sealed again one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, Protocol

from pymongo.collection import Collection

from shared.aggregate.places import places
from shared.crypto import Sealer

Renewal = Literal["fresh", "renewed", "busy"]
Item = tuple[str, Any]
Remark = Callable[[Mapping[str, Any], Sealer], Mapping[str, Any]]
"""(state, sealer) -> the fields whose marks were made with an older index key, made anew."""


def no_marks(state: Mapping[str, Any], box: Sealer) -> Mapping[str, Any]:
    """Nothing is marked there."""
    return {}


class Vessel(Protocol):
    """Sealed items in the order of their ids."""

    name: str

    def total(self) -> int:
        """About how many there are."""
        ...

    def after(self, id: str, limit: int) -> list[Item]:
        """The next ones after an id."""
        ...

    def renew(self, item: Item, box: Sealer) -> Renewal:
        """Seal one again under the newest key; busy when somebody else was changing it."""
        ...

    def keys(self, item: Item) -> Iterable[int]:
        """The ids of the keys that its fields are sealed with."""
        ...


class Documents:
    """The sealed fields of a collection of aggregates.

    The write asks for the version that was read and leaves it as it is: readers see nothing new. It raises
    `resealed`, which every other write asks for too, so that nobody puts old bytes back from memory.
    """

    def __init__(
        self, collection: Collection[dict[str, Any]], table: Mapping[str, str], remark: Remark = no_marks
    ) -> None:
        self.collection, self.table, self.remark = collection, table, remark
        self.name = collection.name

    def total(self) -> int:
        return self.collection.estimated_document_count()

    def after(self, id: str, limit: int) -> list[Item]:
        wanted = {"version": 1, "resealed": 1, "state": 1}
        found = self.collection.find({"_id": {"$gt": id}}, wanted, sort=[("_id", 1)], limit=limit)
        return [(doc["_id"], doc) for doc in found]

    def renew(self, item: Item, box: Sealer) -> Renewal:
        id, doc = item
        fields = self._renewed(id, doc["state"], box)
        if not fields:
            return "fresh"
        unchanged = {"_id": id, "version": doc["version"], "resealed": doc.get("resealed")}
        done = self.collection.update_one(unchanged, {"$set": fields, "$inc": {"resealed": 1}})
        return "renewed" if done.modified_count else "busy"

    def _renewed(self, id: str, state: Mapping[str, Any], box: Sealer) -> dict[str, Any]:
        sealed = {
            place.path: box.renewed(place.sealed, owner=id, field=place.field)
            for place in places(state, self.table)
            if box.aged(place.sealed)
        }
        return sealed | {f"state.{name}": marks for name, marks in self.remark(state, box).items()}

    def keys(self, item: Item) -> Iterable[int]:
        return (place.sealed[0] for place in places(item[1]["state"], self.table) if place.sealed)


def ages(vessel: Vessel) -> Counter[int]:
    """How many fields each key has sealed, counted one by one."""
    found: Counter[int] = Counter()
    last = ""
    while batch := vessel.after(last, 500):
        for item in batch:
            found.update(vessel.keys(item))
        last = batch[-1][0]
    return found
