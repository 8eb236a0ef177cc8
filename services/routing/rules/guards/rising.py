"""Conditions of mediation, and of moving up to the next tier."""

from __future__ import annotations

from services.routing.model import Case
from services.routing.model import commands as asks
from services.routing.rules.by import By
from services.routing.rules.ladder import ROUNDS, attempts_of, fast_track, is_listed, needed, tier_above
from services.routing.rules.places import centre_of
from shared.errors import Refused


def category_is_mediable(case: Case, ask: object, by: By) -> None:
    """Some matters cannot be mediated at all."""
    category = by.profile.category(case.category or "")
    if category is None or not category.mediable:
        raise Refused("这类事项不适用调解", code="not_mediable")


def help_is_given_elsewhere(case: Case, ask: object, by: By) -> None:
    """Who asks for help goes to a service or to aid; there is nobody to be reconciled with."""
    if case.matter_type == "help":
        raise Refused("求助转服务或救助，不进入调解", code="help_not_mediated")


def willingness_is_asked(case: Case, ask: object, by: By) -> None:
    """Mediation starts only once both sides were asked whether they want it."""
    if case.willingness == "unknown":
        raise Refused("还没有问过当事人是否愿意调解", code="willingness_unknown")


def nobody_refused(case: Case, ask: object, by: By) -> None:
    """Mediation is voluntary."""
    if case.willingness == "no":
        raise Refused("当事人不愿调解，应告知其他途径", code="mediation_refused")


def the_round_counts(case: Case, ask: asks.Round, by: By) -> None:
    """Mediation decides what counts as a round; what does not count moves nothing."""
    if not ask.counts:
        raise Refused("这一次不计入轮次", code="does_not_count")


def a_tier_is_above(case: Case, ask: asks.Escalate, by: By) -> None:
    """There is somewhere to go."""
    if tier_above(case, ask.trigger, by.profile) is None:
        raise Refused("已经是最高层级，应引导法定途径", code="no_tier_above")


def ladder_is_satisfied(case: Case, ask: asks.Escalate, by: By) -> None:
    """Enough rounds have failed, or the reason is on a fast track and approved, or the step names it."""
    _must_be_so(case, ask.trigger)
    if track := fast_track(ask.trigger, by.profile):
        return _approved(ask, track.approver, by)
    if ask.trigger in ROUNDS and attempts_of(case) < needed(case, by.profile):
        _too_few_rounds(case, by)
    if not is_listed(case, ask.trigger, by.profile):
        raise Refused("这一层级不能因此上报", code="trigger_not_listed")


def _too_few_rounds(case: Case, by: By) -> None:
    done, wanted = attempts_of(case), needed(case, by.profile)
    raise Refused(
        f"调解轮次还不够上报（{done}/{wanted}）", code="ladder_not_satisfied", attempts=done, needed=wanted
    )


def _approved(ask: asks.Escalate, approver: str, by: By) -> None:
    if by.actor.role != approver and ask.approved_by in ("", by.actor.ref):
        raise Refused("快速通道须有批准人", code="approver_missing", approver=approver)


def _must_be_so(case: Case, trigger: str) -> None:
    """A reason that the case itself shows must be shown by it."""
    result = case.mediation.result if case.mediation else None
    shown = {
        "deadline": any(clock.state == "breached" and clock.stopped_at is None for clock in case.clocks),
        "mediation_declined": result == "declined" or case.willingness == "no",
        "mediation_expired": result == "expired",
    }
    if not shown.get(trigger, True):
        raise Refused("案件里没有这一事实", code="trigger_not_shown", trigger=trigger)


def material_is_complete(case: Case, ask: asks.Escalate, by: By) -> None:
    """The tier above gets everything that is on file."""
    if not ask.material_complete:
        raise Refused("上报材料不齐", code="material_incomplete")


def sent_back_once_per_tier(case: Case, ask: object, by: By) -> None:
    """A tier sends a case back once; then it must take it."""
    tier = case.escalations[-1].to_tier
    if any(e.sent_back for e in case.escalations if e.to_tier == tier):
        raise Refused("同一层级只能退回一次", code="sent_back_before")


def whistle_is_on(case: Case, ask: asks.Blow, by: By) -> None:
    """A county may go without whistles, and so may the centre that the case is with."""
    if not by.profile.whistle.enabled:
        raise Refused("本县没有启用吹哨报到", code="module_off")
    if not by.profile.modules.on("whistle", centre_of(case.region, case.tier, by.profile)):
        raise Refused("这个中心没有启用吹哨报到", code="module_off")


def whistle_reasons_are_listed(case: Case, ask: asks.Blow, by: By) -> None:
    """A whistle has reasons of the list, and units to call."""
    known = by.profile.whistle.reasons
    if not ask.reasons or not ask.units or set(ask.reasons) - set(known):
        raise Refused("吹哨须写明理由和被点名单位", code="reason_not_listed", allowed=list(known))
