"""The hall: windows, numbers to wait by, who is called, and who leads today."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.intake.model.reception import DutyDay
from services.intake.model.window import SERVICES, Ticket, Window
from services.intake.rules import hall, receiving
from services.intake.rules.promises import office_hours, promises
from services.intake.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.clock import local
from shared.decision import SYSTEM, Cause
from shared.errors import Illegal, NotFound, Refused
from shared.profile import profile

CENTRES = ("centre", "people_committee", "village_studio", "governance_centre")
SHOWN = 8  # numbers on the screen
MOST = 2_000  # numbers of a day that one look takes in


def today(at: datetime) -> str:
    """The day on the wall."""
    return local(at).date().isoformat()


def centre(unit: str) -> tuple[str, str]:
    """A centre's name and region. Raises NotFound for what is no centre."""
    found = profile().all_units.get(unit)
    if found is None or found.kind not in CENTRES:
        raise NotFound("没有这个中心", code="centre_not_found")
    return found.name, found.region


def centre_with(module: str, unit: str) -> tuple[str, str]:
    """A centre's name and region. Raises NotFound for no centre, and for one that goes without the module."""
    found = centre(unit)
    if not profile().modules.on(module, unit):
        raise NotFound(f"{found[0]}没有启用这一项", code="module_off")
    return found


def arrange(all: Stores, unit: str, number: int, given: Window, cause: Cause) -> Held[Window]:
    """Set a window up, or arrange it anew."""
    id = window_id(unit, number)
    made = hall.arrange(replace(given, window_id=id, checked_at=cause.at))
    return all.windows.open(id, cause, lambda state: None if hall.is_same(state, made.state) else made)


def window_id(unit: str, number: int) -> str:
    """The same number at the same centre is the same window."""
    return ids.derived("window", unit, str(number))


def close(all: Stores, unit: str, number: int, cause: Cause) -> Held[Window]:
    """A window is no longer used."""
    return all.windows.change(window_id(unit, number), cause, hall.close)


def windows(all: Stores, unit: str) -> list[Window]:
    """The windows of a centre by number."""
    return sorted((held.state for held in all.windows.having(centre=unit)), key=lambda w: w.number)


def nearest(all: Stores, region: str, service: str) -> Window | None:
    """The nearest window at which something can be done: of this region, of those above, or anywhere."""
    offering = [h.state for h in all.windows.inside("", MOST, "number") if h.state.open]
    offering = [window for window in offering if service in window.services]
    return max(
        offering,
        key=lambda w: (_shared(w.region, region), region.startswith(w.region), -w.number),
        default=None,
    )


def _shared(one: str, other: str) -> int:
    return next((n for n in (17, 15, 12, 9, 6) if one[:n] == other[:n] and len(one) >= n <= len(other)), 0)


def take(all: Stores, unit: str, service: str, priority: bool, cause: Cause) -> Held[Ticket]:
    """Draw a number. Raises Refused, naming the nearest place that offers it, when this one does not."""
    name, region = centre(unit)
    if not hall.offering(windows(all, unit), service):
        other = nearest(all, region, service)
        where = f"，{centre(other.centre)[0]}{other.number}号窗口可以办" if other else "，请问导办员"
        said = f"{name}没有窗口办“{SERVICES[service]}”{where}"
        near = other.centre if other else None
        raise Refused(said, code="not_offered", fields={"service": [said]}, nearest=near)
    day = today(cause.at)
    id = ids.derived("ticket", unit, cause.key) if cause.key else ids.new()
    if earlier := all.tickets.find(id):
        return all.tickets.open(earlier.id, cause, lambda state: None)
    number = all.numbers.take(f"ticket-{unit}-{day}-{service}")
    ticket = Ticket(
        ticket_id=id,
        centre=unit,
        region=region,
        day=day,
        service=service,
        number=number,
        taken_at=cause.at,
        waits_since=cause.at,
        priority=priority,
    )
    return all.tickets.open(id, cause, lambda state: None if state else hall.take(ticket))


def of_day(all: Stores, unit: str, at: datetime) -> list[Ticket]:
    """Today's numbers of a centre. Yesterday's are gone by themselves: each day begins with 1."""
    found = all.tickets.inside(centre(unit)[1], MOST, "taken_at", centre=unit, day=today(at))
    return [held.state for held in found]


def call_next(all: Stores, unit: str, number: int, cause: Cause) -> Held[Ticket]:
    """Call whoever is next for a window. Two windows at once never get the same.

    Raises NotFound when nobody waits for it.
    """
    window = all.windows.load(window_id(unit, number)).state
    for ticket in hall.next_for(window, of_day(all, unit, cause.at)):
        try:
            return all.tickets.change(
                ticket.ticket_id, cause, lambda state: hall.call(_fresh(state), window, cause.at)
            )
        except Illegal:
            continue  # another window was faster
    raise NotFound("现在没有人在等", code="nobody_waits")


