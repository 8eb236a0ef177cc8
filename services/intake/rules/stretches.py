"""A file's rows in stretches of about a hundred, each as bytes: whoever goes on reads one, not the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import orjson

from shared.tables import Cell, Row, text

ROWS = 100  # rows answered between two marks of progress
MOST = 1024 * 1024  # bytes of a stretch, but for one row that is longer
LONGEST = 4 * 1024 * 1024  # of one row
_TOO_LONG = "这一行太长"


def stretches(rows: Iterable[Row], size: int = ROWS) -> Iterator[tuple[int, bytes]]:
    """The place of the first row, and the rows, of every stretch."""
    first, kept, weight = 0, list[Any](), 0
    for row in rows:
        packed = _row(row)
        kept.append(packed)
        weight += len(packed)
        if len(kept) == size or weight > MOST:
            yield first, b"[" + b",".join(kept) + b"]"
            first, kept, weight = first + len(kept), [], 0
    if kept:
        yield first, b"[" + b",".join(kept) + b"]"


def _row(row: Row) -> bytes:
    cells = [_cell(cell) for cell in row.cells]
    packed = orjson.dumps([row.number, cells, row.broken, row.code], option=orjson.OPT_NON_STR_KEYS)
    if len(packed) > LONGEST:
        short = [text(cell)[:200] for cell in row.cells][:50]
        return orjson.dumps([row.number, short, _TOO_LONG, "row.too_long"])
    return packed


def _cell(cell: Cell) -> Any:
    if isinstance(cell, datetime):
        return {"$at": cell.isoformat()}
    if isinstance(cell, date):
        return {"$on": cell.isoformat()}
    if isinstance(cell, str):
        return cell.encode("utf-8", "replace").decode()
    if isinstance(cell, bool | int | float) or cell is None:
        return cell if not isinstance(cell, int) or abs(cell) < 2**53 else str(cell)
    if isinstance(cell, list | tuple):
        return [_cell(one) for one in cell]
    return (
        {"$of": [[str(key), _cell(one)] for key, one in cell.items()]}
        if isinstance(cell, dict)
        else text(cell)
    )


def rows(packed: bytes) -> list[Row]:
    """The rows of a stretch as they were read."""
    return [
        Row(number=number, cells=tuple(map(_given, cells)), broken=broken, code=code)
        for number, cells, broken, code in orjson.loads(packed)
    ]


def _given(cell: Any) -> Cell:
    if isinstance(cell, list):
        return [_given(one) for one in cell]
    if not isinstance(cell, dict):
        return cell
    if "$at" in cell:
        return datetime.fromisoformat(cell["$at"])
    if "$on" in cell:
        return date.fromisoformat(cell["$on"])
    return {key: _given(one) for key, one in cell["$of"]}
