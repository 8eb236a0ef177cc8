"""How a matter ends without an agreement: by hand, by time, or because the case moved away."""

from __future__ import annotations

from datetime import datetime

from services.mediation.model import Matter, State
from services.mediation.model.commands import Close
from services.mediation.model.states import WAITING
from services.mediation.rules import clocks
from services.mediation.rules.by import By
from services.mediation.rules.step import entered, moved, then
from shared.calendar import day_of
from shared.contracts.fields import MediationResult
from shared.contracts.mediation import MediationMatterClosed
from shared.decision import Decision
from shared.errors import Refused

MOVED_AWAY: dict[str, tuple[MediationResult, str]] = {  # state of the case → how its open matter ends
    "closed": ("withdrawn", "case_closed"),
    "referred_out": ("withdrawn", "case_referred_out"),
    "withdrawn": ("withdrawn", "case_withdrawn"),
    "not_accepted": ("withdrawn", "case_not_accepted"),
    "merged": ("withdrawn", "case_merged"),
}


def close(matter: Matter, ask: Close, by: By) -> Decision[Matter]:
    """A mediator ends the matter.

    Raises Refused unless the record is complete and the other routes were explained (人民调解法 art. 26).
    """
    entered(matter, "close", by)
    missing = incomplete(matter, ask)
    if missing:
        raise Refused("终止前还缺材料", code="closing_incomplete", missing=missing)
    return closed(matter, ask.result, by, reason=ask.reason, routes_shown=ask.routes_shown)


def incomplete(matter: Matter, ask: Close) -> list[str]:
    """What is missing of procedure (minutes, notice of routes) and of substance (each request answered)."""
    held = [session for session in matter.sessions if session.ended_at and session.started_at]
    missing = ["minutes"] if any(not session.minutes for session in held) else []
    if ask.result == "withdrawn":
        return missing
    routes = [] if ask.routes_shown or matter.routes_shown_at else ["routes_notice"]
    return missing + routes + ([] if ask.requests_answered else ["requests_answered"])


def closed(
    matter: Matter, result: MediationResult, by: By, *, reason: str, routes_shown: bool = False
) -> Decision[Matter]:
    """The matter ended with a result; its limits stop."""
    told = MediationMatterClosed(
        mm_id=matter.mm_id, case_id=matter.case_id, result=result, days=days(matter.opened_at, by.at)
    )
    return moved(
        matter,
        by,
        told,
        state=State.CLOSED,
        reason=f"调解结束：{result}",
        result=result,
        closed_at=by.at,
        close_reason=reason,
        clocks=clocks.stopped(matter.clocks, clocks.CLOSING, by),
        routes_shown_at=by.at if routes_shown else matter.routes_shown_at,
    )


def lapsed(decision: Decision[Matter], by: By) -> Decision[Matter]:
    """The decision, and the end of the matter with it when its limit has passed and nobody sits together."""
    after = decision.state
    if after.state in WAITING and clocks.is_over(after, by.at):
        return then(decision, closed(after, "expired", by, reason="limit_passed"))
    return decision


def case_moved(matter: Matter, state: str, from_tier: str | None, by: By) -> Decision[Matter] | None:
    """The case ended, or another tier took it: an open matter ends with it, one of another tier does not."""
    if matter.state is State.CLOSED:
        return None
    if from_tier is not None:
        risen = from_tier == matter.tier
        return closed(matter, "failed", by, reason="case_escalated") if risen else None
    result, reason = MOVED_AWAY[state]
    return closed(matter, result, by, reason=reason)


def days(first: datetime, last: datetime) -> int:
    """Days in the county between two instants."""
    return max((day_of(last) - day_of(first)).days, 0)
