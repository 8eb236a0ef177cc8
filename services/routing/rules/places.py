"""Regions and tiers: a prefix is the subtree, and every place has a centre above it."""

from __future__ import annotations

from typing import cast

from shared.contracts.fields import Tier
from shared.profile import Profile


def region_of(region: str, tier: str, profile: Profile) -> str:
    """The part of a region that a tier answers for: the county of a village is its first six digits."""
    return region[: profile.tier_region_digits[tier]]


def centre_of(region: str, tier: str, profile: Profile) -> str:
    """The centre that dispatches at a tier: the nearest one around the tier's region."""
    place = region_of(region, tier, profile)
    around = [u for u in profile.units if u.kind == "centre" and place.startswith(u.region)]
    return max(around, key=lambda unit: len(unit.region)).id


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
