"""What lay in the mailbox of a department when it left: kept here, because its mailbox is taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database

from shared.bus.mailboxes import Letter


@dataclass(frozen=True, kw_only=True)
class Exported:
    """One message that was left over, exactly as it lay there."""

    type: str
    event_id: str
    body: bytes
    at: datetime


class Exports(Protocol):
    """Messages that were left over, by department."""

    def keep(self, department: str, letters: Sequence[Letter], at: datetime) -> None:
        """Keep them; the same message again changes nothing."""
        ...

    def of(self, department: str) -> list[Exported]:
        """All that was left over, in the order in which it lay there."""
        ...


class MongoExports:
    """In the database."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self.kept: Collection[dict[str, Any]] = database["exports"]

    def keep(self, department: str, letters: Sequence[Letter], at: datetime) -> None:
        writes = [_write(department, n, letter, at) for n, letter in enumerate(letters)]
        if writes:
            self.kept.bulk_write(writes, ordered=False)

    def of(self, department: str) -> list[Exported]:
        found = self.kept.find({"department": department}, sort=[("at", 1), ("n", 1)])
        return [Exported(type=d["type"], event_id=d["event_id"], body=d["body"], at=d["at"]) for d in found]


def _write(department: str, n: int, letter: Letter, at: datetime) -> UpdateOne:
    row = {"department": department, "n": n, "type": letter.type, "event_id": letter.event_id,
           "body": letter.body, "at": at}  # fmt: skip
    return UpdateOne({"_id": f"{department}|{letter.digest}"}, {"$setOnInsert": row}, upsert=True)


class MemoryExports:
    """In memory."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Exported]] = {}

    def keep(self, department: str, letters: Sequence[Letter], at: datetime) -> None:
        mine = self.kept.setdefault(department, {})
        for letter in letters:
            found = Exported(type=letter.type, event_id=letter.event_id, body=letter.body, at=at)
            mine.setdefault(letter.digest, found)

    def of(self, department: str) -> list[Exported]:
        return list(self.kept.get(department, {}).values())
