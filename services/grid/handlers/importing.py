"""Bringing in the map: every good row is kept once, every bad one comes back with its line and the reason."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from services.grid.model import LENGTHS, Level, Region
from services.grid.rules import reading, regions
from services.grid.rules.reading import Bad, Row
from services.grid.store import Stores, Under
from shared.aggregate import Held
from shared.decision import Cause
from shared.errors import NotFound, Refused

REGIONS: tuple[Level, ...] = ("county", "township", "village")
GRIDS: tuple[Level, ...] = ("grid",)
REGION_COLUMNS = ("code", "name", "parent", "level")
GRID_COLUMNS = ("grid_id", "name", "village", "households", "residents")

Sees = Callable[[str], bool]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of the rows of a file."""

    added: int
    changed: int
    unchanged: int
    bad: tuple[Bad, ...]


def bring_in(all: Stores, data: bytes, levels: tuple[Level, ...], cause: Cause, sees: Sees) -> Outcome:
    """Keep the rows of a file that are of these levels and inside what the caller may change.

    A row is known by its code, whatever the request's key. Raises Refused when the file as a whole is
    refused; see `reading.read`.
    """
    rows, bad = reading.read(data)
    alone = replace(cause, key="", digest="", expected=None)
    counted: Counter[str] = Counter()
    taken: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: len(row.cells["code"])):  # townships before their villages
        try:
            _once(taken, row)
            counted[_keep(all, regions.line(row, *levels), alone, sees)] += 1
        except Refused as why:
            bad.append(Bad(line=row.line, code=row.cells["code"][:20], reason=why.message))
    return Outcome(
        added=counted["added"],
        changed=counted["changed"],
        unchanged=counted["unchanged"],
        bad=tuple(sorted(bad, key=lambda each: each.line)),
    )


def _once(taken: dict[str, Row], row: Row) -> None:
    earlier = taken.setdefault(row.cells["code"], row)
    if earlier.cells != row.cells:
        raise Refused(f"代码与第{earlier.line}行相同，内容却不同")


def _keep(all: Stores, row: regions.Line, cause: Cause, sees: Sees) -> str:
    if not sees(row.code):
        raise Refused("不在您的辖区范围内")
    above = all.regions.find(row.parent) if len(row.parent) > LENGTHS["county"] else None
    if len(row.parent) > LENGTHS["county"] and (above is None or above.state.valid_to is not None):
        raise Refused(f"上级{row.parent}不在册，请先导入上级")
    before = all.regions.find(row.code)
    held = all.regions.open(row.code, cause, lambda known: regions.taken(known, row, cause.at))
    if before is None:
        return "added"
    return "changed" if held.version > before.version else "unchanged"


def close(all: Stores, code: str, into: tuple[str, ...], cause: Cause) -> Held[Region]:
    """End a region; those that take its place must be known, and what lies inside it must have ended.

    Raises NotFound for a code that is not on the map, Refused while something inside it goes on.
    """
    inside = all.regions.under(Under(code=code, levels=(*REGIONS, *GRIDS), after=code), 1)
    if inside:
        raise Refused(f"里面还有未撤销的{inside[0].state.name}，请先处理", code="region_not_empty")
    known = all.regions.several(into)
    missing = [each for each in into if each not in known or known[each].state.valid_to]
    if missing:
        raise NotFound(f"没有这个区划：{'、'.join(missing)}", code="region_not_found")
    return all.regions.change(code, cause, lambda region: regions.close(region, into, cause.at))


def written(found: Iterable[Region], columns: tuple[str, ...]) -> str:
    """Regions as a file that could be brought in again."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(region, column) for column in columns] for region in found)
    return "\ufeff" + out.getvalue()  # spreadsheets read the mark as "this is UTF-8"


def _cell(region: Region, column: str) -> object:
    field = {"code": "region", "grid_id": "region", "village": "parent"}.get(column, column)
    value = getattr(region, field)
    return "" if value is None else value
