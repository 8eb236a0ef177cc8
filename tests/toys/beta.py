"""The toy that listens: per counter the sum of what it heard, in order, and how often it was told."""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass, replace
from typing import Any

from shared.aggregate import AggregateDocument, MemoryStore, MongoStore
from shared.aggregate.held import Teller
from shared.bus.worker import Worker, on
from shared.contracts.base import Event
from shared.database import open_database
from shared.decision import Cause, Decision
from shared.errors import Poison, Retry
from tests.toys.contracts import CounterRaised


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What beta knows of one counter."""

    sum: int = 0
    heard: tuple[str, ...] = ()
    region: str = "990101"


class TallyDocument(AggregateDocument):
    """A stored tally."""

    meta = {"collection": "tallies", "db_alias": "beta"}


TELLER = Teller(service="beta", aggregate="tally")


def store() -> MongoStore[Tally]:
    """The real tallies."""
    open_database("beta")
    return MongoStore(TELLER, TallyDocument, Tally, projection=True)


def handled() -> Any:
    """How often each message was handled to its end, duplicates included."""
    return store().collection.database["handled"]


def memory() -> MemoryStore[Tally]:
    """Tallies in memory."""
    return MemoryStore(TELLER, projection=True)


def heard(tally: Tally | None, event: Event | None, sequence: str) -> Decision[Tally]:
    """Count one event."""
    before = tally or Tally()
    by = event.by if isinstance(event, CounterRaised) else 0
    return Decision(state=replace(before, sum=before.sum + by, heard=(*before.heard, sequence)))


class Beta(Worker):
    """Follows every event of every counter. POISON and SLOW in the environment make it misbehave."""

    service = "beta"

    def finished(self, message: str) -> None:
        """A message was handled to its end."""

    @on("counter.#", order="strict")
    def counted(self, event: Event | None, cause: Cause) -> None:
        """Add what was raised."""
        assert cause.heard is not None
        _misbehave(cause.heard.data)
        id = cause.heard.data["counter_id"]
        sequence = cause.heard.sequence
        self.stores[0].open(id, cause, lambda tally: heard(tally, event, sequence))
        self.finished(cause.heard.id)


def _misbehave(data: dict[str, object]) -> None:
    time.sleep(random.random() * float(os.environ.get("SLOW", "0")))
    if data.get("by") == 666:
        raise Retry("the handler always fails")
    if data.get("by") == 667:
        raise Poison("the handler refuses")


class CountingBeta(Beta):
    """Writes down how often each message was handled."""

    def finished(self, message: str) -> None:
        handled().update_one({"_id": message}, {"$inc": {"times": 1}}, upsert=True)


def workers() -> list[Worker]:
    """For the worker process."""
    return [CountingBeta([store()])]
