"""How a row follows the clocks of its case, and which of them end next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.reporting.model import Clock, Row
from shared.contracts.wire import Envelope


def follow(row: Row, event: Any, heard: Envelope) -> Row:
    """The row after an event about one of its clocks; others of the same stream leave the clocks alone."""
    if event is None or heard.name not in AFTER:
        return row
    if heard.name == "sla.started":
        return replace(row, clocks=(*row.clocks, _started(event)))
    change = AFTER[heard.name]
    return replace(row, clocks=tuple(change(c, event) if c.id == event.clock_id else c for c in row.clocks))


def _started(event: Any) -> Clock:
    return Clock(id=event.clock_id, kind=event.kind, started_at=event.started_at, due_at=event.due_at)


def _paused(clock: Clock, event: Any) -> Clock:
    return replace(clock, state="paused")


def _runs_on(clock: Clock, event: Any) -> Clock:
    """Also after a rework, when a clock that had stopped runs on to its old end; late stays late."""
    return replace(clock, due_at=event.due_at, stopped_at=None, state="late" if clock.was_late else "running")


def _extended(clock: Clock, event: Any) -> Clock:
    return replace(clock, due_at=event.due_at)


def _reminded(clock: Clock, event: Any) -> Clock:
    return replace(clock, pct=event.pct, unit=event.unit or clock.unit)


def _breached(clock: Clock, event: Any) -> Clock:
    return replace(clock, state="late", was_late=True, pct=max(100, clock.pct), unit=event.unit or clock.unit)


def _met(clock: Clock, event: Any) -> Clock:
    return replace(clock, state="met", stopped_at=event.stopped_at, was_late=clock.was_late or event.late)


def _cancelled(clock: Clock, event: Any) -> Clock:
    return replace(clock, state="cancelled")


AFTER: dict[str, Callable[[Clock, Any], Clock]] = {
    "sla.started": lambda clock, event: clock,
    "sla.paused": _paused,
    "sla.resumed": _runs_on,
    "sla.extended": _extended,
    "sla.threshold_reached": _reminded,
    "sla.breached": _breached,
    "sla.met": _met,
    "sla.cancelled": _cancelled,
}


def next_due(clocks: tuple[Clock, ...]) -> datetime | None:
    """When the first of the clocks that run ends."""
    return min((clock.due_at for clock in clocks if clock.state == "running"), default=None)


def late_since(clocks: tuple[Clock, ...]) -> datetime | None:
    """Since when the longest of the clocks that are late and still open is late."""
    return min((clock.due_at for clock in clocks if clock.state == "late"), default=None)


def breaches(clocks: tuple[Clock, ...]) -> int:
    """How many of the clocks were ever late."""
    return sum(1 for clock in clocks if clock.was_late)
