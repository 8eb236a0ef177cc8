"""What differs between the simulated offices: paths, words, codes, and what becomes of a case. It is data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """One kind of record others send: their key, what must be there, and which codes are known."""

    key: str
    required: tuple[str, ...]
    codes: Mapping[str, str] = field(default_factory=dict)  # a field and all its codes, parted by blanks


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What the office hands out: its list, its own number, and where it hears ours."""

    list: str
    id: str
    cursor: str
    receipt: str


@dataclass(frozen=True, kw_only=True)
class Counter:
    """Where a case, or a service beside one, is taken in, and where its history is read."""

    name: str
    path: str
    key: str  # the sender's number
    case: str
    number: str  # the office's own number of it: its field, and how it is written
    written: str
    status: tuple[str, ...]  # the fields of a code, parted in it by a slash
    history: str  # {key} stands for the sender's number
    rows: str
    at: str
    form: str = "%Y-%m-%d %H:%M:%S"
    whole: bool = False  # a code is a number
    courses: tuple[tuple[int, tuple[str, ...]], ...]
    ending: Mapping[str, str] = field(default_factory=dict)  # fields of the last row: {n}, or +days

    def asked(self, target: str) -> str:
        """The sender's number in a request for the history; empty when it is another request."""
        pattern = re.escape(self.history).replace(re.escape("{key}"), "(?P<key>[^/?&]+)")
        found = re.fullmatch(pattern, target)
        return found["key"] if found else ""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One simulated office; `code` and `data` are empty where replies have no such field."""

    id: str
    title: str
    code: str = ""
    data: str = ""
    words: str = ""  # the field with a sentence
    rows: str = ""
    number: str = ""  # the field with its receipt
    prefix: str = ""
    ok: Any = ""
    known: Any = ""  # the record was there and is updated
    bad: Any = ""
    elsewhere: Any = ""
    area: str = ""  # the field with the region
    county: str = "990101"
    shelves: Mapping[str, Shelf] = field(default_factory=dict)
    desk: Desk | None = None
    counters: tuple[Counter, ...] = ()

    def reply(self, code: Any, **data: Any) -> dict[str, Any]:
        """What it means is in a code, where the office has one."""
        said = {self.code: code} if self.code else {}
        return said | ({self.data: data} if self.data else data)

    def refused(self, why: str) -> dict[str, Any]:
        """The office's own way to say no."""
        said = {self.code: self.bad} if self.code else {}
        return said | {self.words or "error": why}


def read(text: str) -> dict[str, Shape]:
    """Every office of a file, by its id."""
    return {id: _shape(id, row) for id, row in tomllib.loads(text).items()}


def _shape(id: str, row: dict[str, Any]) -> Shape:
    shelves = {path: Shelf(**_tuples(shelf)) for path, shelf in row.pop("shelves", {}).items()}
    desk = Desk(**row.pop("desk")) if "desk" in row else None
    counters = tuple(_counter(name, counter) for name, counter in row.pop("counters", {}).items())
    return Shape(id=id, shelves=shelves, desk=desk, counters=counters, **row)


def _counter(name: str, row: dict[str, Any]) -> Counter:
    courses = tuple((share, tuple(codes.split())) for codes, share in row.pop("courses").items())
    return Counter(name=name, courses=courses, **_tuples(row))


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


SHAPES = read((resources.files("yizhan_simulators") / "offices.toml").read_text(encoding="utf-8"))
