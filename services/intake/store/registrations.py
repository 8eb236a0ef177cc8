"""Registrations, and the few ways in which they are looked for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.model import Registration, Similar
from services.intake.store.documents import RegistrationDocument
from shared.aggregate import Held, MemoryStore, MongoStore, Store
from shared.aggregate.held import Teller
from shared.place import Place

REGISTRATION = Teller(service="intake", aggregate="registration")
MOST_SIMILAR = 10  # earlier matters shown to a clerk (DOMAIN 3.9)


@dataclass(frozen=True, kw_only=True)
class Marks:
    """By what an earlier registration of the same matter is recognised."""

    persons: tuple[str, ...]
    category: str | None
    texts: tuple[str, ...]
    since: datetime
    but: str = ""  # not this registration itself


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which registrations a list shows, newest first."""

    region: str
    case_id: str = ""
    case_no: str = ""
    import_id: str = ""
    before: Place | None = None


class Registrations(Store[Registration]):
    """The store of registrations."""

    @abstractmethod
    def by_key(self, request_key: str) -> Held[Registration] | None:
        """The one that a request with this key made."""

    @abstractmethod
    def by_query(self, *marks: str) -> Held[Registration] | None:
        """The one whose query code and phone tail give one of these marks."""

    @abstractmethod
    def by_party(self, party_id: str) -> Held[Registration] | None:
        """The one in which this is a party."""

    @abstractmethod
    def by_case(self, case_id: str) -> Held[Registration] | None:
        """The one that the case came from."""

    @abstractmethod
    def several(self, ids: Collection[str]) -> dict[str, Held[Registration]]:
        """Those of these ids that exist."""

    @abstractmethod
    def similar(self, marks: Marks) -> tuple[Similar, ...]:
        """At most ten earlier matters of the same person and category, or of the same text, newest first."""

    @abstractmethod
    def in_order(self, after: Place | None, before: datetime, limit: int) -> list[Held[Registration]]:
        """Registrations after a place and before an instant, the oldest first."""

    @abstractmethod
    def answered_by(self, ref: str, limit: int) -> list[Held[Registration]]:
        """Matters that are on their way and that this person or post answers for, the oldest first."""

    @abstractmethod
    def personal(self, before: datetime, after: str, limit: int) -> list[Held[Registration]]:
        """Those registered before an instant that still hold personal data, in the order of their ids."""

    @abstractmethod
    def listed(self, wanted: Wanted, limit: int) -> list[Held[Registration]]:
        """At most so many, newest first."""


class MongoRegistrations(MongoStore[Registration], Registrations):
    """Registrations in the database."""

    def __init__(self) -> None:
        super().__init__(REGISTRATION, RegistrationDocument, Registration)

    def by_key(self, request_key: str) -> Held[Registration] | None:
        return self._first({"state.request_key": request_key})

    def by_query(self, *marks: str) -> Held[Registration] | None:
        return self._first({"state.query_marks": {"$in": list(marks)}})

    def by_party(self, party_id: str) -> Held[Registration] | None:
        return self._first({"state.parties.party_id": party_id})

    def by_case(self, case_id: str) -> Held[Registration] | None:
        return self._first({"state.case_id": case_id})

    def _first(self, query: dict[str, Any]) -> Held[Registration] | None:
        return next(self.where(query, limit=1), None)

    def several(self, ids: Collection[str]) -> dict[str, Held[Registration]]:
        return {held.id: held for held in self.where({"_id": {"$in": list(ids)}})}

    def similar(self, marks: Marks) -> tuple[Similar, ...]:
        query: list[dict[str, Any]] = []
        if marks.persons:
            same = {"state.person_marks": {"$in": list(marks.persons)}, "state.category": marks.category}
            query.append(same | {"state.registered_at": {"$gte": marks.since}})
        if marks.texts:
            query.append({"state.text_mark": {"$in": list(marks.texts)}})
        if not query:
            return ()
        found = self.collection.find(
            {"$or": query, "_id": {"$ne": marks.but}},
            {f"state.{name}": 1 for name in _OF_SIMILAR},
            sort=[("state.registered_at", -1)],
            limit=MOST_SIMILAR,
        )
        return tuple(_similar(marks, **doc["state"]) for doc in found)

    def in_order(self, after: Place | None, before: datetime, limit: int) -> list[Held[Registration]]:
        query: dict[str, Any] = {"state.registered_at": {"$lt": before}}
        if after:
            at, id = after
            later = [{"state.registered_at": {"$gt": at}}, {"state.registered_at": at, "_id": {"$gt": id}}]
            query = {"$and": [{"state.registered_at": {"$gte": at, "$lt": before}}, {"$or": later}]}
        return list(self.where(query, sort=[("state.registered_at", 1), ("_id", 1)], limit=limit))

    def answered_by(self, ref: str, limit: int) -> list[Held[Registration]]:
        query = {"state.answerable": ref, "state.state": "registered"}
        return list(self.where(query, sort=[("state.registered_at", 1), ("_id", 1)], limit=limit))

    def personal(self, before: datetime, after: str, limit: int) -> list[Held[Registration]]:
        query = {"_id": {"$gt": after}, "state.registered_at": {"$lt": before}, "state.anonymised_at": None}
        return list(self.where(query, sort=[("_id", 1)], limit=limit))

    def listed(self, wanted: Wanted, limit: int) -> list[Held[Registration]]:
        query: dict[str, Any] = {"state.region": {"$gte": wanted.region, "$lt": wanted.region + ":"}}
        for name in ("case_id", "case_no", "import_id"):
            if value := getattr(wanted, name):
                query[f"state.{name}"] = value
        if wanted.before:
            at, id = wanted.before
            earlier = [{"state.registered_at": {"$lt": at}}, {"state.registered_at": at, "_id": {"$lt": id}}]
            query["$or"] = earlier
        return list(self.where(query, sort=[("state.registered_at", -1), ("_id", -1)], limit=limit))


