"""The simulators over real HTTP, and each plug-in against its own."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.toys.adapters import DEPARTMENTS, NOON, ask_body, entry_point, kept, open_store
from yizhan_adapter import Concluded, NeverPossible, Office, OfficeDown, Returned, TryLater, plugins
from yizhan_adapter.asks import parse
from yizhan_adapter.desk import Desk
from yizhan_simulators import fate
from yizhan_simulators.ledger import Ledger
from yizhan_simulators.office import Office as Simulated
from yizhan_simulators.server import Server
from yizhan_simulators.shape import SHAPES

RETURNED = {
    "21", "BSGX", "190/R1", "190/R2", "BFHTJ", "A9", "19", "ZT", "rejected", "TH",
}  # fmt: skip


class Running:
    """A simulator on a free port of this machine."""

    def __init__(self, id: str, folder: Path, step_s: float = 0.0) -> None:
        self.shape = SHAPES[id]
        self.server = Server(("127.0.0.1", 0), Simulated(self.shape, folder / f"{id}.sqlite", step_s))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def get(self, path: str) -> Any:
        with urlopen(self.url + path, timeout=5) as reply:
            assert reply.headers["X-Simulator"] == self.shape.id
            return json.load(reply)

    def disturb(self, **fault: Any) -> None:
        with urlopen(Request(f"{self.url}/faults", json.dumps(fault).encode()), timeout=5) as reply:
            assert reply.status == 200

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join(5)
        self.server.server_close()
        self.server.office.close()


@pytest.fixture(params=DEPARTMENTS)
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    simulator = Running(request.param, tmp_path)
    yield simulator
    simulator.stop()


@pytest.fixture
def court_office(tmp_path: Path) -> Iterator[Running]:
    simulator = Running("court", tmp_path)
    yield simulator
    simulator.stop()


def adapter(running: Running, timeout: float = 5.0) -> Any:
    return plugins.load(entry_point(running.shape.id)).make(Office(running.url, timeout=timeout))


def an_ask(running: Running, number: int = 1) -> Any:
    return parse(ask_body(number, department=running.shape.id))


def test_a_simulator_says_that_it_is_one(running: Running) -> None:
    assert running.get("/healthz") == {
        "simulator": running.shape.id,
        "title": running.shape.title,
        "records": 0,
    }
    assert "模拟器" in running.shape.title


def test_posting_twice_creates_one(running: Running) -> None:
    plug, ask = adapter(running), an_ask(running)

    first, second = plug.handle(ask), plug.handle(ask)

    (record,) = running.get("/records")["records"]
    assert first == second
    assert (record["reference"], record["posted"]) == (ask.delivery_id, 2)


def test_every_code_it_can_say_is_in_the_plug_ins_table(running: Running) -> None:
    plug = adapter(running)
    asks = [an_ask(running, number) for number in range(120)]

    for ask in asks:
        plug.handle(ask)
    last = {type(list(plug.poll(ask))[-1]) for ask in asks}

    assert last == {Returned, Concluded}


def test_most_cases_are_concluded_and_about_eight_in_a_hundred_returned() -> None:
    numbers = [f"990101-2026-{n:06d}" for n in range(5_000)]

    for id, courses in _courses():
        codes = Counter(fate.course(id, number, courses)[-1] for number in numbers)
        returned = sum(number for code, number in codes.items() if code in RETURNED)
        assert 0.065 < returned / len(numbers) < 0.095


def _courses() -> list[tuple[str, Any]]:
    handled = [(shape.id, counter) for shape in SHAPES.values() for counter in shape.counters]
    return [(id, counter.courses) for id, counter in handled if counter.name == "handle"]


def test_a_case_has_the_same_fate_in_every_run() -> None:
    for id, courses in _courses():
        assert fate.course(id, "990101-2026-000017", courses) == fate.course(
            id, "990101-2026-000017", courses
        )
        assert sum(share for share, _ in courses) == 100


def test_a_case_that_nobody_handed_over_is_not_known(running: Running) -> None:
    with pytest.raises(NeverPossible, match="404"):
        list(adapter(running).poll(an_ask(running)))


def test_a_malformed_case_is_refused(running: Running) -> None:
    for counter in running.shape.counters:
        with pytest.raises(NeverPossible, match="400"):
            Office(running.url).post(counter.path, {})


def test_a_simulator_restarted_knows_its_cases(tmp_path: Path) -> None:
    first = Running("court", tmp_path)
    adapter(first).handle(an_ask(first))
    first.stop()

    again = Running("court", tmp_path)
    try:
        assert len(again.get("/records")["records"]) == 1
    finally:
        again.stop()


def test_with_time_between_steps_a_case_takes_its_time(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "slow.sqlite", step_s=100.0)
    record, _ = ledger.take("d", "n", ("01", "10", "90"))

    reached = [[code for code, _ in record.passed(record.opened_at + s, 100.0)] for s in (0, 100, 250)]

    ledger.close()
    assert reached == [["01"], ["01", "10"], ["01", "10", "90"]]


def test_ordered_faults_hit_the_next_calls_and_no_more(court_office: Running) -> None:
    court_office.disturb(next=2, status=500)
    plug, ask = adapter(court_office), an_ask(court_office)

    for _ in range(2):
        with pytest.raises(TryLater, match="500"):
            plug.handle(ask)

    plug.handle(ask)
    assert court_office.get("/healthz")["records"] == 1


def test_a_reply_lost_after_the_effect_leaves_one_record(court_office: Running) -> None:
    court_office.disturb(next=1, status=500, after=True)
    plug, ask = adapter(court_office), an_ask(court_office)

    with pytest.raises(TryLater):
        plug.handle(ask)
    plug.handle(ask)

    (record,) = court_office.get("/records")["records"]
    assert record["posted"] == 2


def test_an_office_that_hangs_counts_as_down(court_office: Running) -> None:
    court_office.disturb(next=1, hang_s=0.6)

    with pytest.raises(OfficeDown):
        adapter(court_office, timeout=0.1).handle(an_ask(court_office))


def test_an_office_that_is_not_there_counts_as_down() -> None:
    with pytest.raises(OfficeDown):
        Office("http://127.0.0.1:9", timeout=0.5).get("/x")


def test_asks_stored_are_worked_off_against_the_simulator_to_their_last_word(
    running: Running, tmp_path: Path
) -> None:
    department = running.shape.id
    store = open_store(tmp_path)
    asks = [kept(store, number, department=department) for number in range(1, 41)]
    clerk = Desk(adapter(running), store, clock=lambda: NOON, poll_s=1.0)

    for seconds in range(12):
        clerk.round(time.time() + 2 * seconds)

    assert not store.unfinished()
    told = {letter.name for letter in store.outgoing(1_000)}
    assert {"answer.accepted", "answer.returned", "answer.concluded"} <= told
    assert len(running.get("/records")["records"]) == len(asks)
