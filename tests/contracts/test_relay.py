"""How the relay goes on when the broker does not take everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import amqp
import pytest
from click.testing import CliRunner

from shared import clock, ids
from shared.aggregate import MongoStore
from shared.bus import aside, cli, topology
from shared.bus.api import Management
from shared.bus.relay import Relay
from shared.bus.worker import load_workers
from shared.errors import NotFound
from shared.settings import settings
from tests.servers import TestServers
from tests.toys import alpha

Counters = MongoStore[alpha.Counter]
Answer = Callable[[str], str]


class Broker:
    """Stands for one vhost: the test says what becomes of each routing key: ack, nack or silence."""

    def __init__(self, relay: Relay, answer: Answer) -> None:
        self.relay, self.answer = relay, answer
        self.pending: dict[int, tuple[Any, str]] = {}
        self.keys: list[str] = []

    def open(self) -> None:
        """Nothing to do."""

    def publish(self, exchange: str, key: str, msg: amqp.Message, ticket: Any) -> None:
        """Note it."""
        self.keys.append(key)
        self.pending[len(self.keys)] = (ticket, key)

    def drain(self) -> None:
        """Answer what is to be answered."""
        for tag, (ticket, key) in list(self.pending.items()):
            if (verdict := self.answer(key)) != "silence":
                del self.pending[tag]
                self.relay._settled(ticket, verdict)  # type: ignore[arg-type]
        if self.pending:
            raise TimeoutError

    def close(self) -> None:
        """Forget what was not answered."""
        self.pending = {}


@pytest.fixture
def counters(servers: TestServers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counters]:
    with servers.entered(monkeypatch):
        store = alpha.store()
        store.prepare()
        yield store


def mailed(counters: Counters, department: str, many: int = 1) -> None:
    """Counters that have only something to tell one department."""
    for _ in range(many):
        id = ids.new()
        alpha.raise_counter(counters, id, "k")
        ask = {"id": ids.new(), "n": "0000000001.03", "dest": "edge:x.dept", "key": department, "body": b"{}"}
        counters.collection.update_one({"_id": id}, {"$set": {"outbox": [ask]}})


def untold(counters: Counters) -> list[str]:
    """The keys of what still waits."""
    waiting = counters.collection.find({"ob_at": {"$exists": True}})
    return sorted({entry["key"] for doc in waiting for entry in doc["outbox"]})


@pytest.mark.parametrize("answer", ["nack", "silence"])
def test_a_mailbox_that_takes_nothing_holds_up_no_other(counters: Counters, answer: str) -> None:
    mailed(counters, "court", many=201)  # more than one page of the relay
    mailed(counters, "police")
    relay = Relay("alpha", [counters])
    edge: Any = Broker(relay, lambda key: answer if key == "court" else "ack")
    relay.publishers["edge"] = edge

    relay.cycle()
    relay.cycle()

    assert untold(counters) == ["court"]
    assert counters.collection.count_documents({"ob_at": {"$exists": True}}) == 201


def test_an_ask_told_again_under_its_own_id_is_not_removed_with_the_first(counters: Counters) -> None:
    mailed(counters, "court")
    (doc,) = counters.collection.find()
    again = {**doc["outbox"][0], "n": "0000000002.01"}
    relay = Relay("alpha", [counters])

    def ack(key: str) -> str:
        counters.collection.update_one({"_id": doc["_id"]}, {"$addToSet": {"outbox": again}})
        return "ack"

    edge: Any = Broker(relay, ack)
    relay.publishers["edge"] = edge
    relay.cycle()

    assert untold(counters) == ["court"]
    relay.cycle()
    assert untold(counters) == []


def test_events_wait_while_the_broker_has_lost_our_exchange(counters: Counters) -> None:
    alpha.raise_counter(counters, ids.new(), "k")
    relay = Relay("alpha", [counters], monotonic=iter(range(0, 1_000_000, 100)).__next__)

    assert relay.cycle() == 0  # nobody has applied the topology
    assert counters.collection.database["outbox_parked"].count_documents({}) == 0
    api = Management(settings().amqp_api)
    for vhost in topology.wanted(load_workers(["tests.toys.beta"]), ()):
        topology.apply(api, vhost)

    assert relay.cycle() == 3
    assert untold(counters) == []
    relay.close()


def refused(counters: Counters) -> Relay:
    """A relay whose broker sends everything back."""
    relay = Relay("alpha", [counters])
    edge: Any = Broker(relay, lambda key: "returned")
    relay.publishers["edge"] = edge
    relay.cycle()
    return relay


def test_what_was_set_aside_can_be_put_back_and_is_told(counters: Counters) -> None:
    mailed(counters, "court")
    relay = refused(counters)
    assert untold(counters) == []
    (laid,) = aside.lying(counters.collection.database)

    aside.give_back(counters.collection.database, laid, clock.now())
    assert untold(counters) == ["court"]
    edge: Any = Broker(relay, lambda key: "ack")
    relay.publishers["edge"] = edge
    relay.cycle()

    assert edge.keys == ["court"]
    assert untold(counters) == []
    assert aside.lying(counters.collection.database) == []


def test_what_is_refused_again_while_it_is_put_back_still_lies_aside(counters: Counters) -> None:
    mailed(counters, "court")
    relay = refused(counters)
    database = counters.collection.database
    (laid,) = aside.lying(database)
    aside.lay(counters.collection, laid["aggregate"], laid)  # the relay was faster than the tray was cleared

    aside.give_back(database, laid, clock.now())
    relay.cycle()

    assert [entry["times"] for entry in aside.lying(database)] == [3]


def test_an_entry_without_its_owner_stays_where_it_lies(counters: Counters) -> None:
    mailed(counters, "court")
    refused(counters)
    counters.collection.delete_many({})
    database = counters.collection.database
    (laid,) = aside.lying(database)

    with pytest.raises(NotFound):
        aside.give_back(database, laid, clock.now())

    assert len(aside.lying(database)) == 1


def test_the_command_shows_the_tray_and_puts_back_what_is_named(counters: Counters) -> None:
    mailed(counters, "court", many=2)
    refused(counters)
    first, second = (entry["_id"] for entry in aside.lying(counters.collection.database))

    shown = CliRunner().invoke(
        cli.bus, ["aside", "list", "alpha"], env={"COLUMNS": "200"}, catch_exceptions=False
    )
    done = CliRunner().invoke(cli.bus, ["aside", "return", "alpha", second], catch_exceptions=False)

    assert shown.exit_code == done.exit_code == 0
    assert [entry["_id"] for entry in aside.lying(counters.collection.database)] == [first]
