"""Petitions, and the few ways in which they are looked for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.petition.model import Petition
from services.petition.store.documents import PetitionDocument
from shared.aggregate import Held, MemoryStore, MongoStore, Store
from shared.aggregate.held import Teller
from shared.place import Place

PETITION = Teller(service="petition", aggregate="petition")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which petitions a list shows, newest first; never one `but_not_about` this unit."""

    region: str
    case_id: str = ""
    state: str = ""
    unit: str = ""
    but_not_about: str = ""
    before: Place | None = None


class Petitions(Store[Petition]):
    """The store of petitions."""

    @abstractmethod
    def listed(self, wanted: Wanted, limit: int) -> list[Held[Petition]]:
        """At most so many, newest first."""

    @abstractmethod
    def overdue(self, now: datetime, limit: int = 200) -> list[str]:
        """Ids of petitions that time changes now, earliest first."""


class MongoPetitions(MongoStore[Petition], Petitions):
    """Petitions in the database."""

    def __init__(self) -> None:
        super().__init__(PETITION, PetitionDocument, Petition, due=lambda petition: petition.next_at)

    def listed(self, wanted: Wanted, limit: int) -> list[Held[Petition]]:
        query: dict[str, Any] = {"state.region": {"$gte": wanted.region, "$lt": wanted.region + ":"}}
        for name in ("state", "unit"):
            if value := getattr(wanted, name):
                query[f"state.{name}"] = value
        both: list[dict[str, Any]] = []
        if wanted.case_id:
            both.append({"$or": [{"state.case_id": wanted.case_id}, {"state.links.case_id": wanted.case_id}]})
        if wanted.but_not_about:
            both.append({"state.complained_units": {"$ne": wanted.but_not_about}})
        if wanted.before:
            at, id = wanted.before
            earlier = [{"state.received_at": {"$lt": at}}, {"state.received_at": at, "_id": {"$lt": id}}]
            both.append({"$or": earlier})
        found = query | ({"$and": both} if both else {})
        return list(self.where(found, sort=[("state.received_at", -1), ("_id", -1)], limit=limit))


class MemoryPetitions(MemoryStore[Petition], Petitions):
    """Petitions in memory."""

    def listed(self, wanted: Wanted, limit: int) -> list[Held[Petition]]:
        return [held for held in self._newest() if _is_wanted(held, wanted)][:limit]

    def overdue(self, now: datetime, limit: int = 200) -> list[str]:
        due = [(at, held.id) for held in self.all() if (at := held.state.next_at) and at <= now]
        return [id for _, id in sorted(due)][:limit]

    def _newest(self) -> Iterator[Held[Petition]]:
        yield from sorted(self.all(), key=lambda held: (held.state.received_at, held.id), reverse=True)


def _is_wanted(held: Held[Petition], wanted: Wanted) -> bool:
    petition = held.state
    cases = {petition.case_id, *(link.case_id for link in petition.links)}
    exact = (
        wanted.state in ("", petition.state)
        and wanted.unit in ("", petition.unit)
        and (not wanted.case_id or wanted.case_id in cases)
        and wanted.but_not_about not in petition.complained_units
    )
    earlier = wanted.before is None or (petition.received_at, held.id) < wanted.before
    return exact and earlier and petition.region.startswith(wanted.region)
