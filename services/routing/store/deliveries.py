"""Where hand-overs to departments are kept: which wait, how full a mailbox is, which are stuck."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import Any

from services.routing.model import Delivery, Stage
from services.routing.model.delivery import IN_MAILBOX, OUTSTANDING, ask_id
from services.routing.rules.links import unsent
from services.routing.rules.liveness import UNRECEIVED
from services.routing.store.listing import DeliveryFilter, Stuck
from shared import ids
from shared.aggregate import AggregateDocument, Held, MemoryStore, MongoStore, Store
from shared.aggregate.held import Teller
from shared.contracts.base import Event
from shared.contracts.edge import AskHandleCase
from shared.place import Place


def address(told: Event) -> tuple[str, str] | None:
    """Asks go to the department's mailbox; everything else is for everybody."""
    return ("edge:x.dept", told.department) if isinstance(told, AskHandleCase) else None


def identity(id: str, told: Event) -> str:
    """An ask keeps its id however often it is sent: answers name it as their cause."""
    return ask_id(id) if isinstance(told, AskHandleCase) else ids.new()


TELLER = Teller(service="routing", aggregate="delivery", address=address, identity=identity)


class DeliveryDocument(AggregateDocument):
    """A stored hand-over."""

    meta = {
        "collection": "deliveries",
        "db_alias": "routing",
        "indexes": [
            ("state.department", "state.stage", "state.queued_at"),
            ("state.stage", "state.queued_at", "id"),
            "state.case_id",
        ],
    }


class DeliveryStore(Store[Delivery]):
    """Deliveries, and what the dispatcher of mailboxes asks about them."""

    @abstractmethod
    def listed(
        self, wanted: DeliveryFilter, after: Place | None = None, limit: int = 50
    ) -> list[Held[Delivery]]:
        """A page of the deliveries that are meant, the longest waiting first."""

    @abstractmethod
    def in_mailbox(self, department: str) -> int:
        """How many were sent and not yet answered with more than a receipt (BUS b11)."""

    @abstractmethod
    def links_to_send(self, now: datetime, limit: int) -> list[Held[Delivery]]:
        """Deliveries whose present link opens and did not go out by message, the longest waiting first."""

    @abstractmethod
    def departments_waiting(self) -> list[str]:
        """Departments for which something is queued."""


class MongoDeliveries(MongoStore[Delivery], DeliveryStore):
    """Deliveries in the database."""

    def __init__(self) -> None:
        super().__init__(TELLER, DeliveryDocument, Delivery)

    def listed(
        self, wanted: DeliveryFilter, after: Place | None = None, limit: int = 50
    ) -> list[Held[Delivery]]:
        query = _meant(wanted) | {"$and": [*_where_stuck(wanted), *_from(after)]}
        query = {name: value for name, value in query.items() if value != []}
        return list(self.where(query, sort=[("state.queued_at", 1), ("_id", 1)], limit=limit))

    def in_mailbox(self, department: str) -> int:
        stages = [stage.value for stage in IN_MAILBOX]
        query = {"state.department": department, "state.stage": {"$in": stages}}
        return int(self.collection.count_documents(query))

    def links_to_send(self, now: datetime, limit: int) -> list[Held[Delivery]]:
        query = {
            "state.stage": {"$in": [stage.value for stage in OUTSTANDING]},
            "state.link_until": {"$gt": now},
            "$expr": {"$gt": ["$state.links", {"$ifNull": ["$state.link_sent", 0]}]},
        }
        return list(self.where(query, sort=[("state.queued_at", 1), ("_id", 1)], limit=limit))

    def departments_waiting(self) -> list[str]:
        waiting = self.collection.distinct("state.department", {"state.stage": Stage.QUEUED.value})
        return sorted(str(department) for department in waiting)


def _meant(wanted: DeliveryFilter) -> dict[str, Any]:
    query: dict[str, Any] = {"state.stage": {"$in": [stage.value for stage in wanted.stages]}}
    if wanted.region:
        query["state.region"] = {"$regex": f"^{wanted.region}"}
    for name in ("department", "case_id"):
        if value := getattr(wanted, name):
            query[f"state.{name}"] = value
    if wanted.not_about:
        query["state.complained_units"] = {"$ne": wanted.not_about}
    if not wanted.protected_too:
        query["state.protected"] = False
    return query


def _from(after: Place | None) -> list[dict[str, Any]]:
    if after is None:
        return []
    later = {"state.queued_at": {"$gt": after.at}}
    return [{"$or": [later, {"state.queued_at": after.at, "_id": {"$gt": after.id}}]}]


def _where_stuck(wanted: DeliveryFilter) -> list[dict[str, Any]]:
    if wanted.stuck is None:
        return []
    return [{"$or" if wanted.stuck.hangs else "$nor": _hanging(wanted.stuck)}]


def _hanging(wanted: Stuck) -> list[dict[str, Any]]:
    """`rules.board.stuck` as the database is asked for it; the store's suite compares the two."""
    long_ago, now = {"$lte": wanted.at - UNRECEIVED}, {"$lte": wanted.at}
    late: dict[Stage, list[dict[str, Any]]] = {
        Stage.QUEUED: [{"state.queued_at": long_ago}],
        Stage.SENT: [
            {"state.sent_at": long_ago},
            {"state.accept_by": now},
            {"state.department": {"$in": sorted(wanted.away)}},
        ],
        Stage.RECEIVED: [{"state.accept_by": now}],
        Stage.ACCEPTED: [{"state.due_at": now}],
        Stage.FAILED: [{}],
    }
    return [{"state.stage": stage.value} | how for stage, ways in late.items() for how in ways]


class MemoryDeliveries(MemoryStore[Delivery], DeliveryStore):
    """Deliveries in memory."""

    def __init__(self) -> None:
        super().__init__(TELLER)

    def listed(
        self, wanted: DeliveryFilter, after: Place | None = None, limit: int = 50
    ) -> list[Held[Delivery]]:
        found = sorted(
            (h for h in self.all() if wanted.fits(h.state)), key=lambda h: (h.state.queued_at, h.id)
        )
        return [h for h in found if not after or (h.state.queued_at, h.id) > (after.at, after.id)][:limit]

    def in_mailbox(self, department: str) -> int:
        states = [h.state for h in self.all()]
        return sum(1 for s in states if s.department == department and s.stage in IN_MAILBOX)

    def links_to_send(self, now: datetime, limit: int) -> list[Held[Delivery]]:
        found = sorted(
            (h for h in self.all() if unsent(h.state, now)), key=lambda h: (h.state.queued_at, h.id)
        )
        return found[:limit]

    def departments_waiting(self) -> list[str]:
        return sorted({h.state.department for h in self.all() if h.state.stage is Stage.QUEUED})
