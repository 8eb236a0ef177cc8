"""A wage dispute goes to a department behind a gate: bundles carry it there, and the answers back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.routing.handlers import departments, provisioning
from services.routing.model import State
from services.routing.model.delivery import Stage
from services.routing.worker import Beats
from shared.bus.mailboxes import Look, MemoryMailboxes
from shared.contracts import wire
from tests.bundles.gates import Gated
from tests.journeys.test_routing_departments import LABOUR, assigned_to_the_county
from tests.routing_town import Town
from tests.toys.adapters import ToyAdapter
from yizhan_adapter import Accepted, Concluded


class BehindAGate:
    """Routing's town, whose labour department is reached by bundles only."""

    def __init__(self, folder: Path) -> None:
        self.town, self.mailboxes = Town(), MemoryMailboxes()
        adapter = ToyAdapter(Accepted(), later=[Concluded("settled")])
        adapter.department = LABOUR
        self.gate = Gated(folder, adapter, LABOUR)
        self.gate.desk.poll_s = 0.0
        self.beats = Beats(self.town.stores, self.town.clock)
        self.fetched = self.passed_on = 0

    def fetch(self) -> None:
        """The ferry reads the department's mailbox, and its sign of life is heard."""
        waiting = self.town.bus.mailboxes.get(LABOUR, [])[self.fetched :]
        self.fetched += len(waiting)
        self.gate.ask(*waiting)
        self.gate.ferry.beat(self.gate.channel)
        self.deliver()

    def cross(self) -> None:
        """The ferry goes, the department works, the ferry comes back."""
        self.gate.turn()
        self.gate.desk.round(time.time())
        self.gate.turn()
        self.deliver()

    def deliver(self) -> None:
        """What the ferry published reaches routing through the department's outlet."""
        new = self.gate.channel.published[self.passed_on :]
        self.passed_on += len(new)
        for _, key, event in new:
            if key == "reply":
                self.town.bus.reply(LABOUR, wire.encode(event))
            else:
                provisioning_heard(self, event)
        self.town.settle()

    def look(self) -> str:
        """Routing looks who is alive, and sends again what it must believe lost."""
        self.mailboxes.looks[LABOUR] = Look(consumers=1)
        departments.declare(self.town.stores, self.town.now)
        provisioning.look(self.town.stores, self.mailboxes, self.town.now)
        provisioning.send_again(self.town.stores, self.town.now)
        self.town.settle()
        return self.town.stores.signs.all()[LABOUR].liveness


def provisioning_heard(made: BehindAGate, event: wire.Envelope) -> None:
    made.beats.hear(wire.encode(event), origin=f"dept.{LABOUR}.out")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[BehindAGate]:
    found = BehindAGate(tmp_path)
    yield found
    found.gate.close()


@pytest.mark.requirement("COR-05")
def test_a_case_for_a_department_behind_a_gate_is_concluded_without_anybody_noticing_the_gate(
    made: BehindAGate,
) -> None:
    case_id = assigned_to_the_county(made.town)
    made.town.pass_(seconds=1)
    made.fetch()
    assert made.town.delivery().stage is Stage.SENT

    made.cross()
    made.cross()

    assert made.town.delivery().stage is Stage.CONCLUDED
    assert made.town.case(case_id).state is State.RESOLVED


def test_what_waits_at_the_gate_is_not_sent_again_and_what_was_lost_behind_it_is(made: BehindAGate) -> None:
    assigned_to_the_county(made.town)
    made.town.pass_(seconds=1)
    made.gate.crossing._beat()
    made.gate.turn()
    made.fetch()
    assert made.look() == "online"

    made.town.now += timedelta(minutes=16)
    made.gate.ferry.beat(made.gate.channel)
    made.deliver()
    made.gate.ferry.at_the_gate.gate.db.do("UPDATE going SET at = at - 960")
    made.gate.ferry.beat(made.gate.channel)
    made.deliver()
    assert made.look() == "online"
    assert made.town.delivery().sent_n == 1

    made.gate.ferry.at_the_gate.gate.db.do("DELETE FROM going")
    made.gate.ferry.beat(made.gate.channel)
    made.deliver()
    made.look()
    assert made.town.delivery().sent_n == 2


def test_a_heartbeat_through_another_outlet_is_not_believed(made: BehindAGate) -> None:
    made.gate.ferry.beat(made.gate.channel)
    forged = made.gate.channel.published[-1][2]

    made.beats.hear(wire.encode(forged), origin="dept.police.out")

    assert LABOUR not in made.town.stores.signs.all()
