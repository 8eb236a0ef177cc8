"""The audit trail shows every change to it, and two writers never fork it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from shared.audit import Break, Entry, Head, MemoryTrail, MongoTrail, Trail, Wanted, sealed, verify
from shared.audit.anchors import Anchors
from shared.audit.entry import hash_of
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


def chain(n: int = 3) -> list[Entry]:
    return write(MemoryTrail("intake"), *(f"case/{number}" for number in range(1, n + 1)))


def said(entries: Iterable[Entry], *noted: Head) -> tuple[int, str]:
    """The number and the kind of the first break."""
    found = verify(entries, noted)
    assert isinstance(found, Break)
    return found.n, found.kind


def test_a_changed_entry_is_named() -> None:
    first, second, third = chain()

    assert said([first, replace(second, purpose="curiosity"), third]) == (2, "changed")
    assert said([replace(first, at=first.at + timedelta(days=1)), second, third]) == (1, "changed")


def test_an_entry_changed_and_given_a_new_hash_is_named_by_the_one_after_it() -> None:
    first, second, third = chain()

    assert said([first, sealed(replace(second, actor="somebody else")), third]) == (2, "changed")


@pytest.mark.parametrize(("left", "n"), [((1, 2), 1), ((0, 2), 2)])
def test_a_removed_entry_is_named(left: tuple[int, ...], n: int) -> None:
    entries = chain()

    assert said([entries[index] for index in left]) == (n, "removed")


def test_a_removed_entry_is_named_also_when_those_after_it_were_given_its_number() -> None:
    first, _, third, fourth = chain(4)

    assert said([first, replace(third, n=2), replace(fourth, n=3)]) == (2, "removed")


def test_entries_in_another_order_are_named() -> None:
    first, second, third, fourth = chain(4)

    assert said([first, replace(third, n=2), replace(second, n=3), fourth]) == (2, "reordered")


def test_a_cut_off_end_is_noticed_against_a_noted_head() -> None:
    entries = chain()
    noted = verify(entries)
    assert isinstance(noted, Head)

    assert verify(entries[:2]) == Head(chain="intake", n=2, hash=entries[1].hash)
    assert said(entries[:2], noted) == (3, "cut_off")
    assert said([], noted) == (1, "cut_off")


def test_a_chain_written_anew_is_not_the_noted_one() -> None:
    noted = verify(chain())
    assert isinstance(noted, Head)
    anew = write(MemoryTrail("intake"), "case/1", "case/2", "case/9")

    assert said(anew, noted) == (3, "replaced")


def test_every_anchor_counts_not_only_the_last() -> None:
    entries = chain(4)
    early = Head(chain="intake", n=2, hash=entries[1].hash)
    anew = write(MemoryTrail("intake"), "case/1", "case/other", "case/3", "case/4")
    late = Head(chain="intake", n=4, hash=anew[-1].hash)

    assert said(anew, late, early) == (2, "replaced")


def test_anchors_lie_outside_the_database_and_only_grow(tmp_path: Path) -> None:
    trail, anchors = MemoryTrail("intake"), Anchors(tmp_path / "anchors")
    write(trail, "case/1", "case/2")

    first = anchors.drop(trail, AT)
    again = anchors.drop(trail, AT)
    write(trail, "case/3")
    second = anchors.drop(trail, AT)

    assert first and second and again is None
    assert anchors.of("intake") == [first, second]
    assert (tmp_path / "anchors" / "intake.jsonl").stat().st_mode & 0o077 == 0
    del trail.kept[3]
    assert said(trail.entries(), *anchors.of("intake")) == (3, "cut_off")


def test_what_came_later_to_an_entry_does_not_change_the_hash_of_older_ones() -> None:
    old, new = chain(2)

    assert hash_of(replace(old, case="")) == old.hash
    assert said([old, replace(new, case="case-9")]) == (2, "changed")


def test_entries_are_found_by_what_they_say(trail: Trail) -> None:
    write(trail, "case/1", "case/2")
    trail.append(CLERK, "export", "export/1", at=AT + timedelta(hours=1), case="c1", result="denied")

    def found(**wanted: Any) -> list[int]:
        return [entry.n for entry in trail.listed(Wanted(**wanted), 9)]

    assert found() == [3, 2, 1]
    assert found(action="reveal", before=2) == [1]
    assert found(case="c1") == found(result="denied") == found(since=AT + timedelta(minutes=1)) == [3]
    assert found(until=AT + timedelta(minutes=1), object="case/2") == [2]
    assert found(actor="nobody") == []


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
        {"chain": "intake", "n": 2, "kind": "changed", "why": "was changed"}
    ]
    assert [b["chain"] for b in json.loads(cut.output.splitlines()[-1])["breaks"]] == ["identity", "intake"]
