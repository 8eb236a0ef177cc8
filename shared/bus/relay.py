"""The relay: tells what the outboxes hold. Nothing else publishes.

It reads committed outboxes oldest first, publishes with pipelined confirms, and then removes what was
confirmed. A crash between the two tells an event twice; the listeners' marks absorb it.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import amqp
from pymongo import UpdateOne
from pymongo.read_concern import ReadConcern

from shared.aggregate.mongo import MongoStore
from shared.bus.channel import Publisher, Verdict, message
from shared.contracts.wire import LIMIT
from shared.crash import crash_here

log = logging.getLogger(__name__)

DOCUMENTS = 200  # read at once
WINDOW = 256  # unconfirmed messages (BUS b6)
BACK_OFF = 60.0
Store = MongoStore[Any]


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """One outbox entry on its way."""

    store: Store
    id: str
    entry: Mapping[str, Any]

    @property
    def vhost(self) -> str:
        return str(self.entry["dest"]).partition(":")[0]

    @property
    def exchange(self) -> str:
        return str(self.entry["dest"]).partition(":")[2]


class Relay:
    """Empties the outboxes of one service's stores; one replica at a time runs it."""

    def __init__(
        self, service: str, stores: Sequence[Store], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.service, self.stores, self.monotonic = service, stores, monotonic
        self.publishers: dict[str, Publisher] = {}
        self.told: list[Ticket] = []
        self.refused: list[Ticket] = []
        self.closed_until: dict[str, tuple[float, float]] = {}  # destination -> (until, back-off)

    def cycle(self) -> int:
        """One round: read, publish, wait for confirms, remove. Returns how many entries were told."""
        tickets = [t for store in self.stores for t in self._read(store)]
        self.told, self.refused = [], []
        for vhost in ("core", "edge"):
            self._tell(vhost, [t for t in tickets if t.vhost == vhost])
        self._remove(self.told)
        self._set_aside(self.refused)
        return len(self.told) + len(self.refused)

    def _read(self, store: Store) -> list[Ticket]:
        majority = store.collection.with_options(read_concern=ReadConcern("majority"))
        found = majority.find(
            {"ob_at": {"$exists": True}}, {"outbox": 1}, sort=[("ob_at", 1)], limit=DOCUMENTS
        )
        tickets = [
            Ticket(store=store, id=doc["_id"], entry=entry) for doc in found for entry in doc["outbox"]
        ]
        return [t for t in tickets if self._open(t.entry["dest"])]

    def _open(self, destination: str) -> bool:
        until, _ = self.closed_until.get(destination, (0.0, 0.0))
        return until <= self.monotonic()

    def _tell(self, vhost: str, tickets: list[Ticket]) -> None:
        publisher = self.publishers.setdefault(vhost, Publisher(vhost, self._settled))
        for start in range(0, len(tickets), WINDOW):
            batch = tickets[start : start + WINDOW]
            try:
                self._publish(publisher, batch)
            except amqp.ChannelError as error:  # 403, 404, 406: one of these is guilty
                self._bisect(publisher, batch, error)
            except (OSError, amqp.AMQPError) as error:
                log.warning(
                    "broker does not answer", extra={"service": self.service, "error": type(error).__name__}
                )
                publisher.close()
                return

    def _publish(self, publisher: Publisher, batch: Sequence[Ticket]) -> None:
        publisher.open()
        for ticket in batch:
            if len(ticket.entry["body"]) > LIMIT:
                self.refused.append(ticket)
                continue
            crash_here("relay.before_publish")
            publisher.publish(ticket.exchange, ticket.entry["key"], _message(ticket), ticket)
        crash_here("relay.after_publish")
        publisher.drain()
        crash_here("relay.before_removal")

    def _bisect(self, publisher: Publisher, batch: Sequence[Ticket], error: Exception) -> None:
        publisher.close()
        done = {id(t) for t in self.told}
        left = [t for t in batch if id(t) not in done]
        if len(left) == 1:
            log.error("entry set aside", extra={"service": self.service, "error": type(error).__name__})
            self.refused += left
            return
        for half in (left[: len(left) // 2], left[len(left) // 2 :]):
            try:
                self._publish(publisher, half)
            except amqp.ChannelError as again:
                self._bisect(publisher, half, again)

    def _settled(self, ticket: Ticket, verdict: Verdict) -> None:
        destination = ticket.entry["dest"]
        if verdict == "ack":
            self.told.append(ticket)
            self.closed_until.pop(destination, None)
        elif verdict == "returned":
            self.refused.append(ticket)
        else:
            _, before = self.closed_until.get(destination, (0.0, 0.5))
            self.closed_until[destination] = (self.monotonic() + before * 2, min(before * 2, BACK_OFF))

    def _remove(self, tickets: Sequence[Ticket]) -> None:
        """Take told entries out of their documents without touching `version`."""
        by_store: dict[Store, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for ticket in tickets:
            by_store[ticket.store][ticket.id].append(ticket.entry["id"])
        for store, documents in by_store.items():
            removals = [UpdateOne({"_id": id}, removal(entries)) for id, entries in documents.items()]
            store.collection.bulk_write(removals, ordered=False)

    def _set_aside(self, tickets: Sequence[Ticket]) -> None:
        """Keep what the broker will never take where an operator sees it, then let its neighbours go on."""
        for ticket in tickets:
            doc = {"service": self.service, "aggregate": ticket.id, **ticket.entry}
            aside = ticket.store.collection.database["outbox_parked"]
            aside.replace_one({"_id": ticket.entry["id"]}, doc, upsert=True)
        self._remove(tickets)

    def close(self) -> None:
        """Hang up."""
        for publisher in self.publishers.values():
            publisher.close()

    def beat(self) -> None:
        """Keep idle connections alive; a dead one is opened again by the next cycle."""
        for publisher in self.publishers.values():
            try:
                publisher.beat()
            except (OSError, amqp.AMQPError):
                publisher.close()


def removal(entries: Sequence[str]) -> list[dict[str, Any]]:
    """The update that takes entries out of an outbox, and its mark away when it is empty (BUS b6)."""
    keep = {"$filter": {"input": "$outbox", "cond": {"$not": [{"$in": ["$$this.id", list(entries)]}]}}}
    mark = {"$cond": [{"$eq": [{"$size": "$outbox"}, 0]}, "$$REMOVE", "$ob_at"]}
    return [{"$set": {"outbox": keep}}, {"$set": {"ob_at": mark}}]


def _message(ticket: Ticket) -> amqp.Message:
    entry = ticket.entry
    return message(bytes(entry["body"]), message_id=entry["id"], type=_type(entry["body"]))


def _type(body: bytes) -> str:
    """The event's type, read without parsing: for operators only."""
    start = body.find(b'"type":"') + 8
    return body[start : body.find(b'"', start)].decode()
