"""A court behind a gate with routing, the real broker and the real database: its cases are concluded.

In a file of its own: the court of another test has the same user at the broker, with another password.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from services.routing.model import State
from services.routing.store import CaseFilter, stores
from tests.faults.departments import Edge, ended, eventually, free_port, simulator
from tests.faults.gates import Closed
from tests.faults.harness import publish
from tests.faults.test_routing_court import LONG, county, dispatched, finished, registrations, settled, worker
from tests.servers import TestServers


@pytest.mark.requirement("COR-05")
def test_a_case_is_concluded_by_a_court_behind_a_gate(servers: TestServers, tmp_path: Path) -> None:
    with county(servers) as environment:
        kept, log, port = stores(), tmp_path / "routing.log", free_port()
        closed = Closed(Edge(environment, tmp_path))
        with (
            ended(simulator(closed.side, port)),
            ended(worker(environment, log)),
            ended(closed.ferry()),
            ended(closed.adapter(f"http://127.0.0.1:{port}")),
            closed.carrier(),
        ):
            publish(registrations()[:4])
            arrived = eventually(lambda: len(kept.cases.listed(CaseFilter())) == 4, LONG)
            assert arrived, log.read_text()[-2000:]
            for n in range(4):
                dispatched(kept, n)
            assert eventually(lambda: finished(kept) == 4, LONG), closed.log()
            assert eventually(lambda: settled(kept), LONG)
            assert eventually(lambda: kept.signs.all()["court"].gate is not None)
        states = {held.state.state for held in kept.cases.listed(CaseFilter())}

    assert State.RESOLVED in states
