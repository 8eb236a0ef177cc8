"""A divisions file as rows with their line numbers; a file that holds identity numbers is refused whole."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.errors import Refused

MOST_ROWS = 5_000  # more regions and grids than any county has
COLUMNS: Mapping[str, tuple[str, ...]] = {  # ours <- what files call it, the first that is there
    "code": ("code", "grid_id", "代码"),
    "name": ("name", "名称"),
    "parent": ("parent", "village", "streetCode", "areaCode", "上级"),
    "level": ("level", "级别"),
    "households": ("households", "户数"),
    "residents": ("residents", "人口"),
}
_ID_NUMBER = re.compile(
    r"(?<![0-9])[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9])"
)
_GAP = re.compile(r"(?<=[0-9])[ \u00a0-]+(?=[0-9Xx])")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row under our names of the columns."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Bad:
    """A row that was not kept, and why."""

    line: int
    code: str
    reason: str


def read(data: bytes) -> tuple[list[Row], list[Bad]]:
    """The rows of a file, and those that cannot be read.

    Raises Refused for a file that holds identity numbers, is no table of regions, or is too long.
    """
    text = _decoded(data)
    _nobody_is_named(text)
    records = list(_records(text))
    rows = [each for each in records if isinstance(each, Row)]
    bad = [each for each in records if isinstance(each, Bad)]
    if len(records) > MOST_ROWS:
        raise Refused(f"一次最多导入{MOST_ROWS}行，请分成几个文件", code="too_many_rows")
    return rows, bad


def _decoded(data: bytes) -> str:
    for code in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(code)
        except UnicodeDecodeError:
            continue
    raise Refused("文字编码认不出来，请存为 UTF-8 再传", code="encoding")


def _nobody_is_named(text: str) -> None:
    """Only totals are kept here (GR-12): identity numbers anywhere, and nothing of the file is read."""
    lines = [n for n, line in _lines(text) if has_id_number(line)]
    if lines:
        shown = "、".join(str(n) for n in lines[:20]) + ("等" if len(lines) > 20 else "")
        message = f"文件里有身份证号码（第{shown}行），整份没有收下；这里只收合计数，不收个人信息"
        raise Refused(message, code="id_numbers", lines=lines)


def has_id_number(text: str) -> bool:
    """Whether something in a text reads like an identity number, its last digit right or wrong."""
    return bool(_ID_NUMBER.search(_GAP.sub("", unicodedata.normalize("NFKC", text))))


def _records(text: str) -> Iterator[Row | Bad]:
    """Line by line, so that an open quotation mark spoils its own row only."""
    header: dict[str, int] = {}
    for number, line in _lines(text):
        try:
            cells = [cell.strip() for cell in next(csv.reader([line], strict=True), ())]
        except csv.Error:
            yield Bad(line=number, code="", reason="引号没有合上或用得不对，这一行读不准")
            continue
        if not any(cells):
            continue
        if header:
            yield _row(number, cells, header)
        else:
            header = _header(cells)
    if not header:
        raise Refused("文件是空的", code="empty_file")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((number, line.rstrip("\n")) for number, line in enumerate(io.StringIO(text, newline=None), 1))


def _header(names: list[str]) -> dict[str, int]:
    found = {
        ours: names.index(next(name for name in theirs if name in names))
        for ours, theirs in COLUMNS.items()
        if set(theirs) & set(names)
    }
    if not {"code", "name", "parent"} <= set(found):
        wanted = "code,name,parent,level，或 grid_id,name,village,households,residents"
        raise Refused(f"列名对不上。应有：{wanted}", code="columns_missing", columns=names)
    return found


def _row(line: int, cells: list[str], header: Mapping[str, int]) -> Row | Bad:
    if len(cells) <= max(header.values()):
        return Bad(line=line, code=cells[0][:20], reason=f"这一行只有{len(cells)}列，可能是半截行")
    return Row(line=line, cells={name: cells[n] for name, n in header.items()})
