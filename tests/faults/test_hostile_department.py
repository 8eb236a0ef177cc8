"""Fault 22: a department that floods, forges, purges, rejects, repeats itself, or never says a word."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pika
import pytest
from pika.exceptions import AMQPError, ConnectionClosed

from services.routing.model.delivery import DONE, ask_id
from services.routing.store import CaseFilter, DeliveryFilter, Stores, stores
from shared import ids
from shared.contracts import wire
from tests.faults.departments import (
    Edge,
    adapter,
    assert_whole,
    departments,
    ended,
    eventually,
    free_port,
    simulator,
)
from tests.faults.harness import publish
from tests.faults.test_routing_court import (
    CASES,
    LONG,
    county,
    dispatched,
    finished,
    registrations,
    settled,
    states,
    worker,
)
from tests.servers import TestServers
from tests.toys.adapters import ask_body
from yizhan_adapter import settings
from yizhan_adapter.asks import CONTENT_TYPE

pytestmark = pytest.mark.nightly

FLOOD = 400
ABOUT = pika.BasicProperties(content_type=CONTENT_TYPE, delivery_mode=2)


@pytest.fixture
def side(servers: TestServers, tmp_path: Path) -> Iterator[Edge]:
    with departments(servers) as environment:
        yield Edge(environment, tmp_path)


def say(side: Edge, department: str, *bodies: bytes) -> None:
    """Publish on a department's own outlet, with its own rights."""
    given = side.environment | {"BACK_OFFICE_URL": "http://127.0.0.1:9"}
    with side.connection(settings.read(department, given).amqp_url) as link, link.channel() as channel:
        channel.confirm_delivery()
        for body in bodies:
            channel.basic_publish(f"dept.{department}.out", "reply", body, ABOUT, mandatory=True)


def answer(delivery: str, kind: str, *, by: str = "court", cause: str | None = None, **data: str) -> bytes:
    """An answer in due form; each call is another one."""
    made = wire.Envelope(
        id=ids.new(), source=f"/dept/{by}", type=f"answer.{kind}.v1", subject=f"delivery/{delivery}",
        time="2026-11-22T08:00:00.000Z", sequence="0000000001.00", regioncode="990101",
        causationid=ask_id(delivery) if cause is None else cause, data={"delivery_id": delivery, **data},
    )  # fmt: skip
    return wire.encode(made)


def ends(delivery: str, **more: str) -> bytes:
    """An answer that says the case is over."""
    return answer(delivery, "concluded", outcome="failed", concluded_at="2026-11-22T08:00:00Z", **more)


def owed(kept: Stores) -> list[str]:
    """The ids of all hand-overs."""
    return [held.id for held in kept.deliveries.listed(DeliveryFilter())]


@pytest.mark.fault(22, part="a department floods, forges, answers for another, names no ask, sends 10 MB")
@pytest.mark.requirement("XI-13")
def test_a_hostile_police_changes_nothing_of_the_courts_cases_and_does_not_hold_them_up(
    servers: TestServers, tmp_path: Path
) -> None:
    with county(servers) as environment:
        kept, log, port = stores(), tmp_path / "routing.log", free_port()
        side = Edge(environment, tmp_path)
        with ended(simulator(side, port)), ended(worker(environment, log)):
            publish(registrations())
            assert eventually(lambda: len(kept.cases.listed(CaseFilter())) == CASES, LONG), log.read_text()
            for n in range(CASES):
                dispatched(kept, n)
            assert eventually(lambda: len(owed(kept)) == CASES, LONG), states(kept)
            hostile(side, owed(kept))
            with ended(adapter(side, f"http://127.0.0.1:{port}")):
                assert eventually(lambda: finished(kept) == CASES, LONG), log.read_text()[-2000:]
                assert eventually(lambda: settled(kept), LONG), states(kept)
                repeats_itself(side, kept)
        refused = [entry for entry in kept.audit.entries() if entry.action == "answer_refused"]
        assert {entry.result for entry in refused} >= {"foreign_outlet"}
        assert side.depth("q.park") >= FLOOD


def hostile(side: Edge, deliveries: list[str]) -> None:
    """Everything the police can think of, through the one outlet it has."""
    say(side, "police", *(ends(delivery, by="police") for delivery in deliveries))
    say(side, "police", *(ends(delivery, by="court") for delivery in deliveries))
    say(side, "police", *(ends(delivery, cause="") for delivery in deliveries))
    say(side, "police", *(b'{"specversion":"1.0","n":%d}' % n for n in range(FLOOD)))
    with pytest.raises((ConnectionClosed, AMQPError)):
        say(side, "police", b" " * 10_000_000)


def repeats_itself(side: Edge, kept: Stores) -> None:
    """The court speaks again when all is said: another end, a return, and the same again."""
    before = {
        held.id: (held.state.stage, held.state.outcome)
        for held in kept.deliveries.listed(DeliveryFilter(stages=DONE))
    }
    first = next(id for id, (_, outcome) in before.items() if outcome)
    cases = states(kept)

    say(side, "court", ends(first), ends(first), answer(first, "returned", reason="duplicate"))

    assert eventually(lambda: kept.deliveries.load(first).state.late >= 1, LONG)
    time.sleep(1)
    after = kept.deliveries.load(first).state
    assert (after.stage, after.outcome) == before[first]
    assert states(kept) == cases


@pytest.mark.fault(22, part="a department rejects everything")
def test_what_a_department_rejects_lies_in_the_parking_whole_and_another_is_not_touched(side: Edge) -> None:
    bodies = [ask_body(number) for number in range(30)]
    side.publish(*bodies)
    side.publish(ask_body(99, department="police"), department="police")

    with side.as_court() as link, link.channel() as channel:
        for _ in bodies:
            tag = channel.basic_get("dept.court.inbox")[0].delivery_tag
            channel.basic_reject(tag, requeue=False)
        assert eventually(lambda: side.depth("q.park") == len(bodies))

    assert sorted(side.fetch("q.park")) == sorted(bodies)
    assert side.depth("dept.police.inbox") == 1


@pytest.mark.fault(22, part="a department purges its mailbox, and its asks are sent again under their ids")
def test_what_a_department_purged_has_one_effect_when_it_is_sent_again(side: Edge) -> None:
    bodies = [ask_body(number) for number in range(20)]
    side.publish(*bodies)
    with side.as_court() as link, link.channel() as channel, suppress(AMQPError):
        channel.queue_purge("dept.court.inbox")
    assert side.depth("dept.court.inbox") == 0
    port = free_port()

    with ended(simulator(side, port)), ended(adapter(side, f"http://127.0.0.1:{port}")):
        side.publish(*bodies)
        side.publish(*bodies[:5])
        assert eventually(lambda: side.finished() == len(bodies))

    assert_whole(side, bodies)


@pytest.mark.fault(22, part="a department never answers, and its neighbour is as quick as ever")
def test_a_mailbox_nobody_reads_does_not_slow_the_next_one(side: Edge) -> None:
    quiet = [ask_body(number, department="police") for number in range(500)]
    bodies = [ask_body(number) for number in range(20)]
    port = free_port()

    with ended(simulator(side, port)), ended(adapter(side, f"http://127.0.0.1:{port}")):
        side.publish(*quiet, department="police")
        side.publish(*bodies)
        assert eventually(lambda: side.finished() == len(bodies), 30)

    assert side.depth("dept.police.inbox") == len(quiet)
    assert_whole(side, bodies)