def _fresh(ticket: Ticket) -> Ticket:
    """Raises Illegal when it was called meanwhile."""
    if ticket.state != "waiting":
        raise Illegal("这个号不在等候", state=ticket.state, allowed=[])
    return ticket


def again(all: Stores, ticket_id: str, cause: Cause) -> Held[Ticket]:
    """Call a number once more to the window it was called to."""
    held = all.tickets.load(ticket_id)
    window = all.windows.find(window_id(held.state.centre, held.state.window))
    if window is None:
        raise Illegal("这个号还没有叫到", state=held.state.state, allowed=["call"])
    return all.tickets.change(ticket_id, cause, lambda state: hall.call(state, window.state, cause.at))


def transfer(all: Stores, ticket_id: str, service: str, cause: Cause) -> Held[Ticket]:
    """On to another service of the same centre."""
    offered = windows(all, all.tickets.load(ticket_id).state.centre)
    return all.tickets.change(ticket_id, cause, lambda state: hall.transfer(state, service, offered))


def serve(all: Stores, ticket_id: str, reg_id: str, cause: Cause) -> Held[Ticket]:
    """Who held the number was received."""
    if reg_id:
        all.registrations.load(reg_id)
    return all.tickets.change(ticket_id, cause, lambda state: hall.serve(state, reg_id, cause.at))


def lead(all: Stores, unit: str, day: str, leader: str, title: str, cause: Cause) -> Held[DutyDay]:
    """Say who leads at a centre on a day."""
    duty = _duty(unit, day)
    return all.duties.open(duty.duty_id, cause, lambda state: receiving.lead(state or duty, leader, title))


def _duty(unit: str, day: str) -> DutyDay:
    id = ids.derived("duty", unit, day)
    return DutyDay(duty_id=id, region=centre(unit)[1], centre=unit, day=day)


def leading(all: Stores, unit: str, at: datetime) -> DutyDay | None:
    """Who leads at a centre today, if anybody was named."""
    held = all.duties.find(ids.derived("duty", unit, today(at)))
    return held.state if held and held.state.leader else None


def find_gaps(all: Stores, at: datetime) -> int:
    """From noon on: which centres have nobody for tomorrow; each is told once."""
    county = profile()
    alarm = county.duty.gap_alarm
    if county.duty.leader_rota != "daily" or local(at).strftime("%H:%M") < str(alarm)[:5]:
        return 0
    day = receiving.next_day(today(at))
    return sum(_gap(all, unit.id, day, at) for unit in county.units if unit.kind == "centre")


def _gap(all: Stores, unit: str, day: str, at: datetime) -> bool:
    duty = _duty(unit, day)
    held = all.duties.find(duty.duty_id)
    if held and (held.state.leader or held.state.gap_found):
        return False
    cause = Cause(at=at, actor=SYSTEM)
    all.duties.open(duty.duty_id, cause, lambda state: receiving.find_gap(state or duty))
    return True


def outside(all: Stores, unit: str, given: str) -> bool:
    """Whether a registration names a window that its centre does not have, or that is closed (IN-02)."""
    if not given.isdigit():
        return bool(given)
    found = all.windows.find(window_id(unit, int(given)))
    return found is None or not found.state.open


def wall(all: Stores, unit: str, at: datetime) -> dict[str, Any]:
    """The public screen of a centre: who is called where, how many wait for what. Nobody's name."""
    name = centre_with("public_board", unit)[0]
    tickets = of_day(all, unit, at)
    called = sorted(
        (t for t in tickets if t.state == "called"), key=lambda t: t.called_at or at, reverse=True
    )
    waiting = hall.order(tickets)
    return {
        "centre": unit,
        "name": name,
        "called": [{"label": t.label, "window": t.window} for t in called[:SHOWN]],
        "waiting": dict(Counter(t.service for t in waiting)),
        "next": [t.label for t in waiting[:SHOWN]],
    }


def about(all: Stores, unit: str, at: datetime) -> dict[str, Any]:
    """What everybody may read about a centre: services, hours, who leads today, how matters go."""
    county, (name, region) = profile(), centre(unit)
    offered = [window for window in windows(all, unit) if window.open]
    return {
        "name": name,
        "region": region,
        "kiosk": county.modules.on("kiosk", unit),
        "slogan": county.labels.get("slogan", ""),
        "hours": office_hours(county.duty_hours),
        "duty": leading(all, unit, at),
        "windows": offered,
        "promises": promises(county.limits),
        "duties": [(role.title, role.duty) for role in county.roles.values() if role.duty],
    }
