"""The desk of a unit without a system: one case, opened by a link, without signing in and without script."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.routing.handlers import desk
from services.routing.handlers.desk import LinkClosed
from services.routing.model import Delivery
from services.routing.rules.links import OUTCOMES, REASONS, STEPS
from services.routing.store import Stores
from shared.errors import Refused
from shared.web import here, public, site

pages = Blueprint("routing_pages", __name__, template_folder="templates")

STAGES = {
    "sent": "待接件",
    "received": "待接件",
    "accepted": "办理中",
    "returned": "已退回",
    "concluded": "已办结",
}
COMPLEXITIES = {"simple": "简单", "general": "一般", "complex": "复杂", "difficult": "疑难"}


@pages.get("/desk/<token>")
@public
def case(token: str) -> ResponseReturnValue:
    """The case behind the link, and what the unit can do with it."""
    try:
        held = desk.opened(here(Stores), token, site().clock())
    except LinkClosed as closed:
        return _closed(closed)
    return _page(token, held.state)


@pages.post("/desk/<token>/<any(accept, return, progress, conclude):kind>")
@public
def act(token: str, kind: str) -> ResponseReturnValue:
    """Accept, give back, report or conclude; then the page again, or a last word when it is over."""
    all, now = here(Stores), site().clock()
    try:
        delivery = desk.opened(all, token, now).state
        after = desk.act(all, delivery, kind, request.form, now)
    except LinkClosed as closed:
        return _closed(closed)
    except Refused as refused:
        return make_response(_page(token, delivery, refused.message), 422)
    if after.ended_at:
        return render_template("routing/desk_done.html", delivery=after, stages=STAGES)
    return redirect(f"/routing/desk/{token}", 303)


def _page(token: str, delivery: Delivery, wrong: str = "") -> str:
    county = here(Stores).county
    names: dict[str, Any] = {category.code: category.name for category in county.categories}
    return render_template(
        "routing/desk.html",
        delivery=delivery,
        unit=next((d.name for d in county.departments if d.id == delivery.department), delivery.department),
        category=names.get(delivery.category or "", "不公开" if delivery.protected else "未分类"),
        complexity=COMPLEXITIES.get(delivery.complexity, ""),
        stages=STAGES,
        steps=STEPS,
        reasons=REASONS,
        outcomes=OUTCOMES,
        address=f"/routing/desk/{token}",
        papers=here(Stores).papers.of(delivery.delivery_id),
        wrong=wrong,
    )


def _closed(closed: LinkClosed) -> ResponseReturnValue:
    page = render_template("routing/desk_closed.html", message=closed.message)
    return make_response(page, closed.status)
