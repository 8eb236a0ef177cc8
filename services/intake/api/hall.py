"""The hall over HTTP: windows, queue tickets, the screen, and who leads on a day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.intake.handlers import hall as handling
from services.intake.model.window import Ticket, Window
from services.intake.rules import hall as rules
from services.intake.rules.readiness import gaps
from services.intake.schemas import hall as bodies
from services.intake.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.errors import Forbidden, NotFound, Refused
from shared.web import answer, blueprint, caller, cause, here, in_scope, needs, public, site

DESK = ("clerk", "guide", "dispatcher", "director", "petition_officer", "mediator", "unit_staff")
ARRANGE = ("director", "exec_deputy", "deputy_fulltime", "dispatcher", "sys_admin")
blp = blueprint("hall", "The reception hall: windows, numbers to wait by, who leads today")


def _own(unit: str) -> None:
    """Raises Forbidden for another centre than the caller's, but for who arranges for the region."""
    _, region = handling.centre(unit)
    in_scope(region)
    if caller().unit != unit and not set(caller().roles) & set(ARRANGE):
        raise Forbidden("只能操作本中心的窗口和叫号", code="other_unit")


@blp.route("/centres/<unit>/hall")
@public
@blp.response(200, bodies.HallAnswer)
def hall(unit: str) -> Any:
    """A centre's windows, what is done at each, and the leader on duty today."""
    all, now = here(Stores), site().clock()
    name, region = handling.centre(unit)
    duty, windows = handling.leading(all, unit, now), handling.windows(all, unit)
    return {
        "centre": unit,
        "name": name,
        "duty_leader": duty.leader if duty else None,
        "duty_title": duty.title if duty else None,
        "windows": [vars(window) for window in windows],
        "gaps": gaps(region, windows, now),
    }


@blp.route("/centres/<unit>/windows/<int:number>", methods=["PUT"])
@needs(*ARRANGE)
@blp.arguments(bodies.WindowBody)
@blp.response(200, bodies.WindowAnswer)
def arrange(body: dict[str, Any], unit: str, number: int) -> Any:
    """Set a window up or arrange it anew; a centre may have any number of them."""
    _own(unit)
    if not 1 <= number <= 999:
        raise Refused("窗口号应为1到999", code="invalid_fields", fields={"number": ["应为1到999"]})
    region = handling.centre(unit)[1]
    window = Window(
        window_id="", centre=unit, region=region, number=number, zone=body["zone"],
        services=tuple(dict.fromkeys(body["services"])), title=body["title"],
    )  # fmt: skip
    held = handling.arrange(here(Stores), unit, number, window, cause())
    return answer(held, vars(held.state))


@blp.route("/centres/<unit>/windows/<int:number>", methods=["DELETE"])
@needs(*ARRANGE)
@blp.response(200, bodies.WindowAnswer)
def close(unit: str, number: int) -> Any:
    """A window is no longer used."""
    _own(unit)
    held = handling.close(here(Stores), unit, number, cause())
    return answer(held, vars(held.state))


@blp.route("/centres/<unit>/tickets", methods=["POST"])
@needs(*DESK, "kiosk")
@blp.arguments(bodies.TicketBody)
@blp.response(201, bodies.TicketAnswer)
def take(body: dict[str, Any], unit: str) -> Any:
    """Draw a number; who is old, disabled, pregnant or with an infant goes first."""
    _own(unit)
    if "kiosk" in caller().roles:
        handling.centre_with("kiosk", unit)
    held = handling.take(here(Stores), unit, body["service"], bool(body["priority"]), cause())
    return answer(held, _ticket(held) | {"ahead": _ahead(held.state)}, 201)


@blp.route("/centres/<unit>/screen")
@public
@blp.response(200, bodies.ScreenAnswer)
def screen(unit: str) -> Any:
    """What hangs on the wall: numbers and windows, nobody's name."""
    return handling.wall(here(Stores), unit, site().clock())


@blp.route("/centres/<unit>/windows/<int:number>/call", methods=["POST"])
@needs(*DESK)
@blp.response(200, bodies.TicketAnswer)
def call(unit: str, number: int) -> Any:
    """Call whoever is next for this window; 404 when nobody waits."""
    _own(unit)
    held = handling.call_next(here(Stores), unit, number, cause())
    return answer(held, _ticket(held))


