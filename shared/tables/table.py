"""A file as rows of cells, whatever it was written in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

Cell = Any  # text, number, boolean, date, list, or nothing

NESTED = (list, tuple, dict)
_HALF = re.compile(r"[\udc80-\udcff]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufeff\u200b\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: its number as a spreadsheet shows it, its cells, or what is broken about it."""

    number: int
    cells: tuple[Cell, ...] = ()
    broken: str = ""
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """The names of the columns, and the rows under them."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def cell(self, row: Row, column: str) -> Cell:
        """The cell of a row under a column; None where the table has no such column."""
        try:
            return row.cells[self.header.index(column)]
        except (ValueError, IndexError):
            return None


def text(cell: Cell) -> str:
    """A cell as a text: without padding, unseen signs, or the point that spreadsheets add to numbers."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, list | tuple | dict):
        return "；".join("…" if isinstance(one, NESTED) else text(one) for one in _inner(cell))
    lines = _UNSEEN.sub("", str(cell)).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()


def _inner(cell: Cell) -> Iterable[Cell]:
    return cell.values() if isinstance(cell, dict) else cell


def name(cell: Cell) -> str:
    """A column's name without what exporting systems leave in it."""
    return unicodedata.normalize("NFKC", " ".join(text(cell).split()))


def shaped(header: tuple[str, ...], number: int, cells: tuple[Cell, ...]) -> Row | None:
    """A row of the right width; None for an empty one. Empty cells beyond the last column are no fault."""
    if not any(text(cell) for cell in cells):
        return None
    width = len(header)
    if len(cells) < width:
        return Row(
            number=number,
            cells=cells,
            broken=f"这一行只有{len(cells)}列，应有{width}列；可能是半截行，或文件只传了一半",
            code="row.too_few_columns",
        )
    if any(text(cell) for cell in cells[width:]):
        broken = f"这一行有{len(cells)}列，应有{width}列"
        return Row(number=number, cells=cells, broken=broken, code="row.too_many_columns")
    return legible(Row(number=number, cells=cells[:width]))


def legible(row: Row) -> Row:
    """The row, or what is broken about it when it holds signs that nobody could read."""
    wrong = [n for n, cell in enumerate(row.cells, 1) if isinstance(cell, str) and _HALF.search(cell)]
    if not wrong:
        return row
    cells = tuple(_HALF.sub("\ufffd", cell) if isinstance(cell, str) else cell for cell in row.cells)
    said = f"第{'、'.join(map(str, wrong))}列有读不出的字，请改好再传"
    return replace(row, cells=cells, broken=said, code="row.undecodable")
