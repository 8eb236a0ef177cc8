"""Fault tests 12, 13, 15, 16 and 25 of the bus: messages twice, in any order, broken, too new, too large."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest

from shared import ids
from shared.bus import parked, replay
from shared.bus.names import TRIES
from shared.contracts import wire
from tests.faults.harness import ALPHA, BETA, PARKER, Bench, bench, invariants, publish, wait
from tests.servers import TestServers
from tests.toys import alpha, beta


@pytest.fixture(scope="module")
def benches(servers: TestServers) -> Iterator[Callable[[], Bench]]:
    with bench(servers) as make:
        yield make


@pytest.fixture
def made(benches: Callable[[], Bench]) -> Iterator[Bench]:
    parked.Parked.drop_collection()
    ready = benches()
    yield ready
    ready.stop()


@pytest.mark.fault(12)
def test_every_message_three_times_has_one_effect(made: Bench) -> None:
    made.start(ALPHA, BETA, PARKER)
    made.load(counters=10, each=5)

    publish(made.told() * 2)

    made.wait_for_effects()
    invariants(made)


@pytest.mark.fault(13)
def test_messages_in_any_order_end_in_the_same_projection(made: Bench) -> None:
    made.load(counters=10, each=10)
    shuffled = made.told()
    random.Random(13).shuffle(shuffled)
    publish(shuffled)

    made.start(BETA, PARKER)

    made.wait_for_effects()
    made.start(ALPHA)
    invariants(made)


def _broken(good: bytes) -> dict[str, list[tuple[bytes, dict[str, Any]]]]:
    """Six kinds of poison, twenty of each."""
    event = orjson.loads(good)

    def like(**changes: Any) -> bytes:
        made = {k: v for k, v in {**event, "id": ids.new(), **changes}.items() if v is not None}
        return orjson.dumps(made)

    always = {"counter_id": ids.new(), "by": 666, "total": 1}
    return {
        "json": [(b'{"id": ' + str(n).encode(), {}) for n in range(20)],
        "content type": [(like(subject=f"x/{n}"), {"content_type": "text/xml"}) for n in range(20)],
        "no id": [(like(id=None, subject=f"n/{n}"), {}) for n in range(20)],
        "major": [(like(type="counter.raised.v9", subject=f"m/{n}"), {}) for n in range(20)],
        "raises": [(like(subject=f"r/{ids.new()}", data=always), {}) for n in range(20)],
        "garbage": [(b"\xd8\x00\xdc\xff" + bytes([n]) * 40, {}) for n in range(20)],
    }


@pytest.mark.fault(15)
@pytest.mark.requirement("COR-28")
def test_poison_is_parked_whole_and_grouped_and_does_not_hold_up_the_good(made: Bench) -> None:
    made.start(ALPHA, BETA, PARKER)
    made.load(counters=40, each=25)
    kinds = _broken(made.told()[1])

    for bodies in kinds.values():
        for body, properties in bodies:
            publish([body], key="counter.raised.v1.990101", **properties)

    made.wait_for_effects()
    wait(lambda: parked.Parked.objects.count() == 120, 90, lambda: str(parked.groups()))
    raw = {bytes(p.body) for p in parked.Parked.objects}
    assert raw == {body for bodies in kinds.values() for body, _ in bodies}
    assert len({g["error"] for g in parked.groups()}) >= 5
    tries = {p.attempts for p in parked.Parked.objects(error__startswith="Retry")}
    assert tries == {TRIES}
    invariants(made, poisonous=120)


@pytest.mark.fault(16)
def test_what_is_replayed_after_a_mend_has_its_effect_once_even_when_the_replayer_is_killed(
    made: Bench,
) -> None:
    stream = _parked_stream(made)
    killed = _replay_all(made, CRASH_AT="replay.after_publish:3")
    assert killed.wait(60) == -signal.SIGKILL

    assert _replay_all(made).wait(60) == 0

    made.start(BETA, PARKER)
    wait(lambda: len(_heard(stream)) == 6, 30, lambda: str(_heard(stream)))
    assert parked.Parked.objects(state="parked").count() == 0
    wait(lambda: made.depth("beta.inbox") == 0, 30)


@pytest.mark.fault(16)
def test_what_two_people_discard_is_waited_for_by_nobody(made: Bench) -> None:
    stream, replayer = _parked_stream(made), replay.Replayer("wang")
    in_order = sorted(parked.Parked.objects(), key=lambda p: wire.decode(bytes(p.body)).sequence)
    made.start(BETA, PARKER)

    for n, record in reversed(list(enumerate(in_order))):
        replayer.discard(record, "li", "a test") if n in (0, 2) else replayer.replay(record)
    replayer.close()

    wait(lambda: len(_heard(stream)) == 4, 30, lambda: str(_heard(stream)))
    assert _heard(stream) == tuple(f"{n:010d}.00" for n in (2, 4, 5, 6))
    wait(lambda: made.depth("beta.inbox") == 0, 30)


def _parked_stream(made: Bench) -> str:
    """Six events of one subject that lie in the park, as after a handler's bug."""
    stream = ids.new()
    counter = made.load(counters=1, each=1)[0]
    first = wire.decode(alpha.store().events_after(counter, "")[1])
    for n in range(6):
        data = {"counter_id": stream, "by": 1, "total": n}
        sequence = f"{n + 1:010d}.00"
        event = replace(
            first, id=ids.new(), subject=f"counter/{stream}", sequence=sequence, last=True, data=data
        )
        headers = {"x-origin": "beta.inbox", "x-attempt": TRIES, "x-last-error": "Bug:1"}
        parked.store("core", wire.encode(event), wire.CONTENT_TYPE, headers, event.at)
    return stream


