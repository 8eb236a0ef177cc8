"""Imports of real files into the stores in memory and into the real database."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.intake import store
from services.intake.handlers import mappings
from services.intake.handlers.importing import Importer, rejects, take
from services.intake.model import Import
from services.intake.store import Stores, memory_stores
from shared import clock, crypto
from shared.aggregate import Held, MongoStore
from shared.decision import Actor, Cause
from tests.servers import TestServers

EXAMPLES = Path("examples")
DATA = os.environ.get("YIZHAN_DATA", "")
CLERK = Actor(ref="window_clerk", role="clerk", unit="centre_county", region="990101")
KEPT_WHOLE = {"too_long", "repeated"}  # texts over their limit are attached, the same ticket is the same case


@pytest.fixture(params=["memory", "mongo"])
def all(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    """Everything intake keeps, in memory and in the real database."""
    if request.param == "memory":
        yield memory_stores()
        return
    servers: TestServers = request.getfixturevalue("servers")
    with servers.entered(monkeypatch):
        for cached in (crypto.sealer, store.stores):
            cached.cache_clear()
        made = store.stores()
        for each in (made.registrations, made.imports):
            assert isinstance(each, MongoStore)
            each.prepare()
        yield made


def brought_in(all: Stores, path: Path, mapping: str) -> Held[Import]:
    cause = Cause(at=clock.now(), actor=CLERK)
    taken = take(all, path.read_bytes(), path.name, mappings.chosen(mapping), cause)
    parallel = 8 if isinstance(all.registrations, MongoStore) else 1
    Importer(all, clock.now, parallel).work(300)
    return all.imports.load(taken.held.id)


def example(name: str) -> str:
    return (EXAMPLES / "mapping" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "mapping", "count"),
    [
        ("matters.csv", "matters.yaml", 336),
        ("matters_traditional.json", "matters_traditional.yaml", 22),
        ("hotline.xlsx", "hotline.yaml", 35),
    ],
)
def test_every_row_of_the_examples_comes_in(all: Stores, file: str, mapping: str, count: int) -> None:
    held = brought_in(all, EXAMPLES / file, example(mapping))

    assert list(rejects(all, held.state))[1:] == []
    assert (held.state.state, held.state.counts.accepted) == ("done", count)


def test_of_the_broken_example_only_what_is_broken_stays_out(all: Stores) -> None:
    held = brought_in(all, EXAMPLES / "broken.csv", example("matters.yaml"))

    with (EXAMPLES / "broken_expected.csv").open(encoding="utf-8", newline="") as file:
        expected = {row["line"] for row in csv.DictReader(file) if row["fault"] not in {"none", *KEPT_WHOLE}}
    kept_out = {row.split(",")[-2] for row in list(rejects(all, held.state))[1:]}
    assert kept_out == expected
    assert held.state.counts.repeated == 1


@pytest.mark.skipif(not DATA, reason="real messages are not part of the repository: set YIZHAN_DATA")
def test_fourteen_hundred_real_messages_come_in_whole(all: Stores) -> None:
    held = brought_in(all, Path(DATA) / "messages" / "replied_rows.csv", "city_messages")

    assert list(rejects(all, held.state))[1:] == []
    assert held.state.counts.accepted == 1_400
    assert held.state.finished_at and (held.state.finished_at - held.state.created_at).total_seconds() < 60
