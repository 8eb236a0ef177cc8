"""Writing minutes beside or after a sitting."""

from __future__ import annotations

from dataclasses import replace

from services.mediation.model import Matter
from services.mediation.model.commands import WriteMinutes
from services.mediation.rules import minutes, sessions
from services.mediation.rules.by import By
from services.mediation.rules.step import entered, moved, noted
from shared.contracts.base import Event
from shared.decision import Decision
from shared.errors import NotFound, Refused


def write_minutes(matter: Matter, session_id: str, ask: WriteMinutes, by: By) -> Decision[Matter]:
    """Minutes are put on record; a round that did not count only because they were missing counts now."""
    entered(matter, "write_minutes", by)
    before = matter.session(session_id)
    if before is None:
        raise NotFound("没有找到这次调解", code="session_not_found")
    if before.started_at is None:
        raise Refused("没有开成的调解没有笔录", code="session_not_started")
    after = replace(matter, sessions=sessions.swapped(matter, minutes.written(matter, before, ask, by)))
    events: list[Event] = [noted(matter, "minutes.written", session_id)]
    for waiting in (each for each in after.sessions if each.counts_reason == "minutes_missing"):
        session = sessions.judged(after, waiting, by)
        after = replace(after, sessions=sessions.swapped(after, session))
        events += [sessions.failed(after, session)] if session.counts_as_attempt else []
    return moved(after, by, *events, reason="写调解笔录")
