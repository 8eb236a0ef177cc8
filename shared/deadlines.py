"""The clocks that run on a case: when something is due, whom to remind on the way, and what a pause changes.

A clock is a value inside the state of what it belongs to, so that starting and stopping it is the same one
write as the change itself. Nothing here asks what time it is.

What is due at an instant is late from that instant on. A mark that has fired never unfires.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from shared.calendar import Calendar, day_of, last_day, midnight
from shared.errors import Illegal, Refused
from shared.limits import Limit, Unit, after, due, due_on, provisional, running

__all__ = [
    "Deadline", "Limit", "Mark", "State", "Unit", "cancel", "due", "extend", "fire", "is_open", "is_running",
    "next_at", "pause", "prolonged", "reached", "recompute", "resume", "start", "stop",
]  # fmt: skip

State = Literal["running", "paused", "met", "breached", "cancelled"]
BREACH = 100


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A point on the way that somebody must hear of, once."""

    pct: int
    at: datetime
    fired: bool = False


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """One clock. It is over when `stopped_at` is set; a breached clock without it still runs."""

    id: str
    kind: str
    unit: Unit
    start_at: datetime
    due_at: datetime
    state: State = "running"
    marks: tuple[Mark, ...] = ()
    paused_at: datetime | None = None
    paused_reason: str = ""
    paused_s: float = 0.0  # of the clock's own time, in pauses that are over
    stopped_at: datetime | None = None
    extended: bool = False
    provisional: bool = False  # rests on a year whose holidays are not announced yet
    basis: str = ""


def start(limit: Limit, at: datetime, calendar: Calendar, id: str) -> Deadline:
    """A clock that begins to run."""
    due_at = due(limit, at, calendar)
    started = Deadline(
        id=id,
        kind=limit.kind,
        unit=limit.unit,
        start_at=at,
        due_at=due_at,
        provisional=provisional(limit, at, due_at, calendar),
        basis=limit.basis,
    )
    return replace(started, marks=_first_marks(started, limit, calendar))


def is_open(d: Deadline) -> bool:
    """Whether the clock still waits for what stops it."""
    return d.stopped_at is None


def is_running(d: Deadline, at: datetime) -> bool:
    """Whether the clock can be paused: it runs and is not late."""
    return d.state == "running" and at < d.due_at


def stop(d: Deadline, at: datetime) -> Deadline:
    """What the clock waited for has happened: met, or breached when late. Stopping twice stops once."""
    return _close(d, at, "met")


def cancel(d: Deadline, at: datetime) -> Deadline:
    """The clock has lost its object. One that was already late stays breached."""
    return _close(d, at, "cancelled")


def pause(d: Deadline, at: datetime, reason: str) -> Deadline:
    """Stop counting for a reason. Raises Illegal when it does not run or is late already."""
    if not is_running(d, at):
        raise Illegal("这个时钟现在不能暂停", state=d.state, allowed=("running",))
    if at < d.start_at:
        raise Refused("暂停时间不能早于起算时间", code="pause_before_start")
    return replace(d, state="paused", paused_at=at, paused_reason=reason)


def resume(d: Deadline, at: datetime, limit: Limit, calendar: Calendar) -> Deadline:
    """Count on: due and the marks ahead move by the time that was paused. Raises Illegal when not paused."""
    if d.paused_at is None:
        raise Illegal("这个时钟没有暂停", state=d.state, allowed=("paused",))
    if at < d.paused_at:
        raise Refused("恢复时间不能早于暂停时间", code="resume_before_pause")
    lost = running(d.unit, d.paused_at, at, calendar)
    due_at = after(d.unit, d.due_at, lost, calendar)
    due_at = due_on(limit, due_at, calendar) if lost else due_at
    resumed = replace(
        d,
        state="running",
        paused_at=None,
        paused_reason="",
        paused_s=d.paused_s + lost.total_seconds(),
        provisional=d.provisional or provisional(limit, d.start_at, due_at, calendar),
    )
    return _spread(resumed, due_at, calendar, behind=d.paused_at)


def extend(d: Deadline, due_at: datetime, calendar: Calendar | None = None) -> Deadline:
    """Give the clock a later due instant; marks that have not fired move with it.

    A clock in duty hours or working days needs the calendar. Raises Illegal when the clock is over and
    Refused when the new instant is not later. Whether it may be extended is for the caller's rule.
    """
    if not is_open(d):
        raise Illegal("这个时钟已经停了，不能延期", state=d.state, allowed=("running", "paused"))
    if due_at <= d.due_at:
        raise Refused("延期后的期限必须晚于现在的期限", code="extension_not_later")
    return replace(_spread(d, due_at, calendar), extended=True)


