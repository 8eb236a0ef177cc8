"""Where cases are kept, and how they are listed; in the database and, for tests, in memory."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import Any

from services.routing.model import OPEN, Case
from services.routing.rules.sweep import due
from services.routing.store.listing import CaseFilter
from shared.aggregate import AggregateDocument, Held, MemoryStore, MongoStore, Store
from shared.aggregate.held import Teller
from shared.place import Place

TELLER = Teller(service="routing", aggregate="case")


class CaseDocument(AggregateDocument):
    """A stored case."""

    meta = {
        "collection": "cases",
        "db_alias": "routing",
        "indexes": [
            ("state.region", "state.registered_at"),
            ("state.lead_unit", "state.state"),
            ("state.first_due", "id"),
            ("state.registered_at", "id"),
            "state.case_no",
        ],
    }


class CaseStore(Store[Case]):
    """Cases, their work lists, and those whose time has come."""

    @abstractmethod
    def listed(self, wanted: CaseFilter, after: Place | None = None, limit: int = 50) -> list[Held[Case]]:
        """A page of the cases that are meant: by earliest due, or the last registered first."""

    @abstractmethod
    def overdue(self, now: datetime, limit: int = 200) -> list[str]:
        """Ids of cases that time changes now, earliest first."""

    @abstractmethod
    def timeline(self, id: str) -> list[dict[str, Any]]:
        """The history of a case: who, when, why, and the exact events."""


class MongoCases(MongoStore[Case], CaseStore):
    """Cases in the database."""

    def __init__(self) -> None:
        super().__init__(TELLER, CaseDocument, Case, due=due)

    def listed(self, wanted: CaseFilter, after: Place | None = None, limit: int = 50) -> list[Held[Case]]:
        field, step = ("state.first_due", 1) if wanted.order == "due" else ("state.registered_at", -1)
        parts = [_query(wanted), _beyond(field, step, after)]
        query = {"$and": [part for part in parts if part]} if any(parts) else {}
        return list(self.where(query, sort=[(field, step), ("_id", step)], limit=limit))

    def timeline(self, id: str) -> list[dict[str, Any]]:
        return self.entries(id)


def _query(wanted: CaseFilter) -> dict[str, Any]:
    query: dict[str, Any] = {}
    if wanted.region:
        query["state.region"] = {"$regex": f"^{wanted.region}"}
    if wanted.unit:
        query["$or"] = [{"state.lead_unit": wanted.unit}, {"state.co_units": wanted.unit}]
    if wanted.states:
        query["state.state"] = {"$in": [state.value for state in wanted.states]}
    for name in ("tier", "category", "case_no"):
        if value := getattr(wanted, name):
            query[f"state.{name}"] = value
    if wanted.not_about:
        query["state.complained_units"] = {"$ne": wanted.not_about}
    if not wanted.protected_too:
        query["state.protected"] = False
    return query | _timely(wanted)


def _timely(wanted: CaseFilter) -> dict[str, Any]:
    """Late cases, or at least those with a clock, where the list is by due."""
    if wanted.late_at is None:
        return {"state.first_due": {"$ne": None}} if wanted.order == "due" else {}
    late: dict[str, Any] = {"state.first_due": {"$ne": None, "$lte": wanted.late_at}}
    open_states = [state.value for state in OPEN if not wanted.states or state in wanted.states]
    return late | {"state.state": {"$in": open_states}}


def _beyond(field: str, step: int, after: Place | None) -> dict[str, Any]:
    if after is None:
        return {}
    than = "$gt" if step > 0 else "$lt"
    return {"$or": [{field: {than: after.at}}, {field: after.at, "_id": {than: after.id}}]}


class MemoryCases(MemoryStore[Case], CaseStore):
    """Cases in memory."""

    def __init__(self) -> None:
        super().__init__(TELLER)

    def listed(self, wanted: CaseFilter, after: Place | None = None, limit: int = 50) -> list[Held[Case]]:
        def key(held: Held[Case]) -> tuple[datetime, str]:
            at = held.state.first_due if wanted.order == "due" else held.state.registered_at
            assert at is not None
            return at, held.id

        back = wanted.order == "registered"
        found = sorted((h for h in self.all() if wanted.fits(h.state)), key=key, reverse=back)
        if after:
            edge = (after.at, after.id)
            found = [h for h in found if (key(h) < edge if back else key(h) > edge)]
        return found[:limit]

    def overdue(self, now: datetime, limit: int = 200) -> list[str]:
        waiting = [(at, held.id) for held in self.all() if (at := due(held.state)) and at <= now]
        return [id for _, id in sorted(waiting)][:limit]

    def timeline(self, id: str) -> list[dict[str, Any]]:
        return self.entries(id)
