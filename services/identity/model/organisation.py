"""The nouns of the organisation: a unit's card, who holds which post there, and what hangs on the wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

GROWTH = ("", "incubating", "growing", "mature")  # 培育中 | 成长中 | 成熟
SOCIAL = "ngo"
Responsibility = Literal["", "first", "main"]  # 第一责任人 | 主要责任人
CHECKLIST = ("outer_wall_sign", "office_sign", "display_client", "charts_on_wall", "public_sheet")
"""What the centres' standard wants to be seen at the place: XF-02, SU-28, XF-05, XF-03, XS-04."""
FULL_TIME_STAFF = 2  # a township centre has at least two (麻阳 2024, "2 名以上專職工作人員")


@dataclass(frozen=True, kw_only=True)
class Facility:
    """Something a centre has, in one of its zones."""

    zone: str
    name: str
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A desk, and the unit that sits at it."""

    desk: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class NameSince:
    """What a unit is called from a day on."""

    name: str
    since: str  # a day, 2026-01-31


@dataclass(frozen=True, kw_only=True)
class Merger:
    """A unit that went into another one, and on which day."""

    unit: str
    on: str


@dataclass(frozen=True, kw_only=True)
class Contract:
    """A service that a centre buys from a social force."""

    provider: str
    service: str
    since: str
    until: str
    yuan: int = 0


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is known of a unit beside that it exists."""

    unit: str
    region: str
    hosted_by: str = ""
    composed_of: tuple[str, ...] = ()
    population: int | None = None
    area_km2: float | None = None
    size_class: str = ""
    facilities: tuple[Facility, ...] = ()
    checklist: tuple[str, ...] = ()
    seats: tuple[Seat, ...] = ()
    growth: str = ""  # of a social organisation: how far it has come
    contracts: tuple[Contract, ...] = ()
    names: tuple[NameSince, ...] = ()
    predecessors: tuple[Merger, ...] = ()
    merged_into: str = ""
    merged_on: str = ""

    def name_on(self, day: date, present: str) -> str:
        """What the unit was called on a day: records of then keep the name of then."""
        known = [each for each in self.names if each.since <= str(day)]
        return max(known, key=lambda each: each.since).name if known else present


@dataclass(frozen=True, kw_only=True)
class Posting:
    """Somebody holds a post at a unit, from a day on, and may answer for it."""

    unit: str
    region: str
    post: str
    account: str
    since: str
    until: str = ""  # the first day on which it is over
    office: str = ""  # what the person is otherwise: party secretary, township head …
    full_time: bool = False
    responsibility: Responsibility = ""

    def holds(self, day: str) -> bool:
        """Whether the post is held on a day."""
        return self.since <= day and (not self.until or day < self.until)


@dataclass(frozen=True, kw_only=True)
class WallEntry:
    """What hangs on the wall about one person, as they agreed to it; without their word nothing does."""

    account: str
    region: str
    unit: str
    contact: str
    photo: bytes = b""
    agreed_at: str = ""
    shown: bool = True
