"""A department's codes and what they mean in ours: one table, with the department's own words beside each.

The table is a CSV file beside the plug-in (UTF-8; a spreadsheet opens it), so that a new code needs no
programmer: `code,tell,as,meaning`, one row for each of the department's codes.

    01,,,已接收，尚未审查                    nothing is told yet
    10,accepted,,已受理
    21,returned,not_competent,不属于本院管辖

`Names` is the other direction, for what we send: `ours,theirs,why`; the row `*` is for everything else.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from io import StringIO

from yizhan_adapter.answers import Accepted, Answer, Concluded, Progressed, Reported, Returned, Served
from yizhan_adapter.errors import Misconfigured, NeverPossible, UnknownCode

Row = tuple[Answer | None, str]  # what we tell, or None for nothing yet; and what the code means there

CODE_COLUMNS, NAME_COLUMNS = ("code", "tell", "as", "meaning"), ("ours", "theirs", "why")
REST = "*"
TELLS: Mapping[str, Callable[[str], Answer | None]] = {
    "": lambda word: _bare(word, None),
    "accepted": lambda word: _bare(word, Accepted()),
    "returned": Returned,
    "progressed": Progressed,
    "concluded": Concluded,
    "served": Served,
    "reported": lambda word: _bare(word, Reported()),
}


@dataclass(frozen=True)
class CodeTable:
    """`CodeTable.read("yizhan_court")`, or `CodeTable("court", {"21": (Returned("not_competent"), "…")})`."""

    owner: str
    rows: Mapping[str, Row]

    @classmethod
    def read(cls, package: str, file: str = "codes.csv") -> CodeTable:
        """The table in a plug-in's file; raises Misconfigured naming the line that is wrong."""
        return cls.of(resources.files(package), package.removeprefix("yizhan_"), file)

    @classmethod
    def of(cls, files: Traversable, owner: str, file: str = "codes.csv") -> CodeTable:
        """The table in a file of a folder."""
        rows: dict[str, Row] = {}
        for line, row in _lines(files, file, CODE_COLUMNS):
            if row["code"] in rows:
                raise Misconfigured(f"{file} line {line}: code {row['code']!r} comes twice")
            rows[row["code"]] = (_told(f"{file} line {line}", row), row["meaning"])
        return cls(owner, rows)

    def answer(self, code: object) -> Answer | None:
        """What we tell when the back office says this code.

        Raises UnknownCode, naming it: a new code is for a person to understand, not for us to guess.
        """
        row = self.rows.get(str(code))
        if row is None:
            raise UnknownCode(f"{self.owner} has no code {code!r} in its table")
        return row[0]

    def answers(self, codes: Iterator[object]) -> Iterator[Answer]:
        """What we tell for a history of codes, in its order."""
        return (answer for code in codes if (answer := self.answer(code)) is not None)

    def faults(self) -> list[str]:
        """What a reviewer would object to: codes without a meaning."""
        return [
            f"code {code!r} has no meaning in words" for code, row in self.rows.items() if not row[1].strip()
        ]


@dataclass(frozen=True)
class Names:
    """Our words as the department writes them: `Names.read("yizhan_court", "causes.csv")`."""

    rows: Mapping[str, str]

    @classmethod
    def read(cls, package: str, file: str) -> Names:
        """The table in a plug-in's file; raises Misconfigured naming the line that is wrong."""
        rows: dict[str, str] = {}
        for line, row in _lines(resources.files(package), file, NAME_COLUMNS):
            if row["ours"] in rows:
                raise Misconfigured(f"{file} line {line}: {row['ours']!r} comes twice")
            rows[row["ours"]] = row["theirs"]
        return cls(rows)

    def theirs(self, ours: str | None) -> str:
        """The department's word for ours, or for everything else; raises UnknownCode when there is none."""
        found = self.rows.get(ours or REST, self.rows.get(REST))
        if found is None:
            raise UnknownCode(f"the department has no word for {ours!r}")
        return found


def _lines(files: Traversable, file: str, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a file beside a plug-in, with the lines they stand on."""
    try:
        text = (files / file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{files.name}/{file} cannot be read as UTF-8") from error
    reader = csv.DictReader(StringIO(text), restkey="too many", restval=None)
    if tuple(reader.fieldnames or ()) != columns:
        raise Misconfigured(f"{file}: the first line is {','.join(columns)}")
    for row in reader:
        if "too many" in row or None in row.values():
            raise Misconfigured(f"{file} line {reader.line_num}: {len(columns)} columns are meant")
        yield reader.line_num, {name: value.strip() for name, value in row.items()}


def _told(place: str, row: Mapping[str, str]) -> Answer | None:
    make = TELLS.get(row["tell"])
    if make is None:
        raise Misconfigured(f"{place}: {row['tell']!r} is none of {', '.join(filter(None, TELLS))}")
    try:
        return make(row["as"])
    except NeverPossible as error:
        raise Misconfigured(f"{place}: {error}") from error


def _bare(word: str, answer: Answer | None) -> Answer | None:
    if word:
        raise NeverPossible(f"{word!r} stands where nothing is meant")
    return answer
