"""Which departments a county has now: those of its file, and those that were connected or ended since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from services.routing.model.department import TAKES_CASES, Department, Stage
from shared.profile import Profile
from shared.profile.organisation import Department as Declared
from shared.profile.organisation import Unit

ENDED = (Stage.LEAVING, Stage.OFFBOARDED)


def with_departments(county: Profile, found: Iterable[Department]) -> Profile:
    """The county as its file says, changed by what became of its departments."""
    connected = {unit.id: unit for unit in county.departments}
    units = {unit.id: unit for unit in county.units}
    for department in found:
        if is_owed_to(department):
            connected[department.department] = _connected(department, connected.get(department.department))
            units.pop(department.department, None)
        elif department.connection.stage in ENDED:
            connected.pop(department.department, None)
            units[department.department] = _unit(department)
    departments, others = tuple(connected.values()), tuple(units.values())
    if (departments, others) == (county.departments, county.units):
        return county
    return replace(county, departments=departments, units=others)


def is_owed_to(department: Department) -> bool:
    """Whether cases are handed over to it, even if nothing is sent just now."""
    link = department.connection
    return link.stage in (*TAKES_CASES, Stage.LEAVING_ASKED) or (
        link.stage is Stage.APPROVED and link.rebuild
    )


def _connected(department: Department, before: Declared | None) -> Declared:
    """As it is connected now; what it keeps copies of is as the county's file says."""
    link = department.connection
    return Declared(
        id=department.department, name=department.name or department.department, kind=department.kind,
        region=department.region, window=link.window, types=link.types, adapter=link.link == "mailbox",
        reports=before.reports if before else None, services=before.services if before else (),
        contact=link.contact or (before.contact if before else ""),
    )  # fmt: skip


def _unit(department: Department) -> Unit:
    name = department.name or department.department
    return Unit(id=department.department, name=name, kind=department.kind, region=department.region)
