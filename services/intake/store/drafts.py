"""Applications that residents have not finished, sealed, found again only by the mark of their code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pymongo.collection import Collection
from pymongo.database import Database


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One of them."""

    mark: str
    sealed: bytes
    until: datetime


class Drafts(Protocol):
    """Kept until they are sent or their days are over."""

    def put(self, draft: Draft) -> None:
        """Keep it; the same mark again replaces."""
        ...

    def get(self, mark: str, now: datetime) -> Draft | None:
        """The draft with this mark, unless its days are over."""
        ...

    def drop(self, mark: str) -> None:
        """Keep it no longer."""
        ...

    def forget(self, now: datetime) -> None:
        """Let go of all whose days are over."""
        ...


class MongoDrafts:
    """In the database."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self.drafts: Collection[dict[str, Any]] = database["drafts"]

    def put(self, draft: Draft) -> None:
        doc = {"sealed": draft.sealed, "until": draft.until}
        self.drafts.update_one({"_id": draft.mark}, {"$set": doc}, upsert=True)

    def get(self, mark: str, now: datetime) -> Draft | None:
        doc = self.drafts.find_one({"_id": mark, "until": {"$gt": now}})
        return Draft(mark=mark, sealed=doc["sealed"], until=doc["until"]) if doc else None

    def drop(self, mark: str) -> None:
        self.drafts.delete_one({"_id": mark})

    def forget(self, now: datetime) -> None:
        self.drafts.delete_many({"until": {"$lte": now}})


class MemoryDrafts:
    """In memory."""

    def __init__(self) -> None:
        self.drafts: dict[str, Draft] = {}

    def put(self, draft: Draft) -> None:
        self.drafts[draft.mark] = draft

    def get(self, mark: str, now: datetime) -> Draft | None:
        found = self.drafts.get(mark)
        return found if found and found.until > now else None

    def drop(self, mark: str) -> None:
        self.drafts.pop(mark, None)

    def forget(self, now: datetime) -> None:
        self.drafts = {mark: draft for mark, draft in self.drafts.items() if draft.until > now}
