"""The part of a profile that is about time: limits, reminders, office hours, pauses, extensions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from shared.calendar import DutyHours
from shared.limits import Limit, Unit
from shared.profile.shape import OUTSIDE, Basis, Code, Count, EventName, Positive, Share, Text, Time, Weekday


@dataclass(frozen=True, kw_only=True)
class ClockLimit(Limit):
    """A limit with the events that start and stop its clock, and what may be done to it on the way."""

    kind: str = field(default="", metadata=OUTSIDE)
    thresholds: tuple[int, ...] = field(default=(50, 80, 100, 120), metadata=OUTSIDE)
    unit: Unit
    roll_on_rest_day: bool
    remind_days: tuple[Positive, ...] = ()
    starts: tuple[EventName, ...]
    stops: tuple[EventName, ...]
    only_if: str = ""
    complexity: str = ""  # a class clock: for cases of this complexity only
    categories: tuple[Code, ...] = ()  # for these categories only; empty: all
    aid_kind: str = field(default="", metadata={"key": "kind"})
    statutory: bool = False
    pausable: bool = True
    pause_for: tuple[Code, ...] = ()  # for these reasons only; empty: all that the profile allows
    extension: str = ""  # the limit that an approved extension adds
    extend_by: str = ""
    once: bool = False
    approver: str = ""
    late: Literal["refuse", "warn"] | None = None
    blocks: bool = True
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """Who hears at which share of the running time, and what is proposed then."""

    pct: Positive
    notify: tuple[Code, ...]
    propose: str = ""
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class OfficeHours(DutyHours):
    """The opening hours as the profile writes them."""

    start: Time
    end: Time
    days: tuple[Weekday, ...] = ("MON", "TUE", "WED", "THU", "FRI")
    holidays: bool = False
    lunch: tuple[Time, Time] | None = None
    outside: Code = "accept_and_flag"
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Duty:
    """The duty of leaders and teams."""

    case_team_24h: bool = False
    leader_rota: Code = "daily"
    gap_alarm: Time
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class PauseReason:
    """A reason that stops a clock, and for how long at most."""

    code: Code
    name: Text
    max_days: Positive
    document: bool = False
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Pause:
    """When clocks may stand still."""

    max_days: Positive
    approver: Code
    backdate_max_days: Count
    reasons: tuple[PauseReason, ...]
    forbidden: tuple[Code, ...] = ()
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Extension:
    """When a limit may be made longer."""

    once: bool
    before_due: bool
    approver: Code
    max_share: Share
    notify_resident: bool
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Suspend:
    """When a whole case may rest."""

    max_days: Positive
    approver: Code
    reasons: tuple[Code, ...]
    statutory_clocks_run_on: bool
    basis: Basis
