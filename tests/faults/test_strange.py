"""Messages that no program of ours would send, and a broker that is away for a while."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from typing import Any

import pika
import pytest

from shared.bus import parked
from shared.contracts import wire
from shared.settings import settings
from tests.faults.harness import ALPHA, BETA, PARKER, Bench, bench, died, invariants, wait
from tests.servers import TestServers

QUEUE_AGE = 3.0  # younger queues may not outlive a killed broker (BUS 0.1)
KEY = "counter.raised.v1.990101"


@pytest.fixture
def made(servers: TestServers) -> Iterator[Bench]:
    with bench(servers) as make:
        yield make()


class Foreign(pika.BasicProperties):  # type: ignore[misc]
    """Properties with a name in another encoding, as an old system writes it."""

    def encode(self) -> list[bytes]:
        return [piece.replace(b"XXXX", "法院".encode("gbk")) for piece in super().encode()]


def send(body: bytes, properties: pika.BasicProperties) -> None:
    """Publish as a foreign program does."""
    address = pika.URLParameters(f"{settings().amqp_url}/{settings().core_vhost}")
    with pika.BlockingConnection(address) as link, link.channel() as channel:
        channel.confirm_delivery()
        channel.basic_publish("x.events", KEY, body, properties)


@pytest.mark.fault(15, part="what stands around the body cannot be read")
def test_what_a_foreign_program_puts_around_a_body_loses_no_message_and_kills_no_process(made: Bench) -> None:
    process = made.start(ALPHA, BETA, PARKER)
    strange: dict[bytes, dict[str, Any]] = {
        b'{"not": "compressed"}': {"headers": {"compression": "application/x-gzip"}},
        b'{"half a character": 1}': {"content_encoding": "unicode_escape", "headers": {"h": b"\xed\xa0\x80"}},
        b'{"a year": 55000}': {"headers": {"x-death": "forged", "x-attempt": "many"}},
    }
    for body, about in strange.items():
        send(body, pika.BasicProperties(content_type=wire.CONTENT_TYPE, **about))
    send(b'{"another encoding": 1}', Foreign(content_type=wire.CONTENT_TYPE, app_id="XXXX"))
    made.load(counters=5, each=2)

    made.wait_for_effects()

    wait(lambda: parked.Parked.objects.count() == 4, 30, made.log)
    assert {bytes(p.body) for p in parked.Parked.objects} == {*strange, b'{"another encoding": 1}'}
    assert {p.queue for p in parked.Parked.objects} == {"beta.inbox"}
    assert process.poll() is None
    invariants(made, poisonous=4)


@pytest.mark.fault(5, part="once, and how soon it goes on")
def test_a_broker_that_was_killed_is_found_again_within_seconds(made: Bench, servers: TestServers) -> None:
    if servers.broker is None:
        pytest.skip("somebody else's broker is not ours to kill")
    made.start(ALPHA, BETA, PARKER)
    made.wait_until_listening()
    time.sleep(QUEUE_AGE)

    servers.broker.kill()
    made.load(counters=5, each=2)
    servers.broker.start()

    made.wait_for_effects(20)
    invariants(made)


@pytest.mark.fault(24, part="a service is stopped while the broker is away")
def test_a_process_asked_to_stop_while_the_broker_is_away_ends(made: Bench, servers: TestServers) -> None:
    if servers.broker is None:
        pytest.skip("somebody else's broker is not ours to stop")
    process = made.start(ALPHA, BETA, PARKER)
    made.wait_until_listening()
    before = len(made.logged("Error connecting to broker"))

    servers.broker.kill()
    wait(lambda: len(made.logged("Error connecting to broker")) > before, 30, made.log)
    process.send_signal(signal.SIGTERM)
    code = died(process, 20)
    servers.broker.start()

    assert code == 0
