"""Looking: work lists, one case, its timeline, and the hand-overs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.routing.api import shown
from services.routing.api.scope import READERS, limits, mine
from services.routing.model import Stage, State
from services.routing.model.delivery import OUTSTANDING
from services.routing.schemas.answers import (
    CaseAnswer,
    CaseList,
    DeliveryList,
    Timeline,
)
from services.routing.schemas.requests import CaseQuery, DeliveryQuery
from services.routing.store import DeliveryFilter, Stores
from shared.place import Place, place
from shared.web import answer, blueprint, caller, here, needs, site

reading = blueprint("cases", "Cases: lists, one case, its timeline")
handovers = blueprint("deliveries", "Hand-overs to departments")


@reading.route("/cases")
@needs(*READERS)
@reading.arguments(CaseQuery, location="query")
@reading.response(200, CaseList)
def cases(asked: dict[str, Any]) -> Any:
    """Cases, the last registered first; with `order=due` the work list: open ones, first due first."""
    stores, now = here(Stores), site().clock()
    wanted = replace(
        limits(asked["region"], asked["unit"]),
        states=tuple(State(state) for state in asked["state"]),
        tier=asked["tier"],
        category=asked["category"],
        case_no=asked["case_no"],
        late_at=now if asked["late"] else None,
        order=asked["order"],
    )
    found = stores.cases.listed(wanted, place(asked["after"]), asked["limit"])
    last = found[-1].state if len(found) == asked["limit"] else None
    at = last and (last.first_due if asked["order"] == "due" else last.registered_at)
    following = str(Place(at=at, id=found[-1].id)) if at else None
    return {"items": [shown.row(held, now) for held in found], "next": following}


@reading.route("/cases/<uuid:case_id>")
@needs(*READERS)
@reading.response(200, CaseAnswer)
def case(case_id: Any) -> Any:
    """One case with its clocks, its suggestion with reasons, and what the caller may do with it."""
    held = mine(str(case_id))
    body = shown.full(held.state, caller().roles, site().clock(), here(Stores).county)
    return answer(held, body)


@reading.route("/cases/<uuid:case_id>/timeline")
@needs(*READERS)
@reading.response(200, Timeline)
def timeline(case_id: Any) -> Any:
    """Everything that happened to a case: who by post, when, why, and what was told."""
    held = mine(str(case_id))
    return {"items": [shown.step(entry) for entry in here(Stores).cases.timeline(held.id)]}


@handovers.route("/deliveries")
@needs("director", "dispatcher", "duty_leader", "supervisor", "unit_head", "unit_staff", "service")
@handovers.arguments(DeliveryQuery, location="query")
@handovers.response(200, DeliveryList)
def deliveries(asked: dict[str, Any]) -> Any:
    """Hand-overs that departments still owe an answer to, the longest waiting first."""
    allowed = limits(asked["region"], asked["department"])
    wanted = DeliveryFilter(
        region=allowed.region,
        department=allowed.unit,
        stages=tuple(Stage(stage) for stage in asked["stage"]) or OUTSTANDING,
        case_id=asked["case_id"],
        not_about=allowed.not_about,
        protected_too=allowed.protected_too,
    )
    found = here(Stores).deliveries.listed(wanted, place(asked["after"]), asked["limit"])
    last = found[-1] if len(found) == asked["limit"] else None
    following = str(Place(at=last.state.queued_at, id=last.id)) if last else None
    return {"items": [shown.handover(held) for held in found], "next": following}
