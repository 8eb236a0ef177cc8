"""Who leads: the county's table of category × tier × place, read from the top, the first row that fits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from services.routing.rules.places import filled
from shared.profile import Profile
from shared.profile.organisation import Competence


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One unit leads, others help; a resident may ask why, so the reason and its basis come along."""

    lead: str
    co: tuple[str, ...]
    reason: str
    basis: str


def choose(
    category: str, tier: str, region: str, profile: Profile, *, without: Collection[str] = ()
) -> Choice | None:
    """The unit the table names, leaving out the units complained about; None when nobody is left."""
    for row in profile.competence:
        lead = filled(row.lead, region)
        if _fits(row, category, tier, region) and lead in profile.all_units and lead not in without:
            return _choice(row, lead, region, without)
    return None


def _fits(row: Competence, category: str, tier: str, region: str) -> bool:
    return row.category in (category, "*") and row.tier in (tier, "*") and region.startswith(row.region)


def _choice(row: Competence, lead: str, region: str, without: Collection[str]) -> Choice:
    helping = (filled(unit, region) for unit in row.co)
    co = tuple(unit for unit in helping if unit and unit != lead and unit not in without)
    return Choice(lead=lead, co=co, reason=row.reason, basis=row.basis)
