"""Which days people work in China, and when the offices of this county are open.

Days are dates as people in the county read them (UTC+8, no summer time); instants go in and come out in UTC.
Years with a notice of the State Council are exact, make-up days included; every other year is a forecast
from the statutory holidays and says so (`provisional`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import chinese_calendar

from shared.clock import CHINA

DAY = timedelta(days=1)
NOTHING = timedelta(0)
WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
NOTICED = range(min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year + 1)

Window = tuple[datetime, datetime]
Windows = Callable[[date], tuple[Window, ...]]
"""The parts of one day during which a clock runs, in order."""


@dataclass(frozen=True, kw_only=True)
class DutyHours:
    """When the offices are open: times since midnight, on these weekdays and on make-up days."""

    start: timedelta = timedelta(hours=8, minutes=30)
    end: timedelta = timedelta(hours=17, minutes=30)
    days: tuple[str, ...] = WEEKDAYS[:5]
    holidays: bool = False  # open on public holidays too
    lunch: tuple[timedelta, timedelta] | None = None
    outside: str = "accept_and_flag"
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A year's notice that the library does not have yet: its public holidays and its make-up days."""

    year: int
    rest: frozenset[date]
    work: frozenset[date]
    source: str


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Working days and opening hours of one county. Every method is a function of its arguments."""

    duty: DutyHours = DutyHours()
    notices: tuple[Notice, ...] = ()

    def is_workday(self, day: date) -> bool:
        """Whether the country works on this day."""
        return _works(day, self._notice(day.year))

    def is_duty_day(self, day: date, duty: DutyHours | None = None) -> bool:
        """Whether the offices open on this day: their weekdays unless it is a holiday, and make-up days."""
        duty = duty or self.duty
        if WEEKDAYS[day.weekday()] in duty.days:
            return duty.holidays or not self._is_holiday(day)
        return day.weekday() >= 5 and self.is_workday(day)

    def provisional(self, year: int) -> bool:
        """Whether a year has no notice yet, so that its holidays are only a forecast."""
        return year not in NOTICED and self._notice(year) is None

    def provisional_between(self, first: datetime, last: datetime) -> bool:
        """Whether a stretch of time touches a year that is only a forecast."""
        return any(self.provisional(year) for year in range(day_of(first).year, day_of(last).year + 1))

    def next_workday(self, day: date) -> date:
        """The first working day after this day."""
        return self.workday_from(day + DAY)

    def previous_workday(self, day: date) -> date:
        """The last working day before this day."""
        return self.workday_until(day - DAY)

    def workday_from(self, day: date) -> date:
        """This day if it is a working day, otherwise the next one."""
        return next(each for each in _days(day, DAY) if self.is_workday(each))

    def workday_until(self, day: date) -> date:
        """This day if it is a working day, otherwise the one before."""
        return next(each for each in _days(day, -DAY) if self.is_workday(each))

    def add_working_days(self, day: date, count: int) -> date:
        """The last of so many working days; the first day itself is not counted."""
        for _ in range(count):
            day = self.next_workday(day)
        return day

    def closing(self, at: datetime, duty: DutyHours | None = None) -> datetime:
        """The next end of an office day after an instant."""
        closings = (self.duty_windows(day, duty)[-1:] for day in _days(day_of(at), DAY))
        return next(windows[0][1] for windows in closings if windows and windows[0][1] > at)

    def add_duty_time(self, at: datetime, amount: timedelta, duty_hours: DutyHours | None = None) -> datetime:
        """The instant at which so much time has passed with the offices open."""
        return advance(at, amount, lambda day: self.duty_windows(day, duty_hours))

    def duty_time(self, first: datetime, last: datetime, duty_hours: DutyHours | None = None) -> timedelta:
        """How long the offices are open between two instants."""
        return counted(first, last, lambda day: self.duty_windows(day, duty_hours))

    def duty_windows(self, day: date, duty: DutyHours | None = None) -> tuple[Window, ...]:
        """The opening hours of one day; none on a rest day."""
        duty = duty or self.duty
        if not self.is_duty_day(day, duty):
            return ()
        start = midnight(day)
        stretches = [(duty.start, duty.end)]
        if duty.lunch:
            stretches = [(duty.start, duty.lunch[0]), (duty.lunch[1], duty.end)]
        return tuple((start + opens, start + closes) for opens, closes in stretches)

    def working_windows(self, day: date) -> tuple[Window, ...]:
        """A working day from midnight to midnight; nothing on a rest day."""
        return ((midnight(day), midnight(day + DAY)),) if self.is_workday(day) else ()

    def _is_holiday(self, day: date) -> bool:
        return day in _named(day.year, self._notice(day.year))

    def _notice(self, year: int) -> Notice | None:
        return next((notice for notice in self.notices if notice.year == year), None)


def day_of(at: datetime) -> date:
    """The day in the county on which an instant falls."""
    return at.astimezone(CHINA).date()


def midnight(day: date) -> datetime:
    """The instant at which a day begins in the county."""
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def end_of(day: date) -> datetime:
    """24:00 of a day: the first instant that is too late."""
    return midnight(day + DAY)


def last_day(due: datetime) -> date:
    """The last day that is in time for something due at this instant: 24:00 belongs to the day it ends."""
    return day_of(due - timedelta(microseconds=1))


def advance(at: datetime, amount: timedelta, windows: Windows) -> datetime:
    """The first instant at which so much time has run inside the windows since `at`."""
    if amount <= NOTHING:
        return at
    for start, end in _from(at, windows):
        if end - start >= amount:
            return start + amount
        amount -= end - start
    raise ValueError("no window ever opens")


def counted(first: datetime, last: datetime, windows: Windows) -> timedelta:
    """How much time runs inside the windows between two instants."""
    total = NOTHING
    for start, end in _from(first, windows):
        if start >= last:
            break
        total += min(end, last) - start
    return total


def _from(at: datetime, windows: Windows) -> Iterator[Window]:
    for day in _days(day_of(at), DAY):
        for start, end in windows(day):
            if end > at:
                yield max(start, at), end


def _days(day: date, step: timedelta) -> Iterator[date]:
    for count in range(20_000):  # fifty years: an office that never opens is found out, not waited for
        yield day + count * step


@cache
def _works(day: date, notice: Notice | None) -> bool:
    if notice is None and day.year in NOTICED:
        return bool(chinese_calendar.is_workday(day))
    if notice and day in notice.work:
        return True
    return day.weekday() < 5 and day not in _named(day.year, notice)


@cache
def _named(year: int, notice: Notice | None) -> frozenset[date]:
    """The public holidays of a year, weekends inside them included."""
    if notice:
        return notice.rest
    if year in NOTICED:
        return frozenset(day for day in chinese_calendar.holidays if day.year == year)
    import holidays  # slow to load, and needed only for years to come

    return frozenset(holidays.country_holidays("CN", years=year))
