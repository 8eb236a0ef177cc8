"""The county's own settings: limits, ladder, units, competence, words. Every value says on what it rests."""

from __future__ import annotations

from functools import cache

from shared.profile.load import load
from shared.profile.model import Profile
from shared.profile.source import Fault, ProfileError
from shared.settings import settings

__all__ = ["Fault", "Profile", "ProfileError", "load", "profile"]


@cache
def profile() -> Profile:
    """The profile of this process, from YIZHAN_PROFILE; raises ProfileError when it does not hold."""
    return load(settings().profile)
