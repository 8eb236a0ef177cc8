"""The rows, and the few ways in which they are listed and counted: always the rows themselves, never a tally.

A count is a look at one index that covers every dimension, so that it cannot differ from the rows
(docs/adr/counts-are-looked-up-never-kept.md).
"""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.reporting.model import PetitionRow, Row
from services.reporting.store import stretches
from services.reporting.store.bulk import Bulk, MemoryBulk, MongoBulk
from services.reporting.store.documents import EPOCH, CaseRowDocument, PetitionRowDocument
from services.reporting.store.reviews import STEPS, Review, of_groups, of_rows
from services.reporting.store.stretches import Stretch
from services.reporting.store.wanted import END, FIELD, Dimension, Since, Wanted, digits_below
from shared.aggregate import AggregateDocument, Held
from shared.aggregate.held import Teller
from shared.place import Place

ROW = Teller(service="reporting", aggregate="row")
PETITION = Teller(service="reporting", aggregate="petition_row")
LIGHT = {"history": 0, "outbox": 0, "inbox": 0, "seen": 0, "state.timeline": 0}

Counts = dict[str, int]


class Rows(Bulk[Row]):
    """One row for every case. Lists come without timelines."""

    @abstractmethod
    def by_case_no(self, case_no: str) -> Held[Row] | None:
        """The row of the case with this number."""

    @abstractmethod
    def counted(self, by: Dimension, wanted: Wanted) -> Counts:
        """How many cases there are of each value; regions are counted one level below the wanted one."""

    @abstractmethod
    def listed(self, wanted: Wanted, limit: int, after: Place | None = None) -> list[Held[Row]]:
        """At most so many, the newest first."""

    @abstractmethod
    def running_down(self, wanted: Wanted, now: datetime, limit: int) -> list[Held[Row]]:
        """Cases with a clock that ends after now, the first to end first."""

    @abstractmethod
    def late(self, wanted: Wanted, limit: int) -> list[Held[Row]]:
        """Cases with a clock that is late, the longest first."""

    @abstractmethod
    def moved(self, wanted: Wanted, limit: int, after: Place | None = None) -> list[Held[Row]]:
        """Cases that were handed over, the last one first."""

    @abstractmethod
    def sitting(self, wanted: Wanted) -> Counts:
        """How many sittings are still to be held, by the region one level below the wanted one."""

    @abstractmethod
    def since(self, wanted: Wanted, at: datetime) -> Since:
        """How many cases were registered, and how many ended, from an instant on."""

    @abstractmethod
    def reviewed(self, wanted: Wanted) -> list[Review]:
        """What became of the suggestions for cases, the commonest first."""

    @abstractmethod
    def stretches(self, wanted: Wanted) -> list[Stretch]:
        """How long the cases took from step to step."""


class MongoRows(MongoBulk[Row], Rows):
    """The rows in the database."""

    def __init__(self, document: type[AggregateDocument] = CaseRowDocument) -> None:
        super().__init__(ROW, document, Row, projection=True)

    def by_case_no(self, case_no: str) -> Held[Row] | None:
        return next(self.where({"state.case_no": case_no}, limit=1), None)

    def counted(self, by: Dimension, wanted: Wanted) -> Counts:
        key: Any = f"$state.{FIELD[by]}"
        if by == "region":
            key = {"$substrBytes": [key, 0, digits_below(wanted.region)]}
        return self._grouped(wanted.query(), key, {"$sum": 1}, hint="late" if wanted.late else "cube")

    def listed(self, wanted: Wanted, limit: int, after: Place | None = None) -> list[Held[Row]]:
        return self._sorted(wanted.listing(), "registered_at", limit, after)

    def running_down(self, wanted: Wanted, now: datetime, limit: int) -> list[Held[Row]]:
        query = wanted.listing() | {"state.next_due": {"$gt": now}}
        return self._light(query, [("state.next_due", 1), ("_id", 1)], limit)

    def late(self, wanted: Wanted, limit: int) -> list[Held[Row]]:
        return self._light(replace(wanted, late=True).listing(), [("state.late_since", 1), ("_id", 1)], limit)

    def moved(self, wanted: Wanted, limit: int, after: Place | None = None) -> list[Held[Row]]:
        return self._sorted(wanted.listing(), "moved_at", limit, after)

    def sitting(self, wanted: Wanted) -> Counts:
        key = {"$substrBytes": ["$state.region", 0, digits_below(wanted.region)]}
        query = wanted.query() | {"state.sittings_open": {"$gt": 0}}
        return self._grouped(query, key, {"$sum": "$state.sittings_open"}, hint="sittings")

    def since(self, wanted: Wanted, at: datetime) -> Since:
        return Since(
            registered=self._how_many(wanted, "registered", "state.registered_at", at),
            ended=self._how_many(wanted, "ended", "state.closed_at", at),
        )

    def reviewed(self, wanted: Wanted) -> list[Review]:
        query = wanted.query() | {"state.suggested_by": {"$gt": ""}}
        return of_groups(self.collection.aggregate([{"$match": query}, *STEPS]))

    def stretches(self, wanted: Wanted) -> list[Stretch]:
        return stretches.of_groups(self.collection.aggregate([{"$match": wanted.query()}, *stretches.STEPS]))

    def _how_many(self, wanted: Wanted, index: str, field: str, at: datetime) -> int:
        return self.collection.count_documents(wanted.query() | {field: {"$gte": at}}, hint=index)

    def _grouped(self, query: Mapping[str, Any], key: Any, count: Any, hint: str) -> Counts:
        steps: list[dict[str, Any]] = [{"$match": query}, {"$group": {"_id": key, "n": count}}]
        return {found["_id"] or "": found["n"] for found in self.collection.aggregate(steps, hint=hint)}

    def _sorted(self, query: dict[str, Any], by: str, limit: int, after: Place | None) -> list[Held[Row]]:
        name = f"state.{by}"
        query[name] = {"$gt": EPOCH}
        if after:
            older = [{name: {"$lt": after.at}}, {name: after.at, "_id": {"$lt": after.id}}]
            query["$and"] = [{"$or": older}]
        return self._light(query, [(name, -1), ("_id", -1)], limit)

    def _light(self, query: Mapping[str, Any], sort: Any, limit: int) -> list[Held[Row]]:
        return [self.held(doc) for doc in self.collection.find(query, LIGHT, sort=sort, limit=limit)]