def _replay_all(made: Bench, **more: str) -> subprocess.Popen[bytes]:
    code = (
        "from shared.bus import parked, replay; parked.open_park();"
        "replay.Replayer('test').replay_all("
        "list(parked.Parked.objects(state__in=['parked', 'replaying']).order_by('first_at')), 100)"
    )
    environment = {**os.environ, **made.environment, **more}
    return subprocess.Popen([sys.executable, "-W", "ignore", "-c", code], env=environment)


def _heard(stream: str) -> tuple[str, ...]:
    held = beta.store().find(stream)
    return held.state.heard if held else ()


@pytest.mark.fault(25)
def test_a_newer_minor_is_read_and_a_newer_major_is_parked(made: Bench) -> None:
    made.start(ALPHA, BETA, PARKER)
    counter = made.load(counters=1, each=1)[0]
    made.wait_for_effects()
    last = orjson.loads(made.told()[-1])
    newer = {**last, "id": ids.new(), "sequence": "0000000002.00", "last": True, "type": "counter.raised.v1"}

    newer["data"] = {"counter_id": counter, "by": 5, "total": 6, "colour": "red"}
    publish([orjson.dumps(newer)])
    publish([orjson.dumps({**newer, "id": ids.new(), "type": "counter.raised.v2"})])

    made.accepted[counter] += 5
    made.wait_for_effects()
    wait(lambda: parked.Parked.objects(type="counter.raised.v2").count() == 1, 30)


@pytest.mark.fault(25)
def test_what_the_broker_will_not_take_is_set_aside_and_its_neighbours_go_on(made: Bench) -> None:
    victims = made.load(counters=6, each=2)
    body = alpha.store().events_after(victims[0], "")[0]
    bad = [
        {"id": ids.new(), "n": "9", "dest": "core:x.events", "key": "a.b", "body": b"x" * 70_000},
        {"id": ids.new(), "n": "9", "dest": "core:x.nowhere", "key": "a.b", "body": body},
    ]
    for victim, entry in zip(victims, bad, strict=False):
        alpha.store().collection.update_one({"_id": victim}, {"$push": {"outbox": entry}})

    made.start(ALPHA, BETA, PARKER)

    made.wait_for_effects()
    aside = alpha.store().collection.database["outbox_parked"]
    wait(lambda: {doc["_id"] for doc in aside.find()} == {entry["id"] for entry in bad}, 20)
    invariants(made)
