"""The workbooks that people download: the template of an organisation, and the rows that were not taken."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter

from services.identity.handlers.organisation import kinds
from services.identity.model.importing import OrganisationImport
from services.identity.model.posts import TITLES
from services.identity.rules.importing import ADDED_COLUMNS, COLUMNS, SHEETS
from shared.profile import profile

_HINTS = (
    ("单位", "单位代码", "小写字母开头，字母、数字或 _；以后不变"),
    ("单位", "单位种类", "写下面的名称或代码"),
    ("单位", "区划代码", "县 6 位，乡镇 9 位，村 12 位"),
    ("单位", "上级单位", "代码或名称，可不写；不必排在本单位前面"),
    ("人员", "用户名", "小写字母开头，3 至 32 位字母、数字或 . _ -"),
    ("人员", "岗位", "写下面的名称或代码，几个岗位用顿号隔开"),
    ("人员", "所在单位", "代码或名称，可以是同一文件里的单位"),
    ("人员", "区划代码", "可不写，不写就是所在单位的"),
)


def template() -> bytes:
    """An empty table to fill in: units, people, and what may be written."""
    blank: dict[str, list[Sequence[str]]] = {
        SHEETS[kind]: [[called[0] for called in columns.values()]] for kind, columns in COLUMNS.items()
    }
    county = profile().roles
    posts = [
        ("岗位", county[code].title if code in county else title, code) for code, title in TITLES.items()
    ]
    listed = [("单位种类", str(found["name"]), code) for code, found in kinds().items()]
    return _book(blank | {"说明": [("项目", "名称", "怎样填写／代码"), *_HINTS, *listed, *posts]})


def rejects(state: OrganisationImport) -> bytes:
    """The rows that were not taken, with number and reason; mended, it is a file to bring in."""
    written: dict[str, list[Sequence[str]]] = {}
    for at, sheet in enumerate(state.sheets):
        kept = [n for n, called in enumerate(sheet.header) if called not in ADDED_COLUMNS]
        rows = sorted((one for one in state.rejects if one.sheet == at), key=lambda one: one.number)
        if rows:
            written[f"{SHEETS[sheet.kind]}{at + 1}"] = [
                [*(sheet.header[n] for n in kept), *ADDED_COLUMNS],
                *([*_cells(one.cells, kept), str(one.number), one.why] for one in rows),
            ]
    return _book(written or {"没有": [ADDED_COLUMNS]})


def _cells(cells: Sequence[str], kept: Iterable[int]) -> list[str]:
    return [cells[n] if n < len(cells) else "" for n in kept]


def _book(sheets: Mapping[str, Iterable[Sequence[str]]]) -> bytes:
    """A workbook in which every cell is text: a code keeps its digits, and nothing is taken for a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        plain = book.add_format({"num_format": "@"})
        for called, rows in sheets.items():
            sheet = book.add_worksheet(called)
            sheet.set_column(0, 20, 18, plain)
            for n, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write_string(n, column, cell, plain)
    return out.getvalue()
