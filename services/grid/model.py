"""What grid knows: regions down to the grid, what was found there, and the case that came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.contracts.fields import FindingKind, PersonsBand, PlaceKind, Urgency

Level = Literal["county", "township", "village", "grid"]

LENGTHS: dict[Level, int] = {"county": 6, "township": 9, "village": 12, "grid": 15}
LEVELS: dict[int, Level] = {length: level for level, length in LENGTHS.items()}
LEVEL_WORDS: dict[Level, str] = {
    "county": "县", "township": "乡镇（街道）", "village": "村（社区）", "grid": "网格",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Former:
    """A name that a region had, and until when."""

    name: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Region:
    """A county, township, village or grid. Its code is its id, and the beginning of every code inside it."""

    region: str
    name: str
    level: Level
    parent: str
    valid_from: datetime
    valid_to: datetime | None = None
    former: tuple[Former, ...] = ()
    became: tuple[str, ...] = ()  # the codes that took its place
    households: int | None = None  # of a grid: totals, never a list
    residents: int | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a grid worker saw, where, and how urgent it is. The words are sealed."""

    finding_id: str
    kind: FindingKind
    urgency: Urgency
    region: str  # the village
    place: str  # the grid, or the village where the grid is not known
    text: bytes
    category: str | None
    place_kind: PlaceKind | None
    persons_band: PersonsBand
    found_at: datetime
    reported_at: datetime
    reporter: str


@dataclass(frozen=True, kw_only=True)
class Registered:
    """The case that a finding became."""

    finding_id: str
    region: str
    case_id: str
    case_no: str
    registered_at: datetime


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a grid worker sends."""

    kind: FindingKind
    place: str
    text: str
    urgency: Urgency = "normal"
    category: str | None = None
    place_kind: PlaceKind | None = None
    persons_band: PersonsBand = "unknown"
    found_at: datetime | None = None
