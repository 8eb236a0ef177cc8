"""A long audit trail on the real database: written by several processes at once, and examined whole."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from pymongo.collection import Collection

from deploy.local.home import CHECKOUT
from shared.audit import START, Entry, Head, MongoTrail, sealed, verify
from shared.audit_cli import audit
from shared.database import open_database
from shared.settings import settings
from tests.servers import TestServers
from tests.unit.test_audit import AT, CLERK

WRITER = """
import sys
from datetime import UTC, datetime
from shared.audit import MongoTrail
from shared.database import open_database
from shared.decision import Actor
open_database("intake")
trail = MongoTrail("intake")
for n in range(40):
    trail.append(Actor(ref=sys.argv[1], role="clerk"), "reveal", f"case/{n}", at=datetime.now(UTC))
"""


@pytest.fixture
def trail(servers: TestServers, monkeypatch: pytest.MonkeyPatch) -> Iterator[MongoTrail]:
    with servers.entered(monkeypatch):
        open_database("intake")
        yield MongoTrail("intake")


def fill(trail: MongoTrail, count: int) -> None:
    """As so many appends would have left it."""
    docs: list[dict[str, Any]] = []
    before = START
    for n in range(1, count + 1):
        entry = sealed(Entry(
            chain="intake", n=n, at=AT + timedelta(seconds=n), actor=CLERK.ref, role=CLERK.role,
            action="vault.reveal", object=f"party/{n}", purpose="contact", result="ok", digest="sm3",
            prev_hash=before,
        ))  # fmt: skip
        docs.append({"_id": f"intake/{n:012d}", **asdict(entry)})
        before = entry.hash
    trail.collection.insert_many(docs, ordered=False)


def verified() -> dict[str, Any]:
    done = CliRunner().invoke(audit, ["verify"])
    last: dict[str, Any] = json.loads(done.output.splitlines()[-1])
    assert done.exit_code == (0 if last["whole"] else 1)
    return last


def broken() -> tuple[int, str]:
    (found,) = verified()["breaks"]
    return found["n"], found["kind"]


def exchange(entries: Collection[dict[str, Any]], one: int, other: int) -> None:
    """Each takes the other's place and number."""
    first, second = entries.find_one({"n": one}), entries.find_one({"n": other})
    assert first and second
    for doc, n, id in ((first, other, second["_id"]), (second, one, first["_id"])):
        entries.replace_one({"_id": id}, doc | {"_id": id, "n": n})


@pytest.mark.requirement("XS-02")
@pytest.mark.parametrize("length", [5_000, pytest.param(100_000, marks=pytest.mark.nightly)])
def test_a_long_chain_is_whole_and_each_kind_of_tampering_is_named(trail: MongoTrail, length: int) -> None:
    fill(trail, length)
    began = time.monotonic()

    whole = verified()

    took = time.monotonic() - began
    assert whole["heads"] == [{"chain": "intake", "n": length, "hash": trail.last().hash}]  # type: ignore[union-attr]
    assert took < 60, took
    entries, middle = trail.collection, length // 2
    entries.update_one({"n": middle}, {"$set": {"purpose": "curiosity"}})
    assert broken() == (middle, "changed")
    entries.update_one({"n": middle}, {"$set": {"purpose": "contact"}})
    exchange(entries, middle, middle + 1)
    assert broken() == (middle, "reordered")
    exchange(entries, middle, middle + 1)
    entries.delete_one({"n": middle})
    assert broken() == (middle, "removed")


def test_processes_that_write_at_once_keep_one_chain(trail: MongoTrail) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-W", "ignore", "-c", WRITER, f"writer-{n}"], cwd=CHECKOUT)
        for n in range(3)
    ]

    assert [writer.wait(120) for writer in writers] == [0, 0, 0]

    head = verify(trail.entries())
    assert isinstance(head, Head) and head.n == 120
    assert {entry.actor for entry in trail.entries()} == {"writer-0", "writer-1", "writer-2"}


def test_an_anchor_outside_shows_a_chain_that_was_cut_and_grown_again(
    trail: MongoTrail, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIZHAN_ANCHORS", str(tmp_path))
    settings.cache_clear()
    fill(trail, 20)
    anchored = json.loads(CliRunner().invoke(audit, ["anchor"]).output.splitlines()[-1])["anchored"]
    assert [head["n"] for head in anchored] == [20]

    trail.collection.delete_many({"n": {"$gt": 15}})
    for n in range(10):
        trail.append(CLERK, "vault.reveal", f"party/{n}", at=AT)

    assert broken() == (20, "replaced")
    settings.cache_clear()


def test_a_tampered_entry_is_found_also_when_its_own_hash_was_made_anew(trail: MongoTrail) -> None:
    fill(trail, 50)
    (wrong,) = (entry for entry in trail.entries() if entry.n == 30)
    anew = sealed(replace(wrong, actor="somebody-else"))
    trail.collection.update_one({"n": 30}, {"$set": {"actor": anew.actor, "hash": anew.hash}})

    assert broken() == (30, "changed")
