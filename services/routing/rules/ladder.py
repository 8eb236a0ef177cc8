"""When a case may move up a tier: after enough failed rounds, or at once for a listed reason, approved."""

from __future__ import annotations

from typing import cast

from services.routing.model import Case
from shared.contracts.fields import Tier
from shared.profile import Profile
from shared.profile.tiers import FastTrack

ROUNDS = ("attempts", "failed")  # triggers that the counted rounds must support


def attempts_of(case: Case) -> int:
    """Failed rounds that counted at the present tier."""
    return case.attempts.get(case.tier, 0)


def needed(case: Case, profile: Profile) -> int:
    """Failed rounds the present tier must have tried; 0 where rounds are not what moves a case."""
    step = profile.ladder.step(case.tier)
    return step.min_failed if step else 0


def is_climbed(case: Case, profile: Profile) -> bool:
    """Whether the rounds of this tier are done: from now on the case must be reported up within a limit."""
    wanted = needed(case, profile)
    return 0 < wanted <= attempts_of(case) and tier_above(case, "attempts", profile) is not None


def tier_above(case: Case, trigger: str, profile: Profile) -> Tier | None:
    """Where the case goes for a reason: the next tier, or the one a fast track names; None at the top."""
    step, track = profile.ladder.step(case.tier), profile.ladder.track(trigger)
    after = step.next if step else None
    named = track.to if track and track.to != "next" else after
    found = named if named and is_above(named, case.tier, profile) else after
    return cast(Tier | None, found)


def is_above(tier: str, other: str, profile: Profile) -> bool:
    """Whether one tier stands above another."""
    order = profile.tiers
    return tier in order and (other not in order or order.index(tier) > order.index(other))


def fast_track(trigger: str, profile: Profile) -> FastTrack | None:
    """The fast track for a reason, if this county has one."""
    return profile.ladder.track(trigger)


def is_listed(case: Case, trigger: str, profile: Profile) -> bool:
    """Whether the present tier's step of the ladder names this reason."""
    step = profile.ladder.step(case.tier)
    return step is not None and (trigger in step.trigger or trigger in ROUNDS)
