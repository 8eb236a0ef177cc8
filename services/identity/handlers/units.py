"""The list of units: load, decide, save."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.identity.model import Unit
from services.identity.rules import units as rules
from services.identity.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.decision import Cause
from shared.errors import Refused

MOST = 10_000  # units of one county


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a unit stands in the organisation."""

    unit: Held[Unit]
    above: list[Held[Unit]]
    beside: list[Held[Unit]]


class Listed(Protocol):
    """A unit as the county's profile lists it."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def region(self) -> str: ...


def unit_id(code: str) -> str:
    """The id of a unit."""
    return ids.derived("unit", code)


def open_unit(stores: Stores, asked: Unit, cause: Cause) -> Held[Unit]:
    """A unit that was not there. Raises Refused when it is to stand under one that does not exist."""
    id = unit_id(asked.code)
    if asked.parent and stores.units.find(unit_id(asked.parent)) is None:
        raise Refused("没有这个上级单位", code="unit_unknown", fields={"parent": ["没有这个单位"]})
    stores.units.check_key(id, cause)
    return stores.units.open(id, cause, lambda state: rules.new_unit(state, asked))


def place(stores: Stores, code: str) -> Place:
    """A unit between those above and those beside it. Raises NotFound when there is none of this code."""
    held = stores.units.load(unit_id(code))
    county = stores.units.within(held.state.region[:6], limit=MOST)
    known = {h.state.code: h for h in county}
    units = [h.state for h in county]
    return Place(
        unit=held,
        above=[known[u.code] for u in rules.above(held.state, units)],
        beside=[known[u.code] for u in rules.beside(held.state, units)],
    )


def import_units(stores: Stores, listed: Iterable[Listed], at: datetime) -> None:
    """Bring the list of units to what the county's profile says; repeating it changes nothing."""
    for unit in listed:
        asked = Unit(code=unit.id, name=unit.name, kind=unit.kind, region=unit.region)
        bring_up(stores, asked, at)


def bring_up(stores: Stores, asked: Unit, at: datetime) -> None:
    """Make one unit what it is asked to be; nothing when it is so already."""
    stores.units.open(unit_id(asked.code), Cause(at=at), lambda state: rules.list_unit(state, asked))
