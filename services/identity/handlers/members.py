"""The register of member units: which can mediate, by a committee of their own or somebody stationed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.identity.handlers.organisation import kinds
from services.identity.handlers.units import MOST
from services.identity.model import CENTRE, Unit
from services.identity.rules.units import COMMITTEES, own_committee
from services.identity.store import Stores
from shared.aggregate import Held

MEDIATOR = "mediator"  # the post


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member unit: the committee of its own, and how many mediators are stationed there."""

    unit: Held[Unit]
    committee: str
    mediators: int


def listed(stores: Stores, region: str, after: str, limit: int, day: date) -> list[Member]:
    """The units of a region on a day, all but centres and the committees themselves."""
    wanted = tuple(kind for kind in kinds() if kind not in (CENTRE, *COMMITTEES))
    committees = [held.state for held in stores.units.within(region[:6], limit=MOST, kinds=COMMITTEES)]
    return [
        Member(
            unit=held,
            committee=own_committee(held.state, committees),
            mediators=_stationed(stores, held.state.code, str(day)),
        )
        for held in stores.units.within(region, after=after, limit=limit, kinds=wanted)
    ]


def _stationed(stores: Stores, code: str, day: str) -> int:
    posts = (held.state for held in stores.postings.of(code))
    return sum(1 for posting in posts if posting.post == MEDIATOR and posting.holds(day))
