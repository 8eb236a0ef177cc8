"""What time itself does to a case: reminders, breaches, the end of a rest. Each mark is told once (G26)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from services.routing.model import Case, Proposal, State
from services.routing.rules.by import By
from services.routing.rules.clocks import first_due
from services.routing.rules.resting import resume
from services.routing.rules.step import then
from shared import deadlines, ids
from shared.contracts.base import Event
from shared.contracts.sla import SlaBreached, SlaThresholdReached, SupervisionProposed
from shared.deadlines import Deadline
from shared.decision import Decision


def due(case: Case) -> datetime | None:
    """When time next changes this case; None when it never will."""
    instants = [deadlines.next_at(clock) for clock in case.clocks]
    if case.state is State.SUSPENDED and case.suspension:
        instants.append(case.suspension.until)
    return min((at for at in instants if at), default=None)


def tick(case: Case, by: By) -> Decision[Case] | None:
    """All that is due at this instant, in the order in which it fell due; None when nothing is."""
    over = case.state == State.SUSPENDED and case.suspension and case.suspension.until <= by.at
    marks = list(_reached(case, by.at))
    if over:
        first = resume(case, by)
        return then(first, lambda rested: _fired(rested, marks, by)) if marks else first
    return _fired(case, marks, by) if marks else None


def _reached(case: Case, now: datetime) -> Iterator[tuple[str, int]]:
    """(clock, threshold) of every mark that was reached and not told, the earliest first."""
    found = [
        (mark.at, clock.id, mark.pct)
        for clock in case.clocks
        for mark in clock.marks
        if mark.pct in deadlines.reached(clock, now)
    ]
    yield from ((id, pct) for _, id, pct in sorted(found))


def _fired(case: Case, marks: list[tuple[str, int]], by: By) -> Decision[Case]:
    events: list[Event] = []
    for id, pct in marks:
        clock = next(clock for clock in case.clocks if clock.id == id)
        clocks = tuple(deadlines.fire(c, pct) if c.id == id else c for c in case.clocks)
        case = replace(case, clocks=clocks)
        events.append(_told(case, clock, pct, by))
        case, proposed = _proposed(case, clock, pct, by)
        events += proposed
    case = replace(case, first_due=first_due(case.clocks))
    return Decision(state=case, events=tuple(events), reason="时限")


def _told(case: Case, clock: Deadline, pct: int, by: By) -> Event:
    threshold = by.profile.threshold(clock.kind, pct)
    roles = threshold.notify if threshold else ()
    unit = case.owner.unit
    if pct == deadlines.BREACH:
        minutes = int((by.at - clock.due_at).total_seconds() // 60)
        return SlaBreached(
            clock_id=clock.id, case_id=case.case_id, kind=clock.kind, due_at=clock.due_at,
            overdue_min=max(0, minutes), unit=unit, notify_roles=roles,
        )  # fmt: skip
    return SlaThresholdReached(
        clock_id=clock.id, case_id=case.case_id, kind=clock.kind, pct=pct, due_at=clock.due_at, unit=unit,
        notify_roles=roles,
    )  # fmt: skip


def _proposed(case: Case, clock: Deadline, pct: int, by: By) -> tuple[Case, tuple[Event, ...]]:
    """A breach proposes supervision, once per clock; a person decides on it (RT-27)."""
    already = any(proposal.clock_id == clock.id for proposal in case.proposals)
    if pct != deadlines.BREACH or already:
        return case, ()
    kind = by.profile.supervision.on_breach
    order = Proposal(
        order_id=ids.derived("supervision", clock.id), kind=kind, clock_id=clock.id, clock_kind=clock.kind,
        at=by.at,
    )  # fmt: skip
    event = SupervisionProposed(
        order_id=order.order_id, case_id=case.case_id, kind=kind, clock_kind=clock.kind, due_at=clock.due_at
    )
    return replace(case, proposals=(*case.proposals, order)), (event,)
