"""What differs between the simulated platforms: their paths, their words and what they refuse. It is data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """One kind of record: the sender's key, what must be there, and which codes are known."""

    key: str
    required: tuple[str, ...]
    codes: Mapping[str, str] = field(default_factory=dict)  # a field and all its codes, parted by blanks


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What the platform hands out: its list, its own number, and where it hears ours."""

    list: str
    id: str
    cursor: str
    receipt: str


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One simulated platform."""

    id: str
    title: str
    code: str
    data: str
    rows: str
    number: str  # the field with its receipt
    prefix: str
    ok: str
    known: str  # the record was there and is updated
    bad: str
    area: str  # the field with the region
    county: str = "990101"
    elsewhere: str = ""
    shelves: Mapping[str, Shelf]
    desk: Desk

    def reply(self, code: str, **data: Any) -> dict[str, Any]:
        """The platform says 200 to everything; what it means is in its code."""
        return {self.code: code, self.data: data}
