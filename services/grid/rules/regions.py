"""When a row becomes a region or a grid, what changes one that is known, and how one ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.grid.model import LENGTHS, LEVEL_WORDS, LEVELS, Former, Level, Region
from services.grid.rules.reading import Row
from shared.contracts.base import Event
from shared.contracts.grid import GridOpened, GridRecounted, RegionChanged
from shared.decision import Decision
from shared.errors import Illegal, Refused

MOST_COUNTED = 1_000_000
_NUMBERED = re.compile(r"\d{7}")  # a phone or another number of a person has nothing to do in a name


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row that reads as a region."""

    code: str
    name: str
    level: Level
    parent: str
    households: int | None = None
    residents: int | None = None


def line(row: Row, *levels: Level) -> Line:
    """The region in a row.

    Raises Refused with the reason why it is none, or none of these levels.
    """
    code, level = row.cells["code"], _level(row.cells["code"])
    if level not in levels:
        raise Refused(f"这里不收{LEVEL_WORDS[level]}的代码")
    if row.cells.get("level") not in (None, "", level, LEVEL_WORDS[level]):
        raise Refused(f"代码有{len(code)}位，是{LEVEL_WORDS[level]}，与级别“{row.cells['level'][:20]}”不符")
    return Line(
        code=code,
        name=_name(row.cells["name"]),
        level=level,
        parent=_parent(code, level, row.cells["parent"]),
        households=_total(row, "households", "户数"),
        residents=_total(row, "residents", "人口"),
    )


def _level(code: str) -> Level:
    if not re.fullmatch("[0-9]+", code):
        raise Refused("代码应为数字，不能有字母或别的符号" if code else "没有代码")
    if len(code) not in LEVELS:
        raise Refused(f"代码应为6、9、12或15位，这里有{len(code)}位")
    return LEVELS[len(code)]


def _name(name: str) -> str:
    if not name or len(name) > 50 or not name.isprintable():
        raise Refused("名称应为1至50个字")
    if _NUMBERED.search(name):
        raise Refused("名称里有长串数字")
    return name


def _parent(code: str, level: Level, given: str) -> str:
    if level == "county":
        return ""
    above = {"township": 6, "village": 9, "grid": 12}[level]
    if given != code[:above]:
        raise Refused(f"上级应为代码的前{above}位（{code[:above]}）")
    return given


def _total(row: Row, column: str, word: str) -> int | None:
    given = row.cells.get(column, "")
    if not given:
        return None
    if not re.fullmatch("[0-9]{1,7}", given) or int(given) > MOST_COUNTED:
        raise Refused(f"{word}应为整数")
    return int(given)


def taken(known: Region | None, row: Line, at: datetime) -> Decision[Region] | None:
    """The region after a row of a file; None when the row says nothing new.

    Raises Refused for a code that was closed: codes are not used twice.
    """
    if known is None:
        return _opened(row, at)
    if known.valid_to is not None:
        raise Refused("这个代码已经撤销，不能再用")
    after, told = _renamed(known, row, at)
    after, counted = _recounted(after, row, at)
    events = (*told, *counted)
    return Decision(state=after, events=events, reason="区划文件有变化") if events else None


def _opened(row: Line, at: datetime) -> Decision[Region]:
    made = Region(
        region=row.code, name=row.name, level=row.level, parent=row.parent, valid_from=at,
        households=row.households, residents=row.residents,
    )  # fmt: skip
    told: Event = _changed(made, "opened", (), (row.code,), at)
    if row.level == "grid":
        told = GridOpened(grid_id=row.code, region=row.parent, kind="grid", effective_at=at)
    return Decision(state=made, events=(told,), reason="区划文件导入")


def _renamed(known: Region, row: Line, at: datetime) -> tuple[Region, tuple[Event, ...]]:
    if known.name == row.name:
        return known, ()
    former = (*known.former, Former(name=known.name, until=at))
    told = _changed(known, "renamed", (known.region,), (known.region,), at)
    return replace(known, name=row.name, former=former), (told,)


def _recounted(known: Region, row: Line, at: datetime) -> tuple[Region, tuple[Event, ...]]:
    households = known.households if row.households is None else row.households
    residents = known.residents if row.residents is None else row.residents
    if (households, residents) == (known.households, known.residents):
        return known, ()
    told = GridRecounted(grid_id=known.region, households=households, residents=residents, effective_at=at)
    return replace(known, households=households, residents=residents), (told,)


def close(known: Region, into: tuple[str, ...], at: datetime) -> Decision[Region]:
    """A region ends: without a follower, merged into one, or split among several. Its code stays readable.

    Raises Illegal when it has ended already, Refused when it would follow itself or one of another level.
    """
    if known.valid_to is not None:
        raise Illegal("这个区划已经撤销", state="closed", allowed=(), code="region_closed")
    if any(code == known.region or len(code) != LENGTHS[known.level] for code in into):
        raise Refused("并入的应是同一级别的另一个区划", code="wrong_follower")
    change: Literal["closed", "merged", "split"] = (
        "closed" if not into else "merged" if len(into) == 1 else "split"
    )
    told = _changed(known, change, (known.region,), into, at)
    after = replace(known, valid_to=at, became=into)
    return Decision(state=after, events=(told,), reason="区划调整")


def _changed(
    region: Region,
    change: Literal["opened", "renamed", "split", "merged", "closed"],
    old: tuple[str, ...],
    new: tuple[str, ...],
    at: datetime,
) -> RegionChanged:
    return RegionChanged(region=region.region, change=change, old_ids=old, new_ids=new, effective_at=at)
