"""Who leads: the county's table of category × tier × place, read from the top, the first row that fits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import cast

from shared.contracts.fields import Tier
from shared.profile.model import Profile
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


def tier_of(region: str, profile: Profile) -> Tier:
    """The lowest tier that has this place: where a matter begins."""
    tiers = [tier for tier in profile.tiers if profile.tier_region_digits[tier] <= len(region)]
    return cast(Tier, tiers[0] if tiers else profile.tiers[-1])


def filled(pattern: str, region: str) -> str:
    """A unit's id from the competence table: `committee_{village6}`, `centre_{town3}`.

    An empty string when the region is not known so closely.
    """
    if ("{village6}" in pattern and len(region) < 12) or ("{town3}" in pattern and len(region) < 9):
        return ""
    return pattern.format(village6=region[6:12], town3=region[6:9])
