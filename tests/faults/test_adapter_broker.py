"""Adapters on a real broker, with a department's rights and no more: killed, cut off, fed rubbish."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pika
import pytest
from pika.exceptions import ChannelClosedByBroker

from shared.contracts import wire
from tests.faults.departments import (
    PATIENCE,
    Edge,
    adapter,
    assert_whole,
    departments,
    ended,
    eventually,
    free_port,
    simulator,
)
from tests.servers import TestServers
from tests.toys.adapters import ask_body
from yizhan_adapter.asks import parse


@pytest.fixture(scope="module")
def mailboxes(servers: TestServers) -> Iterator[dict[str, str]]:
    """Made once: a fresh quorum queue takes its time."""
    with departments(servers) as environment:
        yield environment


@pytest.fixture
def side(mailboxes: dict[str, str], tmp_path: Path) -> Edge:
    """The mailboxes, emptied."""
    return Edge(mailboxes, tmp_path)


@pytest.fixture
def office(side: Edge) -> Iterator[str]:
    """The address of a simulator of the court."""
    port = free_port()
    with ended(simulator(side, port)):
        yield f"http://127.0.0.1:{port}"


DENIED: dict[str, Callable[[Any], object]] = {
    "reading another's inbox": lambda c: c.basic_get("dept.police.inbox"),
    "reading the centre's gateway": lambda c: c.basic_get("q.gateway"),
    "declaring a queue": lambda c: c.queue_declare("mine"),
    "declaring its own inbox anew": lambda c: c.queue_declare("dept.court.inbox", durable=True),
    "declaring an exchange": lambda c: c.exchange_declare("x.mine"),
    "binding its inbox": lambda c: c.queue_bind("dept.court.inbox", "x.dept", "police"),
    "deleting its inbox": lambda c: c.queue_delete("dept.court.inbox"),
    "asking another department": lambda c: c.basic_publish("x.dept", "police", b"{}", mandatory=True),
    "answering as another department": lambda c: c.basic_publish(
        "dept.police.out", "reply", b"{}", mandatory=True
    ),
    "publishing straight to a queue": lambda c: c.basic_publish(
        "", "dept.police.inbox", b"{}", mandatory=True
    ),
    "forging its name": lambda c: c.basic_publish(
        "dept.court.out", "reply", b"{}", pika.BasicProperties(user_id="dept.police.a"), mandatory=True
    ),
}


@pytest.mark.fault(22, part="a department's rights")
@pytest.mark.parametrize("what", DENIED)
def test_a_department_is_denied(side: Edge, what: str) -> None:
    with side.as_court() as link:
        channel = link.channel()
        channel.confirm_delivery()

        with pytest.raises(ChannelClosedByBroker) as refused:
            DENIED[what](channel)

        assert refused.value.reply_code in (403, 406)
    assert side.fetch("dept.police.inbox") == side.fetch("q.gateway") == []


def test_a_department_may_answer_and_beat_on_its_own_outlet_and_read_its_own_inbox(side: Edge) -> None:
    side.publish(ask_body())

    with side.as_court() as link, link.channel() as channel:
        channel.confirm_delivery()
        channel.basic_publish("dept.court.out", "reply", b"answer", mandatory=True)
        channel.basic_publish("dept.court.out", "beat", b"beat", mandatory=True)
        ask = channel.basic_get("dept.court.inbox", auto_ack=True)[2]

    assert ask == ask_body()
    assert side.fetch("q.gateway") == [b"answer"]
    assert side.fetch("q.beats") == [b"beat"]


def test_asks_reach_the_court_once_each_and_every_one_is_answered_in_order(side: Edge, office: str) -> None:
    bodies = [ask_body(number) for number in range(60)]
    side.publish(*bodies)

    with ended(adapter(side, office)):
        assert eventually(lambda: side.finished() == len(bodies))

    assert_whole(side, bodies)
    beats = [wire.decode(body) for body in side.fetch("q.beats")]
    assert beats and beats[0].source == "/dept/court"


@pytest.mark.fault(21, part="an adapter killed once at each point")
@pytest.mark.parametrize(
    "point",
    ["before_store", "before_ack", "before_handle", "before_answer", "before_publish", "before_removal"],
)
def test_killed_at_any_point_it_resumes_and_nothing_is_lost_or_done_twice(
    side: Edge, office: str, point: str
) -> None:
    bodies = [ask_body(number) for number in range(12)]
    side.publish(*bodies)

    with ended(adapter(side, office, CRASH_AT=f"adapter.{point}:5")) as dying:
        dying.wait(PATIENCE)
    with ended(adapter(side, office)):
        assert eventually(lambda: side.finished() == len(bodies))

    assert dying.returncode == -signal.SIGKILL
    assert_whole(side, bodies)


@pytest.mark.fault(12)
def test_an_ask_the_centre_publishes_three_times_is_handled_once_and_answered_under_the_same_ids(
    side: Edge, office: str
) -> None:
    bodies = [ask_body(number) for number in range(9)]
    told, last = bodies[:8], bodies[8]

    with ended(adapter(side, office)):
        side.publish(*told)
        assert eventually(lambda: side.finished() == len(told))
        before = {event.id for event in side.received}
        side.publish(*told, *told, last)
        assert eventually(lambda: side.finished() == len(bodies))

    assert_whole(side, bodies)
    again = Counter(e.id for e in side.received if e.data["delivery_id"] != parse(last).delivery_id)
    assert again.keys() == before
    assert max(again.values()) > 1


@pytest.mark.fault(15)
def test_rubbish_goes_to_the_centres_parking_byte_for_byte_and_the_rest_is_handled(
    side: Edge, office: str
) -> None:
    rubbish = [
        b"\xff\xfe\x00",
        b"{}",
        b"[]",
        ask_body(1).replace(b"ask.handle_case.v1", b"ask.handle_case.v9"),
    ]
    good = [ask_body(number) for number in range(5)]

    with ended(adapter(side, office)):
        side.publish(*(body for pair in zip(rubbish, good, strict=False) for body in pair), good[4])
        assert eventually(lambda: side.finished() == len(good))
        assert eventually(lambda: side.depth("q.park") == len(rubbish))

    assert sorted(side.fetch("q.park")) == sorted(rubbish)
    assert_whole(side, good)


@pytest.mark.fault(24)
def test_stopped_by_sigterm_it_drains_and_leaves_the_rest_to_the_next(side: Edge, office: str) -> None:
    bodies = [ask_body(number) for number in range(80)]
    side.publish(*bodies)

    with ended(adapter(side, office)) as first:
        assert eventually(lambda: len(side.answers()) >= 10)
        first.send_signal(signal.SIGTERM)
        assert first.wait(PATIENCE) == 0
    with ended(adapter(side, office)):
        assert eventually(lambda: side.finished() == len(bodies))

    assert_whole(side, bodies)


def test_with_the_back_office_down_asks_are_still_received_and_handled_when_it_is_back(side: Edge) -> None:
    port = free_port()
    office, bodies = f"http://127.0.0.1:{port}", [ask_body(number) for number in range(6)]

    with ended(adapter(side, office)):
        side.publish(*bodies)
        assert eventually(lambda: [len(told) for told in side.answers().values()] == [1] * 6)
        with ended(simulator(side, port)):
            assert eventually(lambda: side.finished() == len(bodies))

    assert_whole(side, bodies)


@pytest.mark.fault(5, part="one kill under an adapter")
def test_a_broker_killed_under_it_loses_nothing(side: Edge, office: str, servers: TestServers) -> None:
    if servers.broker is None:
        pytest.skip("somebody else's broker is used: it is not ours to kill")
    bodies = [ask_body(number) for number in range(40)]

    with ended(adapter(side, office)) as running:
        side.publish(*bodies[:20])
        assert eventually(lambda: side.finished() == 20)
        time.sleep(10)  # queues younger than that may not come back from a kill: b0 of the bus design
        side.publish(*bodies[20:])
        servers.broker.kill()
        servers.broker.start()
        assert eventually(lambda: side.finished() == len(bodies), 90)
        assert running.poll() is None

    assert_whole(side, bodies)


def test_a_second_process_on_the_same_store_does_not_start(side: Edge, office: str) -> None:
    with ended(adapter(side, office)):
        assert eventually(lambda: side.depth("q.beats") > 0)

        with ended(adapter(side, office)) as second:
            assert second.wait(PATIENCE) == 78
