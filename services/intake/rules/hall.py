"""Windows and queue tickets: who is called next, and what may happen to a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from services.intake.model.window import SERVICES, Ticket, Window
from services.intake.model.words import ZONES
from shared.contracts import hall
from shared.decision import Decision
from shared.errors import Illegal, Refused

MOST_CALLS = 3  # after so many a number that does not come is passed over
AHEAD = timedelta(
    minutes=20
)  # so much earlier than they came stand those who go first: nobody waits for ever


def arrange(window: Window) -> Decision[Window]:
    """A window as it is from now on. Raises Refused for an unknown zone or service."""
    faults: dict[str, list[str]] = {}
    if window.zone not in ZONES:
        faults["zone"] = [f"没有这个区。可用的有：{_listed(ZONES)}"]
    if unknown := [code for code in window.services if code not in SERVICES] or (not window.services):
        said = "请选择这个窗口办什么" if unknown is True else f"没有这项服务。可用的有：{_listed(SERVICES)}"
        faults["services"] = [said]
    if faults:
        raise Refused("窗口设置有误，请按提示修改", code="invalid_fields", fields=faults)
    told = hall.WindowArranged(
        window_id=window.window_id,
        centre=window.centre,
        number=window.number,
        zone=window.zone,
        services=window.services,
    )
    return Decision(state=window, events=(told,), reason="window_arranged")


def is_same(before: Window | None, after: Window) -> bool:
    """Whether nothing changes: said again on the same day, or by the same message."""
    if before is None or before.checked_at is None or after.checked_at is None:
        return before == after
    fresh = after.checked_at - before.checked_at < timedelta(days=1)
    return fresh and replace(after, checked_at=before.checked_at) == before


def _listed(codes: Mapping[str, str]) -> str:
    return "、".join(f"{code} {word}" for code, word in codes.items())


def close(window: Window) -> Decision[Window] | None:
    """A window that is no longer used."""
    if not window.open:
        return None
    told = hall.WindowClosed(window_id=window.window_id, centre=window.centre, number=window.number)
    return Decision(state=replace(window, open=False), events=(told,), reason="window_closed")


def offering(windows: Iterable[Window], service: str) -> list[Window]:
    """The open windows at which something can be done, by their numbers."""
    return sorted((w for w in windows if w.open and service in w.services), key=lambda w: w.number)


def take(ticket: Ticket) -> Decision[Ticket]:
    """Somebody draws a number."""
    told = hall.TicketTaken(
        ticket_id=ticket.ticket_id,
        centre=ticket.centre,
        service=ticket.service,
        number=ticket.number,
        priority=ticket.priority,
    )
    return Decision(state=ticket, events=(told,), reason="ticket_taken")


def order(tickets: Iterable[Ticket]) -> list[Ticket]:
    """Those who wait, in the order of being called: the old and the disabled as if they came earlier."""
    waiting = [ticket for ticket in tickets if ticket.state == "waiting"]
    return sorted(waiting, key=lambda t: (t.waits_since - (AHEAD if t.priority else timedelta()), t.number))


def next_for(window: Window, tickets: Iterable[Ticket]) -> list[Ticket]:
    """Whom a window may call, first first."""
    return [ticket for ticket in order(tickets) if ticket.service in window.services]


def call(ticket: Ticket, window: Window, now: datetime) -> Decision[Ticket]:
    """Call a number to a window, or call it again. Raises Illegal when it does not wait for that."""
    again = ticket.state == "called" and ticket.window == window.number
    if ticket.state != "waiting" and not again:
        raise Illegal("这个号不在等候", state=ticket.state, allowed=_allowed(ticket))
    after = replace(ticket, state="called", window=window.number, calls=ticket.calls + 1, called_at=now)
    told = hall.TicketCalled(
        ticket_id=ticket.ticket_id, centre=ticket.centre, window=window.number, times=after.calls
    )
    return Decision(state=after, events=(told,), reason="ticket_called")


def skip(ticket: Ticket) -> Decision[Ticket]:
    """A number that was called and did not come. Raises Illegal when it was not called."""
    _check_called(ticket)
    told = hall.TicketSkipped(ticket_id=ticket.ticket_id, centre=ticket.centre)
    return Decision(state=replace(ticket, state="skipped"), events=(told,), reason="ticket_skipped")


def come_back(ticket: Ticket, now: datetime) -> Decision[Ticket]:
    """Who was passed over comes after all and waits again, once with the same number."""
    if ticket.state != "skipped":
        raise Illegal("这个号没有过号", state=ticket.state, allowed=_allowed(ticket))
    after = replace(ticket, state="waiting", waits_since=now, calls=0, window=0)
    told = hall.TicketTaken(
        ticket_id=ticket.ticket_id,
        centre=ticket.centre,
        service=ticket.service,
        number=ticket.number,
        priority=ticket.priority,
    )
    return Decision(state=after, events=(told,), reason="ticket_back")


def transfer(ticket: Ticket, service: str, windows: Sequence[Window]) -> Decision[Ticket]:
    """On to another service, keeping number and place in line. Raises Refused when no window offers it."""
    _check_called(ticket)
    if service == ticket.service or not offering(windows, service):
        said = "这里没有窗口办这一项" if service != ticket.service else "已经在这一项"
        raise Refused(said, code="not_offered", fields={"service": [said]})
    after = replace(ticket, state="waiting", service=service, window=0, calls=0)
    told = hall.TicketTransferred(
        ticket_id=ticket.ticket_id, centre=ticket.centre, from_service=ticket.service, to_service=service
    )
    return Decision(state=after, events=(told,), reason="ticket_transferred")


def serve(ticket: Ticket, reg_id: str, now: datetime) -> Decision[Ticket]:
    """Who held the number was received; with a registration they share one record (IN-21)."""
    _check_called(ticket)
    after = replace(ticket, state="served", served_at=now, reg_id=reg_id)
    told = hall.TicketServed(ticket_id=ticket.ticket_id, centre=ticket.centre, reg_id=reg_id or None)
    return Decision(state=after, events=(told,), reason="ticket_served")


def _check_called(ticket: Ticket) -> None:
    if ticket.state != "called":
        raise Illegal("这个号还没有叫到", state=ticket.state, allowed=_allowed(ticket))


_MAY: dict[str, list[str]] = {
    "waiting": ["call"],
    "called": ["call", "skip", "transfer", "serve"],
    "skipped": ["back"],
    "served": [],
}


def _allowed(ticket: Ticket) -> list[str]:
    return _MAY[ticket.state]
