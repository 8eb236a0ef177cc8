"""What time does to a matter: reminders once, more time by consent, the end of an overrun mediation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.mediation.model import Matter, State
from services.mediation.model.commands import Extend, Schedule
from services.mediation.rules import ending, scheduling, time
from shared.calendar import end_of
from shared.errors import Refused
from tests.unit.mediation.given import (
    DAY,
    HOUR,
    LI,
    MONDAY,
    WANG,
    agreed,
    by,
    ended,
    fact,
    failed,
    in_force,
    opened,
    scheduled,
    session_id,
    started,
    told,
)  # fmt: skip

LIMIT = end_of(date(2026, 10, 7))


def ticks(matter: Matter, at: object) -> Matter:
    decision = time.tick(matter, by(at))  # type: ignore[arg-type]
    return decision.state if decision else matter


def test_reminders_come_once_each_and_all_that_were_missed_at_once() -> None:
    matter = opened()

    first = time.tick(matter, by(LIMIT - 5 * DAY))
    again = time.tick(ticks(matter, LIMIT - 5 * DAY), by(LIMIT - 5 * DAY))

    assert first and [event.pct for event in first.events] == [50, 80]  # type: ignore[attr-defined]
    assert again is None


@pytest.mark.parametrize("state", [opened, scheduled, failed, lambda: ended("adjourned").state])
def test_a_matter_whose_limit_passes_while_nobody_sits_together_is_over(state: object) -> None:
    decision = time.tick(state(), by(LIMIT))  # type: ignore[operator]

    assert decision is not None
    assert told(decision)[-1] == "mediation.matter_closed"
    assert (decision.state.result, decision.state.next_at) == ("expired", None)
    assert decision.state.clocks[0].state == "breached"


@pytest.mark.parametrize("state", [started, agreed])
def test_the_limit_cuts_nobody_short(state: object) -> None:
    matter = ticks(state(), LIMIT + HOUR)  # type: ignore[operator]

    assert matter.state in (State.IN_SESSION, State.AGREED)


def test_a_sitting_that_ends_open_after_the_limit_ends_the_matter() -> None:
    decision = ended("failed", opened(), LIMIT - HOUR, lasts=2 * HOUR)

    assert told(decision) == ["mediation.session_held", "mediation.session_failed", "mediation.matter_closed"]
    assert decision.state.result == "expired"


def test_nothing_is_due_before_its_time() -> None:
    matter = opened()

    assert matter.next_at == matter.clocks[0].marks[0].at
    assert time.tick(matter, by(matter.next_at - timedelta(milliseconds=1))) is None


def test_all_sides_together_may_ask_for_more_time_once() -> None:
    longer = time.extend(opened(), Extend(day=date(2026, 10, 20), agreed_by=(WANG, LI)), by(MONDAY + DAY))

    assert fact(longer, "mediation.extended").due_at == end_of(date(2026, 10, 20))
    assert ticks(longer.state, LIMIT).state is State.OPENED
    with pytest.raises(Refused, match="延长一次"):
        time.extend(longer.state, Extend(day=date(2026, 10, 21), agreed_by=(WANG, LI)), by(MONDAY + 2 * DAY))


@pytest.mark.parametrize(
    ("ask", "at", "code"),
    [
        (Extend(day=date(2026, 10, 20), agreed_by=(WANG,)), MONDAY, "extension_needs_everybody"),
        (Extend(day=date(2026, 12, 20), agreed_by=(WANG, LI)), MONDAY, "extension_too_long"),
        (Extend(day=date(2026, 10, 20), agreed_by=(WANG, LI)), LIMIT, "extension_not_possible"),
    ],
)
def test_more_time_needs_everybody_comes_before_the_end_and_is_no_longer_than_the_limit(
    ask: Extend, at: object, code: str
) -> None:
    with pytest.raises(Refused) as caught:
        time.extend(opened(), ask, by(at))  # type: ignore[arg-type]

    assert caught.value.code == code


def test_no_sitting_is_fixed_after_the_limit() -> None:
    with pytest.raises(Refused, match="期限已过"):
        scheduling.schedule(failed(), session_id(2), Schedule(mode="centre", start=LIMIT + DAY), by(LIMIT))


@pytest.mark.parametrize(
    ("state", "result"), [("withdrawn", "withdrawn"), ("closed", "withdrawn"), ("merged", "withdrawn")]
)
def test_a_case_that_ends_takes_its_open_matter_with_it(state: str, result: str) -> None:
    decision = ending.case_moved(failed(), state, None, by(MONDAY + DAY))

    assert decision and decision.state.result == result


def test_a_case_that_rose_leaves_the_matter_of_the_lower_tier_behind() -> None:
    risen = ending.case_moved(failed(), "triaged", "village", by(MONDAY + DAY))
    other = ending.case_moved(failed(), "triaged", "township", by(MONDAY + DAY))

    assert risen and (risen.state.result, risen.state.close_reason) == ("failed", "case_escalated")
    assert other is None


def test_a_matter_that_is_over_stays_as_it_ended() -> None:
    assert ending.case_moved(in_force(), "closed", None, by(MONDAY + DAY)) is None
