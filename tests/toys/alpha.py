"""The toy that tells: counters that only go up, each raise an HTTP-like command with its own key."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shared.aggregate import AggregateDocument, Held, MemoryStore, MongoStore, Store
from shared.aggregate.held import Teller
from shared.bus.worker import Worker, on
from shared.clock import now
from shared.contracts.base import Event
from shared.database import open_database
from shared.decision import Cause, Decision
from tests.toys.contracts import CounterNoted, CounterOpened, CounterRaised


@dataclass(frozen=True, kw_only=True)
class Counter:
    """A number and the county it belongs to."""

    total: int = 0
    region: str = "990101"


class CounterDocument(AggregateDocument):
    """A stored counter."""

    meta = {"collection": "counters", "db_alias": "alpha"}


TELLER = Teller(service="alpha", aggregate="counter")


def store() -> MongoStore[Counter]:
    """The real counters."""
    open_database("alpha")
    return MongoStore(TELLER, CounterDocument, Counter)


def memory() -> MemoryStore[Counter]:
    """Counters in memory."""
    return MemoryStore(TELLER)


def raised(id: str, counter: Counter | None, by: int) -> Decision[Counter]:
    """One more, or the first."""
    before = counter or Counter()
    after = replace(before, total=before.total + by)
    opening: tuple[Event, ...] = () if counter else (CounterOpened(counter_id=id),)
    events = (*opening, CounterRaised(counter_id=id, by=by, total=after.total), CounterNoted(counter_id=id))
    return Decision(state=after, events=events, reason="asked")


def raise_counter(counters: Store[Counter], id: str, key: str, by: int = 1) -> Held[Counter]:
    """The toy's only command; the same key acts once."""
    return counters.open(id, Cause(at=now(), key=key), lambda counter: raised(id, counter, by))


class Alpha(Worker):
    """Relays alpha's outbox, and hears itself so that it has an inbox."""

    service = "alpha"

    @on("nothing.ever")
    def nothing(self, event: Event, cause: Cause) -> None:
        """Never called."""


def workers() -> list[Worker]:
    """For the worker process."""
    return [Alpha([store()])]
