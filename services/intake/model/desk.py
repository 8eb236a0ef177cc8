"""What the desk notes beside a matter: reports to authorities, who answers for it, zones gone through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Harm = Literal["minor_harm", "dv"]
Duty = Literal["emergency", "minor_harm", "dv"]

HARMS = {
    "minor_harm": "未成年人受到侵害或疑似受到侵害",
    "dv": "无民事行为能力人、限制民事行为能力人遭受家庭暴力",
}
AUTHORITIES = {
    "police_110": "110报警",
    "fire_119": "119火警",
    "ambulance_120": "120急救",
    "traffic_122": "122交通事故",
    "police_station": "派出所",
    "civil_affairs": "民政部门",
    "education": "教育部门",
    "procuratorate": "检察院",
}
"""Whom something is reported to at once."""

SUCCESSIONS = {
    "left": "调离或离职",
    "on_leave": "请假或外出",
    "shift_ended": "换班",
    "taken_over": "由他人接手",
}


@dataclass(frozen=True, kw_only=True)
class Report:
    """One report to an authority: of what, to whom, when, under which number there."""

    of: Duty
    authority: str
    at: datetime
    reference: str = ""
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class Succession:
    """Who answered for the matter, who does since then, and why it changed."""

    from_ref: str
    to_ref: str
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class ZoneStep:
    """A zone of the centre that the resident was led to."""

    zone: str
    at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class Desk:
    """All of it; empty for most matters."""

    assisted: bool = False  # somebody helped to fill the form in
    harm: tuple[Harm, ...] = ()
    reports: tuple[Report, ...] = ()
    reports_due: tuple[Duty, ...] = ()  # what has not been reported yet
    successions: tuple[Succession, ...] = ()
    zones: tuple[ZoneStep, ...] = ()