def prolonged(d: Deadline, limit: Limit, calendar: Calendar) -> datetime:
    """The due instant when this limit is added to the clock's own: counting goes on from its last day."""
    if limit.unit in ("calendar_days", "working_days"):
        return due(limit, midnight(last_day(d.due_at)), calendar)
    return due(limit, d.due_at, calendar)


def recompute(d: Deadline, limit: Limit, calendar: Calendar) -> Deadline:
    """The same clock once the year is announced; an extended one keeps its due instant."""
    if not is_open(d) or not d.provisional:
        return d
    due_at = d.due_at
    if not d.extended:
        due_at = due(limit, d.start_at, calendar)
        due_at = after(d.unit, due_at, timedelta(seconds=d.paused_s), calendar)
        due_at = due_on(limit, due_at, calendar)
    unsure = provisional(limit, d.start_at, due_at, calendar)
    return replace(_spread(d, due_at, calendar), provisional=unsure)


def reached(d: Deadline, now: datetime) -> tuple[int, ...]:
    """The thresholds that are due and have not fired, in order. A paused clock has stood still since."""
    if not is_open(d):
        return ()
    present = min(now, d.paused_at) if d.paused_at else now
    return tuple(mark.pct for mark in d.marks if not mark.fired and mark.at <= present)


def fire(d: Deadline, pct: int) -> Deadline:
    """Remember that a threshold was told; at 100 the clock is breached, for good."""
    if not is_open(d):
        return d
    marks = tuple(replace(mark, fired=True) if mark.pct == pct else mark for mark in d.marks)
    late = pct >= BREACH and d.state == "running"
    return replace(d, marks=marks, state="breached" if late else d.state)


def next_at(d: Deadline) -> datetime | None:
    """When this clock next wants to be looked at; None when only its resumption or nothing can change it."""
    waiting = [mark.at for mark in d.marks if not mark.fired]
    if d.paused_at:
        waiting = [at for at in waiting if at <= d.paused_at]
    return min(waiting, default=None) if is_open(d) else None


def _close(d: Deadline, at: datetime, state: State) -> Deadline:
    if not is_open(d):
        return d
    late = d.state == "breached" or (d.paused_at or at) >= d.due_at
    return replace(d, state="breached" if late else state, stopped_at=at, paused_at=None)


def _first_marks(d: Deadline, limit: Limit, calendar: Calendar) -> tuple[Mark, ...]:
    late = tuple(pct for pct in limit.thresholds if pct >= BREACH or not limit.remind_days)
    return (
        *_reminders(d, limit, calendar),
        *(Mark(pct=p, at=_point(d, d.due_at, p, calendar)) for p in late),
    )


def _reminders(d: Deadline, limit: Limit, calendar: Calendar) -> tuple[Mark, ...]:
    """Reminders on named days of a limit, at the hour the offices open."""

    def reminder(count: int) -> Mark:
        at = midnight(day_of(d.start_at) + timedelta(days=count)) + calendar.duty.start
        return Mark(pct=count * 100 // limit.length.days, at=min(at, d.due_at))

    return tuple(reminder(count) for count in limit.remind_days)


def _spread(
    d: Deadline, due_at: datetime, calendar: Calendar | None, *, behind: datetime | None = None
) -> Deadline:
    """The clock with another due instant; marks that fired, or lay behind when it was paused, stay."""
    marks = (
        m if m.fired or (behind and m.at <= behind) else replace(m, at=_point(d, due_at, m.pct, calendar))
        for m in d.marks
    )
    return replace(d, due_at=due_at, marks=tuple(marks))


def _point(d: Deadline, due_at: datetime, pct: int, calendar: Calendar | None) -> datetime:
    """The instant at which so many per cent of the running time have passed, pauses left out."""
    if pct == BREACH:
        return due_at
    paused = timedelta(seconds=d.paused_s)
    whole = running(d.unit, d.start_at, due_at, calendar) - paused
    point = after(d.unit, d.start_at, paused + whole * pct / 100, calendar)
    return point.replace(microsecond=point.microsecond // 1000 * 1000)  # as the database keeps it