class MemoryRows(MemoryBulk[Row], Rows):
    """The rows in memory."""

    def __init__(self) -> None:
        super().__init__(ROW, projection=True)

    def by_case_no(self, case_no: str) -> Held[Row] | None:
        return next((held for held in self.all() if held.state.case_no == case_no), None)

    def counted(self, by: Dimension, wanted: Wanted) -> Counts:
        values = (getattr(held.state, FIELD[by]) or "" for held in self._counting(wanted))
        digits = digits_below(wanted.region) if by == "region" else None
        return dict(Counter(value[:digits] for value in values))

    def listed(self, wanted: Wanted, limit: int, after: Place | None = None) -> list[Held[Row]]:
        return self._sorted(wanted, "registered_at", limit, after)

    def running_down(self, wanted: Wanted, now: datetime, limit: int) -> list[Held[Row]]:
        found = [held for held in self._fitting(wanted) if held.state.next_due and held.state.next_due > now]
        return _light(sorted(found, key=lambda held: (held.state.next_due, held.id)), limit)

    def late(self, wanted: Wanted, limit: int) -> list[Held[Row]]:
        found = self._fitting(replace(wanted, late=True))
        return _light(sorted(found, key=lambda held: (held.state.late_since, held.id)), limit)

    def moved(self, wanted: Wanted, limit: int, after: Place | None = None) -> list[Held[Row]]:
        return self._sorted(wanted, "moved_at", limit, after)

    def sitting(self, wanted: Wanted) -> Counts:
        counted: Counter[str] = Counter()
        for held in self._counting(wanted):
            counted[held.state.region[: digits_below(wanted.region)]] += held.state.sittings_open
        return {region: count for region, count in counted.items() if count}

    def since(self, wanted: Wanted, at: datetime) -> Since:
        rows = [held.state for held in self._counting(wanted)]
        return Since(
            registered=sum(1 for row in rows if row.registered_at and row.registered_at >= at),
            ended=sum(1 for row in rows if row.closed_at and row.closed_at >= at),
        )

    def reviewed(self, wanted: Wanted) -> list[Review]:
        return of_rows(held.state for held in self._counting(wanted) if held.state.suggested_by)

    def stretches(self, wanted: Wanted) -> list[Stretch]:
        return stretches.of_rows(held.state for held in self._counting(wanted))

    def _counting(self, wanted: Wanted) -> Iterator[Held[Row]]:
        return self._fitting(replace(wanted, not_about=""))

    def _fitting(self, wanted: Wanted) -> Iterator[Held[Row]]:
        yield from (held for held in self.all() if wanted.fits(held.state))

    def _sorted(self, wanted: Wanted, by: str, limit: int, after: Place | None) -> list[Held[Row]]:
        found = [(getattr(held.state, by), held.id, held) for held in self._fitting(wanted)]
        ordered = sorted(((at, id, held) for at, id, held in found if at), key=lambda f: f[:2], reverse=True)
        left = [held for at, id, held in ordered if not after or (at, id) < (after.at, after.id)]
        return _light(left, limit)


def _light(found: list[Held[Row]], limit: int) -> list[Held[Row]]:
    return [replace(held, state=replace(held.state, timeline=())) for held in found[:limit]]


class Petitions(Bulk[PetitionRow]):
    """One row for every petition."""

    @abstractmethod
    def of_case(self, case_id: str) -> list[Held[PetitionRow]]:
        """The petitions that are a case, or about its matter."""

    @abstractmethod
    def counted(self, region: str) -> Counts:
        """How many petitions there are in a region, by state."""


class MongoPetitions(MongoBulk[PetitionRow], Petitions):
    """The rows of petitions in the database."""

    def __init__(self, document: type[AggregateDocument] = PetitionRowDocument) -> None:
        super().__init__(PETITION, document, PetitionRow, projection=True)

    def of_case(self, case_id: str) -> list[Held[PetitionRow]]:
        of = {"$or": [{"state.case_id": case_id}, {"state.links": case_id}]}
        return list(self.where(of, sort=[("_id", 1)]))

    def counted(self, region: str) -> Counts:
        query = {"state.region": {"$gte": region, "$lt": region + END}}
        counted = {"_id": "$state.state", "n": {"$sum": 1}}
        steps: list[dict[str, Any]] = [{"$match": query}, {"$group": counted}]
        return {found["_id"]: found["n"] for found in self.collection.aggregate(steps)}


class MemoryPetitions(MemoryBulk[PetitionRow], Petitions):
    """The rows of petitions in memory."""

    def __init__(self) -> None:
        super().__init__(PETITION, projection=True)

    def of_case(self, case_id: str) -> list[Held[PetitionRow]]:
        of = (held for held in self.all() if case_id in (held.state.case_id, *held.state.links))
        return sorted(of, key=lambda held: held.id)

    def counted(self, region: str) -> Counts:
        return dict(Counter(h.state.state for h in self.all() if h.state.region.startswith(region)))
