"""Residency over HTTP (入驻): who of a department sits where; one address per order."""

from __future__ import annotations

from typing import Any

from services.routing.api.departments import SEE, known_region, ordered, shown
from services.routing.api.scope import mine
from services.routing.handlers import departments as handlers
from services.routing.model import department_asks as asks
from services.routing.rules import residency
from services.routing.schemas import residency as ask
from services.routing.schemas.departments import DepartmentAnswer
from services.routing.store import Stores
from shared.web import answer, blueprint, caller, cause, here, needs, site

seats = blueprint("residency", "Departments: who of them sits where")

ARRANGE = ("director", "dispatcher")
AGREE = ("director",)


@seats.route("/residents")
@needs(*SEE)
@seats.arguments(ask.PresentQuery, location="query")
@seats.response(200, ask.PresentList)
def present(asked: dict[str, Any]) -> Any:
    """Who is to be found at a centre at an instant; it says nothing about who is competent."""
    at = asked["at"] or site().clock()
    found = [
        (held.id, each)
        for held in here(Stores).departments.everyone()
        if caller().sees(held.state.region)
        for each in held.state.residencies
        if each.centre == asked["centre"]
        and residency.is_there(each, at)
        and (not each.categories or asked.get("category", each.categories[0]) in each.categories)
    ]
    return {
        "items": [
            {"department": id, "mode": r.mode, "windows": r.windows, "people": residency.people_there(r, at)}
            for id, r in found
        ]
    }


@seats.route("/departments/<department>/residencies", methods=["POST"])
@needs(*ARRANGE)
@seats.arguments(ask.SeatRequest)
@seats.response(201, DepartmentAnswer)
def ask_seat(asked: asks.AskSeat, department: str) -> Any:
    """A unit is to take seats at a centre (申请入驻)."""
    known_region(department)
    held = handlers.ask_seat(here(Stores), department, cause(), asked)
    return answer(held, shown(held))


@seats.route("/departments/<department>/residencies/<centre>/approve", methods=["POST"])
@needs(*AGREE)
@seats.response(200, DepartmentAnswer)
def approve_seat(department: str, centre: str) -> Any:
    """A second person agrees (批准入驻)."""
    return ordered(department, lambda found, by: residency.approve(found, centre, by))


@seats.route("/departments/<department>/residencies/<centre>/change", methods=["POST"])
@needs(*ARRANGE)
@seats.arguments(ask.ChangeSeatRequest)
@seats.response(200, DepartmentAnswer)
def change_seat(asked: asks.ChangeSeat, department: str, centre: str) -> Any:
    """Windows, categories, staff, schedule or mode are different from now on."""
    return ordered(department, lambda found, by: residency.change(found, centre, asked, by))


@seats.route("/departments/<department>/residencies/<centre>/leaves", methods=["POST"])
@needs(*ARRANGE, "unit_head")
@seats.arguments(ask.LeaveRequest)
@seats.response(200, DepartmentAnswer)
def leave(asked: asks.AskLeave, department: str, centre: str) -> Any:
    """Somebody seconded is away, perhaps with a stand-in (请假、顶班)."""
    return ordered(department, lambda found, by: residency.leave(found, centre, asked, by))


@seats.route("/departments/<department>/residencies/<centre>/call", methods=["POST"])
@needs(*ARRANGE, "guide", "clerk")
@seats.arguments(ask.CaseRequest)
@seats.response(200, DepartmentAnswer)
def call(asked: dict[str, Any], department: str, centre: str) -> Any:
    """Call a unit to the centre for a case (随叫随驻)."""
    return _about_case(residency.call, asked, department, centre)


@seats.route("/departments/<department>/residencies/<centre>/release", methods=["POST"])
@needs(*ARRANGE, "guide", "clerk")
@seats.arguments(ask.CaseRequest)
@seats.response(200, DepartmentAnswer)
def release(asked: dict[str, Any], department: str, centre: str) -> Any:
    """Let a called unit go."""
    return _about_case(residency.release, asked, department, centre)


def _about_case(rule: Any, asked: dict[str, Any], department: str, centre: str) -> Any:
    case_id = mine(str(asked["case_id"])).id
    return ordered(department, lambda found, by: rule(found, centre, case_id, by))


@seats.route("/departments/<department>/residencies/<centre>/suspend", methods=["POST"])
@needs(*ARRANGE)
@seats.arguments(ask.PauseRequest)
@seats.response(200, DepartmentAnswer)
def suspend_seat(asked: asks.Pause, department: str, centre: str) -> Any:
    """The seats stay empty for a while."""
    return ordered(department, lambda found, by: residency.suspend(found, centre, asked, by))


@seats.route("/departments/<department>/residencies/<centre>/resume", methods=["POST"])
@needs(*ARRANGE)
@seats.response(200, DepartmentAnswer)
def resume_seat(department: str, centre: str) -> Any:
    """The seats are taken again."""
    return ordered(department, lambda found, by: residency.resume(found, centre, by))


@seats.route("/departments/<department>/residencies/<centre>/end", methods=["POST"])
@needs(*ARRANGE)
@seats.arguments(ask.PauseRequest)
@seats.response(200, DepartmentAnswer)
def end_seat(asked: asks.Pause, department: str, centre: str) -> Any:
    """The unit has no seats there any more."""
    return ordered(department, lambda found, by: residency.end(found, centre, asked, by))
