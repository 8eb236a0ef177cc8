"""Routing with a real broker, database and court: its worker is killed in the middle, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.routing import handlers
from services.routing.model import Delivery, State
from services.routing.model import commands as asks
from services.routing.model.delivery import DONE
from services.routing.rules.invariants import assert_owned
from services.routing.store import CaseFilter, DeliveryFilter, Stores, stores
from shared import clock, ids
from shared.aggregate.held import instant
from shared.bus import topology
from shared.bus.api import Management
from shared.bus.parked import open_park
from shared.bus.worker import load_workers
from shared.contracts import base, wire
from shared.decision import Cause
from shared.settings import settings
from tests import routing_given as given
from tests.faults.departments import Edge, adapter, ended, eventually, free_port, simulator
from tests.faults.harness import publish
from tests.servers import TestServers

WORKER = "services.routing.worker"
CASES = 10
LONG = 120.0  # seconds; on a busy machine a worker needs half a minute to start


@contextmanager
def county(servers: TestServers) -> Iterator[dict[str, str]]:
    """A county whose bus knows routing, a court and a police."""
    with pytest.MonkeyPatch.context() as patch, servers.entered(patch) as environment:
        stores.cache_clear()
        api = Management(environment["AMQP_API"])
        for vhost in topology.wanted(load_workers([WORKER]), ["court", "police"]):
            topology.apply(api, vhost)
            assert topology.wait_until_safe(api, vhost) == []
        open_park()
        yield environment
        stores.cache_clear()


def worker(environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Routing's worker as a process of its own."""
    with log.open("ab") as out:
        words = [sys.executable, "-W", "ignore", "-m", "shared.bus.run", WORKER]
        return subprocess.Popen(words, env=os.environ | environment, stderr=out)


def registrations() -> list[bytes]:
    """Loan disputes, as intake tells of them."""
    return [_registration(n) for n in range(CASES)]


def _registration(n: int) -> bytes:
    told = given.registration(
        case_id=ids.derived("real", str(n)), reg_id=ids.derived("reg", str(n)), category="contract",
        case_no=f"990101-2026-{n + 1:06d}", registered_at=clock.now(), received_at=clock.now(),
    )  # fmt: skip
    envelope = wire.Envelope(
        id=ids.new(), source="/svc/intake/990101", type="registration.accepted.v1", data=base.dump(told),
        subject=f"registration/{told.reg_id}", time=instant(clock.now()), sequence="0000000001.00",
        regioncode=given.VILLAGE,
    )  # fmt: skip
    return wire.encode(envelope)


def dispatched(kept: Stores, n: int) -> None:
    """The dispatcher gives a case to the court."""
    id, act = ids.derived("real", str(n)), given.by("dispatcher").actor
    sorted_ = given.sorting(category="contract", tier="county")
    for command, ask in (("triage", sorted_), ("assign", asks.Assign())):
        handlers.order(kept, id, command, Cause(at=clock.now(), actor=act), ask)


def states(kept: Stores) -> list[str]:
    """Where the cases are, for the one who reads a failure."""
    return [held.state.state for held in kept.cases.listed(CaseFilter())]


def finished(kept: Stores) -> int:
    """Hand-overs that have had the court's last word."""
    return len(kept.deliveries.listed(DeliveryFilter(stages=DONE)))


def test_the_court_gets_every_case_once_although_routing_is_killed_in_the_middle(
    servers: TestServers, tmp_path: Path
) -> None:
    with county(servers) as environment:
        kept, log, port = stores(), tmp_path / "routing.log", free_port()
        side = Edge(environment, tmp_path)
        with ended(simulator(side, port)), ended(worker(environment, log)) as dying:
            publish(registrations() * 2)
            assert eventually(lambda: len(kept.cases.listed(CaseFilter())) == CASES, LONG), log.read_text()[
                -2000:
            ]
            for n in range(CASES):
                dispatched(kept, n)
            with ended(adapter(side, f"http://127.0.0.1:{port}")):
                assert eventually(lambda: finished(kept) >= 2, LONG), log.read_text()[-2000:]
                dying.send_signal(signal.SIGKILL)
                with ended(worker(environment, log)):
                    assert eventually(lambda: finished(kept) == CASES, LONG), log.read_text()[-2000:]
                    assert eventually(lambda: settled(kept), LONG), states(kept)
        assert settings().amqp_api and side.depth("q.park") == 0


def settled(kept: Stores) -> bool:
    """Whether every case has heard the last word about it."""
    return all(heard(kept, held.state) for held in kept.deliveries.listed(DeliveryFilter(stages=DONE)))


def heard(kept: Stores, delivery: Delivery) -> bool:
    """Whether the case stands where the court's last word puts it: resolved, asked back, left to people."""
    case = kept.cases.load(delivery.case_id).state
    assert_owned(case)
    if delivery.returned_reason:
        return case.state is State.ASSIGNED and case.return_request is not None
    if delivery.outcome in ("mediated_written", "settled"):
        return case.state is State.RESOLVED and case.outcome == delivery.outcome
    told = [wire.decode(body).name for body in kept.cases.events_after(delivery.case_id, "")]
    return case.state is State.HANDLING and "case.noted" in told
