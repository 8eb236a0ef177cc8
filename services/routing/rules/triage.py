"""A person sorts a case: what it is, how hard, whether the parties want mediation, at which tier (G3)."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from services.routing.model import PUBLIC_FLAGS, SAFETY_FLAGS, Case
from services.routing.model import commands as asks
from services.routing.rules.by import By
from services.routing.rules.competence import choose
from services.routing.rules.ladder import is_above
from services.routing.rules.reviewing import SORTED, reviewed
from services.routing.rules.shown import public_flags, shown_category
from services.routing.rules.step import entered, moved
from shared.contracts.fields import Tier
from shared.contracts.routing import CaseTriaged
from shared.decision import Decision

SKIPPED = "该层级被反映或没有牵头单位，整级跳过（interested_tier）"


def triage(case: Case, ask: asks.Triage, by: By) -> Decision[Case]:
    """G3: sorted by a person; a matter of two townships goes to the county at once (RT-20)."""
    tier, why = tier_for(case, ask, by)
    ask = replace(ask, tier=tier)
    step = entered(case, "triage", ask, by)
    return moved(
        case,
        step,
        by,
        lambda after: _triaged(after, ask),
        lambda after: reviewed(after, SORTED),
        reason=why,
        tier=tier,
        matter_type=ask.matter_type,
        category=ask.category,
        complexity=ask.complexity,
        willingness=ask.willingness,
        flags=tuple(flag for flag in (*PUBLIC_FLAGS, *SAFETY_FLAGS) if flag in ask.flags),
        protected=is_protected(case, ask),
        complained_units=ask.complained_units,
    )


def is_protected(case: Case, ask: asks.Triage) -> bool:
    """Complaints about a unit, and matters where somebody may be hurt, are kept from most eyes."""
    danger = set(SAFETY_FLAGS) & set(ask.flags)
    return bool(case.protected or ask.protected or danger or ask.complained_units)


def tier_for(case: Case, ask: asks.Triage, by: By) -> tuple[Tier, str]:
    """The tier that takes the case and why: a tier with an interest, or without a unit, is passed over."""
    wanted, why = ask.tier or case.tier, "分类"
    route = by.profile.cross_region.route
    if "cross_township" in ask.flags and is_above(route, wanted, by.profile):
        wanted, why = cast(Tier, route), "跨乡镇，由县中心统筹（cross_township）"
    for tier in by.profile.tiers:
        if is_above(wanted, tier, by.profile) or not _somebody(case, ask, tier, by):
            continue
        return cast(
            Tier, tier
        ), why if tier == wanted else "该层级被反映或无牵头单位，整级跳过（interested_tier）"
    return wanted, why


def _somebody(case: Case, ask: asks.Triage, tier: str, by: By) -> bool:
    found = choose(ask.category, tier, case.region, by.profile, without=ask.complained_units)
    return found is not None


def _triaged(case: Case, ask: asks.Triage) -> CaseTriaged:
    assert case.complexity is not None
    return CaseTriaged(
        case_id=case.case_id,
        matter_type=case.matter_type,
        category=shown_category(case),
        complexity=case.complexity,
        willingness=case.willingness,
        tier=case.tier,
        flags=public_flags(case),
        protected=case.protected,
        suggestion_used=ask.suggestion_used,
        kept_from=case.complained_units,
    )