class MemoryRegistrations(MemoryStore[Registration], Registrations):
    """Registrations in memory."""

    def by_key(self, request_key: str) -> Held[Registration] | None:
        return next((h for h in self.all() if h.state.request_key == request_key), None)

    def by_query(self, *marks: str) -> Held[Registration] | None:
        return next((h for h in self.all() if set(marks) & set(h.state.query_marks)), None)

    def by_party(self, party_id: str) -> Held[Registration] | None:
        return next((h for h in self.all() if h.state.party(party_id)), None)

    def by_case(self, case_id: str) -> Held[Registration] | None:
        return next((h for h in self.all() if h.state.case_id == case_id), None)

    def several(self, ids: Collection[str]) -> dict[str, Held[Registration]]:
        return {id: held for id in ids if (held := self.find(id))}

    def similar(self, marks: Marks) -> tuple[Similar, ...]:
        found = [h.state for h in self._newest() if h.id != marks.but and _looks_like(h.state, marks)]
        return tuple(_similar(marks, **{n: getattr(s, n) for n in _OF_SIMILAR}) for s in found[:MOST_SIMILAR])

    def in_order(self, after: Place | None, before: datetime, limit: int) -> list[Held[Registration]]:
        found = [h for h in self._newest() if h.state.registered_at < before]
        return [h for h in reversed(found) if after is None or (h.state.registered_at, h.id) > after][:limit]

    def answered_by(self, ref: str, limit: int) -> list[Held[Registration]]:
        mine = [h for h in self._newest() if h.state.answerable == ref and h.state.state == "registered"]
        return mine[::-1][:limit]

    def listed(self, wanted: Wanted, limit: int) -> list[Held[Registration]]:
        return [h for h in self._newest() if _is_wanted(h, wanted)][:limit]

    def personal(self, before: datetime, after: str, limit: int) -> list[Held[Registration]]:
        held = [h for h in self.all() if h.state.registered_at < before and not h.state.anonymised_at]
        return sorted((h for h in held if h.id > after), key=lambda h: h.id)[:limit]

    def _newest(self) -> Iterator[Held[Registration]]:
        yield from sorted(self.all(), key=lambda h: (h.state.registered_at, h.id), reverse=True)


def _looks_like(earlier: Registration, marks: Marks) -> bool:
    same_person = bool(set(marks.persons) & set(earlier.person_marks))
    recent = earlier.registered_at >= marks.since and earlier.category == marks.category
    return (same_person and recent) or earlier.text_mark in marks.texts


def _is_wanted(held: Held[Registration], wanted: Wanted) -> bool:
    state = held.state
    exact = all(
        getattr(state, name) == value
        for name in ("case_id", "case_no", "import_id")
        if (value := getattr(wanted, name))
    )
    earlier = wanted.before is None or (state.registered_at, held.id) < wanted.before
    return exact and earlier and state.region.startswith(wanted.region)


_OF_SIMILAR = (
    "reg_id", "case_id", "case_no", "category", "protected", "registered_at", "person_marks", "text_mark",
)  # fmt: skip


def _similar(
    marks: Marks,
    *,
    category: str | None = None,
    protected: bool = False,
    person_marks: Collection[str] = (),
    text_mark: str = "",
    **more: Any,
) -> Similar:
    holds = {
        "same_text": text_mark in marks.texts,
        "same_person": bool(set(marks.persons) & set(person_marks)),
    }
    reasons = tuple(reason for reason, so in holds.items() if so)
    return Similar(category=None if protected else category, reasons=reasons, **more)
