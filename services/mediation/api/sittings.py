"""Addresses of sittings: fixing, opening, ending, and their minutes."""

from __future__ import annotations

from typing import Any

from services.mediation.api.reach import TEXTS, WORK, act, scoped
from services.mediation.handlers import acting, answers
from services.mediation.model import commands as asks
from services.mediation.rules import recording, scheduling, sessions
from services.mediation.schemas import given, sitting
from services.mediation.store import Stores
from shared.web import answer, blueprint, cause, here, needs, record

blp = blueprint("sittings", "Sittings of a matter and their minutes")


@blp.route("/matters/<uuid:mm_id>/sessions", methods=["POST"])
@needs(*WORK)
@blp.arguments(sitting.ScheduleSchema)
@blp.response(200, given.MatterAnswer)
def schedule(ask: asks.Schedule, mm_id: Any) -> Any:
    """Fix a sitting; the answer names it in `session_id`."""
    why, held = cause(), scoped(str(mm_id))
    id = acting.session_id(held.id, why, len(held.state.sessions))
    return act(mm_id, scheduling.schedule, id, ask, why=why, session_id=id)


@blp.route("/matters/<uuid:mm_id>/sessions/<uuid:session_id>/start", methods=["POST"])
@needs(*WORK)
@blp.arguments(sitting.StartSchema)
@blp.response(200, given.MatterAnswer)
def start(ask: asks.Start, mm_id: Any, session_id: Any) -> Any:
    """Open the sitting."""
    return act(mm_id, sessions.start, str(session_id), ask)


@blp.route("/matters/<uuid:mm_id>/sessions/<uuid:session_id>/hold", methods=["POST"])
@needs(*WORK)
@blp.arguments(sitting.HoldSchema)
@blp.response(200, given.MatterAnswer)
def hold(ask: asks.Hold, mm_id: Any, session_id: Any) -> Any:
    """Say how the sitting ended; whether it counts is computed, not given."""
    return act(mm_id, sessions.hold, str(session_id), ask)


@blp.route("/matters/<uuid:mm_id>/sessions/<uuid:session_id>/minutes", methods=["POST"])
@needs(*WORK)
@blp.arguments(sitting.MinutesSchema)
@blp.response(200, given.MatterAnswer)
def write_minutes(ask: asks.WriteMinutes, mm_id: Any, session_id: Any) -> Any:
    """Put minutes on record; earlier versions stay."""
    return act(mm_id, recording.write_minutes, str(session_id), ask)


@blp.route("/matters/<uuid:mm_id>/sessions/<uuid:session_id>/minutes")
@needs(*TEXTS)
@blp.response(200, given.MinutesAnswer)
def minutes(mm_id: Any, session_id: Any) -> Any:
    """The minutes in words; that they were read is kept."""
    all, held = here(Stores), scoped(str(mm_id))
    found = answers.minutes_of(held.state, str(session_id), all.sealer)
    record(all.audit, "minutes.read", f"matter/{held.id}", purpose="handling")
    return answer(held, found)
