"""What was found: reporting it, and hearing which case it became."""

from __future__ import annotations

from dataclasses import dataclass

from services.grid.model import LENGTHS, Finding, Region, Report
from services.grid.rules import findings
from services.grid.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.contracts.intake import RegistrationAccepted
from shared.decision import Cause
from shared.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Reported:
    """A finding, and whether this request made it."""

    held: Held[Finding]
    new: bool


def report(all: Stores, asked: Report, cause: Cause) -> Reported:
    """Take a finding; the same key makes it once."""
    id = ids.derived("finding", cause.key) if cause.key else ids.new()
    known = all.findings.find(id) is not None
    place = all.regions.find(asked.place)
    held = all.findings.open(
        id,
        cause,
        lambda state: None if state else findings.report(
            id,
            asked,
            place.state if place else None,
            actor=cause.actor,
            at=cause.at,
            categories={category.code for category in all.county.categories},
            sealer=all.sealer,
        ),
    )  # fmt: skip
    return Reported(held=held, new=not known)


def registered(all: Stores, told: RegistrationAccepted, cause: Cause) -> None:
    """A registration was accepted: when it came from a finding, the finding shows its case from now on."""
    if told.finding_id is not None:
        all.cases.open(told.finding_id, cause, lambda known: findings.registered(known, told))


def located(all: Stores, code: str) -> dict[str, Region]:
    """The regions that a code lies in, by level, itself included.

    Raises NotFound when none of them is on the map.
    """
    inside = [code[:length] for length in LENGTHS.values() if len(code) >= length]
    found = {held.state.level: held.state for held in all.regions.several(inside).values()}
    if not found:
        raise NotFound("没有这个区划", code="region_not_found")
    return {str(level): region for level, region in found.items()}
