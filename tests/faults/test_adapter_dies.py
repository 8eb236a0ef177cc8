"""Fault 21: an adapter dies again and again before it acknowledges: nothing is lost, innocents come back."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.bus.api import Management
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

pytestmark = pytest.mark.nightly

INBOX = "dept.court.inbox"
DEATHS, LIMIT = 12, 4  # how often it dies; and a limit so low that a few deaths are enough


@pytest.fixture
def side(servers: TestServers, tmp_path: Path) -> Iterator[Edge]:
    with departments(servers) as environment:
        yield Edge(environment, tmp_path)


@pytest.fixture
def office(side: Edge) -> Iterator[str]:
    port = free_port()
    with ended(simulator(side, port)):
        yield f"http://127.0.0.1:{port}"


def die(side: Edge, office: str) -> None:
    """One life: it takes twenty asks into its hands, and is killed before it stores the first."""
    with ended(adapter(side, office, CRASH_AT="adapter.before_store:1")) as dying:
        dying.wait(PATIENCE)
    assert dying.returncode == -signal.SIGKILL


@pytest.mark.fault(21)
def test_an_adapter_that_dies_in_a_loop_loses_nothing_and_nothing_is_parked(side: Edge, office: str) -> None:
    bodies = [ask_body(number) for number in range(30)]
    side.publish(*bodies)

    for _ in range(DEATHS):
        die(side, office)
    assert side.depth("q.park") == 0
    with ended(adapter(side, office)):
        assert eventually(lambda: side.finished() == len(bodies))

    assert_whole(side, bodies)


@pytest.mark.fault(21)
def test_beyond_the_limit_innocents_are_parked_and_have_one_effect_when_they_are_sent_again(
    side: Edge, office: str
) -> None:
    limit(side, LIMIT)
    bodies = [ask_body(number) for number in range(10)]
    side.publish(*bodies)

    for _ in range(LIMIT + 1):
        die(side, office)
    assert eventually(lambda: side.depth("q.park") == len(bodies))
    parked = side.fetch("q.park")
    assert sorted(parked) == sorted(bodies)
    with ended(adapter(side, office)):
        returned(side, parked)
        returned(side, parked[:3])  # and a replay that was repeated
        assert eventually(lambda: side.finished() == len(bodies))

    assert_whole(side, bodies)


def limit(side: Edge, deliveries: int) -> None:
    """The same policy with another limit; it holds when the broker says so."""
    api, vhost = Management(side.environment["AMQP_API"]), side.environment["YIZHAN_EDGE_VHOST"]
    policy = api.get("policies", vhost, "edge-inbox")
    definition = policy["definition"] | {"delivery-limit": deliveries}
    words = {"pattern": policy["pattern"], "definition": definition, "apply-to": "queues", "priority": 20}
    api.put("policies", vhost, "edge-inbox", **words)
    assert eventually(lambda: _limit(api, vhost) == deliveries)


def _limit(api: Management, vhost: str) -> int:
    found = api.get("queues", vhost, INBOX) or {}
    return int((found.get("effective_policy_definition") or {}).get("delivery-limit", 0))


def returned(side: Edge, bodies: list[bytes]) -> None:
    """Sent again to the mailbox they came from, as a replay does."""
    side.publish(*bodies, exchange="x.return", department=INBOX)
