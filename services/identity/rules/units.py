"""What identity decides about units: that they exist, what they are, and who is above and beside whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from services.identity.model import CENTRE, Unit
from shared.contracts.identity import UnitChanged, UnitOpened
from shared.decision import Decision
from shared.errors import Refused

COMMITTEES = ("people_committee", "industry_committee")  # the kinds of units that mediate


def list_unit(state: Unit | None, asked: Unit) -> Decision[Unit] | None:
    """The unit as the profile or an administrator has it: new, different, or as it was."""
    if state == asked:
        return None
    parent = asked.parent or None
    if state is None:
        opened = UnitOpened(unit=asked.code, kind=asked.kind, region=asked.region, parent=parent)
        return Decision(state=asked, events=(opened,), reason="unit_opened")
    changed = UnitChanged(
        unit=asked.code, kind=asked.kind, region=asked.region, parent=parent, active=asked.active
    )
    return Decision(state=asked, events=(changed,), reason="unit_changed")


def new_unit(state: Unit | None, asked: Unit) -> Decision[Unit] | None:
    """A unit that must not be there yet. Raises Refused when its code is taken."""
    if state is not None:
        raise Refused("这个单位代码已被使用", code="unit_taken", fields={"code": ["已被使用"]})
    return list_unit(None, asked)


def superior(unit: Unit, units: Iterable[Unit]) -> Unit | None:
    """The unit above: the parent that is named, else the centre of the place or of the place around it."""
    others = [other for other in units if other.active and other.code != unit.code]
    if unit.parent:
        return next((other for other in others if other.code == unit.parent), None)
    centres = [
        other for other in others
        if other.kind == CENTRE and unit.region.startswith(other.region)
        and not (unit.kind == CENTRE and other.region == unit.region)
    ]  # fmt: skip
    return max(centres, key=lambda centre: len(centre.region), default=None)


def above(unit: Unit, units: Collection[Unit]) -> list[Unit]:
    """Every unit above this one, the nearest first; a circle of parents ends where it closes."""
    found: list[Unit] = []
    higher = superior(unit, units)
    while higher is not None and higher not in found:
        found.append(higher)
        higher = superior(higher, units)
    return found


def own_committee(unit: Unit, units: Iterable[Unit]) -> str:
    """The committee of a unit: the one in service that stands under it; empty where there is none."""
    under = (u.code for u in units if u.active and u.parent == unit.code and u.kind in COMMITTEES)
    return next(under, "")


def beside(unit: Unit, units: Collection[Unit]) -> list[Unit]:
    """The units that work next to this one, under the same unit."""
    higher = superior(unit, units)
    return [u for u in units if u.active and u.code != unit.code and superior(u, units) == higher]
