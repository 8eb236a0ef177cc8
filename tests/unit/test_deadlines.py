"""The clocks on a case: when they are due, when they remind, what pauses and extensions do to them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared import deadlines, limits
from shared.aggregate.mongo import converter
from shared.calendar import Calendar, Notice
from shared.clock import CHINA
from shared.deadlines import Deadline, Limit, Unit
from shared.errors import Illegal, Refused

CALENDAR = Calendar()
HOUR, DAY, MS = timedelta(hours=1), timedelta(days=1), timedelta(milliseconds=1)


def at(local: str) -> datetime:
    """An instant as people in the county write it."""
    return datetime.fromisoformat(local).replace(tzinfo=CHINA).astimezone(UTC)


def shown(instant: datetime) -> str:
    return instant.astimezone(CHINA).strftime("%m-%d %H:%M")


def limit(length: timedelta, unit: Unit, *, roll: bool = False, remind: tuple[int, ...] = ()) -> Limit:
    return Limit(
        kind="any", length=length, unit=unit, roll_on_rest_day=roll, remind_days=remind, basis="a test"
    )


def begin(of: Limit, local: str) -> Deadline:
    return deadlines.start(of, at(local), CALENDAR, "clock-1")


def marks(clock: Deadline) -> dict[int, str]:
    return {mark.pct: shown(mark.at) for mark in clock.marks}


PICKUP = limit(HOUR, "duty_hours")
SAME_DAY = limit(timedelta(0), "working_days")
THREE_DAYS = limit(3 * DAY, "calendar_days")
THIRTY_DAYS = limit(30 * DAY, "calendar_days")

# ── when something is due (DOMAIN 3.11, examples 4 to 7) ──────────────────────────────────────


def test_a_pickup_of_one_hour_given_at_nine_reminds_at_half_past_and_at_twelve_to_ten() -> None:
    clock = begin(PICKUP, "2026-09-17T09:00")

    assert marks(clock) == {50: "09-17 09:30", 80: "09-17 09:48", 100: "09-17 10:00", 120: "09-17 10:12"}
    assert shown(clock.due_at) == "09-17 10:00"


def test_a_pickup_given_after_hours_is_due_an_hour_into_the_next_duty_day() -> None:
    clock = begin(PICKUP, "2026-09-17T17:40")

    assert marks(clock) == {50: "09-18 09:00", 80: "09-18 09:18", 100: "09-18 09:30", 120: "09-18 09:42"}


def test_a_pickup_over_night_reminds_by_duty_time_and_not_while_everybody_sleeps() -> None:
    clock = begin(PICKUP, "2026-09-17T17:00")

    assert marks(clock) == {50: "09-17 17:30", 80: "09-18 08:48", 100: "09-18 09:00", 120: "09-18 09:12"}


@pytest.mark.parametrize(
    ("unit", "due"),
    [
        ("calendar_days", "09-22 00:00"),  # the end of Monday the 21st
        ("working_days", "09-23 00:00"),  # Sunday the 20th is worked: 20, 21, 22
    ],
)
def test_three_days_from_friday_the_18th_of_september_2026(unit: Unit, due: str) -> None:
    clock = begin(limit(3 * DAY, unit), "2026-09-18T09:00")

    assert shown(clock.due_at) == due


def test_a_petition_accepted_on_the_first_of_march_is_due_on_the_30th_of_april() -> None:
    clock = begin(limit(60 * DAY, "calendar_days"), "2026-03-01T10:00")

    assert shown(clock.due_at) == "05-01 00:00"


@pytest.mark.parametrize(("roll", "due"), [(False, "05-31 00:00"), (True, "06-02 00:00")])
def test_a_petition_extended_by_thirty_days_ends_on_a_saturday_unless_it_rolls(roll: bool, due: str) -> None:
    clock = begin(limit(60 * DAY, "calendar_days"), "2026-03-01T10:00")

    due_at = deadlines.prolonged(clock, limit(30 * DAY, "calendar_days", roll=roll), CALENDAR)
    longer = deadlines.extend(clock, due_at)

    assert shown(longer.due_at) == due
    assert longer.extended


def test_a_review_asked_for_on_the_first_of_june_is_answered_by_the_first_of_july() -> None:
    clock = begin(THIRTY_DAYS, "2026-06-01T15:00")

    assert shown(clock.due_at) == "07-02 00:00"


def test_the_window_for_confirmation_rolls_from_a_sunday_to_monday() -> None:
    clock = begin(limit(30 * DAY, "calendar_days", roll=True, remind=(15, 25, 28)), "2026-05-01T10:00")

    assert shown(clock.due_at) == "06-02 00:00"
    assert marks(clock) == {
        50: "05-16 08:30",
        83: "05-26 08:30",
        93: "05-29 08:30",
        100: "06-02 00:00",
        120: "06-08 07:36",
    }


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-09-17T09:00", "09-17 17:30"),
        ("2026-09-17T17:29", "09-17 17:30"),
        ("2026-09-17T17:30", "09-18 17:30"),  # the day is over
        ("2026-09-19T10:00", "09-20 17:30"),  # a Saturday; the Sunday after it is worked
        ("2026-09-30T18:00", "10-08 17:30"),  # the national holiday comes between
    ],
)
def test_same_day_means_the_end_of_office_hours_of_a_working_day(start: str, due: str) -> None:
    assert shown(begin(SAME_DAY, start).due_at) == due


def test_a_limit_in_working_days_can_end_when_the_offices_close() -> None:
    to_closing = replace(limit(2 * DAY, "working_days"), ends="duty_end")

    assert shown(begin(to_closing, "2026-09-17T09:00").due_at) == "09-20 17:30"


def test_minutes_run_day_and_night() -> None:
    clock = begin(limit(30 * timedelta(minutes=1), "minutes"), "2026-10-01T23:45")

    assert shown(clock.due_at) == "10-02 00:15"


def test_a_clock_that_reaches_into_a_year_without_a_notice_is_provisional() -> None:
    in_working_days = begin(limit(5 * DAY, "working_days"), "2026-12-30T09:00")
    in_plain_days = begin(limit(5 * DAY, "calendar_days"), "2026-12-30T09:00")

    assert (in_working_days.provisional, in_plain_days.provisional) == (True, False)


def test_a_provisional_clock_moves_when_the_year_is_announced() -> None:
    clock = begin(limit(5 * DAY, "working_days"), "2026-12-30T09:00")
    announced = Notice(
        year=2027, rest=frozenset({date(2027, 1, 1), date(2027, 1, 4)}), work=frozenset(), source="x"
    )
    calendar = Calendar(notices=(announced,))

    moved = deadlines.recompute(clock, limit(5 * DAY, "working_days"), calendar)

    assert (shown(clock.due_at), shown(moved.due_at)) == ("01-08 00:00", "01-09 00:00")
    assert not moved.provisional and moved.marks[2].at == moved.due_at


# ── reminding ─────────────────────────────────────────────────────────────────────────────────


def test_a_threshold_is_told_once_and_a_breach_is_for_good() -> None:
    clock = begin(PICKUP, "2026-09-17T09:00")

    told = deadlines.reached(clock, at("2026-09-17T10:01"))
    for pct in told:
        clock = deadlines.fire(clock, pct)

    assert told == (50, 80, 100)
    assert deadlines.reached(clock, at("2026-09-17T10:05")) == ()
    assert clock.state == "breached" and deadlines.is_open(clock)
    assert deadlines.next_at(clock) == at("2026-09-17T10:12")


def test_something_done_in_time_is_met_and_reminds_no_more() -> None:
    clock = deadlines.stop(begin(PICKUP, "2026-09-17T09:00"), at("2026-09-17T09:59"))

    assert clock.state == "met" and clock.stopped_at == at("2026-09-17T09:59")
    assert deadlines.reached(clock, at("2026-09-17T11:00")) == ()
    assert deadlines.next_at(clock) is None


@pytest.mark.parametrize("end", [deadlines.stop, deadlines.cancel])
def test_what_was_late_stays_breached_however_it_ends(end: object) -> None:
    clock = begin(PICKUP, "2026-09-17T09:00")

    ended = end(clock, at("2026-09-17T10:00"))  # type: ignore[operator]

    assert ended.state == "breached" and not deadlines.is_open(ended)


def test_a_clock_that_lost_its_object_in_time_is_cancelled_and_stopping_it_again_changes_nothing() -> None:
    clock = deadlines.cancel(begin(PICKUP, "2026-09-17T09:00"), at("2026-09-17T09:10"))

    assert clock.state == "cancelled"
    assert deadlines.stop(clock, at("2026-09-17T12:00")) == clock


# ── pausing ───────────────────────────────────────────────────────────────────────────────────


def test_a_pause_of_two_days_moves_what_lies_ahead_by_two_days() -> None:
    clock = deadlines.fire(begin(limit(10 * DAY, "calendar_days"), "2026-09-01T00:00"), 50)

    paused = deadlines.pause(clock, at("2026-09-07T00:00"), "appraisal")
    resumed = deadlines.resume(paused, at("2026-09-09T00:00"), limit(10 * DAY, "calendar_days"), CALENDAR)

    assert paused.state == "paused" and paused.paused_reason == "appraisal"
    assert shown(resumed.due_at) == "09-14 00:00"
    assert resumed.marks[0] == clock.marks[0]
    assert resumed.marks[1].at - clock.marks[1].at == 2 * DAY


def test_a_pause_over_a_weekend_costs_a_clock_in_working_days_only_the_days_worked() -> None:
    five = limit(5 * DAY, "working_days")
    clock = begin(five, "2026-09-10T09:00")

    paused = deadlines.pause(clock, at("2026-09-11T15:00"), "hearing")
    resumed = deadlines.resume(paused, at("2026-09-14T15:00"), five, CALENDAR)

    assert (shown(clock.due_at), shown(resumed.due_at)) == ("09-18 00:00", "09-19 00:00")


def test_a_due_day_moved_onto_a_rest_day_by_a_pause_rolls_where_the_limit_rolls() -> None:
    rolling = limit(15 * DAY, "calendar_days", roll=True)
    clock = begin(rolling, "2026-06-01T10:00")

    paused = deadlines.pause(clock, at("2026-06-05T00:00"), "appraisal")
    resumed = deadlines.resume(paused, at("2026-06-09T00:00"), rolling, CALENDAR)

    assert shown(clock.due_at) == "06-17 00:00"
    assert shown(resumed.due_at) == "06-23 00:00"  # Saturday the 20th of the dragon boat holiday, then Monday
    assert [mark.at for mark in resumed.marks] == sorted(mark.at for mark in resumed.marks)


def test_a_reminder_missed_before_a_pause_is_told_during_it_and_nothing_else_is() -> None:
    clock = deadlines.pause(begin(THREE_DAYS, "2026-09-18T09:00"), at("2026-09-20T12:00"), "hearing")

    assert deadlines.reached(clock, at("2026-10-20T00:00")) == (50,)
    assert deadlines.next_at(deadlines.fire(clock, 50)) is None


def test_a_clock_stopped_while_it_is_paused_is_met() -> None:
    clock = deadlines.pause(begin(THREE_DAYS, "2026-09-18T09:00"), at("2026-09-20T12:00"), "hearing")

    assert deadlines.stop(clock, at("2026-12-01T00:00")).state == "met"


def test_a_clock_that_is_late_cannot_be_paused() -> None:
    clock = begin(PICKUP, "2026-09-17T09:00")

    with pytest.raises(Illegal):
        deadlines.pause(clock, at("2026-09-17T10:00"), "hearing")


def test_pauses_do_not_overlap_and_do_not_end_before_they_begin() -> None:
    running = begin(THREE_DAYS, "2026-09-18T09:00")
    paused = deadlines.pause(running, at("2026-09-19T09:00"), "hearing")

    with pytest.raises(Illegal):
        deadlines.pause(paused, at("2026-09-19T10:00"), "appraisal")
    with pytest.raises(Refused):
        deadlines.resume(paused, at("2026-09-19T08:00"), THREE_DAYS, CALENDAR)
    with pytest.raises(Illegal):
        deadlines.resume(running, at("2026-09-19T10:00"), THREE_DAYS, CALENDAR)
    with pytest.raises(Refused):
        deadlines.pause(running, at("2026-09-18T08:00"), "hearing")


# ── extending ─────────────────────────────────────────────────────────────────────────────────


def test_an_extension_spreads_the_marks_that_have_not_fired_and_leaves_the_others() -> None:
    clock = deadlines.fire(begin(limit(10 * DAY, "calendar_days"), "2026-09-01T00:00"), 50)

    longer = deadlines.extend(clock, at("2026-09-22T00:00"))

    assert marks(longer) == {
        50: marks(clock)[50],
        80: "09-17 19:12",  # 80 % of 21 days
        100: "09-22 00:00",
        120: "09-26 04:48",
    }


def test_an_extension_after_the_breach_does_not_take_it_back() -> None:
    clock = deadlines.fire(begin(THREE_DAYS, "2026-09-18T09:00"), 100)

    longer = deadlines.stop(deadlines.extend(clock, at("2026-10-01T00:00")), at("2026-09-25T00:00"))

    assert longer.state == "breached"


def test_an_extension_must_give_more_time_to_a_clock_that_still_runs() -> None:
    clock = begin(THREE_DAYS, "2026-09-18T09:00")

    with pytest.raises(Refused):
        deadlines.extend(clock, clock.due_at)
    with pytest.raises(Illegal):
        deadlines.extend(deadlines.stop(clock, at("2026-09-19T00:00")), at("2026-10-01T00:00"))


def test_a_clock_in_duty_hours_is_extended_along_the_calendar() -> None:
    clock = begin(PICKUP, "2026-09-17T17:00")

    longer = deadlines.extend(clock, deadlines.prolonged(clock, PICKUP, CALENDAR), CALENDAR)

    assert marks(longer) == {50: "09-18 09:00", 80: "09-18 09:36", 100: "09-18 10:00", 120: "09-18 10:24"}
    with pytest.raises(ValueError, match="calendar"):
        deadlines.extend(clock, at("2026-09-18T10:00"))


# ── what holds for every clock ────────────────────────────────────────────────────────────────

unhurried = settings(deadline=None)  # the first forecast loads a library
UNITS: Sequence[Unit] = ("duty_hours", "working_days", "calendar_days", "minutes")
instants = st.integers(0, 4 * 366 * 24 * 60).map(
    lambda n: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=n)
)
stretches = st.integers(0, 40 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def any_limit(draw: st.DrawFn) -> Limit:
    unit = draw(st.sampled_from(UNITS))
    if unit in ("duty_hours", "minutes"):
        return limit(draw(st.integers(1, 48)) * HOUR, unit)
    least = 0 if unit == "working_days" else 1
    return limit(draw(st.integers(least, 60)) * DAY, unit, roll=draw(st.booleans()))


@st.composite
def clocks(draw: st.DrawFn) -> tuple[Limit, Deadline]:
    of = draw(any_limit())
    return of, deadlines.start(of, draw(instants), CALENDAR, "clock-1")


@unhurried
@given(clocks())
def test_marks_come_in_order_and_the_hundredth_is_the_due_instant(made: tuple[Limit, Deadline]) -> None:
    _, clock = made

    instants = [mark.at for mark in clock.marks]

    assert instants == sorted(instants)
    assert clock.start_at <= instants[0] and clock.start_at < clock.due_at == instants[2]


@unhurried
@given(clocks(), st.floats(0, 0.999), stretches)
def test_a_pause_moves_due_by_exactly_the_time_of_the_clock_that_was_lost(
    made: tuple[Limit, Deadline], where: float, length: timedelta
) -> None:
    of, clock = made
    of = replace(of, roll_on_rest_day=False)
    begins = clock.start_at + (clock.due_at - clock.start_at) * where

    resumed = deadlines.resume(deadlines.pause(clock, begins, "hearing"), begins + length, of, CALENDAR)

    lost = limits.running(of.unit, begins, begins + length, CALENDAR)
    moved = limits.running(of.unit, clock.due_at, resumed.due_at, CALENDAR)
    assert moved == lost
    assert [mark.at for mark in resumed.marks] == sorted(mark.at for mark in resumed.marks)
    for before, later in zip(clock.marks, resumed.marks, strict=True):
        expected = before.at if before.at <= begins else limits.after(of.unit, before.at, lost, CALENDAR)
        assert abs(later.at - expected) <= MS


@unhurried
@given(clocks(), st.lists(st.integers(1, 100), min_size=1, max_size=30))
def test_however_the_sweeps_fall_each_threshold_is_told_once(
    made: tuple[Limit, Deadline], steps: list[int]
) -> None:
    _, clock = made
    span = clock.marks[-1].at - clock.start_at
    told: list[int] = []

    now = clock.start_at
    for step in [*steps, 200]:
        now += span * step / 100
        for pct in deadlines.reached(clock, now):
            told.append(pct)
            clock = deadlines.fire(clock, pct)

    assert told == [50, 80, 100, 120]
    assert clock.state == "breached" and deadlines.next_at(clock) is None


@unhurried
@given(clocks(), st.integers(1, 60), st.sets(st.sampled_from((50, 80, 100, 120))))
def test_an_extension_moves_no_mark_that_fired_and_no_other_to_an_earlier_instant(
    made: tuple[Limit, Deadline], days: int, fired: set[int]
) -> None:
    _, clock = made
    for pct in fired:
        clock = deadlines.fire(clock, pct)

    longer = deadlines.extend(clock, clock.due_at + days * DAY, CALENDAR)

    for before, later in zip(clock.marks, longer.marks, strict=True):
        assert later == before if before.fired else later.at >= before.at - MS
    assert (longer.state == "breached") == (clock.state == "breached")


@unhurried
@given(clocks(), stretches)
def test_a_clock_is_met_exactly_when_it_is_stopped_before_it_is_due(
    made: tuple[Limit, Deadline], length: timedelta
) -> None:
    _, clock = made

    stopped = deadlines.stop(clock, clock.start_at + length)

    assert (stopped.state == "met") == (clock.start_at + length < clock.due_at)


@unhurried
@given(clocks())
def test_a_clock_survives_being_stored(made: tuple[Limit, Deadline]) -> None:
    _, clock = made

    assert converter.structure(converter.unstructure(clock), Deadline) == clock
