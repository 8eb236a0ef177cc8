"""Files of other systems: what they really are, and which of their rows can be read."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import xlsxwriter

from services.intake.model import Mapping
from services.intake.rules.columns import read
from services.intake.rules.mapping import parsed
from shared.errors import Refused, UnsupportedType
from shared.tables import Table, sniff, text

COLUMNS = {"title": {"sources": ["标题"]}, "summary": {"sources": ["内容"]}}
MAPPING = parsed({"columns": COLUMNS})


def table(written: str | bytes, mapping: Mapping = MAPPING) -> Table:
    data = written.encode() if isinstance(written, str) else written
    return read(sniff(data, "x.csv"), data, mapping)


def cells(found: Table) -> list[tuple[str, ...]]:
    return [tuple(text(cell) for cell in row.cells) for row in found.rows]


def faults(found: Table) -> list[tuple[int, str]]:
    return [(row.number, row.code) for row in found.rows if row.broken]


def workbook(*rows: tuple[object, ...]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("工单")
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    return out.getvalue()


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encodings_of_county_offices_are_read(code: str) -> None:
    found = table("标题,内容\n水沟,堵了半个月\n".encode(code))

    assert cells(found) == [("水沟", "堵了半个月")]


@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_whatever_separates_the_columns_is_found(sign: str) -> None:
    found = table(f"标题{sign}内容\n水沟{sign}堵了\n")

    assert cells(found) == [("水沟", "堵了")]


def test_tabs_empty_rows_and_line_breaks_inside_quotes_are_no_fault() -> None:
    found = table(
        '标题\t ,内容\r\n\t水沟\t,"\n\t\t\t尊敬的书记：\n\n\n\n第二段\n\t"\r\n,,\r\n\r\n墙,挪了\r\n'
    )

    assert cells(found) == [("水沟", "尊敬的书记：\n\n第二段"), ("墙", "挪了")]
    assert [row.number for row in found.rows] == [2, 5]


def test_broken_rows_are_kept_aside_and_the_others_go_on() -> None:
    found = table('标题,内容\n好行,一\n少一列\n多一列,二,三\n"引号"在中间,四\n好行,五,\n')

    assert faults(found) == [(3, "row.too_few_columns"), (4, "row.too_many_columns"), (5, "row.stray_quote")]
    assert [text(row.cells[1]) for row in found.rows if not row.broken] == ["一", "五"]


def test_of_half_a_file_the_whole_rows_are_read() -> None:
    whole = "标题,内容\n水沟,堵了\n围墙,挪了半米\n".encode()

    assert faults(table(whole[: whole.index("围墙".encode()) + 4])) == [(3, "row.too_few_columns")]
    assert faults(table('标题,内容\n水沟,堵了\n围墙,"挪了半\n又')) == [(3, "row.cut")]


def test_a_json_list_is_read_by_its_names() -> None:
    data = json.dumps(
        {"件": [{"标题": "墙", "内容": "挪了", "别的": 1}, {"内容": "堵了"}, "不是记录"]}
    ).encode()

    found = read("json", data, parsed({"columns": COLUMNS, "items": "件"}))

    assert [text(found.cell(row, "内容")) for row in found.rows if not row.broken] == ["挪了", "堵了"]
    assert faults(found) == [(4, "row.not_a_record")]


def test_of_half_a_json_list_the_whole_items_are_read() -> None:
    data = json.dumps(
        [{"标题": "墙", "内容": "挪了"}, {"标题": "沟", "内容": "堵了"}], ensure_ascii=False
    ).encode()

    found = read("json", data[:-14], MAPPING)

    assert cells(found)[0] == ("墙", "挪了")
    assert faults(found) == [(3, "row.cut")]


def test_a_workbook_keeps_its_numbers_whole() -> None:
    found = read("xlsx", workbook(("标题", "内容"), (19900000001, 2.5), ("", "")), MAPPING)

    assert cells(found) == [("19900000001", "2.5")]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7 ...", "a.csv"),
        (b"MZ" + b"\0" * 200, "a.xlsx"),
        (workbook(("标题", "内容")), "a.csv"),
        ("标题,内容\n".encode(), "a.xlsx"),
        ("标题,内容\n".encode(), "a.json"),
        (b'[{"a": 1}]', "a.csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls"),
        ("标题,内容\n".encode(), "a.exe"),
        (b"a\x00b,c\n", "a.csv"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_not_taken(data: bytes, name: str) -> None:
    with pytest.raises(UnsupportedType):
        sniff(data, name)


def test_half_a_workbook_is_refused_as_broken() -> None:
    data = workbook(("标题", "内容"), ("墙", "挪了"))

    with pytest.raises(Refused) as refused:
        sniff(data[: len(data) // 2], "a.xlsx")

    assert refused.value.code == "file_broken"


def test_a_workbook_packed_in_no_known_way_is_refused_as_broken() -> None:
    data = bytearray(workbook(("标题", "内容")))
    data[data.index(b"PK\x01\x02") + 6] = 99  # the version of ZIP that it asks for

    with pytest.raises(Refused) as refused:
        sniff(bytes(data), "x.xlsx")

    assert refused.value.code == "file_broken"


def test_a_workbook_that_swells_when_unpacked_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", b"0" * (201 * 1024 * 1024))

    with pytest.raises(Refused) as refused:
        sniff(out.getvalue(), "a.xlsx")

    assert refused.value.code == "file_too_large_unpacked"


@pytest.mark.parametrize("data", [b"", b"  \n"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        sniff(data, "a.csv")


@pytest.mark.parametrize("written", ["编号,时间\n1,2\n", "标题；内容\n水沟；堵了\n", "\n\n"])
def test_a_file_without_the_mapped_columns_is_refused_with_what_it_has(written: str) -> None:
    with pytest.raises(Refused) as refused:
        read("csv", written.encode(), MAPPING)

    assert refused.value.code == "columns_missing"


def test_half_a_json_list_is_read_without_copying_the_rest_for_each_item() -> None:
    half = "[" + ",\n ".join('{"标题": "水沟"}' for _ in range(30_000)) + ',\n {"标'

    found = read(sniff(half.encode(), "x.json"), half.encode(), MAPPING)

    assert (len(found.rows), found.rows[-1].code) == (30_001, "row.cut")
