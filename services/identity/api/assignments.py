"""Tasks and guidance over HTTP."""

from __future__ import annotations

from typing import Any

from services.identity.handlers import assignments
from services.identity.handlers.units import unit_id
from services.identity.model.assignment import GIVERS, Assignment
from services.identity.schemas import assignments as schemas
from services.identity.store import Stores
from shared.aggregate import Held
from shared.calendar import day_of
from shared.errors import Forbidden
from shared.web import answer, blueprint, caller, cause, here, in_scope, needs, site

blp = blueprint("assignments", "Tasks and guidance from higher bodies")


@blp.route("/assignments", methods=["POST"])
@needs(*GIVERS)
@blp.arguments(schemas.AssignmentRequest)
@blp.response(201, schemas.AssignmentAnswer)
def give(asked: dict[str, Any]) -> Any:
    """Give a unit of one's own region a task with owner and day, or guidance to be acknowledged."""
    in_scope(here(Stores).units.load(unit_id(asked["unit"])).state.region)
    unit = asked.pop("unit")
    held = assignments.give(here(Stores), unit, cause(), **asked)
    return answer(held, _shown(held))


@blp.route("/assignments")
@needs()
@blp.arguments(schemas.AssignmentQuery, location="query")
@blp.response(200, schemas.AssignmentList)
def listed(asked: dict[str, Any]) -> Any:
    """What a unit was given: one's own, or one of one's region for those who give."""
    who, unit = caller(), asked["unit"] or caller().unit
    if unit != who.unit:
        if not set(who.roles) & set(GIVERS):
            raise Forbidden("只能看本单位的", code="role_missing")
        in_scope(here(Stores).units.load(unit_id(unit)).state.region)
    found = [held for held in here(Stores).assignments.of(unit) if asked["tag"] in ("", held.state.tag)]
    return {"items": [{"id": held.id, "version": held.version} | _shown(held) for held in found]}


@blp.route("/assignments/<uuid:assignment_id>/acknowledge", methods=["POST"])
@needs()
@blp.response(200, schemas.AssignmentAnswer)
def acknowledge(assignment_id: Any) -> Any:
    """The unit has read it."""
    held = assignments.acknowledge(here(Stores), str(assignment_id), cause())
    return answer(held, _shown(held))


@blp.route("/assignments/<uuid:assignment_id>/done", methods=["POST"])
@needs()
@blp.response(200, schemas.AssignmentAnswer)
def done(assignment_id: Any) -> Any:
    """The unit reports it done."""
    held = assignments.done(here(Stores), str(assignment_id), cause())
    return answer(held, _shown(held))


def _shown(held: Held[Assignment]) -> dict[str, Any]:
    a = held.state
    late = bool(a.due_on) and a.done_at is None and str(day_of(site().clock())) > a.due_on
    return {
        "kind": a.kind, "from_unit": a.from_unit, "unit": a.unit, "given_at": a.given_at, "due_on": a.due_on,
        "owner": a.owner, "acknowledged_at": a.acknowledged_at, "done_at": a.done_at, "late": late,
        "tag": a.tag, "text": assignments.text(here(Stores), held),
    }  # fmt: skip
