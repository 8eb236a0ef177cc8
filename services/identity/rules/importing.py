"""What identity decides about a file with a county's organisation: its columns, its order, its progress."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from services.identity.model.importing import (
    Answered,
    Line,
    OrganisationImport,
    Rejected,
    SheetKind,
    SheetRead,
    WaitingRows,
)
from services.identity.rules import names
from shared.decision import Decision
from shared.errors import Refused
from shared.tables import Cell, Row, Table, name, text

COLUMNS: Mapping[
    SheetKind, Mapping[str, tuple[str, ...]]
] = {  # ours <- what tables call it, the usual one first
    "unit": {
        "code": ("单位代码", "代码", "code"),
        "name": ("单位名称", "名称", "name"),
        "kind": ("单位种类", "种类", "单位类型", "类型", "kind"),
        "region": ("区划代码", "地区代码", "行政区划代码", "region"),
        "parent": ("上级单位", "上级单位代码", "上级", "parent"),
    },
    "person": {
        "username": ("用户名", "账号", "登录名", "username"),
        "name": ("姓名", "name"),
        "roles": ("岗位", "职责", "角色", "roles"),
        "unit": ("所在单位", "单位", "单位代码", "单位名称", "unit"),
        "region": ("区划代码", "地区代码", "行政区划代码", "region"),
    },
}
OPTIONAL = {"unit": ("parent",), "person": ("region",)}
SHEETS: Mapping[SheetKind, str] = {"unit": "单位", "person": "人员"}
ADDED_COLUMNS = ("行号", "原因")  # what the file of rejected rows has beside its own
MOST_ROWS = 5_000
LONGEST = 500  # signs of a cell; no name or code is half as long
DEEPEST = 10  # units above one another
_CIRCLE = f"上级单位互相指向，或者超过{DEEPEST}级"


def kind_of(header: Collection[str]) -> SheetKind | None:
    """Whether a sheet holds people or units; None for one that holds neither."""
    if _column(header, "person", "username"):
        return "person"
    both = _column(header, "unit", "code") and _column(header, "unit", "name")
    return "unit" if both else None


def check_columns(header: Collection[str], kind: SheetKind) -> None:
    """Raises Refused naming the columns that a sheet lacks."""
    needed = [field for field in COLUMNS[kind] if field not in OPTIONAL[kind]]
    missing = [COLUMNS[kind][field][0] for field in needed if not _column(header, kind, field)]
    if missing:
        said = f"{SHEETS[kind]}表缺少这些列：{'、'.join(missing)}"
        raise Refused(said, code="columns_missing", fields={"file": [said]})


def _column(header: Collection[str], kind: SheetKind, field: str) -> str:
    return next((called for called in COLUMNS[kind][field] if called in header), "")


def lines(at: int, sheet: SheetRead, rows: Iterable[Row]) -> list[Line]:
    """The rows of a sheet under our names."""
    table = Table(header=sheet.header, rows=())
    found = []
    for row in rows:
        given = {
            field: _short(field, table.cell(row, _column(sheet.header, sheet.kind, field)))
            for field in COLUMNS[sheet.kind]
        }
        cells = tuple(text(cell)[:LONGEST] for cell in row.cells)
        found.append(
            Line(sheet=at, number=row.number, kind=sheet.kind, given=given, cells=cells, fault=row.broken)
        )
    return found


def _short(field: str, cell: Cell) -> str:
    """A name as it is written; codes, and names of other things, as they are compared."""
    return " ".join(text(cell).split())[:LONGEST] if field == "name" else name(cell)[:LONGEST]


def planned(found: Sequence[Line]) -> tuple[Line, ...]:
    """The rows in an order that does not depend on theirs: units from the top down, then the people."""
    units = _once([line for line in found if line.kind == "unit"], lambda line: line.given["code"])
    people = _once(
        [line for line in found if line.kind == "person"], lambda line: names.looks(line.given["username"])
    )
    return (*_top_down(units), *people)


def _once(found: Iterable[Line], key: Callable[[Line], str]) -> list[Line]:
    """Rows by their key: all that contradict one another are at fault."""
    alike: defaultdict[str, list[Line]] = defaultdict(list)
    broken = []
    for line in sorted(found, key=lambda line: (key(line), line.sheet, line.number)):
        if line.fault or not key(line):
            broken.append(line)
        else:
            alike[key(line)].append(line)
    return [line for same in alike.values() for line in _agreed(same)] + broken


def _agreed(same: list[Line]) -> list[Line]:
    if all(line.given == same[0].given for line in same):
        return same
    numbers = "、".join(str(line.number) for line in same)
    return [
        replace(line, fault=f"第{numbers}行的代码或用户名相同（或看起来一样），内容却不同") for line in same
    ]


def _top_down(units: Sequence[Line]) -> list[Line]:
    placed, waiting = [line for line in units if line.fault], [line for line in units if not line.fault]
    for _ in range(DEEPEST):
        above = {each for line in waiting for each in (line.given["code"], name(line.given["name"]))}
        placed += [line for line in waiting if line.given["parent"] not in above]
        waiting = [line for line in waiting if line.given["parent"] in above]
    return placed + [replace(line, fault=_CIRCLE) for line in waiting]


def progress(
    state: OrganisationImport, answered: Sequence[Answered], now: datetime
) -> Decision[OrganisationImport] | None:
    """More rows have their answer; after the last one the import is done. Nothing changes once it is."""
    if state.state != "running":
        return None
    rejects = tuple(
        Rejected(sheet=a.line.sheet, number=a.line.number, cells=a.line.cells, why=a.why)
        for a in answered
        if a.fate == "rejected"
    )
    after = replace(
        state,
        added=state.added + sum(a.fate == "added" for a in answered),
        unchanged=state.unchanged + sum(a.fate == "unchanged" for a in answered),
        rejects=(*state.rejects, *rejects),
        opened=tuple(dict.fromkeys((*state.opened, *(a.account for a in answered if a.account)))),
    )
    if after.handled >= after.total or not answered:
        after = replace(after, state="done", finished_at=now)
    return Decision(state=after)


def forget(rows: WaitingRows) -> Decision[WaitingRows] | None:
    """No row waits any longer: what they said about people is gone."""
    return Decision(state=replace(rows, lines=())) if rows.lines else None
