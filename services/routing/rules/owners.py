"""Who answers for a case in each state: a post, its unit, and the person once known (COR-06)."""

from __future__ import annotations

from services.routing.model import Case, Owner, State
from services.routing.rules.places import centre_of
from shared.decision import Actor
from shared.profile import Profile

POST: dict[State, str] = {
    State.REGISTERED: "dispatcher",
    State.TRIAGED: "dispatcher",
    State.ASSIGNED: "unit_desk",
    State.ACCEPTED: "handler",
    State.HANDLING: "handler",
    State.MEDIATING: "handler",
    State.AGREED: "handler",
    State.RESOLVED: "verifier",
    State.VERIFIED: "director",
}  # a state that is not here keeps its owner: resting, escalating (the lower tier stays responsible), ended

HELD_BY: dict[str, tuple[str, ...]] = {
    "dispatcher": ("dispatcher",),
    "handler": ("unit_head", "unit_staff"),
    "verifier": ("verifier",),
    "director": ("director",),
}  # who, acting, becomes the person in the post

OF_THE_LEAD = ("unit_desk", "handler")


def owner_of(case: Case, actor: Actor, profile: Profile) -> Owner:
    """The owner after a step."""
    post = POST.get(case.state)
    if post is None:
        return case.owner
    unit = case.lead_unit if post in OF_THE_LEAD else centre_of(case.region, case.tier, profile)
    return Owner(post=post, unit=unit, ref=_person(case.owner, post, unit, actor))


def _person(before: Owner, post: str, unit: str, actor: Actor) -> str:
    """The one who acts in the post, or who held it before, or the unit itself until somebody takes it."""
    if actor.role in HELD_BY.get(post, ()):
        return actor.ref
    return before.ref if (before.post, before.unit) == (post, unit) else unit
