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
from shared.bus import aside
from shared.bus.backoff import BackOff, address
from shared.bus.channel import Publisher, Verdict, message
from shared.bus.names import DEPT, EVENTS
from shared.contracts.wire import LIMIT
from shared.crash import crash_here

log = logging.getLogger(__name__)

DOCUMENTS = 200  # read at once
WINDOW = 256  # unconfirmed messages (BUS b6)
OURS = (EVENTS, DEPT)  # the exchanges that the deploy job makes
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
    """Empties the outboxes of one service's stores; one replica at a time runs it.

    Two may overlap when one was slow: events are then told twice, and removed once.
    """

    def __init__(
        self, service: str, stores: Sequence[Store], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.service, self.stores = service, stores
        self.publishers: dict[str, Publisher] = {}
        self.told: list[Ticket] = []
        self.refused: list[Ticket] = []
        self.back_off = BackOff(monotonic)

    def cycle(self) -> int:
        """One round: read, publish, wait for confirms, remove. Returns how many entries were told."""
        tickets = [t for store in self.stores for t in self._read(store)]
        self.told, self.refused = [], []
        try:
            for vhost in ("core", "edge"):
                self._tell(vhost, [t for t in tickets if t.vhost == vhost])
        finally:
            self._remove(self.told)
            self._set_aside(self.refused)
        return len(self.told) + len(self.refused)

    def _read(self, store: Store) -> list[Ticket]:
        majority = store.collection.with_options(read_concern=ReadConcern("majority"))
        waiting = {"ob_at": {"$exists": True}} | self.back_off.query()
        found = majority.find(waiting, {"outbox": 1}, sort=[("ob_at", 1)], limit=DOCUMENTS)
        return [Ticket(store=store, id=doc["_id"], entry=entry) for doc in found for entry in doc["outbox"]]

    def _tell(self, vhost: str, tickets: Sequence[Ticket]) -> None:
        publisher = self.publishers.setdefault(vhost, Publisher(vhost, self._settled))
        try:
            for start in range(0, len(tickets), WINDOW):
                self._publish(publisher, tickets[start : start + WINDOW])
        except (OSError, amqp.AMQPError) as error:
            log.warning("not confirmed", extra={"service": self.service, "error": type(error).__name__})
            for ticket, _ in list(publisher.pending.values()) if isinstance(error, TimeoutError) else ():
                self._settled(ticket, "nack")  # a queue without a leader is silent: it holds up no other
            publisher.close()

    def _publish(self, publisher: Publisher, batch: Sequence[Ticket]) -> None:
        """Publish and wait; when the broker closes the channel, find the guilty one by halving."""
        left = self._left(batch)
        try:
            self._send(publisher, left)
        except amqp.ChannelError as error:
            publisher.close()
            left = self._left(left)
            if len(left) <= 1:
                return self._blame(left, error)
            self._publish(publisher, left[: len(left) // 2])
            self._publish(publisher, left[len(left) // 2 :])

    def _left(self, batch: Sequence[Ticket]) -> list[Ticket]:
        done = {id(ticket) for ticket in (*self.told, *self.refused)}
        return [t for t in batch if id(t) not in done and self.back_off.is_open(t.entry)]

    def _send(self, publisher: Publisher, batch: Sequence[Ticket]) -> None:
        if not batch:
            return
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

    def _blame(self, guilty: Sequence[Ticket], error: amqp.ChannelError) -> None:
        """A missing or forbidden exchange of ours is the broker's fault: wait. All else is the entry's."""
        for ticket in guilty:
            log.error("channel closed", extra={"service": self.service, "error": type(error).__name__})
            if isinstance(error, amqp.NotFound | amqp.AccessRefused) and ticket.exchange in OURS:
                self.back_off.shut((ticket.entry["dest"], ""))
            else:
                self.refused.append(ticket)

    def _settled(self, ticket: Ticket, verdict: Verdict) -> None:
        if verdict == "ack":
            self.told.append(ticket)
            self.back_off.open(address(ticket.entry))
        elif verdict == "returned":
            self.refused.append(ticket)
        else:
            self.back_off.shut(address(ticket.entry))

    def _remove(self, tickets: Sequence[Ticket]) -> None:
        """Take told entries out of their documents without touching `version`."""
        by_store: dict[Store, dict[str, list[Mapping[str, Any]]]] = defaultdict(lambda: defaultdict(list))
        for ticket in tickets:
            by_store[ticket.store][ticket.id].append(ticket.entry)
        for store, documents in by_store.items():
            removals = [UpdateOne({"_id": id}, removal(entries)) for id, entries in documents.items()]
            store.collection.bulk_write(removals, ordered=False)

    def _set_aside(self, tickets: Sequence[Ticket]) -> None:
        """Keep what the broker will never take where an operator sees it, then let its neighbours go on."""
        for ticket in tickets:
            log.error("entry set aside", extra={"service": self.service, "event_id": ticket.entry["id"]})
            aside.lay(ticket.store.collection, ticket.id, ticket.entry)
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


def removal(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The update that takes entries out of an outbox, and its mark away when it is empty (BUS b6).

    By id and sequence: an ask that is told again under its own id is another entry.
    """
    told = {"$literal": [[entry["id"], entry["n"]] for entry in entries]}
    keep = {"$filter": {"input": "$outbox", "cond": {"$not": [{"$in": [["$$this.id", "$$this.n"], told]}]}}}
    mark = {"$cond": [{"$eq": [{"$size": "$outbox"}, 0]}, "$$REMOVE", "$ob_at"]}
    return [{"$set": {"outbox": keep}}, {"$set": {"ob_at": mark}}]


def _message(ticket: Ticket) -> amqp.Message:
    entry = ticket.entry
    return message(bytes(entry["body"]), message_id=entry["id"], type=_type(entry["body"]))


def _type(body: bytes) -> str:
    """The event's type, read without parsing: for operators only."""
    start = body.find(b'"type":"') + 8
    return body[start : body.find(b'"', start)].decode()
