"""How a case begins, and how it ends before anybody handles it: G0, G1, G2, G24, G25."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.routing.model import Case, Owner, State, Suggestion, row
from services.routing.model import commands as asks
from services.routing.rules.by import By
from services.routing.rules.clocks import follow
from services.routing.rules.competence import choose
from services.routing.rules.owners import owner_of
from services.routing.rules.places import tier_of
from services.routing.rules.routes import legal_route
from services.routing.rules.shown import public_flags, shown_category
from services.routing.rules.step import entered, moved
from shared.contracts.closing import CaseRelapsed, CaseWithdrawn
from shared.contracts.hall import RegistrationReported
from shared.contracts.intake import RegistrationAccepted
from shared.contracts.routing import CaseNotAccepted, CaseNoted, CaseRegistered
from shared.decision import Decision

NOBODY = Owner(post="", unit="", ref="")


def register(told: RegistrationAccepted, by: By) -> Decision[Case]:
    """G0: a case is opened for a registration; its clocks count from the second of registration."""
    began = replace(by, at=told.registered_at)
    case = _new(told, by)
    case = replace(case, owner=owner_of(case, by.actor, by.profile))
    case, clocks = follow(case, row("register").emits, began)
    return Decision(state=case, events=(_registered(case, told), *clocks), reason="登记")


def _new(told: RegistrationAccepted, by: By) -> Case:
    tier = tier_of(told.region, by.profile)
    return Case(
        case_id=told.case_id,
        case_no=told.case_no,
        reg_ids=(told.reg_id,),
        region=told.region,
        grid_id=told.grid_id,
        channel=told.channel,
        matter_type=told.matter_type,
        category=told.category,
        flags=told.flags,
        persons_band=told.persons_band,
        protected=told.protected,
        resident_waiting=told.resident_waiting,
        first_receiver=told.first_receiver or "",
        report_due=told.report_due,
        referred=told.referred,
        registered_at=told.registered_at,
        profile_version=by.profile.version_id,
        state=State.REGISTERED,
        tier=tier,
        tier_origin=tier,
        owner=NOBODY,
        suggestion=suggestion_of(told, by),
    )


def reported(case: Case, told: RegistrationReported, by: By) -> Decision[Case] | None:
    """What the law makes report first was reported: the case may be sorted from now on."""
    if not (case.report_due and told.released):
        return None
    event = CaseNoted(case_id=case.case_id, about=told.TYPE, reason="report_made")
    return moved(case, row("note"), by, event, reason="已按规定报告", report_due=False)


def suggestion_of(told: RegistrationAccepted, by: By) -> Suggestion | None:
    """What intake suggests, with the unit that would lead; without a suggestion what the clerk chose."""
    category = told.suggested_category or (None if told.suggested_by else told.category)
    if category is None and not told.suggested_by:
        return None
    tier = tier_of(told.region, by.profile)
    choice = choose(category, tier, told.region, by.profile) if category else None
    return Suggestion(
        category=category,
        tier=told.suggested_tier or tier,
        complexity=told.suggested_complexity,
        unit=told.suggested_unit or (choice.lead if choice else None),
        by=told.suggested_by or "",
        matter_type=told.suggested_matter_type,
        confidence=told.suggested_confidence,
        others=told.suggested_others,
    )


def _registered(case: Case, told: RegistrationAccepted) -> CaseRegistered:
    return CaseRegistered(
        case_id=case.case_id,
        case_no=case.case_no,
        reg_id=told.reg_id,
        channel=case.channel,
        matter_type=case.matter_type,
        category=shown_category(case),
        region=case.region,
        grid_id=case.grid_id,
        persons_band=case.persons_band,
        tier=case.tier,
        flags=public_flags(case),
        protected=case.protected,
        discovered_at=told.discovered_at,
        received_at=told.received_at,
        registered_at=told.registered_at,
        finding_id=told.finding_id,
        referred=told.referred,
        linkage_stage=told.linkage_stage,
    )


def not_accept(case: Case, ask: asks.NotAccept, by: By) -> Decision[Case]:
    """G2: the matter belongs elsewhere by law; the resident was told where, in writing."""
    step = entered(case, "not_accept", ask, by)
    listed = next(reason for reason in by.profile.not_accept.reasons if reason.code == ask.reason)
    event = CaseNotAccepted(case_id=case.case_id, reason=ask.reason, route=legal_route(listed.route))
    return moved(case, step, by, event, reason=listed.name, ended_reason=ask.reason)


def withdraw(case: Case, ask: asks.Withdraw, by: By) -> Decision[Case]:
    """G24: the applicant takes the matter back."""
    step = entered(case, "withdraw", ask, by)
    event = CaseWithdrawn(case_id=case.case_id, reason=ask.reason)
    return moved(case, step, by, event, ended_reason=ask.reason, outcome="withdrawn")


def relapse(case: Case, ask: asks.Relapse, by: By) -> Decision[Case]:
    """G25: the same dispute broke out again; same number, same tier as at first, everything else anew."""
    step = entered(case, "relapse", ask, by)
    count = case.relapse_count + 1
    event = CaseRelapsed(case_id=case.case_id, relapse_count=count)
    return moved(case, step, by, event, relapse_count=count, **_anew(case, by))


def _anew(case: Case, by: By) -> dict[str, Any]:
    """What a case forgets when it begins again; its history keeps it."""
    turns = tuple(
        turn if turn.ended else replace(turn, ended="ended", ended_at=by.at) for turn in case.assignments
    )
    return {
        "tier": case.tier_origin,
        "assignments": turns,
        "lead_unit": "",
        "co_units": (),
        "suspension": None,
        "previous_state": None,
        "return_request": None,
        "attempts": {},
        "mediation": None,
        "agreement": None,
        "outcome": None,
        "resolved_tier": None,
        "resolved_at": None,
        "closed_at": None,
        "ended_reason": "",
        "handlers": (),
    }
