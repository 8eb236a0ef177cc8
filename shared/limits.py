"""How a limit is counted: in office hours, working days, days or minutes, and when it is over.

The day of the start is not counted; a limit in days is over at 24:00 of its last day (or at the end of
office hours, where the limit says so), and moves off a rest day only where the limit says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from shared.calendar import Calendar, advance, counted, day_of, end_of, last_day, midnight

Unit = Literal["duty_hours", "working_days", "calendar_days", "minutes"]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How long something may take, as the profile says it, and on what that rests."""

    kind: str
    length: timedelta
    unit: Unit
    thresholds: tuple[int, ...] = (50, 80, 100, 120)  # per cent of the running time
    remind_days: tuple[int, ...] = ()  # on these days instead of the thresholds before 100
    roll_on_rest_day: bool = False
    ends: Literal["midnight", "duty_end"] = "midnight"
    basis: str


def due(limit: Limit, at: datetime, calendar: Calendar) -> datetime:
    """The instant from which something started at `at` is late."""
    if limit.unit == "minutes":
        return at + limit.length
    if limit.unit == "duty_hours":
        return calendar.add_duty_time(at, limit.length)
    if limit.unit == "working_days" and not limit.length:
        return calendar.closing(at)
    return _end(_last(limit, day_of(at), calendar), limit, calendar)


def due_on(limit: Limit, due_at: datetime, calendar: Calendar) -> datetime:
    """The due instant moved off a rest day, where the limit rolls."""
    day = last_day(due_at)
    if limit.unit != "calendar_days" or not limit.roll_on_rest_day or calendar.is_workday(day):
        return due_at
    return _end(calendar.workday_from(day), limit, calendar)


def running(unit: Unit, first: datetime, last: datetime, calendar: Calendar | None) -> timedelta:
    """How much time of a unit runs between two instants: all of it, on working days, or in office hours."""
    if unit in ("minutes", "calendar_days"):
        return last - first
    known = _needed(calendar)
    return counted(first, last, known.duty_windows if unit == "duty_hours" else known.working_windows)


def after(unit: Unit, at: datetime, amount: timedelta, calendar: Calendar | None) -> datetime:
    """The instant at which so much time of a unit has run since `at`."""
    if unit in ("minutes", "calendar_days"):
        return at + amount
    known = _needed(calendar)
    return advance(at, amount, known.duty_windows if unit == "duty_hours" else known.working_windows)


def provisional(limit: Limit, at: datetime, due_at: datetime, calendar: Calendar) -> bool:
    """Whether the result rests on a year whose holidays are not announced yet."""
    looks = limit.unit in ("duty_hours", "working_days") or limit.roll_on_rest_day or limit.ends == "duty_end"
    return looks and calendar.provisional_between(at, due_at)


def _last(limit: Limit, first: date, calendar: Calendar) -> date:
    if limit.unit == "working_days":
        return calendar.add_working_days(first, limit.length.days)
    last = first + limit.length
    return calendar.workday_from(last) if limit.roll_on_rest_day else last


def _end(day: date, limit: Limit, calendar: Calendar) -> datetime:
    return calendar.closing(midnight(day)) if limit.ends == "duty_end" else end_of(day)


def _needed(calendar: Calendar | None) -> Calendar:
    if calendar is None:
        raise ValueError("a clock in duty hours or working days moves only with a calendar")
    return calendar
