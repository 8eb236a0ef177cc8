"""CSV, XLSX and JSON as one kind of table; what is broken in a row is kept with it, the other rows go on."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Protocol

from python_calamine import CalamineError, CalamineWorkbook

from shared.errors import Refused
from shared.tables.kinds import FileKind
from shared.tables.table import Cell, Row, legible, name, shaped

MOST_ROWS = 250_000
MOSTLY = 20  # whole signs for each broken one: then it is UTF-8 all the same
SIGNS = (",", "\t", ";", "|")
_CUT = "文件在这里断了，后面的没有传完"
_WHY = {
    "unexpected end": (f"引号没有合上，{_CUT}", "row.cut"),
    "field larger": ("有一格的内容太长", "row.too_long"),
    "": ("引号不合规矩，这一行读不准", "row.stray_quote"),
}
MOST_RAW = 10_000  # characters of a broken row that are given back
_BROKEN = "文件读不出来，可能只传了一半"
_BETWEEN = re.compile(r"[ \t\r\n,]*")  # what stands between two items of a list


class Form(Protocol):
    """How the files of one kind are written, as far as somebody knows."""

    @property
    def sheet(self) -> str: ...  # of a workbook; the first where there is none of this name
    @property
    def items(self) -> str: ...  # of a JSON object: the member that holds the list
    @property
    def encoding(self) -> str: ...  # tried where UTF-8 does not fit


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A form of which only the sheet is known."""

    sheet: str = ""
    items: str = ""
    encoding: str = ""


@dataclass(frozen=True, kw_only=True)
class Stream:
    """The names of the columns, and the rows as they are read one by one."""

    header: tuple[str, ...]
    rows: Iterator[Row]


def streamed(kind: FileKind, data: bytes, form: Form) -> Stream:
    """The columns of a file, and its rows one by one; the row after the last that is taken raises Refused."""
    found = _READERS[kind](data, form)
    return Stream(header=found.header, rows=_limited(found.rows))


def sheets(kind: FileKind, data: bytes) -> tuple[str, ...]:
    """The names of a workbook's sheets; one without a name for every other kind of file."""
    if kind != "xlsx":
        return ("",)
    try:
        return tuple(CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names)
    except CalamineError as error:
        raise Refused(_BROKEN, code="file_broken") from error


def _limited(rows: Iterator[Row]) -> Iterator[Row]:
    for n, row in enumerate(rows):
        if n == MOST_ROWS:
            raise Refused(f"一次最多导入{MOST_ROWS}行，请分成几个文件", code="too_many_rows")
        yield row


def _csv(data: bytes, form: Form) -> Stream:
    written = _decoded(data, form.encoding)
    widths = {sign: _width(written, sign) for sign in SIGNS}
    return _stream(_records(written, max(SIGNS, key=lambda sign: widths[sign])))


def _width(written: str, sign: str) -> int:
    """How many columns the first row has, if this sign separates them."""
    lines = (line for line in io.StringIO(written, newline="") if line.strip())
    try:
        return len(next(csv.reader(lines, delimiter=sign), []))
    except csv.Error:
        return 0


