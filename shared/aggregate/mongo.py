"""The store that counts: one conditional document write per change, majority and journalled (BUS b5).

MongoEngine gives schema, indexes and queries; the write itself is one pymongo `update_one` with atomic
operators, because `Document.save()` rewrites whole lists and would resurrect outbox entries that the relay
has removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Generic, NoReturn, TypeVar

from cattrs.preconf.bson import make_converter
from mongoengine import (
    DateTimeField,
    DictField,
    Document,
    IntField,
    ListField,
    StringField,
)
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from shared.aggregate.held import FIRST, Held, Kept, Regional, Teller, Write, following, stream
from shared.aggregate.memory import ordered, succeed
from shared.aggregate.store import Store, after
from shared.crash import crash_here
from shared.decision import Cause

S = TypeVar("S", bound=Regional)

_KEPT = ("aggregate", "stream", "sequence", "expected", "since", "body")
INBOX = 64  # handled keys remembered per aggregate; ordered streams need no window
converter = make_converter()


class AggregateDocument(Document):  # type: ignore[misc]
    """The stored form of an aggregate. Subclasses name the collection and the indexes on `state.…`."""

    meta: ClassVar[dict[str, Any]] = {"abstract": True, "auto_create_index": False}

    SCHEMA = 1

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

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("an aggregate is written by its store, in one conditional write")


class MongoStore(Store[S], Generic[S]):
    """Aggregates of one kind in one collection of the service's own database.

    `kind` is the frozen dataclass of the state; `due` picks the next instant of interest out of a state.
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

    @property
    def collection(self) -> Collection[dict[str, Any]]:
        """The aggregates."""
        return self.document._get_collection()  # type: ignore[no-any-return]

    @property
    def early(self) -> Collection[dict[str, Any]]:
        """Messages that came too early for one of them."""
        return self.collection.database[f"{self.collection.name}_early"]

    def prepare(self) -> None:
        """Create the indexes; safe to repeat."""
        self.document.ensure_indexes()
        self.collection.create_index("ob_at", sparse=True)
        self.collection.create_index("due", sparse=True)
        self.early.create_index([("stream", 1), ("sequence", 1)])

    def find(self, id: str) -> Held[S] | None:
        doc = self.collection.find_one({"_id": id}, {"history": 0, "outbox": 0})
        return self.held(doc) if doc else None

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
        )

    def insert(self, id: str, write: Write) -> bool:
        crash_here("handler.before_write")
        pushed = {name: change["$each"] for name, change in _pushed(write).items()}
        doc = {
            "_id": id,
            "schema": self.document.SCHEMA,
            "history": [],
            "inbox": [],
            "outbox": [],
            "seen": {},
        }
        doc |= pushed | _present(self._fields(write)) | {"seen": _seen(write.cause)}
        try:
            self.collection.insert_one(doc | _since(write))
        except DuplicateKeyError:
            return False
        crash_here("handler.after_write")
        return True

    def update(self, held: Held[S], write: Write) -> bool:
        crash_here("handler.before_write")
        query: dict[str, Any] = {"_id": held.id, "version": held.version}
        if write.cause.key:
            query["inbox.k"] = {"$ne": write.cause.key}
        done = self.collection.update_one(query, self._operators(write)).modified_count == 1
        crash_here("handler.after_write")
        return done

    def _operators(self, write: Write) -> dict[str, Any]:
        fields = self._fields(write) if write.state is not None else {}
        seen = {f"seen.{name}": value for name, value in _seen(write.cause).items()}
        gone = {name: "" for name, value in fields.items() if value is None}
        operators = {
            "$set": _present(fields) | seen,
            "$unset": gone,
            "$push": _pushed(write),
            "$min": _since(write),
        }
        return {name: change for name, change in operators.items() if change}

    def _fields(self, write: Write) -> dict[str, Any]:
        state = converter.unstructure(write.state, self.kind)
        return {"version": write.version, "state": state, "due": self.due(write.state)}

    def after(self, id: str, held: Held[S] | None, write: Write) -> Held[S]:
        return succeed(id, held, write)

    def keep(self, id: str, cause: Cause) -> None:
        heard = cause.heard
        assert heard is not None
        held = self.find(id)
        doc = {
            "aggregate": id, "stream": stream(heard), "sequence": heard.sequence, "since": cause.at,
            "expected": held.seen.get(stream(heard), FIRST) if held else FIRST, "body": cause.body,
        }  # fmt: skip
        self.early.update_one({"_id": heard.id}, {"$setOnInsert": doc}, upsert=True)

    def kept(self) -> Iterator[Kept]:
        first = self.early.aggregate([
            {"$sort": {"stream": 1, "sequence": 1}},
            {"$group": {"_id": "$stream", "doc": {"$first": "$$ROOT"}}},
        ])  # fmt: skip
        for found in first:
            doc = found["doc"]
            yield Kept(
                id=doc["_id"],
                **{name: doc[name] for name in _KEPT},
            )

    def release(self, kept: Kept) -> None:
        self.early.delete_one({"_id": kept.id})

    def events_after(self, id: str, sequence: str) -> list[bytes]:
        doc = self.collection.find_one({"_id": id}, {"history.events": 1}) or {"history": []}
        return after((body for entry in doc["history"] for body in entry["events"]), sequence)


def _pushed(write: Write) -> dict[str, Any]:
    pushed: dict[str, Any] = {}
    if write.history is not None:
        pushed["history"] = {"$each": [dict(write.history)]}
    if write.outbox:
        pushed["outbox"] = {"$each": [dict(entry) for entry in write.outbox]}
    if write.cause.key:
        entry = {"k": write.cause.key, "d": write.cause.digest, "at": write.cause.at}
        pushed["inbox"] = {"$each": [entry], "$slice": -INBOX}
    return pushed


def _seen(cause: Cause) -> dict[str, str]:
    return {stream(cause.heard): following(cause.heard)} if ordered(cause) and cause.heard else {}


def _since(write: Write) -> dict[str, Any]:
    return {"ob_at": write.cause.at} if write.outbox else {}


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
