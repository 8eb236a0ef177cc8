"""The audit trail shows every change to it, and two writers never fork it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from shared.audit import Break, Entry, Head, MemoryTrail, MongoTrail, Trail, sealed, verify
from shared.audit_cli import audit
from shared.database import open_database
from shared.decision import Actor
from tests.servers import TestServers

AT = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
CLERK = Actor(ref="account-1", role="clerk")


@pytest.fixture(params=["memory", "mongo"])
def trail(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trail]:
    """The same trail in memory and in the real database."""
    if request.param == "memory":
        yield MemoryTrail("intake")
        return
    servers: TestServers = request.getfixturevalue("servers")
    with servers.entered(monkeypatch):
        open_database("intake")
        yield MongoTrail("intake")


def write(trail: Trail, *objects: str) -> list[Entry]:
    return [trail.append(CLERK, "reveal", name, at=AT, purpose="duplicate_check") for name in objects]


def test_each_entry_follows_the_one_before_it(trail: Trail) -> None:
    first, second = write(trail, "case/1", "case/2")

    assert (first.n, second.n, second.prev_hash) == (1, 2, first.hash)
    assert list(trail.entries()) == [first, second]
    assert verify(trail.entries()) == Head(chain="intake", n=2, hash=second.hash)


def test_competing_writers_cannot_fork_the_chain(trail: Trail) -> None:
    writers = [
        threading.Thread(target=write, args=(trail, *(f"case/{w}-{n}" for n in range(5)))) for w in range(4)
    ]

    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    head = verify(trail.entries())
    assert isinstance(head, Head)
    assert head.n == 20


def test_an_empty_trail_has_no_head(trail: Trail) -> None:
    assert verify(trail.entries()) is None


def chain() -> list[Entry]:
    trail = MemoryTrail("intake")
    return write(trail, "case/1", "case/2", "case/3")


def test_an_altered_entry_is_the_first_broken_link() -> None:
    first, second, third = chain()

    found = verify([first, replace(second, purpose="curiosity"), third])

    assert found == Break(chain="intake", n=2, why="was altered")


def test_an_entry_altered_with_a_new_hash_breaks_the_next_link() -> None:
    first, second, third = chain()

    found = verify([first, sealed(replace(second, actor="somebody else")), third])

    assert found == Break(chain="intake", n=3, why="does not follow the entry before it")


@pytest.mark.parametrize(("left", "n"), [((1, 2), 2), ((0, 2), 3)])
def test_a_missing_entry_is_noticed(left: tuple[int, ...], n: int) -> None:
    entries = chain()

    found = verify(entries[index] for index in left)

    assert found == Break(chain="intake", n=n, why="an entry before this one is missing")


def test_a_cut_off_end_is_noticed_against_a_noted_head() -> None:
    entries = chain()
    noted = verify(entries)
    assert isinstance(noted, Head)

    assert verify(entries[:2]) == Head(chain="intake", n=2, hash=entries[1].hash)
    assert verify(entries[:2], noted) == Break(
        chain="intake", n=3, why="cut off: entries noted before are gone"
    )
    assert verify([], noted) == Break(chain="intake", n=1, why="cut off: entries noted before are gone")


def test_a_chain_written_anew_is_not_the_noted_one() -> None:
    noted = verify(chain())
    assert isinstance(noted, Head)
    anew = write(MemoryTrail("intake"), "case/1", "case/2", "case/9")

    assert verify(anew, noted) == Break(chain="intake", n=3, why="is not the entry that was noted")


def test_the_digest_may_be_sm3_or_sha256() -> None:
    entry = write(MemoryTrail("intake", "sha256"), "case/1")[0]

    assert entry.hash != sealed(replace(entry, digest="sm3")).hash
    assert isinstance(verify([entry]), Head)


def test_the_command_names_the_first_broken_link(
    servers: TestServers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with servers.entered(monkeypatch):
        open_database("intake")
        open_database("identity")
        write(MongoTrail("identity"), "account/1")
        write(MongoTrail("intake"), "case/1", "case/2", "case/3")
        whole = CliRunner().invoke(audit, ["verify"])
        (tmp_path / "noted").write_text(whole.output)
        MongoTrail("intake").collection.update_one({"n": 2}, {"$set": {"actor": "nobody"}})
        broken = CliRunner().invoke(audit, ["verify"])
        MongoTrail("identity").collection.delete_many({})
        cut = CliRunner().invoke(audit, ["verify", "--noted", str(tmp_path / "noted")])

    assert whole.exit_code == 0
    assert [head["n"] for head in json.loads(whole.output.splitlines()[-1])["heads"]] == [1, 3]
    assert broken.exit_code == 1
    assert json.loads(broken.output.splitlines()[-1])["breaks"] == [
        {"chain": "intake", "n": 2, "why": "was altered"}
    ]
    assert [b["chain"] for b in json.loads(cut.output.splitlines()[-1])["breaks"]] == ["identity", "intake"]
