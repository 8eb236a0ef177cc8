"""The two ends of a gate: a mailbox at the broker, an adapter's own store, and neither sees a difference."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from shared.contracts import wire
from tests.bundles.gates import Gated, carry
from tests.toys.adapters import FakeChannel, ToyAdapter, ask_body, delivery, open_store, properties
from yizhan_adapter import Concluded
from yizhan_adapter.bundles.__main__ import main
from yizhan_adapter.bundles.manifest import Entry
from yizhan_adapter.desk import Desk
from yizhan_adapter.errors import Misconfigured
from yizhan_adapter.mailbox import Mailbox
from yizhan_adapter.run import _crossing, alone
from yizhan_adapter.settings import read


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Gated]:
    made = Gated(tmp_path, ToyAdapter(Concluded("settled")))
    yield made
    made.close()


def said(channel: FakeChannel) -> list[wire.Envelope]:
    return [event for _, key, event in channel.published if key == "reply"]


@pytest.mark.requirement("COR-05")
def test_an_ask_crosses_the_gate_and_its_answers_come_back(town: Gated) -> None:
    town.ask(ask_body(1), ask_body(2))
    assert town.channel.done == [("ack", 1), ("ack", 2)]

    town.turn()
    town.desk.round(time.time())
    town.turn()

    answers = [(event.subject[-4:], event.name) for event in said(town.channel)]
    assert len(answers) == len(set(answers)) == 6
    assert town.channel.answers == ["received", "received", *["accepted", "concluded"] * 2]
    assert {exchange for exchange, _, _ in town.channel.published} == {"dept.court.out"}


@pytest.mark.requirement("COR-05")
def test_what_comes_back_over_bundles_is_what_comes_back_over_the_broker(town: Gated, tmp_path: Path) -> None:
    def noon() -> datetime:
        return datetime.fromisoformat("2026-11-23T04:00:00+00:00")

    channel, store = FakeChannel(), open_store(tmp_path)
    mailbox = Mailbox("court", "1.2.3", store, clock=noon)
    mailbox.take(channel, delivery(1), properties(), ask_body(1))
    Desk(ToyAdapter(Concluded("settled")), store, clock=noon).round(time.time())
    mailbox.post(channel)

    town.crossing.clock = town.desk.clock = noon
    town.ask(ask_body(1))
    town.turn()
    town.desk.round(time.time())
    town.turn()

    def plain(event: wire.Envelope) -> Any:
        return {name: value for name, value in vars(event).items() if name != "id"}

    assert list(map(plain, said(town.channel))) == list(map(plain, said(channel)))


def test_an_ask_that_is_published_again_while_it_waits_at_the_gate_crosses_once(town: Gated) -> None:
    town.ask(ask_body(1))
    town.ask(ask_body(1))
    town.ask(ask_body(1), redelivered=True)

    town.turn()

    assert town.channel.answers == ["received"]


def test_an_ask_that_is_published_again_after_it_crossed_has_its_answers_said_again_under_their_ids(
    town: Gated,
) -> None:
    town.ask(ask_body(1))
    town.turn()
    town.turn()
    town.ask(ask_body(1))
    town.turn()
    town.turn()

    events = said(town.channel)
    assert [event.name for event in events] == ["answer.received"] * 2
    assert len({event.id for event in events}) == 1


def test_an_answer_the_broker_did_not_take_stays_and_goes_later(town: Gated) -> None:
    town.ask(ask_body(1))
    town.channel.fail["publish"] = OSError("full")
    with pytest.raises(OSError):
        town.turn()

    town.ferry.post(town.channel)

    assert town.channel.answers == ["received"]


def test_the_gates_heartbeat_says_what_waits_and_the_departments_own_passes_as_it_came(town: Gated) -> None:
    town.ask(ask_body(1))
    town.ferry.beat(town.channel)
    town.crossing._beat()
    town.turn()
    town.turn()
    town.ferry.beat(town.channel)

    beats = [event for _, key, event in town.channel.published if key == "beat"]
    assert [beat.name for beat in beats] == ["gate.heartbeat", "adapter.heartbeat", "gate.heartbeat"]
    assert [beat.data.get("waiting") for beat in beats] == [1, None, 0]
    assert beats[0].data["silent_s"] is None and beats[2].data["silent_s"] == 0
    assert beats[1].data["version"] == "1.2.3"
    for beat in beats:
        assert wire.read(beat) is not None
        assert beat.source == "/dept/court"


def test_what_neither_end_understands_is_set_aside_and_holds_up_nothing(town: Gated) -> None:
    strange = Entry(id="x", type="ask.fly_to_the_moon.v1", body=b'{"type":"ask.fly_to_the_moon.v1"}')
    town.ferry.at_the_gate.gate.put("x", strange, 0.0)
    town.crossing.gate.put("y", Entry(id="y", type="gossip.v1", body=b"{}"), 0.0)
    large = Entry(id="z", type="answer.received.v1", body=b"x" * 10_000_000)
    town.crossing.gate.put("z", large, 0.0)
    town.ask(ask_body(1))

    town.turn()
    town.turn()

    assert town.channel.answers == ["received"]
    assert town.crossing.gate.coming.unread() == 1
    assert town.ferry.at_the_gate.gate.coming.unread() == 2
    assert town.ferry.at_the_gate.gate.db.fact("their_unread") == "1"
    town.crossing.gate.coming.take_up()
    assert town.crossing.gate.coming.unread() == 0


def test_a_department_that_lost_its_gates_memory_says_everything_again(town: Gated, tmp_path: Path) -> None:
    town.ask(ask_body(1))
    town.turn()
    town.desk.round(time.time())
    town.turn()
    before = {event.id for event in said(town.channel)}
    for path in town.there.memory.parent.glob(f"{town.there.memory.name}*"):
        path.unlink()

    reborn = Gated(tmp_path, ToyAdapter())
    reborn.turn()
    reborn.turn()

    assert {event.id for event in said(reborn.channel)} == before
    reborn.close()


def test_the_adapters_program_takes_the_crossing_when_its_surroundings_say_so(
    town: Gated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"BACK_OFFICE_URL": "http://127.0.0.1:9", "ADAPTER_TRANSPORT": "bundles"}
    assert read("court", given).by_files and read("court", given).amqp_url == ""
    with pytest.raises(Misconfigured, match="amqp or bundles"):
        read("court", given | {"ADAPTER_TRANSPORT": "pigeon"})

    class Plugin:
        class manifest:
            id, version = "court", "1.2.3"

    monkeypatch.setenv("YIZHAN_SECRETS", str(tmp_path / "department" / "secrets"))
    monkeypatch.setenv("GATE_SETTLED_S", "0")
    monkeypatch.setenv("GATE_EVERY_S", "0.05")
    stop, took = Event(), Event()
    serving = _crossing(Plugin, read("court", given), town.store, stop, took)  # type: ignore[arg-type]
    town.ask(ask_body(1))
    town.ferry_traffic.send_out()
    carry(town.centre.folder, town.there.folder)
    thread = Thread(target=serving.run)
    thread.start()
    try:
        assert took.wait(20)
    finally:
        stop.set()
        serving.wake()
        thread.join(20)
    assert serving.connection is not None
    assert len(town.store.unfinished()) == 1
    assert list((town.there.folder / "out").glob("*.yzb"))


def test_a_file_that_cannot_be_read_holds_up_no_other(town: Gated) -> None:
    town.ask(ask_body(1))
    town.ferry_traffic.send_out()
    carry(town.centre.folder, town.there.folder)
    folders = town.crossing.traffic.folders
    read_truly = folders.read

    def read_some(path: Path) -> bytes:
        if path.name.startswith("a"):
            raise OSError("input/output error")
        return read_truly(path)

    folders.read = read_some  # type: ignore[method-assign]
    (folders.inward / "a.yzb").write_bytes(b"")

    counts = town.crossing.traffic.take_in()

    assert counts == {"unreadable": 1, "taken": 1}


def test_without_keys_the_crossing_takes_nothing_in_wrongly_and_says_why(
    town: Gated, caplog: pytest.LogCaptureFixture
) -> None:
    town.there.keys.unlink()
    town.ask(ask_body(1))
    town.ferry_traffic.send_out()
    carry(town.centre.folder, town.there.folder)
    town.crossing.stop.set()

    with pytest.raises(Misconfigured, match="keys make"):
        town.crossing.turn()

    assert town.store.unfinished() == []
    assert [code for _, _, code, _ in town.crossing.gate.db.refusals()] == ["unknown_signer"]


def test_two_ferries_for_one_department_do_not_run_beside_one_another(
    town: Gated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YIZHAN_SECRETS", str(tmp_path / "centre" / "secrets"))
    monkeypatch.setenv("LOG_LEVEL", "CRITICAL")

    with alone(town.centre.memory):
        status = main(["--side", "centre", "run", "court"])

    assert status == 78
    assert "another process works on" in capsys.readouterr().err
