"""Telling the broker: our relay against nameko's publisher and against py-amqp, confirm by confirm.

The relay also reads every event from the database and removes it there; what its publishing alone can do is
measured beside it. All send the same bytes, persistent and mandatory, into the same quorum queue.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from nameko.amqp.publish import Publisher as NamekoPublisher

from bench.__main__ import main
from bench.measure import Speeds, ratio
from bench.publishers import Told, registration, tell
from bench.surroundings import Surroundings, depth, purge, say
from shared import ids
from shared.aggregate import AggregateDocument, MongoStore
from shared.aggregate.held import Teller
from shared.bus import topology
from shared.bus.api import Management
from shared.bus.channel import Publisher, connect, message, vhost_name
from shared.bus.names import Exchange, Queue, core
from shared.bus.relay import WINDOW, Relay
from shared.contracts.wire import CONTENT_TYPE
from shared.database import open_database
from shared.settings import settings

EXCHANGE, QUEUE, KEY = "x.bench", "bench.inbox", "bench"
ROUNDS = 5
LIMIT = "the peers wait for a confirm once a message, the relay once a window of messages"

Send = Callable[[int], float]
"""Sends so many messages and gives the seconds it took."""


class BacklogDocument(AggregateDocument):
    """An aggregate with something to tell."""

    meta = {"collection": "backlog", "db_alias": "intake"}


def run(around: Surroundings) -> dict[str, Any]:
    """Each competitor in turn, several times."""
    _prepare_queue()
    store, pattern = _backlog()
    body = bytes(pattern["outbox"][0]["body"])
    many, few = around.some(4_000), around.some(400)
    with _competitors(store, pattern, body) as sends:
        numbers = {name: many if name in ("relay", "pipelined") else few for name in sends}
        speeds: dict[str, list[float]] = {name: [] for name in sends}
        astray = 0
        for round in range(ROUNDS + 1):  # the first one warms up
            for name, send in sends.items():
                speed, wrong = _round(send, numbers[name])
                astray += wrong
                speeds[name] += [speed] if round else []
            say(f"relay: round {round} of {ROUNDS}")
    shown = _shown({name: Speeds(rounds=tuple(found)) for name, found in speeds.items()})
    return shown | {"messages": numbers, "body_bytes": len(body), "lost_or_twice": astray, "limit": LIMIT}


def _shown(speeds: dict[str, Speeds]) -> dict[str, Any]:
    ratios = {
        f"{ours}_to_{peer}": ratio(speeds[ours].middle, speeds[peer].middle)
        for ours in ("relay", "pipelined")
        for peer in ("nameko", "py_amqp")
    }
    return {name: speed.shown() for name, speed in speeds.items()} | ratios


def _round(send: Send, number: int) -> tuple[float, int]:
    """Messages a second, and how many did not arrive exactly once."""
    seconds = send(number)
    arrived = depth(QUEUE)[0]
    purge(QUEUE)
    return number / seconds, abs(number - arrived)


@contextmanager
def _competitors(store: MongoStore[Told], pattern: dict[str, Any], body: bytes) -> Iterator[dict[str, Send]]:
    relay, publisher = Relay("intake", [store]), Publisher("core", lambda ticket, verdict: None)
    nameko = NamekoPublisher(f"{settings().amqp_url}/{vhost_name('core')}", mandatory=True)
    publisher.open()
    with connect("core") as connection, connection.channel() as channel:
        channel.confirm_select()
        yield {
            "relay": partial(_relay, relay, store, pattern),
            "pipelined": partial(_pipelined, publisher, body),
            "nameko": partial(_nameko, nameko, body),
            "py_amqp": partial(_one_by_one, channel, body),
        }
    publisher.close()
    relay.close()


def _relay(relay: Relay, store: MongoStore[Told], pattern: dict[str, Any], number: int) -> float:
    """From the outboxes to the broker, and out of the outboxes."""
    copies = [
        {**pattern, "_id": ids.new(), "outbox": [{**pattern["outbox"][0], "id": ids.new()}]}
        for _ in range(number)
    ]
    store.collection.insert_many(copies, ordered=False)
    started = time.perf_counter()
    while relay.cycle():
        pass
    seconds = time.perf_counter() - started
    if left := store.collection.count_documents({"ob_at": {"$exists": True}}):
        raise RuntimeError(f"{left} outboxes are not empty")
    store.collection.delete_many({})
    return seconds


def _pipelined(publisher: Publisher, body: bytes, number: int) -> float:
    started = time.perf_counter()
    for start in range(0, number, WINDOW):
        for _ in range(start, min(start + WINDOW, number)):
            publisher.publish(EXCHANGE, KEY, message(body, message_id=ids.new()), None)
        publisher.drain()
    return time.perf_counter() - started


def _nameko(publisher: NamekoPublisher, body: bytes, number: int) -> float:
    about = {"serializer": None, "content_type": CONTENT_TYPE, "content_encoding": "binary"}
    started = time.perf_counter()
    for _ in range(number):
        publisher.publish(body, exchange=EXCHANGE, routing_key=KEY, message_id=ids.new(), **about)
    return time.perf_counter() - started


def _one_by_one(channel: Any, body: bytes, number: int) -> float:
    started = time.perf_counter()
    for _ in range(number):
        made = message(body, message_id=ids.new())
        channel.basic_publish_confirm(made, exchange=EXCHANGE, routing_key=KEY, mandatory=True)
    return time.perf_counter() - started


def _backlog() -> tuple[MongoStore[Told], dict[str, Any]]:
    """A store, and the document that one real write makes in it: the pattern of the others."""
    open_database("intake")
    store = MongoStore(Teller(service="intake", aggregate="registration"), BacklogDocument, Told)
    store.prepare()
    event = registration(1)
    tell(store, event.reg_id, event)
    pattern = store.collection.find_one({"_id": event.reg_id})
    store.collection.delete_many({})
    assert pattern is not None
    pattern["outbox"][0] |= {"dest": f"core:{EXCHANGE}", "key": KEY}
    return store, pattern


def _prepare_queue() -> None:
    """A queue like every inbox, behind an exchange that feeds nothing else."""
    found = core([(QUEUE, ())])
    inbox = Queue(name=QUEUE, bindings=((EXCHANGE, KEY),))
    queues = (inbox, *(queue for queue in found.queues if queue.name != QUEUE))
    exchanges = (*found.exchanges, Exchange(name=EXCHANGE, kind="direct"))
    vhost = replace(found, name=settings().core_vhost, queues=queues, exchanges=exchanges)
    api = Management(settings().amqp_api)
    topology.apply(api, vhost)
    if left := topology.wait_until_safe(api, vhost, [QUEUE]):
        raise RuntimeError(f"unsafe topology: {left}")


if __name__ == "__main__":
    raise SystemExit(main(["relay", *sys.argv[1:]]))
