"""Departments over HTTP: how they are connected, one address per order."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from services.routing.api.scope import READERS, limits
from services.routing.handlers import departments as handlers
from services.routing.model import department_asks as asks
from services.routing.model.delivery import OUTSTANDING
from services.routing.model.department import Department, Residency
from services.routing.rules import access, connection, residency
from services.routing.rules.by import By
from services.routing.schemas import departments as ask
from services.routing.schemas.residency import PauseRequest
from services.routing.store import DeliveryFilter, Sign, Stores
from shared.aggregate import Held
from shared.decision import Decision
from shared.errors import Forbidden, Malformed, Refused
from shared.settings import settings
from shared.web import answer, blueprint, caller, cause, here, in_scope, needs, public, record, site

connections = blueprint("departments", "Departments: how they are connected")

SEE = (*READERS, "sys_admin")
OPERATE = ("sys_admin",)
SECOND = ("sys_admin", "director")
OWN = ("unit_staff", "unit_head")
UNIT_ID = re.compile(r"[a-z][a-z0-9_]{1,31}")

Rule = Callable[[Department, By], Decision[Department] | None]


def seen(id: str) -> Held[Department]:
    """The department, if the caller may know of it.

    Raises NotFound, and Forbidden outside the own region or for staff of another unit.
    """
    held = here(Stores).departments.load(id)
    who = caller()
    if set(who.roles) <= set(OWN) and who.unit != id:
        raise Forbidden("不是本单位", code="other_unit")
    if not set(who.roles) <= set(OWN):
        in_scope(held.state.region)
    return held


def shown(held: Held[Department]) -> dict[str, Any]:
    """A department as the caller sees it; nothing in it opens anything."""
    sign = here(Stores).signs.all().get(held.id, Sign(department=held.id))
    link = held.state.connection
    life = vars(sign) | {"liveness": sign.liveness or "unknown"}
    users = [{"slot": u.slot, "generation": u.generation, "ends_at": u.ends_at} for u in link.users]
    return vars(held.state) | {
        "connection": vars(link) | {"users": users},
        "residencies": [_seat(each) for each in held.state.residencies],
        "life": life,
    }


def _seat(seat: Residency) -> dict[str, Any]:
    now = site().clock()
    return vars(seat) | {"there": residency.is_there(seat, now), "people": residency.people_there(seat, now)}


def ordered(id: str, rule: Rule) -> Any:
    """Give one order about a department the caller may know of."""
    seen(id)
    held = handlers.change(here(Stores), id, cause(), rule)
    return answer(held, shown(held))


# ── looking ─────────────────────────────────────────────────────────────────────────────────────


@connections.route("/departments")
@needs(*SEE)
@connections.response(200, ask.DepartmentList)
def departments() -> Any:
    """Every department in the caller's region, or the caller's own."""
    who = caller()
    own = set(who.roles) <= set(OWN)
    found = [
        held
        for held in here(Stores).departments.everyone()
        if (held.id == who.unit if own else who.sees(held.state.region))
    ]
    return {
        "items": [shown(held) | {"id": held.id, "version": held.version} for held in found],
        "next": None,
    }


@connections.route("/departments/<department>")
@needs(*SEE)
@connections.response(200, ask.DepartmentAnswer)
def department(department: str) -> Any:
    """One department."""
    held = seen(department)
    return answer(held, shown(held))


@connections.route("/departments/<department>/outstanding")
@needs(*SEE)
@connections.response(200, ask.OutstandingAnswer)
def outstanding(department: str) -> Any:
    """What the department still owes an answer to: its own system compares at night."""
    seen(department)
    who = caller()
    own = who.unit == department
    wanted = DeliveryFilter(
        department=department,
        stages=OUTSTANDING,
        not_about="" if own else who.unit,
        protected_too=own or limits("", department).protected_too,
    )
    found = here(Stores).deliveries.listed(wanted, limit=5_000)
    items = [vars(held.state) | {"id": held.id, "version": held.version} for held in found]
    return {"department": department, "items": items}


@connections.route("/departments/<department>/exported-inbox")
@needs("sys_admin", "director")
@connections.response(200, ask.ExportList)
def exported(department: str) -> Any:
    """What nobody had fetched from the mailbox of a department that left, message by message."""
    seen(department)
    record(here(Stores).audit, "exported_inbox_read", f"department/{department}")
    items = [vars(each) | {"event": _readable(each.body)} for each in here(Stores).exports.of(department)]
    return {"department": department, "items": items}


def _readable(body: bytes) -> Any:
    """The event, or its bytes as text when it is none."""
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")


# ── connection ──────────────────────────────────────────────────────────────────────────────────


def known_region(department: str, said: str = "") -> None:
    """Raises Forbidden for a unit outside the caller's region."""
    held = here(Stores).departments.find(department)
    unit = here(Stores).county.all_units.get(department)
    region = held.state.region if held else unit.region if unit else said
    if region:
        in_scope(region, field="region")


