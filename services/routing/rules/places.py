"""Regions and tiers: a prefix is the subtree, and every place has a centre above it."""

from __future__ import annotations

from shared.profile import Profile
from shared.profile.leading import filled, tier_of

__all__ = ["centre_of", "filled", "region_of", "tier_of"]


def region_of(region: str, tier: str, profile: Profile) -> str:
    """The part of a region that a tier answers for: the county of a village is its first six digits."""
    return region[: profile.tier_region_digits[tier]]


def centre_of(region: str, tier: str, profile: Profile) -> str:
    """The centre that dispatches at a tier: the nearest one around the tier's region."""
    place = region_of(region, tier, profile)
    around = [u for u in profile.units if u.kind == "centre" and place.startswith(u.region)]
    return max(around, key=lambda unit: len(unit.region)).id
