"""The store that counts: one conditional document write per change, majority and journalled (BUS b5).

MongoEngine gives schema, indexes and queries; the write itself is one pymongo `update_one` with atomic
operators, because `Document.save()` rewrites whole lists and would resurrect outbox entries that the relay
has removed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Generic, NoReturn, TypeVar

from cattrs.preconf.bson import make_converter
from mongoengine import BooleanField, DateTimeField, DictField, Document, IntField, ListField, StringField
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from shared.aggregate import written
from shared.aggregate.held import FIRST, Held, Kept, Regional, Teller, Write, stream
from shared.aggregate.memory import succeed
from shared.aggregate.past import Past, too_long
from shared.aggregate.store import Store, after
from shared.crash import crash_here
from shared.decision import Cause

S = TypeVar("S", bound=Regional)

REMEMBERED = 200  # aggregates of a kind in each process, some kilobytes each

_KEPT = ("aggregate", "stream", "sequence", "expected", "since", "body")
_END = 10**10  # no version is as large
converter = make_converter()


class AggregateDocument(Document):  # type: ignore[misc]
    """The stored form of an aggregate. Subclasses name the collection and the indexes on `state.…`."""

    meta: ClassVar[dict[str, Any]] = {"abstract": True, "auto_create_index": False}

    SCHEMA = 1
    SEALED: ClassVar[Mapping[str, str]] = {}
    """Its sealed fields, path by path, each with the name it is sealed under (shared/aggregate/places.py)."""

    id = StringField(primary_key=True)
    schema = IntField(required=True)
    version = IntField(required=True)
    state = DictField(required=True)
    history = ListField(DictField())
    inbox = ListField(DictField())
    seen = DictField()
    outbox = ListField(DictField())
    ob_at = DateTimeField()  # present only while the outbox is not empty
    due = DateTimeField()  # the next instant at which time itself changes this aggregate
    long = BooleanField()  # present only while something old waits to be moved out
    resealed = IntField()  # how often its fields were sealed again under a newer key
    moved = BooleanField()  # something was moved out: old keys and history are to be looked for there too

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("an aggregate is written by its store, in one conditional write")


def newest_first(at: str, region: str = "state.region") -> tuple[str, ...]:
    """The index of a list that begins with the newest: it is walked, never sorted, however long it grows."""
    return f"-{at}", "-id", region


class MongoStore(Store[S], Generic[S]):
    """Aggregates of one kind in one collection of the service's own database.

    `kind` is the frozen dataclass of the state; `due` picks the next instant of interest out of a state.
    What happens to an aggregate comes close together, so one that was just written or looked at is remembered
    and tried once before it is read again.
    """

    def __init__(
        self,
        teller: Teller,
        document: type[AggregateDocument],
        kind: type[S],
        *,
        due: Callable[[S], datetime | None] = lambda state: None,
        projection: bool = False,
    ) -> None:
        super().__init__(teller)
        self.document, self.kind, self.due, self.projection = document, kind, due, projection
        self.memory: OrderedDict[str, Held[S]] = OrderedDict()

    @property
    def collection(self) -> Collection[dict[str, Any]]:
        """The aggregates."""
        return self.document._get_collection()  # type: ignore[no-any-return]

    @property
    def early(self) -> Collection[dict[str, Any]]:
        """Messages that came too early for one of them."""
        return self.collection.database[f"{self.collection.name}_early"]

    @property
    def discarded(self) -> Collection[dict[str, Any]]:
        """What people discarded of the streams that are followed here."""
        return self.collection.database["discarded"]

    @property
    def past(self) -> Past:
        """What their documents have no room for."""
        return Past(self.collection)

    def prepare(self) -> None:
        """Create the indexes; safe to repeat."""
        self.document.ensure_indexes()
        self.collection.create_index("ob_at", sparse=True)
        self.collection.create_index("due", sparse=True)
        self.collection.create_index("long", sparse=True)
        self.early.create_index([("aggregate", 1), ("stream", 1), ("sequence", 1)])

    def find(self, id: str) -> Held[S] | None:
        doc = self.collection.find_one({"_id": id}, {"history": 0, "outbox": 0})
        return self.held(doc) if doc else None

    def load(self, id: str) -> Held[S]:
        return self._noted(super().load(id))

    def remembered(self, id: str) -> Held[S] | None:
        return self.memory.pop(id, None)

    def _noted(self, held: Held[S]) -> Held[S]:
        self.memory[held.id] = held
        while len(self.memory) > REMEMBERED:
            self.memory.popitem(last=False)
        return held

    def mark(self, id: str, stream: str) -> str:
        doc = self.collection.find_one({"_id": id}, {"seen": 1}) or {}
        return str(doc.get("seen", {}).get(stream, FIRST))

    def where(self, query: Mapping[str, Any], *, sort: Any = None, limit: int = 0) -> Iterator[Held[S]]:
        """Aggregates that match a query, without their histories."""
        found = self.collection.find(query, {"history": 0, "outbox": 0}, sort=sort, limit=limit)
        yield from (self.held(doc) for doc in found)

    def overdue(self, now: datetime, limit: int = 200) -> list[str]:
        """Ids of aggregates whose next instant has come, earliest first."""
        found = self.collection.find({"due": {"$lte": now}}, {"_id": 1}, sort=[("due", 1)], limit=limit)
        return [doc["_id"] for doc in found]

    def held(self, doc: Mapping[str, Any]) -> Held[S]:
        """A stored document as an aggregate."""
        return Held(
            id=doc["_id"],
            version=doc["version"],
            state=converter.structure(doc["state"], self.kind),
            seen=doc.get("seen", {}),
            inbox={entry["k"]: entry.get("d", "") for entry in doc.get("inbox", ())},
            moved=doc.get("moved", False),
            resealed=doc.get("resealed", 0),
        )

    def recalled(self, held: Held[S], key: str) -> Held[S]:
        if not held.moved or not key or key in held.inbox:
            return held
        return replace(held, inbox={**held.inbox, **self.past.handled(held.id, key)})

    def made_by(self, key: str) -> str:
        doc = self.collection.find_one({"inbox.k": key}, {"_id": 1})
        return str(doc["_id"]) if doc else ""

    def insert(self, id: str, write: Write) -> bool:
        crash_here("handler.before_write")
        pushed = {name: change["$each"] for name, change in written.pushed(write).items()}
        empty: dict[str, Any] = {"history": [], "inbox": [], "outbox": [], "seen": {}}
        doc = {"_id": id, "schema": self.document.SCHEMA} | empty
        doc |= pushed | written.present(self._fields(write)) | {"seen": written.seen(write.cause)}
        try:
            self.collection.insert_one(doc | written.since(write))
        except DuplicateKeyError:
            return False
        crash_here("handler.after_write")
        return True

    def update(self, held: Held[S], write: Write) -> bool:
        crash_here("handler.before_write")
        operators = self._operators(write)
        if too_long(write.version, len(held.inbox)):
            operators.setdefault("$set", {})["long"] = True
        done = self.collection.update_one(written.unchanged(held, write.cause), operators).modified_count == 1
        crash_here("handler.after_write")
        return done

    def _operators(self, write: Write) -> dict[str, Any]:
        fields = self._fields(write) if write.state is not None else {}
        seen = {f"seen.{name}": value for name, value in written.seen(write.cause).items()}
        gone = {name: "" for name, value in fields.items() if value is None}
        operators = {
            "$set": written.present(fields) | seen,
            "$unset": gone,
            "$push": written.pushed(write),
            "$min": written.since(write),
        }
        return {name: change for name, change in operators.items() if change}

    def _fields(self, write: Write) -> dict[str, Any]:
        state = converter.unstructure(write.state, self.kind)
        return {"version": write.version, "state": state, "due": self.due(write.state)}

    def after(self, id: str, held: Held[S] | None, write: Write) -> Held[S]:
        return self._noted(succeed(id, held, write))

    def keep(self, id: str, cause: Cause) -> None:
        heard = cause.heard
        assert heard is not None
        doc = {
            "aggregate": id, "stream": stream(heard), "sequence": heard.sequence, "since": cause.at,
            "expected": self.expected(id, stream(heard)), "body": cause.body,
        }  # fmt: skip
        self.early.update_one({"_id": f"{heard.id}|{id}"}, {"$setOnInsert": doc}, upsert=True)

    def kept(self) -> Iterator[Kept]:
        first = self.early.aggregate([
            {"$sort": {"aggregate": 1, "stream": 1, "sequence": 1}},
            {"$group": {"_id": {"a": "$aggregate", "s": "$stream"}, "doc": {"$first": "$$ROOT"}}},
        ])  # fmt: skip
        for found in first:
            doc = found["doc"]
            yield Kept(id=doc["_id"], **{name: doc[name] for name in _KEPT})

    def release(self, kept: Kept) -> None:
        self.early.delete_one({"_id": kept.id})

    def pass_over(self, stream: str, sequence: str, then: str) -> None:
        self.discarded.update_one({"_id": f"{stream}|{sequence}"}, {"$set": {"then": then}}, upsert=True)

    def passed_over(self, stream: str, sequence: str) -> str | None:
        found = self.discarded.find_one({"_id": f"{stream}|{sequence}"})
        return found["then"] if found else None

    def all_passed_over(self) -> set[tuple[str, str]]:
        return {tuple(doc["_id"].rsplit("|", 1)) for doc in self.discarded.find({}, {"_id": 1})}

    def entries(self, id: str, since: int = 0) -> list[dict[str, Any]]:
        # the document first: what is moved meanwhile is then found twice, never not at all
        doc = self.collection.find_one({"_id": id}, {"history": 1, "moved": 1}) or {}
        recent: list[dict[str, Any]] = doc.get("history", [])
        before = recent[0]["v"] if recent else _END
        older = self.past.entries(id, since, before) if doc.get("moved") and since < before else []
        return [*older, *recent]

    def events_after(self, id: str, sequence: str) -> list[bytes]:
        entries = self.entries(id, int(sequence.partition(".")[0] or 0))
        return after((body for entry in entries for body in entry["events"]), sequence)

    def retold(self, after: str, limit: int) -> list[tuple[str, list[bytes]]]:
        found = self.collection.find({"_id": {"$gt": after}}, {"_id": 1}, sort=[("_id", 1)], limit=limit)
        return [(doc["_id"], self.events_after(doc["_id"], "")) for doc in found]

    def compact(self, limit: int = 50) -> int:
        """Move old history and old keys out of documents that have grown long; returns how many had."""
        long = list(self.collection.find({"long": True}, {"history": 1, "inbox": 1}, limit=limit))
        for doc in long:
            self.past.shorten(doc)
        return len(long)