def _decoded(data: bytes, encoding: str) -> str:
    """The text of a file in UTF-8, GB 18030 or UTF-16; a sign that was cut in two at the end is left out.

    Where hardly any sign is broken, broken ones stay in as halves: their rows are given back, not the file.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "ignore")
    for code in dict.fromkeys(("utf-8-sig", *([encoding] if encoding else []), "gb18030")):
        try:
            return data.decode(code)
        except UnicodeDecodeError as error:
            if code == "utf-8-sig" and (found := _mended(data, error)) is not None:
                return found
        except (LookupError, ValueError):
            continue  # no such encoding, or none for texts
    raise Refused("文字编码认不出来，请存为 UTF-8 再传", code="encoding")


def _mended(data: bytes, error: UnicodeDecodeError) -> str | None:
    """A file in UTF-8 with a few broken signs; None when it is in some other encoding."""
    if error.start >= len(data) - 4:
        return data[: error.start].decode("utf-8-sig")
    found = data.decode("utf-8-sig", "surrogateescape")
    halves = sum("\udc80" <= sign <= "\udcff" for sign in found)
    whole = sum(sign > "\x7f" for sign in found) - halves
    return found if halves * MOSTLY <= whole else None


def _records(written: str, sign: str) -> Iterator[tuple[Cell, ...] | Row]:
    """The records of a CSV, a row with a reason in place of each that is broken."""
    lines = written.splitlines(keepends=True) if "\n" not in written else _lines(written)
    reader = csv.reader(iter(lines), strict=True, delimiter=sign)
    start = 0
    while True:
        try:
            yield tuple(next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            raw = "".join(lines[start : reader.line_num]).strip()
            said, code = next(why for sign, why in _WHY.items() if sign in str(error))
            yield Row(number=0, cells=(raw[:MOST_RAW],), broken=said, code=code)
        start = reader.line_num


def _lines(written: str) -> list[str]:
    return [line + "\n" for line in written.split("\n")]


def _stream(records: Iterator[tuple[Cell, ...] | Row]) -> Stream:
    """Records as columns and rows: the first that is not empty names the columns."""
    early: list[Row] = []
    numbered = enumerate(records, 1)
    for number, record in numbered:
        if isinstance(record, Row):
            early.append(replace(record, number=number))
        elif any(name(cell) for cell in record):
            header = tuple(name(cell) for cell in record)
            return Stream(header=header, rows=chain(early, _rows(header, numbered)))
    return Stream(header=(), rows=iter(early))


def _rows(header: tuple[str, ...], numbered: Iterable[tuple[int, tuple[Cell, ...] | Row]]) -> Iterator[Row]:
    for number, record in numbered:
        if isinstance(record, Row):
            yield replace(record, number=number)
        elif row := shaped(header, number, record):
            yield row


def _xlsx(data: bytes, form: Form) -> Stream:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = form.sheet if form.sheet in book.sheet_names else book.sheet_names[0]
        records = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (CalamineError, IndexError) as error:
        raise Refused(_BROKEN, code="file_broken") from error
    return _stream(tuple(record) for record in records)


def _json(data: bytes, form: Form) -> Stream:
    written = _decoded(data, form.encoding)
    items = list(_items(written, form.items))
    header = tuple(dict.fromkeys(key for item in items if isinstance(item, dict) for key in item))
    rows = (_of_item(n, item, header) for n, item in enumerate(items, 2))
    return Stream(header=tuple(name(key) for key in header), rows=rows)


def _of_item(number: int, item: Any, header: tuple[str, ...]) -> Row:
    if isinstance(item, Row):
        return Row(number=number, cells=item.cells, broken=item.broken, code=item.code)
    if not isinstance(item, dict):
        return Row(number=number, cells=(str(item),), broken="这一项不是一条记录", code="row.not_a_record")
    return legible(Row(number=number, cells=tuple(item.get(key) for key in header)))


def _items(written: str, member: str) -> Iterator[Any]:
    try:
        whole = json.loads(written)
    except (ValueError, RecursionError):
        yield from _salvaged(written, member)
        return
    found = whole.get(member) if isinstance(whole, dict) else whole
    if not isinstance(found, list):
        where = f"“{member}”" if member else "最外层"
        raise Refused(f"JSON 里{where}应是一个列表", code="json_not_a_list")
    yield from found


def _salvaged(written: str, member: str) -> Iterator[Any]:
    """The whole items of a list that was cut off, then a row that says so."""
    opening = re.search(rf'"{re.escape(member)}"\s*:\s*\[' if member else r"\[", written)
    if not opening:
        raise Refused(_BROKEN, code="file_broken")
    decoder, at = json.JSONDecoder(), opening.end()
    while at < len(written):
        at = _BETWEEN.match(written, at).end()  # type: ignore[union-attr]  # it fits everywhere
        try:
            item, at = decoder.raw_decode(written, at)
        except (ValueError, RecursionError):
            break
        yield item
    yield Row(number=0, cells=(written[at : at + 200],), broken=_CUT, code="row.cut")


_READERS = {"csv": _csv, "xlsx": _xlsx, "json": _json}
