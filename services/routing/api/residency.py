"""Residency over HTTP (入驻): who of a department sits where; one address per order."""

from __future__ import annotations

from collections.abc import Callable
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


def _order(
    path: str, name: str, rule: Callable[..., Any], roles: tuple[str, ...], about: str, body: Any = None
) -> None:
    """One address for an order about the seats of a unit at a centre, with a body or without."""

    def bare(department: str, centre: str) -> Any:
        return ordered(department, lambda found, by: rule(found, centre, by))

    def with_body(asked: Any, department: str, centre: str) -> Any:
        said = mine(str(asked["case_id"])).id if body is ask.CaseRequest else asked
        return ordered(department, lambda found, by: rule(found, centre, said, by))

    view: Any = with_body if body else bare
    view.__name__, view.__doc__ = name, about
    view = seats.response(200, DepartmentAnswer)(view)
    view = needs(*roles)(seats.arguments(body)(view) if body else view)
    seats.route(f"/departments/<department>/residencies/<centre>/{path}", methods=["POST"])(view)


CALLERS = (*ARRANGE, "guide", "clerk")
_order("approve", "approve_seat", residency.approve, AGREE, "A second person agrees (批准入驻).")
_order(
    "change", "change_seat", residency.change, ARRANGE,
    "Windows, categories, staff, schedule or mode are different from now on.", ask.ChangeSeatRequest,
)  # fmt: skip
_order("leaves", "leave", residency.leave, (*ARRANGE, "unit_head"),
       "Somebody seconded is away, perhaps with a stand-in (请假、顶班).", ask.LeaveRequest)  # fmt: skip
_order("call", "call", residency.call, CALLERS,
       "Call a unit to the centre for a case (随叫随驻).", ask.CaseRequest)  # fmt: skip
_order("release", "release", residency.release, CALLERS, "Let a called unit go.", ask.CaseRequest)
_order(
    "suspend",
    "suspend_seat",
    residency.suspend,
    ARRANGE,
    "The seats stay empty for a while.",
    ask.PauseRequest,
)
_order("resume", "resume_seat", residency.resume, ARRANGE, "The seats are taken again.")
_order("end", "end_seat", residency.end, ARRANGE, "The unit has no seats there any more.", ask.PauseRequest)
