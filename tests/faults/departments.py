"""A court, a police and their broker for the fault tests: mailboxes, a simulator, an adapter as a process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pika
import pytest
from pika.exceptions import AMQPError

from deploy.local import secrets
from shared.bus.api import Management
from shared.bus.names import edge
from shared.bus.topology import apply, wait_until_safe
from shared.contracts import wire
from tests.servers import TestServers
from yizhan_adapter import settings
from yizhan_adapter.asks import CONTENT_TYPE, parse
from yizhan_adapter.plugins import GROUP
from yizhan_simulators.ledger import Ledger

ADAPTERS = Path(__file__).parents[2] / "adapters"
PACKAGES = ("sdk", "departments", "simulators")
QUEUES = ("dept.court.inbox", "dept.police.inbox", "q.gateway", "q.beats", "q.park")
PATIENCE = 40.0


def eventually(holds: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Whether it comes true in time; a broker that is being restarted counts as not yet."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(AMQPError, OSError):
            if holds():
                return True
        time.sleep(0.1)
    return False


class Edge:
    """The departments' side of a private broker, with a court and a police, and what a test does with it."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment, self.folder = environment, folder
        self.received: list[wire.Envelope] = []
        for queue in QUEUES:
            self.fetch(queue)

    def connection(self, url: str = "") -> pika.BlockingConnection:
        vhost = self.environment["YIZHAN_EDGE_VHOST"]
        return pika.BlockingConnection(pika.URLParameters(url or f"{self.environment['AMQP_URL']}/{vhost}"))

    def as_court(self) -> pika.BlockingConnection:
        given = self.environment | {"BACK_OFFICE_URL": "http://127.0.0.1:9"}
        return self.connection(settings.read("court", given).amqp_url)

    def publish(self, *bodies: bytes, department: str = "court", exchange: str = "x.dept") -> None:
        with self.connection() as link, link.channel() as channel:
            channel.confirm_delivery()
            about = pika.BasicProperties(content_type=CONTENT_TYPE, delivery_mode=2)
            for body in bodies:
                channel.basic_publish(exchange, department, body, about, mandatory=True)

    def fetch(self, queue: str) -> list[bytes]:
        """Everything that is in a queue now."""
        found: list[bytes] = []
        with self.connection() as link, link.channel() as channel:
            while (got := channel.basic_get(queue, auto_ack=True))[0] is not None:
                found.append(got[2])
        return found

    def answers(self) -> dict[str, list[tuple[str, str]]]:
        """What the centre has heard: per delivery (sequence, answer), repeats under one id once."""
        self.received += [wire.decode(body) for body in self.fetch("q.gateway")]
        unique = {event.id: event for event in self.received}
        told: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for event in sorted(unique.values(), key=lambda event: event.sequence):
            told[event.data["delivery_id"]].append((event.sequence, event.name.removeprefix("answer.")))
        return told

    def finished(self) -> int:
        """Deliveries that have had the department's last word."""
        return sum(told[-1][1] in ("returned", "concluded") for told in self.answers().values())

    def depth(self, queue: str) -> int:
        with self.connection() as link, link.channel() as channel:
            return int(channel.queue_declare(queue, passive=True).method.message_count)


@contextmanager
def departments(servers: TestServers, *ids: str) -> Iterator[dict[str, str]]:
    """A court and a police, or these, with mailboxes and rights on a virtual host of their own."""
    ids = ids or ("court", "police")
    with pytest.MonkeyPatch.context() as patch, servers.entered(patch) as environment:
        vhost = replace(edge(ids, divisor=1_000), name=environment["YIZHAN_EDGE_VHOST"])
        secrets.ensure(Path(environment["YIZHAN_SECRETS"]), (), ids)
        api = Management(environment["AMQP_API"])
        apply(api, vhost)
        assert not wait_until_safe(api, vhost)
        yield environment


def _start(words: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([environment.get("EXTRA_PATH", ""), *(str(ADAPTERS / name) for name in PACKAGES)])
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", *words], env=os.environ | environment | {"PYTHONPATH": path}, stderr=out
        )


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is gone afterwards, whatever the test does."""
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def simulator(side: Edge, port: int) -> subprocess.Popen[bytes]:
    """The court's simulator as its own process."""
    words = ["yizhan_simulators", "court", "--bind", f"127.0.0.1:{port}"]
    store = ["--store", str(side.folder / "simulator.sqlite")]
    return _start([*words, *store], side.environment, side.folder / "simulator.log")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def adapter(side: Edge, office: str, **more: str) -> subprocess.Popen[bytes]:
    """The court's adapter as its own process, installed in a folder of its own."""
    card = side.folder / "site" / "yizhan_adapter_court-0.1.0.dist-info"
    card.mkdir(parents=True, exist_ok=True)
    (card / "METADATA").write_text("Metadata-Version: 2.1\nName: yizhan-adapter-court\nVersion: 0.1.0\n")
    (card / "entry_points.txt").write_text(f"[{GROUP}]\ncourt = yizhan_court.adapter:Court\n")
    given = {
        "EXTRA_PATH": str(card.parent),
        "BACK_OFFICE_URL": office,
        "ADAPTER_STORE": str(side.folder / "adapter.sqlite"),
        "ADAPTER_POLL_S": "0.1",
    }
    return _start(
        ["yizhan_adapter", "run", "court"], side.environment | given | more, side.folder / "adapter.log"
    )


def taken_by(side: Edge) -> Counter[str]:
    """The records of the court's simulator by reference number."""
    ledger = Ledger(side.folder / "simulator.sqlite")
    try:
        return Counter(record.reference for record in ledger.all())
    finally:
        ledger.close()


def assert_whole(side: Edge, bodies: list[bytes]) -> None:
    """Every ask has one record there and one unbroken row of answers here; nothing is parked or left."""
    wanted = {parse(body).delivery_id for body in bodies}
    told = side.answers()
    assert told.keys() == wanted
    for row in told.values():
        assert [sequence for sequence, _ in row] == [f"{n:010d}.00" for n in range(1, len(row) + 1)]
        once = [name for _, name in row if name != "progressed"]
        assert len(set(once)) == len(once)
        assert once[0] == "received"
    assert taken_by(side) == Counter(wanted)
    assert side.depth("dept.court.inbox") == 0
    assert side.depth("q.park") == 0
