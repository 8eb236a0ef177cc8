"""The limits that a matter runs under: which begin with it, what ends them, and whom they remind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.mediation.model import Matter
from services.mediation.model.words import LIMIT_OF_STAGE
from services.mediation.rules.by import By
from shared import deadlines, ids
from shared.contracts.base import Event
from shared.contracts.mediation import MediationClockThreshold
from shared.deadlines import Deadline

OPENING = "mediation.matter_opened"
CLOSING = "mediation.matter_closed"


def limit_kind(linkage_stage: str, by: By) -> str:
    """The limit that ends a matter: that of the court's stage, or the one the profile gives mediation."""
    return LIMIT_OF_STAGE.get(linkage_stage) or by.profile.mediation.limit


def at_opening(mm_id: str, main: str, category: str | None, by: By) -> tuple[Deadline, ...]:
    """The clocks of a new matter: its own limit, and others that the profile starts with its category."""
    beside = [
        kind
        for kind, limit in by.profile.limits.items()
        if OPENING in limit.starts and kind != main and category in limit.categories
    ]
    return tuple(started(mm_id, kind, by) for kind in (main, *beside))


def started(mm_id: str, kind: str, by: By, at: datetime | None = None) -> Deadline:
    """A clock of the matter that begins now, or began at an instant."""
    id = ids.derived("clock", mm_id, kind)
    return deadlines.start(by.profile.limits[kind], at or by.at, by.profile.calendar, id)


def stopped(clocks: Iterable[Deadline], event: str, by: By) -> tuple[Deadline, ...]:
    """The clocks after an event: those that it stops are stopped."""
    return tuple(
        deadlines.stop(clock, by.at) if event in by.profile.limits[clock.kind].stops else clock
        for clock in clocks
    )


def fired(matter: Matter, by: By) -> tuple[Matter, tuple[Event, ...]]:
    """The matter with every mark fired that is due, and what is told about each of them, once."""
    told: list[Event] = []
    clocks = []
    for clock in matter.clocks:
        for pct in deadlines.reached(clock, by.at):
            clock = deadlines.fire(clock, pct)
            told.append(threshold(matter, clock.id, clock.kind, pct, clock.due_at))
        clocks.append(clock)
    return replace(matter, clocks=tuple(clocks)), tuple(told)


def threshold(matter: Matter, clock_id: str, kind: str, pct: int, due_at: datetime) -> Event:
    """A share of a limit is used up."""
    return MediationClockThreshold(
        mm_id=matter.mm_id, case_id=matter.case_id, clock_id=clock_id, kind=kind, pct=pct, due_at=due_at
    )


def swapped(clocks: Iterable[Deadline], new: Deadline) -> tuple[Deadline, ...]:
    """The clocks with the one of the same kind replaced."""
    return tuple(new if clock.kind == new.kind else clock for clock in clocks)


def is_over(matter: Matter, at: datetime) -> bool:
    """Whether the limit of the matter has passed."""
    clock = matter.clock(matter.limit_kind)
    return clock is not None and deadlines.is_open(clock) and at >= clock.due_at
