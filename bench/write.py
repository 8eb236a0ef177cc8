"""Keeping a change: our one document write against a transaction over two collections, its usual rival.

Both load, decide and write the same state, history, mark and event through the same code; only the place of
the event differs. Every write changes another aggregate, so that none grows and nobody waits for a neighbour.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

from bench.__main__ import main
from bench.measure import Speeds, ratio
from bench.publishers import Told, registration
from bench.surroundings import Surroundings, say
from shared import ids
from shared.aggregate import AggregateDocument, Held, MongoStore
from shared.aggregate.held import Teller, Write
from shared.clock import now
from shared.database import open_database
from shared.decision import Cause, Decision

ROUNDS = 5
THREADS = (1, 8)
LIMIT = "every write waits for the journal on disk, which threads share; beyond that, the processors"


class OneDocument(AggregateDocument):
    """Everything in one document."""

    meta = {"collection": "one", "db_alias": "intake"}


class TwoDocument(AggregateDocument):
    """The same without its events, which lie in a collection of their own."""

    meta = {"collection": "two", "db_alias": "intake"}


class TwoCollections(MongoStore[Told]):
    """The peer: state here, events there, kept together by a transaction."""

    @property
    def events(self) -> Any:
        """The events still to be told."""
        return self.collection.database["two_outbox"]

    def update(self, held: Held[Told], write: Write) -> bool:
        query = {"_id": held.id, "version": held.version, "inbox.k": {"$ne": write.cause.key}}
        change = self._operators(replace(write, outbox=()))
        entries = [{**entry, "aggregate": held.id, "at": write.cause.at} for entry in write.outbox]

        def together(session: Any) -> bool:
            if self.collection.update_one(query, change, session=session).modified_count != 1:
                return False
            self.events.insert_many(entries, session=session)
            return True

        with self.collection.database.client.start_session() as session:
            return bool(session.with_transaction(together))


def run(around: Surroundings) -> dict[str, Any]:
    """Both in turn, several times, on one thread and on several."""
    open_database("intake")
    teller = Teller(service="intake", aggregate="registration")
    stores: dict[str, MongoStore[Told]] = {
        "one_document": MongoStore(teller, OneDocument, Told),
        "two_collections": TwoCollections(teller, TwoDocument, Told),
    }
    for store in stores.values():
        store.prepare()
    return {f"threads_{n}": _compared(stores, n, around.some(150 * n)) for n in THREADS} | {"limit": LIMIT}


def _compared(stores: dict[str, MongoStore[Told]], threads: int, number: int) -> dict[str, Any]:
    speeds: dict[str, list[float]] = {name: [] for name in stores}
    for round in range(ROUNDS + 1):  # the first one warms up
        for name, store in stores.items():
            speed = number / _round(store, threads, number)
            speeds[name] += [speed] if round else []
        say(f"write: {threads} threads, round {round} of {ROUNDS}")
    one, two = (Speeds(rounds=tuple(speeds[name])) for name in stores)
    shown = {name: Speeds(rounds=tuple(found)).shown() for name, found in speeds.items()}
    return shown | {"ratio": ratio(one.middle, two.middle), "writes": number}


def _round(store: MongoStore[Told], threads: int, number: int) -> float:
    """Seconds for one change of each of so many fresh aggregates, every one of them checked."""
    fresh = list(_fresh(store, number))
    store.collection.insert_many(fresh)
    with ThreadPoolExecutor(threads) as pool:
        started = time.perf_counter()
        list(pool.map(partial(_change, store), [doc["_id"] for doc in fresh]))
        seconds = time.perf_counter() - started
    if store.collection.count_documents({"version": 2}) != number:
        raise RuntimeError("a write is missing")
    store.collection.delete_many({})
    store.collection.database["two_outbox"].delete_many({})
    return seconds


def _fresh(store: MongoStore[Told], number: int) -> Iterator[dict[str, Any]]:
    state = {"times": 1, "region": "990101101201"}
    for _ in range(number):
        empty: dict[str, Any] = {"history": [], "inbox": [], "outbox": [], "seen": {}}
        yield {"_id": ids.new(), "schema": 1, "version": 1, "state": state, **empty}


def _change(store: MongoStore[Told], id: str) -> None:
    cause = Cause(at=now(), key=ids.new())
    store.change(id, cause, lambda told: Decision(state=replace(told, times=2), events=(registration(1),)))


if __name__ == "__main__":
    raise SystemExit(main(["write", *sys.argv[1:]]))
