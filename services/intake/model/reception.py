"""A visit as it was received: who received, which leader was on duty, what was said, what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.contracts.fields import PersonsBand


@dataclass(frozen=True, kw_only=True)
class Said:
    """The record of a visit; its words are sealed."""

    matter: bytes
    requests: bytes
    answer: bytes
    received_at: datetime
    written_by: str


@dataclass(frozen=True, kw_only=True)
class Reception:
    """One visit of one matter."""

    reception_id: str
    region: str
    protected: bool
    reg_id: str
    case_id: str
    centre: str
    receiver: str
    opened_at: datetime
    state: Literal["open", "closed"] = "open"
    duty_leader: str | None = None
    by_leader: bool = False  # 领导接访: the leader on duty received in person
    persons_band: PersonsBand = "unknown"
    said: Said | None = None
    rating: int | None = None
    comment: bytes | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class DutyDay:
    """Who leads at a centre on a day; nobody is a gap that was found the day before."""

    duty_id: str
    region: str
    centre: str
    day: str
    leader: str = ""
    title: str = ""  # the post, for people to read: 分管副乡长
    gap_found: bool = False
