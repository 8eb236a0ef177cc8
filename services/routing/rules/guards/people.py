"""Who may take a step with a case."""

from __future__ import annotations

from services.routing.model import Case
from services.routing.rules.by import By
from services.routing.rules.places import region_of
from shared.errors import Forbidden, Refused


def by_the_lead_unit(case: Case, ask: object, by: By) -> None:
    """Only the unit that leads accepts, handles and resolves."""
    if by.actor.unit != case.lead_unit:
        raise Forbidden("只有牵头单位可以办理这一步", code="not_the_lead_unit")


def by_the_tier(case: Case, ask: object, by: By) -> None:
    """A dispatcher decides at the own tier, not above it."""
    _above(case, case.tier, by)


def by_the_tier_above(case: Case, ask: object, by: By) -> None:
    """Only the tier that was asked takes the case over or sends it back."""
    _above(case, case.escalations[-1].to_tier, by)


def _above(case: Case, tier: str, by: By) -> None:
    machine = by.actor.role == "service"
    if not machine and not region_of(case.region, tier, by.profile).startswith(by.actor.region):
        raise Forbidden("这件事由上一级中心决定", code="not_your_tier")


def not_by_the_handler(case: Case, ask: object, by: By) -> None:
    """Whoever worked on the case neither calls the resident back nor checks the result (核查)."""
    if by.actor.ref in case.handlers:
        raise Forbidden("承办人不能核查或回访自己办的件", code="verifier_is_handler")


def third_return_by_the_director(case: Case, ask: object, by: By) -> None:
    """A unit may give a case back only so often; after that the director decides."""
    if case.returns >= by.profile.returns.max and by.actor.role != "director":
        raise Refused("已退回两次，再退由中心主任决定", code="director_decides", returns=case.returns)
