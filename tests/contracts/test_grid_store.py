"""What grid keeps: the same suite on the stores in memory and on the real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import bson
import pytest
from click.testing import CliRunner

from services.grid import cli, store
from services.grid.handlers import finding
from services.grid.handlers.importing import REGIONS, bring_in
from services.grid.model import Report
from services.grid.store import Stores, Under, Wanted, memory_stores
from shared import crypto, ids
from shared.aggregate import MongoStore
from shared.contracts.intake import RegistrationAccepted
from shared.decision import Cause
from shared.place import Place
from tests.grid_given import CELLS, DIVISIONS, GRID, NOW, VILLAGE, drawn, everywhere
from tests.servers import TestServers


@pytest.fixture(params=["memory", "mongo"])
def all(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    """Everything grid keeps with a small map in it, in memory and in the real database."""
    if request.param == "memory":
        yield drawn(memory_stores())
        return
    servers: TestServers = request.getfixturevalue("servers")
    with servers.entered(monkeypatch):
        for cached in (crypto.sealer, store.stores):
            cached.cache_clear()
        made = store.stores()
        for each in (made.regions, made.findings, made.cases):
            assert isinstance(each, MongoStore)
            each.prepare()
        yield drawn(made)
        store.stores.cache_clear()


def reported(all: Stores, n: int, place: str = GRID, at: datetime = NOW) -> str:
    asked = Report(kind="dispute", place=place, text="水沟堵了，两家吵起来")
    return finding.report(all, asked, Cause(at=at, key=f"key {n}")).held.id


def test_what_was_written_is_read_back(all: Stores) -> None:
    id = reported(all, 1)

    held = all.findings.load(id)

    assert (held.state.place, held.state.region, held.state.reported_at) == (GRID, VILLAGE, NOW)
    assert all.sealer.open(held.state.text, owner=id, field="text") == "水沟堵了，两家吵起来"


def test_the_map_is_listed_by_level_and_found_by_codes(all: Stores) -> None:
    listed = all.regions.under(Under(code="990101", levels=REGIONS, after="990101"), 2)
    grids = all.regions.under(Under(code=VILLAGE, levels=("grid",)), 9)

    assert [held.id for held in listed] == ["990101101", VILLAGE]
    assert [held.id for held in grids] == [GRID]
    assert set(all.regions.several([VILLAGE, "990101999"])) == {VILLAGE}


def test_the_same_file_again_changes_nothing(all: Stores) -> None:
    before = all.regions.load(VILLAGE)

    done = bring_in(all, DIVISIONS.encode(), REGIONS, Cause(at=NOW, key="k"), everywhere)

    assert done.unchanged == 4
    assert all.regions.load(VILLAGE) == before


def test_findings_come_newest_first_and_go_on_where_the_list_stopped(all: Stores) -> None:
    made = [reported(all, n, at=NOW + timedelta(hours=n)) for n in (1, 2, 3)]
    reported(all, 4, place="990101101202")

    first = all.findings.listed(Wanted(place=VILLAGE), 2)
    before = Place(at=first[-1].state.reported_at, id=first[-1].id)
    rest = all.findings.listed(Wanted(place=VILLAGE, before=before), 2)

    assert [held.id for held in first + rest] == made[::-1]
    assert all.findings.listed(Wanted(place="990101", kind="hazard"), 9) == []


def test_the_first_case_told_of_a_finding_stays(all: Stores) -> None:
    id = reported(all, 1)
    for number in (1, 2):
        finding.registered(all, accepted(id, number), Cause(at=NOW, key=f"event {number}"))

    assert all.cases.several([id, ids.new()])[id].case_no == "990101-2026-000001"


def accepted(id: str, number: int) -> RegistrationAccepted:
    return RegistrationAccepted(
        reg_id=ids.new(), case_id=ids.new(), case_no=f"990101-2026-{number:06d}", channel="grid",
        matter_type="dispute", category=None, region=VILLAGE, received_at=NOW, registered_at=NOW,
        finding_id=id,
    )  # fmt: skip


def test_the_command_brings_a_map_in_says_what_is_wrong_and_may_be_repeated(
    all: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "stores", lambda: all)
    divisions, cells = tmp_path / "divisions.csv", tmp_path / "grids.csv"
    divisions.write_text(DIVISIONS + "990101101203,新村,990101101,village\n", encoding="gb18030")
    cells.write_text(CELLS + "990101101999001,无村网格,990101101999,1,1\n", encoding="utf-8")

    done = CliRunner().invoke(cli.grid, ["load", str(divisions), "--grids", str(cells)])

    assert done.exit_code == 1
    assert "新增1，变更0，不变4，有误0" in done.output
    assert "第3行 990101101999001：上级990101101999不在册" in done.output
    assert all.regions.load("990101101203").state.name == "新村"


@pytest.mark.requirement("COR-29")
def test_neither_the_database_nor_what_is_told_holds_the_words_of_a_finding(all: Stores) -> None:
    held = all.findings.load(reported(all, 1))

    raw = repr(held.state).encode() + b"".join(all.findings.events_after(held.id, ""))
    if isinstance(all.findings, MongoStore):
        raw += b"".join(bson.encode(doc) for doc in all.findings.collection.find())
    assert b"grid.finding_reported" in raw
    assert "水沟".encode() not in raw
