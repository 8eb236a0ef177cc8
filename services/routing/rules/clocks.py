"""Which clocks a case has: started and stopped by what is told about it, as the county's profile says (§3.5).

The profile names for each clock the events that start and stop it. Added here: by what a clock loses its
object, and which ones run on when a check finds the result wanting. A clock that runs is never started anew:
so returns, transfers and escalations do not touch the `resident` clock (COR-06).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from services.routing.model import ENDED, Case
from services.routing.rules import clock_events as tell
from services.routing.rules.by import By
from services.routing.rules.calls import resident_was_asked
from services.routing.rules.ladder import is_climbed
from shared import deadlines, ids
from shared.contracts.base import Event
from shared.deadlines import Deadline

CLASSES = ("simple", "general", "complex", "difficult")
HANDLING = ("triage", "assign", "pickup", "meet", *CLASSES, "resident", "escalate", "upper_accept")
MINE = (*HANDLING, "callback", "verify", "close")

Condition = Callable[[Case, By], bool]
ONLY_IF: dict[str, Condition] = {  # by the profile's `only_if`
    "": lambda case, by: True,
    "resident_waiting": lambda case, by: case.resident_waiting,
    "ladder_satisfied": lambda case, by: is_climbed(case, by.profile),
}
STOPS_ONLY_IF: dict[str, Condition] = {  # by the kind of clock
    "callback": lambda case, by: resident_was_asked(case, by.profile),
}
LOST: dict[str, tuple[str, ...]] = {  # what was told -> clocks whose object is gone
    "case.returned": ("pickup", "meet"),
    "case.transferred": ("pickup", "meet"),
    "case.escalated": (*CLASSES, "meet", "escalate"),
    "case.resolved": ("meet", "escalate"),
    "case.reopened_for_rework": ("callback",),
    "case.verified": ("callback",),
}

Change = tuple[Deadline, Event | None]


def follow(case: Case, told: Iterable[str], by: By) -> tuple[Case, tuple[Event, ...]]:
    """The case with its clocks after these events, and what is told about the clocks."""
    events: list[Event] = []
    for name in told:
        changes = [_after(clock, case, name, by) for clock in case.clocks] + _started(case, name, by)
        case = replace(case, clocks=tuple(clock for clock, _ in changes))
        events += [event for _, event in changes if event]
    return replace(case, first_due=first_due(case.clocks)), tuple(events)


def first_due(clocks: Iterable[Deadline]) -> datetime | None:
    """The earliest end of a clock that runs: the earliest unmet one drives the work list."""
    return min((clock.due_at for clock in clocks if runs(clock)), default=None)


def runs(clock: Deadline) -> bool:
    """Whether a clock counts now; one that is late still does."""
    return deadlines.is_open(clock) and clock.state != "paused"


def running(case: Case, *kinds: str) -> Deadline | None:
    """The open clock of one of these kinds, or None."""
    return next((c for c in case.clocks if c.kind in kinds and deadlines.is_open(c)), None)


def _started(case: Case, name: str, by: By) -> list[Change]:
    kinds = [kind for kind in MINE if _starts(case, kind, name, by) and not running(case, kind)]
    return [_new(case, kind, by) for kind in kinds]


def _starts(case: Case, kind: str, name: str, by: By) -> bool:
    limit = by.profile.limits.get(kind)
    if limit is None or limit.complexity not in ("", case.complexity):
        return False
    return name in limit.starts and ONLY_IF.get(limit.only_if, _never)(case, by)


def _never(case: Case, by: By) -> bool:
    """A condition that belongs to something not built yet."""
    return False


def _new(case: Case, kind: str, by: By) -> Change:
    count = sum(1 for clock in case.clocks if clock.kind == kind)
    id = ids.derived("clock", case.case_id, kind, str(count))
    clock = deadlines.start(by.profile.limits[kind], by.at, by.profile.calendar, id)
    return clock, tell.started(case, clock)


def _after(clock: Deadline, case: Case, name: str, by: By) -> Change:
    """One clock after one event."""
    if clock.kind not in by.profile.limits:  # a later version of the profile no longer has it
        return deadlines.cancel(clock, by.at), None
    if not deadlines.is_open(clock):
        return _revived(clock, case, name, by)
    if clock.kind in LOST.get(name, ()) or (case.state in ENDED and not _stops(clock, case, name, by)):
        return deadlines.cancel(clock, by.at), tell.cancelled(case, clock, name)
    if _stops(clock, case, name, by):
        stopped = deadlines.stop(clock, by.at)
        return stopped, tell.stopped(case, stopped)
    return _rested(clock, case, name, by)


def _stops(clock: Deadline, case: Case, name: str, by: By) -> bool:
    condition = STOPS_ONLY_IF.get(clock.kind, ONLY_IF[""])
    return name in by.profile.limits[clock.kind].stops and condition(case, by)


def _rested(clock: Deadline, case: Case, name: str, by: By) -> Change:
    """Local clocks rest with a suspended case, but not those the profile calls unpausable, nor late ones."""
    limit = by.profile.limits[clock.kind]
    if name == "case.suspended" and case.suspension and limit.pausable and deadlines.is_running(clock, by.at):
        paused = deadlines.pause(clock, by.at, case.suspension.reason)
        return paused, tell.paused(case, paused)
    if name == "case.resumed" and clock.paused_at:
        resumed = deadlines.resume(clock, by.at, limit, by.profile.calendar)
        return resumed, tell.resumed(case, resumed)
    return clock, None


def _revived(clock: Deadline, case: Case, name: str, by: By) -> Change:
    """What a step ended runs on, to the same end, when that step is taken back: nothing is won by either.

    So it is when the check finds the result wanting, and when two matters were not the same one after all.
    """
    if name == "case.unmerged":
        return _runs_on(clock, case) if clock.id in case.stilled else (clock, None)
    waits_for_it = "case.resolved" in by.profile.limits[clock.kind].stops and clock.state != "cancelled"
    if name != "case.reopened_for_rework" or not waits_for_it or clock.stopped_at != case.resolved_at:
        return clock, None
    return _runs_on(clock, case)


def _runs_on(clock: Deadline, case: Case) -> Change:
    told = any(mark.fired and mark.pct >= deadlines.BREACH for mark in clock.marks)
    revived = replace(clock, stopped_at=None, state="breached" if told else "running")
    return revived, tell.resumed(case, revived)
