"""What time itself does to a matter: reminders once each, the end of an overrun mediation, and more time."""

from __future__ import annotations

from services.mediation.model import Matter
from services.mediation.model.commands import Extend
from services.mediation.rules import clocks, ending, performing
from services.mediation.rules.by import By
from services.mediation.rules.step import entered, moved
from shared import deadlines
from shared.calendar import end_of
from shared.contracts.mediation import MediationExtended
from shared.decision import Decision
from shared.errors import Refused


def tick(matter: Matter, by: By) -> Decision[Matter] | None:
    """Everything that became due: marks of limits, items of the agreement, and the end of the matter."""
    after, told = clocks.fired(matter, by)
    after, due = performing.reminded(after, by)
    if not told and not due:
        return None
    return ending.lapsed(Decision(state=after, events=(*told, *due), reason="到时提醒"), by)


def extend(matter: Matter, ask: Extend, by: By) -> Decision[Matter]:
    """All sides agree to go on: once, before the limit has passed, by at most as much again."""
    entered(matter, "extend", by)
    limit = by.profile.limits[matter.limit_kind]
    clock = matter.clock(matter.limit_kind)
    assert clock is not None
    if set(ask.agreed_by) != set(matter.refs):
        raise Refused("延长须各方都同意", code="extension_needs_everybody", parties=list(matter.refs))
    if clock.extended or by.at >= clock.due_at:
        raise Refused("只能在到期前延长一次", code="extension_not_possible")
    longest = deadlines.prolonged(clock, limit, by.profile.calendar)
    if end_of(ask.day) > longest:
        raise Refused("延长的时间不能超过原期限", code="extension_too_long", latest=longest.isoformat())
    longer = deadlines.extend(clock, end_of(ask.day), by.profile.calendar)
    told = MediationExtended(
        mm_id=matter.mm_id, case_id=matter.case_id, kind=clock.kind, due_at=longer.due_at
    )
    return moved(matter, by, told, reason="各方同意延长", clocks=clocks.swapped(matter.clocks, longer))
