"""Fault test 14 of the bus: a message is lost from its queue, noticed, and fetched from its owner."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from shared import clock
from shared.bus.channel import connect
from tests.faults.harness import ALPHA, BETA, PARKER, Bench, bench, invariants, wait
from tests.servers import TestServers
from tests.toys import alpha, beta

SIX_MINUTES = 360.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def made(servers: TestServers) -> Iterator[Bench]:
    base = f"http://127.0.0.1:{_free_port()}"
    with bench(servers, BASE_URL=base) as make:
        yield make()


def _take_one(queue: str) -> Any:
    """Delete one message by hand, as an operator's slip would."""
    connection = connect("core")
    channel = connection.channel()
    lost = channel.basic_get(queue)
    channel.basic_ack(lost.delivery_tag)
    connection.close()
    return lost


@pytest.mark.fault(14)
def test_a_lost_message_is_noticed_and_fetched_from_its_owner(made: Bench) -> None:
    base = made.environment["BASE_URL"]
    made.serve("services.identity.api", "tests.toys.api", bind=base.removeprefix("http://"))
    wait(lambda: _answers(f"{base}/alpha/healthz"), 60)
    made.start(ALPHA, PARKER)
    made.load(counters=3, each=3)
    wait(lambda: made.depth("beta.inbox") == len(made.told()), 60)

    lost = _take_one("beta.inbox")
    made.start(BETA, YIZHAN_SERVICE="routing")
    wait(lambda: made.depth("beta.inbox") == 0, 60)
    assert made.missing() or beta.store().early.count_documents({})
    clock.advance(SIX_MINUTES)

    assert lost is not None
    made.wait_for_effects()
    wait(lambda: alpha.store().collection.count_documents({"ob_at": {"$exists": True}}) == 0, 30)
    assert made.logged("gap")
    invariants(made)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
