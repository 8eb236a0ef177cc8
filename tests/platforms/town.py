"""A simulated platform on a port of this machine, its adapter with a desk, and a centre that only counts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

from shared import ids
from tests.toys.adapters import entry_point
from yizhan_adapter import CaseFile, NeverPossible, Office, OfficeDown, plugins
from yizhan_adapter.asks import REPORT, Report, parse
from yizhan_adapter.desk import Desk
from yizhan_adapter.disclosures import Claim, Disclosed
from yizhan_adapter.platforms import Platform
from yizhan_adapter.platforms.book import Book
from yizhan_adapter.platforms.reconcile import Difference, run
from yizhan_adapter.store import Store
from yizhan_simulators.office import Office as Simulated
from yizhan_simulators.server import Server
from yizhan_simulators.shape import SHAPES

PLATFORMS = ("provincial_platform", "hotline12345", "four_platforms", "municipal_platform", "petition_system")
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def report_body(
    number: int = 1, *, department: str = "provincial_platform", revision: int = 1, **more: Any
) -> bytes:
    """A report as routing sends it."""
    data: dict[str, Any] = {
        "delivery_id": ids.derived("report", department, str(number), str(revision)),
        "case_id": ids.derived("case", str(number)),
        "case_no": f"990101-2026-{number:06d}",
        "department": department,
        "category": "neighbour",
        "complexity": "general",
        "matter_type": "dispute",
        "tier": "county",
        "region": "990101101",
        "persons_band": "2-4",
        "revision": revision,
        "state": "handling",
        "channel": "window",
        "registered_at": "2026-11-22T02:00:00.000Z",
        "lead_unit": "centre_101",
    } | more
    event = {
        "specversion": "1.0",
        "id": ids.derived("ask", data["delivery_id"]),
        "source": "/svc/routing/990101",
        "type": REPORT,
        "subject": f"delivery/{data['delivery_id']}",
        "data": data,
    }
    return json.dumps(event).encode()


def a_report(number: int = 1, **more: Any) -> Report:
    """The same, read."""
    read = parse(report_body(number, **more))
    assert isinstance(read, Report)
    return read


class Vault:
    """Gives the same made-up person for every case."""

    def claim(self, claim: Claim) -> Disclosed:
        """What was asked for, and nothing else."""
        given = {name: {"first": f"某{name}", "second": "另一方"} for name in claim.fields}
        return Disclosed(receipt_id=ids.derived("receipt", claim.key), fields=given, disclosed_at=NOON)

    def files(self, path: str) -> tuple[CaseFile, ...]:
        """No case has a file here."""
        return ()


@dataclass
class Centre:
    """Registers what it is given, once per outside number, and lists what it was given."""

    registered: dict[str, dict[str, Any]] = field(default_factory=dict)
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    refuse: str = ""
    down: bool = False

    def register(self, body: Mapping[str, Any], key: str) -> dict[str, Any]:
        """As intake does."""
        if self.down:
            raise OfficeDown("the centre does not answer")
        if self.refuse:
            raise NeverPossible(self.refuse)
        self.registered[str(body["external_ref"])] = dict(body)
        number = list(self.registered).index(str(body["external_ref"])) + 1
        return {"case_id": ids.derived("case", str(number)), "case_no": f"990101-2026-{number:06d}"}

    def items(self, path: str) -> Iterable[Mapping[str, Any]]:
        """As the lists of identity and reporting."""
        return self.lists.get(path, [])


class Place:
    """One platform: simulator, adapter, desk."""

    def __init__(self, id: str, folder: Path) -> None:
        self.id, self.shape = id, SHAPES[id]
        office = Simulated(self.shape, folder / "simulator.sqlite")
        self.storage, self.server = office.storage, Server(("127.0.0.1", 0), office)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        self.store, self.book = Store(folder / "adapter.sqlite"), Book(folder / "book.sqlite")
        self.platform: Platform = plugins.load(entry_point(id)).make(Office(self.url, timeout=2))  # type: ignore[assignment]
        self.platform.book = self.book
        self.at = NOON.timestamp()
        self.desk = Desk(self.platform, self.store, clock=self.now, poll_s=30, vault=Vault())

    def now(self) -> datetime:
        """The instant the test has reached."""
        return datetime.fromtimestamp(self.at, UTC)

    @property
    def path(self) -> str:
        """Where the platform keeps cases."""
        return self.platform.card.kinds["case"].path

    def tell(self, numbers: Iterable[int], **more: Any) -> None:
        """Reports arrive in the adapter's own store."""
        for number in numbers:
            body = report_body(number, department=self.id, **more)
            self.store.keep(parse(body), body, self.now())

    def pass_(self, step: timedelta, of: timedelta = timedelta()) -> None:
        """Time passes in steps, and the desk works."""
        until = self.at + max(step, of).total_seconds()
        while self.at < until:
            self.at += step.total_seconds()
            while self.desk.round(self.at):
                pass

    def pass_step(self) -> None:
        """A minute passes, and the desk works."""
        self.pass_(timedelta(minutes=1))

    def disturb(self, **fault: Any) -> None:
        """Order a fault; none lifts them."""
        self.post("/faults", fault)

    def compare(self, kind: str = "case") -> list[Difference]:
        """Our list against theirs."""
        return run(self.platform, self.platform.card.kinds[kind], self.store)

    def kept(self) -> list[dict[str, Any]]:
        """The cases the platform has."""
        return [body for _, body in self.storage.rows(self.path, most=10_000)]

    def said(self) -> list[str]:
        """The answers that go to the centre, `received` left out."""
        names = [letter.name.removeprefix("answer.") for letter in self.store.outgoing(10_000)]
        return [name for name in names if name != "received"]

    def post(self, path: str, body: Any) -> Any:
        """A request by the test itself."""
        with urlopen(Request(self.url + path, json.dumps(body).encode()), timeout=5) as reply:
            return json.load(reply)

    def get(self, path: str) -> Any:
        """A request by the test itself."""
        with urlopen(self.url + path, timeout=5) as reply:
            return json.load(reply)

    def stop(self) -> None:
        """Give everything back."""
        self.server.shutdown()
        self.thread.join(5)
        self.server.server_close()
        for one in (self.server.office, self.store, self.book):
            one.close()


def opened(id: str, folder: Path) -> Iterator[Place]:
    """A platform for one test."""
    place = Place(id, folder)
    yield place
    place.stop()
