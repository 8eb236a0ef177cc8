"""Links for units without a system, sent to the unit's own contact: load, send, note that it was sent."""

from __future__ import annotations

from datetime import datetime

from services.routing.handlers import by
from services.routing.handlers.desk import link
from services.routing.model import Delivery
from services.routing.rules import links
from services.routing.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.clock import local
from shared.decision import Cause
from shared.each import each
from shared.messages import Outlet
from shared.settings import settings

AT_ONCE = 50


def send_links(all: Stores, outlet: Outlet, now: datetime) -> int:
    """Send every link that did not go out yet to a unit that has a contact; how many.

    One that the gateway does not take now is tried again with the next round, under the same id.
    """
    cause = Cause(at=now)
    act = by(all, cause)
    contacts = {unit.id: unit.contact for unit in act.profile.all_units.values() if unit.contact}
    found = all.deliveries.links_to_send(now, AT_ONCE)
    waiting = {held.id: held for held in found if held.state.department in contacts}

    def one(id: str) -> None:
        held, number = waiting[id], waiting[id].state.links
        outlet.send(ids.derived("link", id, str(number)), contacts[held.state.department], text(all, held))
        all.deliveries.change(id, cause, lambda delivery: links.sent_out(delivery, number, act))

    return each(waiting, one, failed="links that could not be sent")


def text(all: Stores, held: Held[Delivery]) -> str:
    """What the unit's duty telephone shows: the number of the case, a deadline, the link."""
    by_when = held.state.accept_by
    due = f"，请于{local(by_when):%m月%d日%H:%M}前接件" if by_when else ""
    address = f"{settings().url('routing')}/desk/{link(all, held).token}"
    return f"【一站】交办事项{held.state.case_no}{due}：{address}"
