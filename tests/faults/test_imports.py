"""An import whose worker is killed with -9 again and again registers every row once, and tells of all."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.intake import store
from services.intake.handlers import mappings
from services.intake.handlers.importing import take
from services.intake.store import Stores
from services.intake.store.registrations import Wanted
from shared import clock, crypto
from shared.aggregate import MongoStore
from shared.bus import topology
from shared.bus.api import Management
from shared.bus.parked import open_park
from shared.bus.worker import load_workers
from shared.decision import Actor, Cause
from shared.settings import settings
from tests.faults.harness import Bench, died, wait
from tests.servers import TestServers

INTAKE = "services.intake.worker"
CLERK = Actor(ref="window_clerk", role="clerk", unit="centre_county", region="990101")
MATTERS = Path("examples/matters.csv")


@pytest.fixture
def made(servers: TestServers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Fresh surroundings with intake's own topology."""
    with servers.entered(monkeypatch) as environment:
        for cached in (crypto.sealer, store.stores):
            cached.cache_clear()
        api = Management(settings().amqp_api)
        for vhost in topology.wanted(load_workers([INTAKE]), ()):
            topology.apply(api, vhost)
            assert topology.wait_until_safe(api, vhost) == []
        open_park()
        ready = Bench(environment=environment, folder=Path(environment["YIZHAN_SECRETS"]).parent)
        yield ready
        ready.stop()


def registered(all: Stores) -> list[int]:
    return sorted(
        held.state.import_row or 0 for held in all.registrations.listed(Wanted(region="990101"), 999)
    )


def untold(all: Stores) -> int:
    assert isinstance(all.registrations, MongoStore)
    return all.registrations.collection.count_documents({"ob_at": {"$exists": True}})


def test_a_killed_import_goes_on_and_registers_every_row_once(made: Bench) -> None:
    all, mapping = store.stores(), Path("examples/mapping/matters.yaml").read_text(encoding="utf-8")
    cause = Cause(at=clock.now(), actor=CLERK)
    taken = take(all, MATTERS.read_bytes(), MATTERS.name, mappings.chosen(mapping), cause)

    for n in (30, 90, 150):
        victim = made.start(INTAKE, CRASH_AT=f"handler.after_write:{n}")
        assert died(victim) == -signal.SIGKILL
    made.start(INTAKE)
    wait(lambda: all.imports.load(taken.held.id).state.state == "done", 90, made.log)

    counts = all.imports.load(taken.held.id).state.counts
    assert (counts.accepted, counts.rejected, counts.repeated) == (336, 0, 0)
    assert registered(all) == list(range(2, 338))
    wait(lambda: untold(all) == 0, 60, made.log)
