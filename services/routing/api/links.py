"""Links for units without a system: shown to who sends them, and renewed when they ran out."""

from __future__ import annotations

from typing import Any

from services.routing.api.scope import OF_A_UNIT
from services.routing.handlers import desk
from services.routing.handlers.departments import is_shut_out
from services.routing.handlers.desk import Link, LinkClosed
from services.routing.model import Delivery
from services.routing.rules.links import fault
from services.routing.schemas.mailbox import LinkAnswer
from services.routing.store import Stores
from shared.aggregate import Held
from shared.errors import Forbidden, NotFound
from shared.settings import settings
from shared.web import blueprint, caller, cause, here, in_scope, needs, record, site

SENDERS = ("director", "dispatcher", "duty_leader", "unit_head", "unit_staff", "service")
links = blueprint("links", "Links for units without a system")


@links.route("/deliveries/<uuid:delivery_id>/link")
@needs(*SENDERS)
@links.response(200, LinkAnswer)
def link(delivery_id: Any) -> Any:
    """The present link of a hand-over, to be sent to the unit; that it was looked at is kept."""
    held = _mine(str(delivery_id))
    delivery = held.state
    if is_shut_out(here(Stores), delivery.department):
        raise LinkClosed("suspended")
    if why := fault(delivery, delivery.department, delivery.links, site().clock()):
        raise LinkClosed(why)
    record(here(Stores).audit, "link.read", f"delivery/{held.id}", purpose="handling")
    return _shown(desk.link(here(Stores), held))


@links.route("/deliveries/<uuid:delivery_id>/link", methods=["POST"])
@needs(*SENDERS)
@links.response(201, LinkAnswer)
def renew(delivery_id: Any) -> Any:
    """A new link; the one before opens nothing any more."""
    held = _mine(str(delivery_id))
    renewed = desk.renew(here(Stores), held.id, cause())
    record(here(Stores).audit, "link.renewed", f"delivery/{held.id}", purpose="handling")
    return _shown(renewed)


def _mine(delivery_id: str) -> Held[Delivery]:
    held = here(Stores).deliveries.load(delivery_id)
    delivery, who = held.state, caller()
    if who.unit in delivery.complained_units:
        raise NotFound("没有找到这条记录", code="delivery_not_found")
    if who.unit == delivery.department:
        return held
    in_scope(delivery.region, protected=delivery.protected)
    if set(who.roles) <= set(OF_A_UNIT):
        raise Forbidden("不是交给本单位的", code="other_unit")
    return held


def _shown(made: Link) -> dict[str, Any]:
    return {
        "delivery_id": made.held.id,
        "department": made.held.state.department,
        "address": f"{settings().url('routing')}/desk/{made.token}",
        "valid_until": made.valid_until,
    }
