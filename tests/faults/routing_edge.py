"""Routing on a real broker and database inside the test: its departments and their hand-overs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pika
import pytest

from services.routing import handlers
from services.routing.handlers import departments, provisioning
from services.routing.model.delivery import ask_id
from services.routing.model.department import Checked, Department
from services.routing.model.department_asks import AskLink, Conformance
from services.routing.rules import connection
from services.routing.rules import deliveries as handing
from services.routing.store import Stores, stores
from services.routing.worker import Gateway, RoutingWorker
from shared import clock, ids
from shared.aggregate import Held, MongoStore
from shared.aggregate.held import instant
from shared.bus import topology
from shared.bus.api import Management
from shared.bus.mailboxes import RealMailboxes
from shared.bus.parked import open_park
from shared.bus.relay import Relay
from shared.contracts import base, wire
from shared.contracts.base import Event
from shared.contracts.routing import CaseNoted
from shared.decision import Cause, Decision
from shared.settings import settings
from tests import routing_given as given
from tests.faults.departments import eventually
from tests.servers import TestServers
from yizhan_adapter import envelope

LONG = 90.0
KIT = Conformance(
    kit="kit@1", schema_versions=("ask.handle_case.v1",),
    cases=tuple(Checked(name=f"case_{n}", passed=True) for n in range(14)),
)  # fmt: skip


@dataclass
class Side:
    """Routing's side of the edge."""

    environment: dict[str, str]
    kept: Stores
    mailboxes: RealMailboxes
    relay: Relay

    def reconcile(self) -> None:
        """One round of the provisioner."""
        provisioning.reconcile(self.kept, self.mailboxes, clock.now())

    def stage(self, department: str) -> str:
        """How far its connection is."""
        return self.kept.departments.load(department).state.connection.stage.value

    def ordered(self, department: str, rule: departments.Rule, who: str = "director") -> Held[Department]:
        """Somebody orders something."""
        cause = Cause(at=clock.now(), actor=given.by(who).actor)
        return departments.change(self.kept, department, cause, rule)

    def wanted(self, department: str, window: int = 50) -> None:
        """Two people want it connected."""
        cause = Cause(at=clock.now(), actor=given.by("clerk").actor)
        ask = AskLink(link="mailbox", region="990101", name="新单位", window=window)
        departments.ask_link(self.kept, department, cause, ask)
        self.ordered(department, connection.approve)

    def claimed(self, department: str) -> str:
        """Its password, claimed with a link and known to the broker."""
        cause = Cause(at=clock.now(), actor=given.by("clerk").actor)
        _, token = departments.offer(self.kept, department, cause)
        password: str = departments.claim(self.kept, department, token, clock.now())["password"]
        self.reconcile()
        return password

    def queue(self, department: str, *numbers: int) -> list[str]:
        """Cases of these numbers wait for the department; the ids of the hand-overs, in order."""
        return [self._queue(department, number) for number in numbers]

    def _queue(self, department: str, number: int) -> str:
        id, at = ids.derived("edge", department, str(number)), clock.now()
        act = replace(given.by("time", at=at), profile=departments.county(self.kept))
        case = given.assigned(category="contract", tier="county")
        turn = replace(case.assignments[-1], unit=department)
        case = replace(
            case, case_id=id, case_no=f"990101-2026-{number:06d}", lead_unit=department, assignments=(turn,)
        )
        noted = CaseNoted(case_id=id, about="tests", reason="tests")
        self.kept.cases.open(id, Cause(at=at), lambda _: Decision(state=case, events=(noted,), reason="放入"))
        made = handing.queued(case, turn, act)
        held = self.kept.deliveries.open(made.state.delivery_id, Cause(at=at), lambda _: made)
        return held.id

    def send(self) -> None:
        """Fill the mailboxes, and tell the broker."""
        handlers.dispatch(self.kept, clock.now())
        self.tell()

    def tell(self) -> None:
        """Empty the outboxes."""
        while self.relay.cycle():
            pass

    def hear(self) -> list[Exception]:
        """The gateway takes every answer that waits; what it will not take."""
        gateway, refused = Gateway(self.kept), []
        with self.connected() as link, link.channel() as channel:
            while (got := channel.basic_get("q.gateway", auto_ack=True))[0] is not None:
                try:
                    gateway.hear(got[2], got[0].exchange)
                except Exception as error:
                    refused.append(error)
        return refused

    @contextmanager
    def connected(self, user: str = "", password: str = "") -> Iterator[pika.BlockingConnection]:
        """A connection to the edge, as routing or as a department."""
        parameters = pika.URLParameters(f"{self.environment['AMQP_URL']}/{settings().edge_vhost}")
        if user:
            parameters.credentials = pika.PlainCredentials(user, password)
        link = pika.BlockingConnection(parameters)
        try:
            yield link
        finally:
            if link.is_open:
                link.close()

    def taken(self, department: str) -> list[wire.Envelope]:
        """Every ask that lies in a mailbox now, taken out of it."""
        found: list[wire.Envelope] = []
        with self.connected() as link, link.channel() as channel:
            while (got := channel.basic_get(f"dept.{department}.inbox", auto_ack=True))[0] is not None:
                found.append(wire.decode(got[2]))
        return found

    def beat(self, department: str) -> None:
        """The department's system is alive."""
        body = envelope.heartbeat(department, "1.0", 0, 0, clock.now())
        heard = wire.decode(body)
        told = wire.read(heard)
        cause = Cause(at=clock.now(), heard=heard, origin=f"dept.{department}.out")
        provisioning.beaten(self.kept, told, cause)  # type: ignore[arg-type]

    def look(self) -> None:
        """Ask the broker how the mailboxes are."""
        provisioning.look(self.kept, self.mailboxes, clock.now())


