"""A new key while everything runs, on the real database: old fields open, and all are sealed again."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.intake import store
from services.intake.handlers import vault
from services.intake.handlers.registering import register, similar
from services.intake.model import Registration
from services.intake.rules import sealing
from services.intake.store import Stores
from services.intake.store.registrations import Wanted
from services.intake.worker import IntakeWorker
from shared import crypto, ids
from shared.aggregate import Held, MongoStore
from shared.aggregate.rotation import Rotation
from shared.aggregate.vessels import ages
from shared.contracts.intake import RegistrationReceived
from shared.crypto import BadKeys
from shared.decision import Actor, Cause, Decision
from shared.errors import Unavailable
from shared.settings import settings
from tests.servers import TestServers
from tests.unit.intake.forms import NOW, PHONE, POLICY, form

CLERK = Actor(ref=ids.derived("tests", "clerk"), role="clerk", unit="centre_101", region="990101101")


class Later:
    """A clock that never has to be waited for."""

    def __init__(self) -> None:
        self.days = 0

    def __call__(self) -> Any:
        self.days += 1
        return NOW + timedelta(days=self.days)


@pytest.fixture
def all(servers: TestServers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    with servers.entered(monkeypatch):
        for cached in (crypto.sealer, store.stores):
            cached.cache_clear()
        made = store.stores()
        for each in (made.registrations, made.imports, made.files):
            assert isinstance(each, MongoStore)
            each.prepare()
        yield made


def taken_in(all: Stores, n: int) -> Held[Registration]:
    given = form(
        summary=f"第{n}件：隔壁把院墙往我家这边挪了半米，水沟也堵了。", requests=("把水沟通开", "道歉")
    )
    return register(all, given, Cause(at=NOW, actor=CLERK), POLICY).held


def add_key(name: str, line: str) -> None:
    file: Path = settings().secrets / name
    first = file.read_text().strip()
    cipher = "sm4:" if name == "vault_key" else ""
    file.write_text((first if ":" in first else f"1:{cipher}{first}") + "\n" + line + "\n")


def fresh_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def rotation(all: Stores, batch: int = 2) -> Rotation:
    worker, later = IntakeWorker(all), Later()
    assert isinstance(all.registrations, MongoStore)
    database = all.registrations.collection.database
    return Rotation(database, worker.vessels(), all.sealer, later, batch=batch)


def look(all: Stores) -> None:
    """As a second later."""
    all.sealer.ring.look(at_once=True)


def key_ids(all: Stores) -> set[int]:
    return {key for vessel in IntakeWorker(all).vessels() for key in ages(vessel)}


@pytest.mark.requirement("XS-02")
def test_fields_are_sealed_again_under_a_new_key_and_read_the_same(all: Stores) -> None:
    held = [taken_in(all, n) for n in range(5)]
    all.pieces.put("import", "file", [(0, b"piece")])
    data = all.sealer.seal_bytes(b"bytes of a file", owner="d1", field="blob")
    all.blobs.put("d1", data, NOW)
    add_key("vault_key", f"2:aes:{fresh_key()}")
    look(all)

    running = rotation(all)
    while running.work(5):
        pass

    assert key_ids(all) == {2}
    for before in held:
        now = all.registrations.load(before.id)
        assert now.version == before.version
        assert sealing.opened(now.state, "summary", all.sealer) == sealing.opened(
            before.state, "summary", all.sealer
        )
        assert sealing.requests(now.state, all.sealer) == ["把水沟通开", "道歉"]
    assert list(all.pieces.get("import", "file")) == [(0, b"piece")]
    renewed = all.blobs.get("d1")
    assert renewed and all.sealer.open_bytes(renewed, owner="d1", field="blob") == b"bytes of a file"


def test_a_killed_rotation_goes_on_where_it_stopped(all: Stores) -> None:
    for n in range(6):
        taken_in(all, n)
    add_key("vault_key", f"2:sm4:{fresh_key()}")
    look(all)
    killed = rotation(all)
    vessel = killed.vessels[0]
    killed._step(vessel, killed._note(vessel))

    note = killed.notes.find_one({"_id": vessel.name})
    assert note and (note["seen"], note["renewed"], note["done_at"]) == (2, 2, None)
    another = rotation(all)
    while another.work(5):
        pass

    note = another.notes.find_one({"_id": vessel.name})
    assert note and note["renewed"] == 6
    assert note["done_at"] and key_ids(all) == {2}


def test_what_somebody_changes_meanwhile_is_neither_lost_nor_left_with_the_old_key(all: Stores) -> None:
    held = taken_in(all, 1)
    add_key("vault_key", f"2:sm4:{fresh_key()}")
    look(all)
    remembered = all.registrations.load(held.id)  # in memory, with bytes of the old key
    running = rotation(all)
    while running.work(5):
        pass

    def moved(state: Registration) -> Decision[Registration]:
        told = RegistrationReceived(
            reg_id=state.reg_id, channel="window", matter_type="dispute", case_id=state.case_id
        )
        return Decision(state=replace(state, window="三号窗口"), events=(told,))

    after = all.registrations.change(remembered.id, Cause(at=NOW, actor=CLERK), moved)

    assert (after.version, after.state.window) == (held.version + 1, "三号窗口")
    assert key_ids(all) == {2}


def test_marks_are_made_anew_under_a_new_index_key_and_are_found_before_and_after(all: Stores) -> None:
    held = taken_in(all, 1)
    code = sealing.opened(held.state, "query_code", all.sealer)
    add_key("index_key", f"2:{fresh_key()}")
    look(all)

    def found() -> tuple[list[str], str]:
        alike = similar(all, form(summary="又是墙的事情，请你们来看一看。"), Cause(at=NOW, actor=CLERK))
        standing = vault.ask_standing(all, code, PHONE[-4:], "here", NOW)
        return [one.case_no for one in alike], standing.case_no

    before = found()
    running = rotation(all)
    while running.work(5):
        pass

    assert found() == before == ([held.state.case_no], held.state.case_no)
    again = all.registrations.load(held.id).state
    assert again.marked_by == 2
    assert not set(again.query_marks) & set(held.state.query_marks)


def test_what_does_not_open_is_counted_and_left_exactly_as_it_is(all: Stores) -> None:
    held = taken_in(all, 1)
    assert isinstance(all.registrations, MongoStore)
    damaged = bytes([*held.state.summary[:-1], held.state.summary[-1] ^ 1])
    all.registrations.collection.update_one({"_id": held.id}, {"$set": {"state.summary": damaged}})
    add_key("vault_key", f"2:sm4:{fresh_key()}")
    look(all)

    running = rotation(all)
    while running.work(5):
        pass

    note = running.notes.find_one({"_id": "registrations"})
    kept = all.registrations.collection.find_one({"_id": held.id})
    assert note and (note["failed"], note["renewed"]) == (1, 0)
    assert kept and kept["state"]["summary"] == damaged


def test_a_lost_key_stops_the_start_and_nothing_is_written_over(all: Stores) -> None:
    taken_in(all, 1)
    file = settings().secrets / "vault_key"
    kept = file.read_text()
    for wrong in (fresh_key(), f"2:sm4:{fresh_key()}"):
        file.write_text(wrong)
        for cached in (crypto.sealer, store.stores):
            cached.cache_clear()

        with pytest.raises(BadKeys, match="没有改动任何数据"):
            store.stores()

    file.write_text(kept)
    store.stores.cache_clear()
    crypto.sealer.cache_clear()
    assert len(list(store.stores().registrations.listed(Wanted(region="990101"), 9))) == 1


def test_a_field_of_a_key_that_is_not_here_says_which(all: Stores) -> None:
    held = taken_in(all, 1)
    strange = bytes([9]) + held.state.summary[1:]

    with pytest.raises(Unavailable, match="编号9") as missing:
        all.sealer.open(strange, owner=held.id, field="summary")

    assert missing.value.code == "sealing_key_missing"
