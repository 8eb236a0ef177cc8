"""The map's rules: which rows are good, what is refused whole, what a change tells."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from services.grid.handlers.importing import GRIDS, REGIONS, Outcome, bring_in
from services.grid.rules import reading
from services.grid.store import Stores, Under, memory_stores
from shared.decision import Cause
from shared.errors import Refused
from tests.grid_given import CELLS, DIVISIONS, GRID, NOW, VILLAGE, everywhere, town

EXAMPLES = Path(__file__).parents[2] / "examples"
DATA = os.environ.get("YIZHAN_DATA", "")


def regions(all: Stores, data: str | bytes) -> Outcome:
    raw = data.encode() if isinstance(data, str) else data
    return bring_in(all, raw, REGIONS, Cause(at=NOW), everywhere)


def grids(all: Stores, data: str | bytes) -> Outcome:
    raw = data.encode() if isinstance(data, str) else data
    return bring_in(all, raw, GRIDS, Cause(at=NOW), everywhere)


def told(all: Stores, code: str) -> list[bytes]:
    return all.regions.events_after(code, "")


def test_the_example_county_is_brought_in_whole_and_once() -> None:
    all = memory_stores()

    first = regions(all, (EXAMPLES / "divisions.csv").read_bytes())
    again = regions(all, (EXAMPLES / "divisions.csv").read_bytes())
    cells = grids(all, (EXAMPLES / "grids.csv").read_bytes())

    assert (first.added, first.bad) == (76, ())
    assert (again.added, again.changed, again.unchanged) == (0, 0, 76)
    assert (cells.added, cells.bad) == (150, ())


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_a_file_is_read_in_the_encodings_that_offices_use(encoding: str) -> None:
    all = memory_stores()

    regions(all, DIVISIONS.encode(encoding))

    assert all.regions.load(VILLAGE).state.name == "墨松村"


@pytest.mark.skipif(not DATA, reason="the public division files are not in the repository: set YIZHAN_DATA")
def test_public_division_files_are_brought_in_without_a_bad_row() -> None:
    all = memory_stores()
    folder = Path(DATA) / "divisions"

    done = [regions(all, path.read_bytes()) for path in sorted(folder.glob("*.csv"))]

    assert sum(each.added for each in done) > 600
    assert not any(each.bad for each in done)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("99010110120A,某村,990101101,village", "代码应为数字"),
        (",某村,990101101,village", "没有代码"),
        ("9901011012,某村,990101101,village", "应为6、9、12或15位"),
        ("990101101203,,990101101,village", "名称应为"),
        ("990101101203,王某13800138000,990101101,village", "长串数字"),
        ("990101101203,某村,990101102,village", "上级应为代码的前9位"),
        ("990101103203,某村,990101103,village", "上级990101103不在册"),
        ("990101101203,某村,990101101,township", "与级别“township”不符"),
        ("990101101201001,某网格,990101101201,grid", "这里不收网格的代码"),
        ("990101101203,某村", "这一行只有2列"),
        ('990101101203,"某村,990101101,village', "引号"),
        ("990101101201,另一个村,990101101,village", "与第4行相同"),
    ],
)
@pytest.mark.requirement("GR-15")
def test_a_bad_row_comes_back_with_its_line_and_reason_and_the_good_ones_stay(row: str, reason: str) -> None:
    all = memory_stores()

    done = regions(all, f"{DIVISIONS}{row}\n990101101299,后坡村,990101101,village\n")

    assert [bad.line for bad in done.bad] == [6]
    assert reason in done.bad[0].reason
    assert done.added == 5
    assert all.regions.find("990101101299")


def test_rows_outside_what_the_caller_may_change_are_bad() -> None:
    all = memory_stores()

    done = bring_in(all, DIVISIONS.encode(), REGIONS, Cause(at=NOW), lambda code: code != "990101101202")

    assert [(bad.line, bad.reason) for bad in done.bad] == [(5, "不在您的辖区范围内")]


@pytest.mark.requirement("GR-12")
@pytest.mark.parametrize(
    "number",
    [
        "990101199003077777",
        "99010119900307777X",
        "990101 19900307 7777",
        "９９０１０１１９９００３０７７７７７",
    ],
)
def test_a_file_with_an_identity_number_is_refused_whole_with_its_lines(number: str) -> None:
    all = town()
    file = f"{CELLS}990101101201002,二网格,{VILLAGE},90,200\n990101101201003,某某{number},{VILLAGE},1,1\n"

    with pytest.raises(Refused) as refused:
        grids(all, file)

    assert refused.value.details["lines"] == [4]
    assert "7777" not in refused.value.message
    assert all.regions.find("990101101201002") is None


@pytest.mark.requirement("GR-12")
def test_of_a_grid_only_its_totals_are_kept() -> None:
    all = town()

    grids(all, f"grid_id,name,village,households,residents,户主\n{GRID},一网格,{VILLAGE},121,345,王小明\n")

    state = all.regions.load(GRID).state
    assert (state.households, state.residents) == (121, 345)
    assert "王小明" not in repr(state)


@pytest.mark.parametrize("text", ["", "\n\n", "名字,电话\n甲,1\n"])
def test_what_is_no_table_of_regions_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        reading.read(text.encode())


def test_a_new_name_keeps_the_former_one_and_is_told() -> None:
    all = town()

    done = regions(all, DIVISIONS.replace("墨松村", "墨松社区"))

    state = all.regions.load(VILLAGE).state
    assert (done.changed, done.unchanged) == (1, 3)
    assert [former.name for former in state.former] == ["墨松村"]
    assert b'"renamed"' in told(all, VILLAGE)[-1]


def test_new_totals_are_told_and_the_same_ones_are_not() -> None:
    all = town()

    grids(all, CELLS)
    grids(all, CELLS.replace("340", "350"))

    assert len(told(all, GRID)) == 2
    assert b"grid.recounted" in told(all, GRID)[-1]


@pytest.mark.parametrize("total", ["-1", "一百", "1.5", "99999999"])
def test_totals_are_whole_numbers(total: str) -> None:
    done = grids(town(), f"grid_id,name,village,households,residents\n{GRID},一网格,{VILLAGE},{total},3\n")

    assert done.bad[0].reason == "户数应为整数"


def test_a_subtree_is_listed_in_order_of_codes() -> None:
    all = town()

    listed = all.regions.under(Under(code="990101101", levels=REGIONS), 10)

    assert [held.id for held in listed] == ["990101101", VILLAGE, "990101101202"]
