"""Beginning to mediate: may this case be mediated, by these people, with these parties?"""

from __future__ import annotations

from dataclasses import replace

from services.mediation.model import CaseView, Matter, Mediator, Party, State
from services.mediation.model.commands import Open
from services.mediation.model.view import READY
from services.mediation.model.words import LIMIT_OF_STAGE, LINKAGE_OF_CHANNEL, OPPOSED
from services.mediation.rules import clocks
from services.mediation.rules.by import By
from services.mediation.rules.willing import declined, nobody_refused
from shared.contracts.fields import Linkage, Tier
from shared.contracts.mediation import MediationMatterOpened
from shared.decision import Decision
from shared.errors import Illegal, Refused


def open_matter(mm_id: str, view: CaseView, ask: Open, by: By, request_key: str) -> Decision[Matter]:
    """A new matter of a case.

    Raises Illegal when the case is not ready or somebody refused (`mediation_declined`), else Refused.
    """
    case_is_ready(view, ask.tier, by)
    ask = as_referred(ask, view)
    everything_is_known(ask, view, by)
    both_sides_are_there(ask.parties)
    nobody_refused(ask.parties, by)
    panel_is_large_enough(ask.mediators, by)
    panel_is_clear(ask.mediators, by)
    matter = _made(mm_id, view, ask, by, request_key)
    return Decision(state=matter, events=(_told(matter),), reason="开始调解")


def _made(mm_id: str, view: CaseView, ask: Open, by: By, request_key: str) -> Matter:
    main = clocks.limit_kind(ask.linkage_stage, by)
    return Matter(
        mm_id=mm_id,
        case_id=view.case_id,
        case_no=view.case_no,
        region=view.region,
        tier=view.tier,
        kind=ask.kind,
        organisation=ask.organisation,
        state=State.OPENED,
        opened_at=by.at,
        profile_version=by.profile.version_id,
        category=view.category,
        protected=view.protected,
        linkage=ask.linkage or "none",
        linkage_stage=ask.linkage_stage,
        linkage_ref=_sealed(ask, mm_id, by),
        limit_kind=main,
        parties=ask.parties,
        panel=ask.mediators,
        clocks=clocks.at_opening(mm_id, main, view.category, by),
        request_key=request_key,
    )


def case_is_ready(view: CaseView, tier: Tier, by: By) -> None:
    """Only a case that a unit of this tier has, that can be mediated, and that nobody refused to mediate.

    Who asks for help goes to a service or to aid (IN-38).

    What is known of the case may be a moment old: a matter opened then would belong to the tier below and end
    when the case's rise is heard of.
    """
    if view.willingness == "no":
        raise declined(view.state, by)
    if view.state not in READY:
        raise Illegal("案件当前状态不能开始调解", state=view.state, allowed=READY, code="case_not_ready")
    if view.tier != tier:
        raise Illegal(
            "案件不在这一层级，或者调解室还没有收到它上报的消息，请稍后再试",
            state=view.state,
            allowed=READY,
            code="case_not_ready",
        )
    if view.matter_type == "help":
        raise Refused("求助转服务或救助，不进入调解", code="help_not_mediated")
    category = by.profile.category(view.category) if view.category else None
    if category is not None and not category.mediable:
        raise Refused("这类事项不适用调解", code="not_mediable")


def as_referred(ask: Open, view: CaseView) -> Open:
    """What the registration says of the referral is not asked for again."""
    linkage: Linkage = ask.linkage or (came_by(view) or "none")
    stage = ask.linkage_stage or (view.linkage_stage or "" if linkage == came_by(view) == "court" else "")
    return replace(ask, linkage=linkage, linkage_stage=stage)


def came_by(view: CaseView) -> Linkage | None:
    """By which office a case was referred with its number; None for every other."""
    return LINKAGE_OF_CHANNEL.get(view.channel) if view.referred else None


def everything_is_known(ask: Open, view: CaseView, by: By) -> None:
    """Kind, linkage and organisation are ones of this county; a referral has its number (MD-09)."""
    settings, wrong = by.profile.mediation, {}
    if ask.kind not in settings.kinds:
        wrong["kind"] = ["本县没有这种调解"]
    if ask.organisation not in by.profile.all_units:
        wrong["organisation"] = ["没有这个调解组织"]
    if ask.linkage != "none" and ask.linkage not in settings.linkages:
        wrong["linkage"] = ["本县没有这种联动"]
    if ask.linkage != "none" and not ask.linkage_ref.strip() and ask.linkage != came_by(view):
        wrong["linkage_ref"] = ["联动调解须填来源单位的编号"]
    if (ask.linkage == "court") != (ask.linkage_stage in LIMIT_OF_STAGE):
        wrong["linkage_stage"] = ["法院委派或委托的要写明阶段，其他的不填"]
    if wrong:
        raise Refused("填写的内容有误，请按提示修改", code="invalid_fields", fields=wrong)


def both_sides_are_there(parties: tuple[Party, ...]) -> None:
    """Without an applicant and a respondent there is nothing to mediate."""
    refs = [party.party_ref for party in parties]
    if len(set(refs)) < len(refs):
        raise Refused("同一当事人写了两次", code="party_twice")
    missing = [side for side in OPPOSED if all(party.side != side for party in parties)]
    if missing:
        raise Refused("须写明申请人和被申请人双方", code="side_missing", missing=missing)


def panel_is_large_enough(panel: tuple[Mediator, ...], by: By) -> None:
    """As many mediators as the county wants, each named once."""
    if len({mediator.ref for mediator in panel}) < max(by.profile.mediation.panel.min, len(panel)):
        raise Refused("调解员人数不足或重复", code="panel_too_small")


def panel_is_clear(panel: tuple[Mediator, ...], by: By) -> None:
    """Every mediator has declared; one with an interest stays only when both parties agreed in writing."""
    if any(not mediator.interest for mediator in panel):
        raise Refused("调解员须先申报有无利害关系", code="conflict_not_declared")
    if any(not mediator.may_sit for mediator in panel):
        raise Refused("调解员与本案有利害关系，须回避或由双方书面同意", code="mediator_conflicted")
    if not by.profile.mediation.panel.may_be_chosen and any(m.chosen_by == "party" for m in panel):
        raise Refused("本县不由当事人选调解员", code="choice_not_offered")


def _sealed(ask: Open, mm_id: str, by: By) -> bytes | None:
    if not ask.linkage_ref:
        return None
    return by.sealer.seal(ask.linkage_ref, owner=mm_id, field="linkage_ref")


def _told(matter: Matter) -> MediationMatterOpened:
    main = matter.clock(matter.limit_kind)
    return MediationMatterOpened(
        mm_id=matter.mm_id,
        case_id=matter.case_id,
        kind=matter.kind,
        linkage=matter.linkage,
        organisation=matter.organisation,
        tier=matter.tier,
        limit_due=main.due_at if main else None,
    )
