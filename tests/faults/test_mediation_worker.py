"""Mediation and petition with a real broker and database: workers die in the middle, nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from services.mediation import store as mediation_store
from services.mediation.handlers import acting
from services.mediation.model.commands import Schedule, Sign, Start
from services.mediation.rules import agreeing, scheduling, sessions
from services.petition import store as petition_store
from services.petition.store import Wanted
from services.routing import store as routing_store
from services.routing.handlers import order
from services.routing.model import Case, State
from services.routing.model import commands as orders
from shared import clock, crypto, ids
from shared.aggregate.held import instant
from shared.bus import topology
from shared.bus.api import Management
from shared.bus.worker import load_workers
from shared.contracts import base, wire
from shared.decision import Cause
from shared.errors import NotFound
from tests import routing_given
from tests.faults.departments import ended, eventually
from tests.faults.harness import publish
from tests.servers import TestServers
from tests.unit.mediation import given

WORKERS = ("services.routing.worker", "services.mediation.worker", "services.petition.worker")
DISPUTES, PETITIONS = 6, 3
LONG = 180.0  # seconds; on a busy machine a worker needs half a minute to start


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the three services keep."""

    cases: routing_store.Stores
    matters: mediation_store.Stores
    petitions: petition_store.Stores

    def case(self, n: int) -> Case:
        """A case as routing has it."""
        return self.cases.cases.load(case_id(n)).state

    def known(self, n: int, state: str) -> bool:
        """Whether mediation has heard that a case is in a state."""
        try:
            return acting.case(self.matters, case_id(n)).state == state
        except NotFound:
            return False


@contextmanager
def county(servers: TestServers) -> Iterator[tuple[dict[str, str], Kept]]:
    """A county whose bus knows routing, mediation and petition."""
    cached = (crypto.sealer, routing_store.stores, mediation_store.stores, petition_store.stores)
    with pytest.MonkeyPatch.context() as patch, servers.entered(patch) as environment:
        for made in cached:
            made.cache_clear()
        api = Management(environment["AMQP_API"])
        for vhost in topology.wanted(load_workers(WORKERS), ["court"]):
            topology.apply(api, vhost)
            assert topology.wait_until_safe(api, vhost) == []
        yield (
            environment,
            Kept(
                cases=routing_store.stores(),
                matters=mediation_store.stores(),
                petitions=petition_store.stores(),
            ),
        )
        for made in cached:
            made.cache_clear()


def workers(environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """The three workers in one process, as on a small machine."""
    with log.open("ab") as out:
        words = [sys.executable, "-W", "ignore", "-m", "shared.bus.run", *WORKERS]
        return subprocess.Popen(words, env=os.environ | environment, stderr=out)


def case_id(n: int) -> str:
    return ids.derived("real mediation", str(n))


def registration(n: int, **changes: Any) -> bytes:
    """What intake tells of a matter."""
    told = routing_given.registration(
        case_id=case_id(n), reg_id=ids.derived("reg", case_id(n)), case_no=f"990101-2026-{n + 1:06d}",
        registered_at=clock.now(), received_at=clock.now(), **changes,
    )  # fmt: skip
    return wire.encode(
        wire.Envelope(
            id=ids.new(), source="/svc/intake/990101", type="registration.accepted.v1", data=base.dump(told),
            subject=f"registration/{told.reg_id}", time=instant(clock.now()), sequence="0000000001.00",
            regioncode=routing_given.VILLAGE,
        )
    )  # fmt: skip


def given_to_the_village(kept: Kept, n: int) -> None:
    """The committee of the village works on a case."""
    steps: tuple[tuple[str, str, Any], ...] = (
        ("triage", "dispatcher", routing_given.sorting(complexity="complex")),
        ("assign", "dispatcher", orders.Assign()),
        ("accept", "staff", None),
        ("start", "staff", None),
    )
    for command, who, ask in steps:
        act = routing_given.by(who).actor
        order(kept.cases, case_id(n), command, Cause(at=clock.now(), actor=act), ask)


def mediated(kept: Kept, n: int) -> None:
    """A matter with two talks that fail within one round, and then an agreement."""
    view, mediator = acting.case(kept.matters, case_id(n)), given.by().actor
    cause = Cause(at=clock.now(), actor=mediator, key=f"open {n}")
    mm_id = acting.open_matter(kept.matters, view, given.ask(case_id=case_id(n)), cause).held.id
    for talk, outcome in enumerate(("failed", "failed", "agreed")):
        id, now = ids.derived("talk", mm_id, str(talk)), clock.now()
        for rule, ask in (
            (scheduling.schedule, Schedule(mode="centre", start=now)),
            (sessions.start, Start(rights_notice=True)),
            (sessions.hold, given.ending(outcome)),
        ):
            acting.act(kept.matters, mm_id, Cause(at=now, actor=mediator), rule, id, ask)
    _agreed(kept, mm_id, written=bool(n % 2))


def _agreed(kept: Kept, mm_id: str, *, written: bool) -> None:
    """An agreement takes effect: on paper with its signatures, or by word of mouth."""
    cause, both = Cause(at=clock.now(), actor=given.by().actor), (given.WANG, given.LI)
    form = "written" if written else "oral"
    draft = given.draft(form=form, oral_yes=both, promises=())
    acting.act(kept.matters, mm_id, cause, agreeing.draft, draft)
    if written:
        acting.act(kept.matters, mm_id, cause, agreeing.sign, Sign(signatures=given.everybody(cause.at)))


def all_agreed(kept: Kept) -> bool:
    """Whether routing knows every agreement, and one attempt for each case."""
    cases = [kept.case(n) for n in range(DISPUTES)]
    return all(case.state is State.AGREED and case.attempts == {"village": 1} for case in cases)


def test_every_round_and_agreement_arrives_once_although_the_workers_are_killed(
    servers: TestServers, tmp_path: Path
) -> None:
    log = tmp_path / "workers.log"
    with county(servers) as (environment, kept):
        told = [registration(n) for n in range(DISPUTES)]
        told += [registration(DISPUTES + n, matter_type="petition", category=None) for n in range(PETITIONS)]
        with ended(workers(environment, log)) as dying:
            publish(told * 2)
            assert eventually(lambda: len(kept.cases.cases.listed(routing_store.CaseFilter())) == 9, LONG), (
                tail(log)
            )
            for n in range(DISPUTES):
                given_to_the_village(kept, n)
            assert eventually(lambda: all(kept.known(n, "handling") for n in range(DISPUTES)), LONG), tail(
                log
            )
            for n in range(DISPUTES // 2):
                mediated(kept, n)
            dying.send_signal(signal.SIGKILL)
            for n in range(DISPUTES // 2, DISPUTES):
                mediated(kept, n)
            with ended(workers(environment, log)):
                assert eventually(lambda: all_agreed(kept), LONG), tail(log)
                assert eventually(lambda: all(kept.known(n, "agreed") for n in range(DISPUTES)), LONG), tail(
                    log
                )
        petitions = kept.petitions.petitions.listed(Wanted(region="990101"), 99)
        assert {held.state.case_id for held in petitions} == {case_id(DISPUTES + n) for n in range(PETITIONS)}
        assert len(petitions) == PETITIONS


def tail(log: Path) -> str:
    """The end of the workers' log, for the one who reads a failure."""
    return log.read_text()[-3000:]
