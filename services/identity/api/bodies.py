"""Units over HTTP: added, listed, and where they stand in the organisation."""

from __future__ import annotations

from typing import Any

from services.identity.api.people import following, row
from services.identity.handlers import members, organisation, units
from services.identity.model import Unit
from services.identity.schemas import (
    MemberList,
    PageQuery,
    UnitAnswer,
    UnitList,
    UnitPlace,
    UnitQuery,
    UnitRequest,
)
from services.identity.store import Stores
from shared.aggregate import Held
from shared.calendar import day_of
from shared.errors import Refused
from shared.web import answer, blueprint, cause, here, in_scope, needs, site

bodies = blueprint("units", "Units that staff belong to")


@bodies.route("/units", methods=["POST"])
@needs("sys_admin")
@bodies.arguments(UnitRequest)
@bodies.response(201, UnitAnswer)
def open_unit(asked: dict[str, Any]) -> Any:
    """Add a unit that the profile does not list."""
    in_scope(asked["region"], field="region")
    if asked["kind"] not in organisation.kinds():
        raise Refused("没有这种单位", code="kind_unknown", fields={"kind": ["请从单位种类里选"]})
    held = units.open_unit(here(Stores), Unit(**asked), cause())
    return answer(held, unit(held))


@bodies.route("/units")
@needs()
@bodies.arguments(UnitQuery, location="query")
@bodies.response(200, UnitList)
def list_units(asked: dict[str, Any]) -> Any:
    """The units of a region; everybody may know which units there are."""
    found = here(Stores).units.within(
        asked["region"], after=asked["after"], limit=asked["limit"], kinds=_kinds(asked)
    )
    return {"items": [row(held, unit(held)) for held in found], "next": following(found, asked["limit"])}


@bodies.route("/member-units")
@needs()
@bodies.arguments(PageQuery, location="query")
@bodies.response(200, MemberList)
def list_members(asked: dict[str, Any]) -> Any:
    """The register of member units: whether each has a committee of its own or a mediator stationed there."""
    day = day_of(site().clock())
    found = members.listed(here(Stores), asked["region"], asked["after"], asked["limit"], day)
    items = [
        row(one.unit, unit(one.unit)) | {"committee": one.committee, "stationed_mediators": one.mediators}
        for one in found
    ]
    return {"items": items, "next": following([one.unit for one in found], asked["limit"])}


@bodies.route("/units/<code>")
@needs()
@bodies.response(200, UnitPlace)
def show_unit(code: str) -> Any:
    """A unit, who is above it and who works beside it."""
    place = units.place(here(Stores), code)
    around = {"above": place.above, "beside": place.beside}
    return answer(place.unit, unit(place.unit) | {k: [row(h, unit(h)) for h in v] for k, v in around.items()})


def _kinds(asked: dict[str, Any]) -> tuple[str, ...] | None:
    """The kinds that are meant; None for all."""
    if asked["group"]:
        return tuple(
            code for code, found in organisation.kinds().items() if asked["group"] in found["groups"]
        )
    return (asked["kind"],) if asked["kind"] else None


def unit(held: Held[Unit]) -> dict[str, Any]:
    """A unit as everybody sees it."""
    u = held.state
    return {"code": u.code, "name": u.name, "kind": u.kind, "region": u.region, "parent": u.parent,
            "active": u.active}  # fmt: skip
