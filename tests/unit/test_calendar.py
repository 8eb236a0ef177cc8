"""Which days are worked and when the offices are open: notices of the State Council, forecasts, hours."""

from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.calendar import Calendar, DutyHours, Notice, advance, day_of, end_of, last_day
from shared.clock import CHINA

CALENDAR = Calendar()
HOUR = timedelta(hours=1)
unhurried = settings(deadline=None)  # the first forecast loads a library

instants = st.datetimes(datetime(2020, 1, 1), datetime(2029, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
days = st.dates(date(2010, 1, 1), date(2026, 12, 31))
amounts = st.integers(0, 60 * 60 * 40).map(lambda seconds: timedelta(seconds=seconds))


def at(local: str) -> datetime:
    """An instant as people in the county write it."""
    return datetime.fromisoformat(local).replace(tzinfo=CHINA).astimezone(UTC)


def year(number: int) -> list[date]:
    first = date(number, 1, 1)
    return [first + timedelta(days=n) for n in range((date(number + 1, 1, 1) - first).days)]


def test_the_make_up_days_of_2026_are_worked_though_they_fall_on_weekends() -> None:
    weekends = [day for day in year(2026) if day.weekday() >= 5]

    worked = [f"{day:%m-%d}" for day in weekends if CALENDAR.is_workday(day)]

    assert worked == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


def test_the_weekdays_off_in_2026_are_those_of_the_notice() -> None:
    weekdays = [day for day in year(2026) if day.weekday() < 5]

    off = [f"{day:%m-%d}" for day in weekdays if not CALENDAR.is_workday(day)]

    spring = ["02-16", "02-17", "02-18", "02-19", "02-20", "02-23"]
    national = ["10-01", "10-02", "10-05", "10-06", "10-07"]
    assert off == ["01-01", "01-02", *spring, "04-06", "05-01", "05-04", "05-05", "06-19", "09-25", *national]


@unhurried
@given(days)
def test_two_independent_collections_of_notices_agree_on_every_day(day: date) -> None:
    other = holidays.country_holidays("CN", years=day.year)

    assert CALENDAR.is_workday(day) == other.is_working_day(day)


def test_a_year_without_a_notice_is_a_forecast_and_says_so() -> None:
    new_year, saturday, monday = date(2027, 1, 1), date(2027, 1, 9), date(2027, 1, 11)

    worked = [CALENDAR.is_workday(day) for day in (new_year, saturday, monday)]

    assert worked == [False, False, True]
    assert (CALENDAR.provisional(2026), CALENDAR.provisional(2027)) == (False, True)


def test_an_imported_notice_makes_a_year_certain() -> None:
    notice = Notice(
        year=2027, rest=frozenset({date(2027, 1, 4)}), work=frozenset({date(2027, 1, 9)}), source="notice"
    )

    calendar = Calendar(notices=(notice,))

    assert not calendar.provisional(2027)
    assert calendar.is_workday(date(2027, 1, 9)) and not calendar.is_workday(date(2027, 1, 4))
    assert calendar.provisional(2028)


def test_the_day_itself_is_not_counted_among_working_days() -> None:
    friday_before_the_autumn_holidays = date(2026, 9, 18)

    last = CALENDAR.add_working_days(friday_before_the_autumn_holidays, 3)

    assert last == date(2026, 9, 22)  # Sunday the 20th is a make-up day


def test_a_report_due_before_the_25th_of_october_2026_is_due_at_the_end_of_friday_the_23rd() -> None:
    the_25th_a_sunday = date(2026, 10, 25)

    day = CALENDAR.previous_workday(the_25th_a_sunday)

    assert day == date(2026, 10, 23)
    assert end_of(day) == at("2026-10-24T00:00")


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        ("2026-09-17T09:00", HOUR, "2026-09-17T10:00"),
        ("2026-09-17T17:00", HOUR, "2026-09-18T09:00"),  # overnight
        ("2026-09-17T03:00", HOUR, "2026-09-17T09:30"),  # before opening
        ("2026-09-19T12:00", HOUR, "2026-09-20T09:30"),  # Saturday, then a make-up Sunday
        ("2026-09-30T17:30", HOUR, "2026-10-08T09:30"),  # over the national holiday
        ("2026-09-17T08:30", 9 * HOUR, "2026-09-17T17:30"),  # a whole day ends with that day
    ],
)
def test_duty_time_passes_only_while_the_offices_are_open(start: str, amount: timedelta, end: str) -> None:
    assert CALENDAR.add_duty_time(at(start), amount) == at(end)


def test_duty_time_stands_still_at_lunch_where_the_county_closes() -> None:
    duty = DutyHours(lunch=(timedelta(hours=12), timedelta(hours=14)))

    end = CALENDAR.add_duty_time(at("2026-09-17T11:30"), HOUR, duty)

    assert end == at("2026-09-17T14:30")


def test_a_centre_open_day_and_night_counts_every_hour() -> None:
    every_day = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
    always = DutyHours(start=timedelta(0), end=timedelta(hours=24), days=every_day, holidays=True)

    end = CALENDAR.add_duty_time(at("2026-09-30T23:30"), HOUR, always)

    assert end == at("2026-10-01T00:30")


def test_a_centre_open_on_saturdays_still_closes_on_public_holidays() -> None:
    duty = DutyHours(days=("MON", "TUE", "WED", "THU", "FRI", "SAT"))

    open_days = [CALENDAR.is_duty_day(date(2026, *day), duty) for day in ((9, 19), (10, 3), (9, 20), (9, 13))]

    assert open_days == [True, False, True, False]  # plain Saturday, holiday, make-up Sunday, plain Sunday


def test_an_office_that_never_opens_is_found_out() -> None:
    with pytest.raises(ValueError, match="ever opens"):
        advance(at("2026-09-17T09:00"), HOUR, lambda day: ())


@unhurried
@given(instants, amounts)
def test_the_duty_time_added_is_the_duty_time_found(start: datetime, amount: timedelta) -> None:
    end = CALENDAR.add_duty_time(start, amount)

    assert CALENDAR.duty_time(start, end) == amount


@unhurried
@given(instants, amounts, amounts)
def test_duty_time_can_be_added_in_parts(start: datetime, one: timedelta, other: timedelta) -> None:
    in_parts = CALENDAR.add_duty_time(CALENDAR.add_duty_time(start, one), other)

    assert in_parts == CALENDAR.add_duty_time(start, one + other)


@unhurried
@given(days, st.integers(1, 70))
def test_the_last_of_so_many_working_days_is_a_working_day(day: date, count: int) -> None:
    last = CALENDAR.add_working_days(day, count)

    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert sum(CALENDAR.is_workday(each) for each in between) == count
    assert CALENDAR.is_workday(last)


@unhurried
@given(instants)
def test_the_next_closing_is_the_end_of_an_office_day(start: datetime) -> None:
    closing = CALENDAR.closing(start)

    assert closing > start
    assert closing.astimezone(CHINA).strftime("%H:%M") == "17:30"
    assert CALENDAR.is_duty_day(day_of(closing))


@unhurried
@given(days)
def test_the_end_of_a_day_belongs_to_that_day(day: date) -> None:
    assert last_day(end_of(day)) == day
