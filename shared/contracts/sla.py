"""What routing tells about a case's clocks, and about the help called when they run out.

All of these are about the case and share its sequence with `case.*`.
"""

from __future__ import annotations

from shared.contracts.base import Event, event
from shared.contracts.fields import Code, Count, Id, Instant, PauseReason, Percent, Unit


@event("sla.started", by="routing", about="case")
class SlaStarted(Event):
    """A clock began to run for a case."""

    clock_id: Id
    case_id: Id
    kind: Code
    started_at: Instant
    due_at: Instant
    provisional: bool = False


@event("sla.paused", by="routing", about="case")
class SlaPaused(Event):
    """A clock rests for one of the allowed reasons."""

    clock_id: Id
    case_id: Id
    kind: Code
    reason: PauseReason


@event("sla.resumed", by="routing", about="case")
class SlaResumed(Event):
    """A clock runs again, with its end moved by the time it rested."""

    clock_id: Id
    case_id: Id
    kind: Code
    due_at: Instant


@event("sla.extended", by="routing", about="case")
class SlaExtended(Event):
    """A clock was given more time once, before its end, by somebody entitled to."""

    clock_id: Id
    case_id: Id
    kind: Code
    due_at: Instant
    reason: Code


@event("sla.met", by="routing", about="case")
class SlaMet(Event):
    """What the clock waited for happened; `late` says whether that was after its end."""

    clock_id: Id
    case_id: Id
    kind: Code
    due_at: Instant
    stopped_at: Instant
    late: bool = False


@event("sla.cancelled", by="routing", about="case")
class SlaCancelled(Event):
    """A clock was taken away because what it waited for can no longer happen."""

    clock_id: Id
    case_id: Id
    kind: Code
    reason: Code


@event("sla.threshold_reached", by="routing", about="case")
class SlaThresholdReached(Event):
    """A share of a clock's time is used up and people must be reminded."""

    clock_id: Id
    case_id: Id
    kind: Code
    pct: Percent
    due_at: Instant
    unit: Unit | None = None
    notify_roles: tuple[Code, ...] = ()


@event("sla.breached", by="routing", about="case")
class SlaBreached(Event):
    """A clock ran out; that stays on record whatever happens later."""

    clock_id: Id
    case_id: Id
    kind: Code
    due_at: Instant
    overdue_min: Count
    unit: Unit | None = None
    notify_roles: tuple[Code, ...] = ()


@event("supervision.proposed", by="routing", about="case")
class SupervisionProposed(Event):
    """A breached clock made the system propose supervision; a person decides on it."""

    order_id: Id
    case_id: Id
    kind: Code
    clock_kind: Code
    due_at: Instant | None = None


@event("whistle.called", by="routing", about="case")
class WhistleCalled(Event):
    """Units were called together to a case and must report by a given time."""

    whistle_id: Id
    case_id: Id
    units: tuple[Unit, ...]
    reasons: tuple[Code, ...]
    required_by: Instant