@contextmanager
def edge_side(servers: TestServers, patience: float = 3.0) -> Iterator[Side]:
    """A county with a broker, a database and routing, the court and the police connected."""
    with pytest.MonkeyPatch.context() as patch, servers.entered(patch) as environment:
        stores.cache_clear()
        api, kept = Management(environment["AMQP_API"]), stores()
        for vhost in topology.wanted([RoutingWorker(kept)], ["court", "police"]):
            topology.apply(api, vhost)
            assert topology.wait_until_safe(api, vhost) == []
        open_park()
        mine: list[MongoStore[Any]] = [
            store
            for store in (kept.cases, kept.deliveries, kept.departments)
            if isinstance(store, MongoStore)
        ]
        for store in mine:
            store.prepare()
        relay = Relay("routing", mine)
        yield Side(environment, kept, RealMailboxes(api, settings().edge_vhost, patience), relay)
        relay.close()
        stores.cache_clear()


def reconciled(side: Side, stage: str, department: str = "forestry") -> bool:
    """Rounds of the provisioner, until its department is so far."""

    def round() -> bool:
        side.reconcile()
        time.sleep(0.4)
        return side.stage(department) == stage

    return eventually(round, LONG)


def live(side: Side, window: int = 50) -> str:
    """A department that was connected at run time; its password."""
    side.wanted("forestry", window)
    assert reconciled(side, "provisioned")
    password = side.claimed("forestry")
    side.ordered("forestry", lambda found, by: connection.conformed(found, KIT, by))
    return password


def reply(side: Side, user: str, password: str, *bodies: bytes, outlet: str = "", **about: object) -> None:
    """A department puts something into its outlet."""
    exchange = outlet or user.rpartition(".")[0] + ".out"
    with side.connected(user, password) as link, link.channel() as channel:
        channel.confirm_delivery()
        for body in bodies:
            properties = pika.BasicProperties(delivery_mode=2, **about)
            channel.basic_publish(exchange, "reply", body, properties, mandatory=True)


def answer(department: str, told: Event, n: int = 1) -> bytes:
    """An answer on the wire, in a department's name."""
    id = str(getattr(told, "delivery_id", ""))
    return wire.encode(
        wire.Envelope(
            id=ids.new(), source=f"/dept/{department}", type=f"{told.TYPE}.v1", subject=f"delivery/{id}",
            time=instant(clock.now()), sequence=f"{n:010d}.00", data=base.dump(told),
            causationid=ask_id(id), regioncode="990101",
        )
    )  # fmt: skip


def sent_again(side: Side, department: str = "forestry") -> int:
    """What the ledger sends again, once the broker says that the inbox is empty and the system is alive."""

    def empty() -> bool:
        side.beat(department)
        side.look()
        sign = side.kept.signs.all()[department]
        return sign.liveness == "online" and not sign.messages and not sign.fault

    assert eventually(empty), side.kept.signs.all()
    return provisioning.send_again(side.kept, clock.now())
