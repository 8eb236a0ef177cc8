"""Findings, and the list of them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.grid.model import Finding, Registered
from services.grid.store.documents import FindingDocument, RegisteredDocument
from shared.aggregate import Held, MemoryStore, MongoStore, Store
from shared.aggregate.held import Teller
from shared.place import Place

FINDING = Teller(service="grid", aggregate="finding")
REGISTERED = Teller(service="grid", aggregate="registered")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which findings a list shows, newest first."""

    place: str
    kind: str = ""
    before: Place | None = None


class Findings(Store[Finding]):
    """The store of findings."""

    @abstractmethod
    def listed(self, wanted: Wanted, limit: int) -> list[Held[Finding]]:
        """At most so many, newest first."""


class Cases(Store[Registered]):
    """Which case each finding became."""

    @abstractmethod
    def several(self, findings: Collection[str]) -> dict[str, Registered]:
        """The cases of those of these findings that were registered."""


class MongoFindings(MongoStore[Finding], Findings):
    """Findings in the database."""

    def __init__(self) -> None:
        super().__init__(FINDING, FindingDocument, Finding)

    def listed(self, wanted: Wanted, limit: int) -> list[Held[Finding]]:
        query: dict[str, Any] = {"state.place": {"$gte": wanted.place, "$lt": wanted.place + ":"}}
        if wanted.kind:
            query["state.kind"] = wanted.kind
        if wanted.before:
            at, id = wanted.before
            earlier = [{"state.reported_at": {"$lt": at}}, {"state.reported_at": at, "_id": {"$lt": id}}]
            query["$or"] = earlier
        return list(self.where(query, sort=[("state.reported_at", -1), ("_id", -1)], limit=limit))


class MemoryFindings(MemoryStore[Finding], Findings):
    """Findings in memory."""

    def listed(self, wanted: Wanted, limit: int) -> list[Held[Finding]]:
        found = [held for held in self.all() if _is_wanted(held, wanted)]
        return sorted(found, key=_born, reverse=True)[:limit]


class MongoCases(MongoStore[Registered], Cases):
    """Cases of findings in the database."""

    def __init__(self) -> None:
        super().__init__(REGISTERED, RegisteredDocument, Registered, projection=True)

    def several(self, findings: Collection[str]) -> dict[str, Registered]:
        return {held.id: held.state for held in self.where({"_id": {"$in": list(findings)}})}


class MemoryCases(MemoryStore[Registered], Cases):
    """Cases of findings in memory."""

    def several(self, findings: Collection[str]) -> dict[str, Registered]:
        return {id: held.state for id in findings if (held := self.find(id))}


def _born(held: Held[Finding]) -> tuple[datetime, str]:
    return held.state.reported_at, held.id


def _is_wanted(held: Held[Finding], wanted: Wanted) -> bool:
    found = held.state
    earlier = wanted.before is None or _born(held) < wanted.before
    return earlier and found.place.startswith(wanted.place) and wanted.kind in ("", found.kind)