@connections.route("/departments/<department>/onboarding", methods=["POST"])
@needs(*OPERATE)
@connections.arguments(ask.LinkRequest)
@connections.response(201, ask.DepartmentAnswer)
def onboard(asked: asks.AskLink, department: str) -> Any:
    """Ask for a unit to be connected: by mailbox, or by desk when it has no system."""
    if not UNIT_ID.fullmatch(department):
        raise Malformed("单位代码有误", code="unit_wrong")
    known_region(department, asked.region)
    held = handlers.ask_link(here(Stores), department, cause(), asked)
    return answer(held, shown(held))


@connections.route("/departments/<department>/claim-links", methods=["POST"])
@needs(*OPERATE)
@connections.response(201, ask.ClaimLinkAnswer)
def claim_link(department: str) -> Any:
    """A link that gives the password once, within a day; it cannot be read again."""
    seen(department)
    held, token = handlers.offer(here(Stores), department, cause())
    if not token:
        raise Refused("链接只显示一次，请重新生成", code="claim_link_shown")
    record(here(Stores).audit, "claim_link_made", f"department/{department}")
    made = held.state.connection.claim
    url = f"{settings().url('routing')}/departments/{department}/claims"
    extra = {"url": url, "token": token, "expires_at": made.expires_at if made else None}
    return answer(held, shown(held) | extra)


@connections.route("/departments/<department>/claims", methods=["POST"])
@public
@connections.arguments(ask.ClaimRequest)
@connections.response(200, ask.ClaimAnswer)
def claim(asked: dict[str, str], department: str) -> Any:
    """Claim the password with the link's token: once, written down, never shown again."""
    return handlers.claim(here(Stores), department, asked["token"], site().clock())


@connections.route("/departments/<department>/conformance", methods=["POST"])
@needs(*OPERATE, "service")
@connections.arguments(ask.ConformanceRequest)
@connections.response(200, ask.DepartmentAnswer)
def conformance(asked: asks.Conformance, department: str) -> Any:
    """The kit's machine report; with all cases passed the department is live."""
    return ordered(department, lambda found, by: connection.conformed(found, asked, by))


@connections.route("/departments/<department>/suspend", methods=["POST"])
@needs(*SECOND)
@connections.arguments(PauseRequest)
@connections.response(200, ask.DepartmentAnswer)
def suspend(asked: asks.Pause, department: str) -> Any:
    """Send it nothing new for a while."""
    return ordered(department, lambda found, by: connection.suspend(found, asked, by))


@connections.route("/departments/<department>/offboarding", methods=["POST"])
@needs(*OPERATE)
@connections.arguments(PauseRequest)
@connections.response(200, ask.DepartmentAnswer)
def offboard(asked: asks.Pause, department: str) -> Any:
    """Ask for its connection to end."""
    return ordered(department, lambda found, by: connection.leave(found, asked, by))


def _bare(path: str, rule: Rule, roles: tuple[str, ...], said: str) -> None:
    """One address for an order that needs no body."""

    def view(department: str) -> Any:
        return ordered(department, rule)

    view.__name__, view.__doc__ = path.replace("/", "_").replace("-", "_"), said
    guarded = needs(*roles)(connections.response(200, ask.DepartmentAnswer)(view))
    connections.route(f"/departments/<department>/{path}", methods=["POST"])(guarded)


_bare("onboarding/approve", connection.approve, SECOND, "A second person agrees that it is connected.")
_bare("resume", connection.resume, SECOND, "Send it cases again.")
_bare("repair", connection.repair, OPERATE, "Make its queues again, because the broker lost them.")
_bare("rotate", access.rotate, OPERATE, "The other user of the pair takes over within a day.")
_bare("offboarding/approve", connection.approve_leave, SECOND, "A second person agrees that it ends.")