def _own_ticket(id: Any) -> Held[Ticket]:
    held = here(Stores).tickets.load(str(id))
    _own(held.state.centre)
    return held


@blp.route("/tickets/<uuid:id>/call", methods=["POST"])
@needs(*DESK)
@blp.response(200, bodies.TicketAnswer)
def again(id: Any) -> Any:
    """Call a number once more."""
    _own_ticket(id)
    held = handling.again(here(Stores), str(id), cause())
    return answer(held, _ticket(held))


@blp.route("/tickets/<uuid:id>/skip", methods=["POST"])
@needs(*DESK)
@blp.response(200, bodies.TicketAnswer)
def skip(id: Any) -> Any:
    """A number was called and nobody came."""
    _own_ticket(id)
    held = here(Stores).tickets.change(str(id), cause(), rules.skip)
    return answer(held, _ticket(held))


@blp.route("/tickets/<uuid:id>/back", methods=["POST"])
@needs(*DESK)
@blp.response(200, bodies.TicketAnswer)
def back(id: Any) -> Any:
    """Who was passed over came after all and waits again."""
    _own_ticket(id)
    why = cause()
    held = here(Stores).tickets.change(str(id), why, lambda ticket: rules.come_back(ticket, why.at))
    return answer(held, _ticket(held))


@blp.route("/tickets/<uuid:id>/transfer", methods=["POST"])
@needs(*DESK)
@blp.arguments(bodies.ServiceBody)
@blp.response(200, bodies.TicketAnswer)
def transfer(body: dict[str, str], id: Any) -> Any:
    """On to another service with the same number, keeping the place in line."""
    _own_ticket(id)
    held = handling.transfer(here(Stores), str(id), body["service"], cause())
    return answer(held, _ticket(held))


@blp.route("/tickets/<uuid:id>/serve", methods=["POST"])
@needs(*DESK)
@blp.arguments(bodies.ServedBody)
@blp.response(200, bodies.TicketAnswer)
def serve(body: dict[str, Any], id: Any) -> Any:
    """Who held the number was received; visits and disputes share one queue and one record."""
    _own_ticket(id)
    reg_id = str(body["reg_id"]) if body["reg_id"] else ""
    held = handling.serve(here(Stores), str(id), reg_id, cause())
    return answer(held, _ticket(held))


@blp.route("/centres/<unit>/duty/<day>", methods=["PUT"])
@needs(*ARRANGE)
@blp.arguments(bodies.DutyBody)
@blp.response(200, bodies.DutyAnswer)
def lead(body: dict[str, str], unit: str, day: str) -> Any:
    """Say which leader receives residents at a centre on a day."""
    _own(unit)
    _check_day(day)
    held = handling.lead(here(Stores), unit, day, body["leader"], body["title"], cause())
    return answer(held, vars(held.state))


@blp.route("/centres/<unit>/duty/<day>")
@needs()
@blp.response(200, bodies.DutyAnswer)
def duty(unit: str, day: str) -> Any:
    """Who leads at a centre on a day; a gap that was found says so."""
    _check_day(day)
    held = here(Stores).duties.find(ids.derived("duty", unit, day))
    if held is None:
        raise NotFound("这一天还没有排班", code="duty_not_found")
    return answer(held, vars(held.state))


def _check_day(day: str) -> None:
    try:
        datetime.strptime(day, "%Y-%m-%d")
    except ValueError:
        raise Refused("日期应写成 2026-03-10", code="invalid_fields", fields={"day": ["日期不对"]}) from None


def _ticket(held: Held[Ticket]) -> dict[str, Any]:
    return vars(held.state) | {"label": held.state.label}


def _ahead(ticket: Ticket) -> int:
    waiting = rules.order(handling.of_day(here(Stores), ticket.centre, site().clock()))
    mine = [t for t in waiting if t.service == ticket.service]
    return next((n for n, t in enumerate(mine) if t.ticket_id == ticket.ticket_id), 0)
