"""A copy comes back from the ladder to the queue it was for, and still tells who sent it first."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import amqp
import pytest

from shared.bus import topology
from shared.bus.api import Management
from shared.bus.channel import Sender, connect, message
from shared.bus.inbox import Settler
from shared.bus.names import DEPT, GATEWAY, RETURN
from shared.bus.outcome import Outcome, outlet
from shared.bus.worker import Worker
from shared.contracts.wire import CONTENT_TYPE
from shared.settings import settings
from tests.servers import TestServers

OUTLET = "dept.court.out"


class Gateway(Worker):
    """Stands at the edge."""

    service, vhost = "gateway", "edge"
    queue = GATEWAY


@pytest.fixture(scope="module")
def edge(servers: TestServers) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch, servers.entered(monkeypatch):
        api = Management(settings().amqp_api)
        _, vhost = topology.wanted([], ["court"])
        topology.apply(api, vhost)
        assert topology.wait_until_safe(api, vhost) == []
        yield


def taken(queue: str, seconds: float = 10) -> amqp.Message:
    """The next message of a queue."""
    connection = connect("edge")
    channel, until = connection.channel(), time.monotonic() + seconds
    while (found := channel.basic_get(queue, no_ack=True)) is None:
        assert time.monotonic() < until
        time.sleep(0.02)
    connection.close()
    return found


@pytest.mark.parametrize("step", [None, "2s"])
def test_who_sent_it_first_is_known_after_a_lap_of_the_ladder(edge: None, step: str | None) -> None:
    original: Any = SimpleNamespace(
        properties={"message_id": "m"}, content_type=CONTENT_TYPE, delivery_info={"exchange": OUTLET}
    )
    settler = Settler(Gateway())

    assert settler._copied(Outcome(action="later", step=step, attempt=2), b"{}", original, {})

    back = taken(GATEWAY)
    assert back.delivery_info["exchange"] == RETURN
    assert outlet(back.headers, RETURN) == OUTLET
    settler.sender.close()


def test_a_sender_whose_connection_has_died_meanwhile_connects_again(edge: None) -> None:
    sender = Sender("edge")
    sender.send(DEPT, "court", message(b"1", message_id="1"))
    assert sender.publisher.connection is not None
    sender.publisher.connection.sock.close()

    sender.send(DEPT, "court", message(b"2", message_id="2"))

    assert [taken("dept.court.inbox").body, taken("dept.court.inbox").body] == ["1", "2"]
    sender.close()
