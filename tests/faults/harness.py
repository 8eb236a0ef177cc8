"""Runs worker processes of the toys, kills them where it hurts, and checks the invariants afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest

from shared import ids
from shared.bus import topology
from shared.bus.api import Management
from shared.bus.channel import Publisher, message
from shared.bus.parked import Parked, open_park
from shared.bus.worker import load_workers
from shared.contracts import wire
from shared.settings import settings
from tests.servers import TestServers
from tests.toys import alpha, beta

ALPHA, BETA, PARKER = "tests.toys.alpha", "tests.toys.beta", "shared.bus.parker"


@dataclass
class Bench:
    """One fresh environment with the toys' topology, and the processes started in it."""

    environment: Mapping[str, str]
    folder: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    accepted: dict[str, int] = field(default_factory=dict)  # counter -> what was accepted (the oracle)

    def start(self, *modules: str, **more: str) -> subprocess.Popen[bytes]:
        """A worker process of these modules; its log is kept beside the test's secrets."""
        return self._run(["shared.bus.run", *modules], more)

    def serve(self, *modules: str, bind: str) -> subprocess.Popen[bytes]:
        """A web process of these modules."""
        return self._run(["shared.web.run", *modules, "--bind", bind], {})

    def _run(self, words: list[str], more: Mapping[str, str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"worker-{len(self.running)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", *words],
                env={**os.environ, **self.environment, **more},
                stderr=log,
            )
        self.running.append(process)
        return process

    def wait_until_listening(self, seconds: float = 90) -> None:
        """Until every process started here has said so."""
        logs = [self.folder / f"worker-{n}.log" for n in range(len(self.running))]
        wait(lambda: all("listening" in log.read_text() for log in logs), seconds, self.log)

    def command(self, counter: str, key: str, by: int = 1) -> None:
        """One command, noted by the oracle once it is accepted."""
        alpha.raise_counter(alpha.store(), counter, key, by)
        self.accepted[counter] = self.accepted.get(counter, 0) + by

    def load(self, counters: int, each: int) -> list[str]:
        """Many commands on many counters."""
        made = [ids.new() for _ in range(counters)]
        for n in range(each):
            for counter in made:
                self.command(counter, f"load-{n}")
        return made

    def effects(self) -> dict[str, int]:
        """What beta has summed of the counters of this test."""
        found = beta.store().where({"_id": {"$in": list(self.accepted)}})
        return {held.id: held.state.sum for held in found}

    def wait_for_effects(self, seconds: float = 60) -> None:
        """Until beta knows what was accepted, or the time is over."""
        wait(
            lambda: self.effects() == self.accepted,
            seconds,
            lambda: f"missing {sum(self.missing().values())} of {sum(self.accepted.values())}\n{self.log()}",
        )

    def missing(self) -> dict[str, int]:
        """What beta does not have yet."""
        effects = self.effects()
        return {c: n - effects.get(c, 0) for c, n in self.accepted.items() if effects.get(c, 0) != n}

    def stop(self) -> None:
        """Kill what still runs."""
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()

    def log(self) -> str:
        """The last lines that the processes wrote."""
        lines = "".join(path.read_text() for path in sorted(self.folder.glob("worker-*.log"))).splitlines()
        return "\n".join(line[:2_000] for line in lines[-5:])

    def told(self) -> list[bytes]:
        """Every event of this test's counters, as it was told."""
        return [body for counter in self.accepted for body in alpha.store().events_after(counter, "")]

    def logged(self, words: str) -> list[dict[str, Any]]:
        """The log lines of all processes with these words."""
        lines = [line for path in self.folder.glob("worker-*.log") for line in path.read_text().splitlines()]
        return [found for line in lines if words in line for found in (orjson.loads(line),)]

    def depth(self, queue: str, vhost: str = "") -> int:
        """Messages in a queue, ready or not."""
        api = Management(settings().amqp_api)
        found: dict[str, Any] = api.get("queues", vhost or settings().core_vhost, queue) or {}
        return int(found.get("messages", 0))


def publish(bodies: Iterable[bytes], exchange: str = "x.events", key: str = "", **properties: Any) -> None:
    """Send raw messages as nobody of ours would, and wait for the confirms."""
    publisher = Publisher("core", lambda ticket, verdict: None)
    publisher.open()
    for body in bodies:
        about = {"message_id": ids.new()} | properties
        publisher.publish(exchange, key or wire.decode(body).key, message(body, **about), None)
    publisher.drain()
    publisher.close()


def wait(done: Callable[[], bool], seconds: float, said: Callable[[], str] = lambda: "") -> None:
    """Wait for a thing, not for a time."""
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, f"not within {seconds} s: {said()}"
        time.sleep(0.05)


def died(process: subprocess.Popen[bytes], seconds: float = 60) -> int:
    """Wait for a process's end."""
    return process.wait(timeout=seconds)


@contextmanager
def bench(servers: TestServers, **more: str) -> Iterator[Callable[[], Bench]]:
    """Fresh surroundings with the toys' topology; the benches made in them end with them."""
    with pytest.MonkeyPatch.context() as monkeypatch, servers.entered(monkeypatch, **more) as environment:
        api = Management(settings().amqp_api)
        for vhost in topology.wanted(load_workers([ALPHA, BETA]), ()):
            topology.apply(api, vhost)
            assert topology.wait_until_safe(api, vhost) == []
        open_park()
        made: list[Bench] = []

        def make() -> Bench:
            made.append(Bench(environment=environment, folder=Path(environment["YIZHAN_SECRETS"]).parent))
            return made[-1]

        yield make
        for each in made:
            each.stop()


def quiet(made: Bench) -> bool:
    """Whether nothing is on its way any more."""
    untold = alpha.store().collection.count_documents({"ob_at": {"$exists": True}})
    return not untold and not beta.store().early.count_documents({}) and heard_all(made)


def heard_all(made: Bench) -> bool:
    """Whether beta has heard every event of this test; a queue's depth is told some seconds late."""
    for counter in made.accepted:
        told, held = alpha.store().events_after(counter, ""), beta.store().find(counter)
        if held is None or len(held.state.heard) < len(told) - _refused(told):
            return False
    return not made.depth("beta.inbox")


def invariants(made: Bench, *, poisonous: int = 0) -> None:
    """BUS (c) I1–I5 and I7 after a test, when its queues are empty and its faults healed."""
    wait(lambda: quiet(made), 60, lambda: made.log())
    for held in alpha.store().where({"_id": {"$in": list(made.accepted)}}):
        told = alpha.store().events_after(held.id, "")
        entries = alpha.store().entries(held.id)
        versions = [entry["v"] for entry in entries]
        assert versions == list(range(1, held.version + 1)), "I2: versions without a hole"
        keys = [entry["key"] for entry in entries]
        assert len(keys) == len(set(keys)), "I1: one history entry per command"
        heard = beta.store().load(held.id).state.heard
        assert len(heard) == len(told) - _refused(told), "I3: each event applied exactly once"
        assert list(heard) == sorted(set(heard)), "I3: in order, none twice"
    assert alpha.store().collection.count_documents({"ob_at": {"$exists": True}}) == 0, "I4: outboxes empty"
    assert alpha.store().collection.count_documents({"outbox.0": {"$exists": True}}) == 0, "I4"
    assert beta.store().early.count_documents({}) == 0, "no gap left"
    assert Parked.objects(state="parked").count() == poisonous, "I5: only what was poisonous is parked"


def _refused(told: list[bytes]) -> int:
    return sum(b'"by":666' in body or b'"by":667' in body for body in told)
