"""The hall: what a window's clerk presses, the machine that gives out numbers, the screen on the wall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.intake.handlers import hall
from services.intake.model.window import PRIORITIES, SERVICES, Ticket
from services.intake.pages.base import pages
from services.intake.rules import hall as rules
from services.intake.rules.readiness import gaps
from services.intake.store import Stores
from shared.errors import Forbidden, Problem, Refused
from shared.web import caller, cause, here, needs, public, site

DESK = ("clerk", "guide", "dispatcher", "director", "petition_officer")


@pages.get("/hall")
@needs(*DESK)
def counter() -> ResponseReturnValue:
    """The clerk's screen: whom to call, who is here, who waits."""
    return _desk(request.args.get("window", ""))


@pages.post("/hall/tickets")
@needs(*DESK)
def take() -> ResponseReturnValue:
    """Give out a number; the paper shows only the number and how many wait."""
    try:
        service, first = request.form.get("service", ""), request.form.get("priority", "")
        if service not in SERVICES or (first and first not in PRIORITIES):
            raise Refused("请选择要办什么")
        held = hall.take(here(Stores), caller().unit, service, bool(first), cause())
    except Problem as wrong:
        return make_response(_desk(request.form.get("window", ""), wrong.message), wrong.status)
    return _paper(held.state)


@pages.post("/hall/windows/<int:number>/call")
@needs(*DESK)
def call(number: int) -> ResponseReturnValue:
    """Call whoever is next."""
    return _done(str(number), lambda: hall.call_next(here(Stores), caller().unit, number, cause()))


@pages.post("/hall/tickets/<uuid:id>/<step>")
@needs(*DESK)
def act(id: Any, step: str) -> ResponseReturnValue:
    """What a clerk does with a number that was called."""
    window, service = request.form.get("window", ""), request.form.get("service", "")
    return _done(window, lambda: _step(str(id), step, service))


def _step(id: str, step: str, service: str) -> object:
    all, why = here(Stores), cause()
    if all.tickets.load(id).state.centre != caller().unit:
        raise Forbidden("只能操作本中心的窗口和叫号", code="other_unit")
    steps: dict[str, Callable[[], object]] = {
        "call": lambda: hall.again(all, id, why),
        "skip": lambda: all.tickets.change(id, why, rules.skip),
        "back": lambda: all.tickets.change(id, why, lambda ticket: rules.come_back(ticket, why.at)),
        "transfer": lambda: hall.transfer(all, id, service, why),
        "serve": lambda: hall.serve(all, id, "", why),
    }
    if step not in steps:
        raise Refused("没有这个操作")
    return steps[step]()


def _done(window: str, do: Callable[[], object]) -> ResponseReturnValue:
    try:
        do()
    except Problem as wrong:
        return make_response(_desk(window, wrong.message), wrong.status)
    return redirect(f"/intake/hall?window={window}" if window.isdigit() else "/intake/hall", 303)


def _desk(window: str, wrong: str = "") -> str:
    all, unit, now = here(Stores), caller().unit, site().clock()
    tickets = hall.of_day(all, unit, now)
    number = int(window) if window.isdigit() else 0
    windows = [one for one in hall.windows(all, unit) if one.open]
    mine = next((one for one in windows if one.number == number), None)
    return render_template(
        "intake/hall.html",
        windows=windows,
        mine=mine,
        here=[t for t in tickets if t.state == "called" and t.window == number],
        waiting=rules.next_for(mine, tickets) if mine else rules.order(tickets),
        skipped=[t for t in tickets if t.state == "skipped"],
        services=SERVICES,
        priorities=PRIORITIES,
        duty=hall.leading(all, unit, now),
        gaps=gaps(hall.centre(unit)[1], windows, now),
        wrong=wrong,
        unit=unit,
    )


def _paper(ticket: Ticket) -> str:
    waiting = rules.order(hall.of_day(here(Stores), ticket.centre, site().clock()))
    same = [one for one in waiting if one.service == ticket.service]
    ahead = next((n for n, one in enumerate(same) if one.ticket_id == ticket.ticket_id), 0)
    name = hall.centre(ticket.centre)[0]
    return render_template(
        "intake/ticket.html", ticket=ticket, ahead=ahead, centre=name, service=SERVICES[ticket.service]
    )


@pages.get("/screen/<unit>")
@public
def screen(unit: str) -> ResponseReturnValue:
    """The screen on the wall: numbers and windows, read out to who cannot see it."""
    wall = hall.wall(here(Stores), unit, site().clock())
    part = "intake/screen_part.html" if request.headers.get("HX-Request") else "intake/screen.html"
    return render_template(part, wall=wall, services=SERVICES)
