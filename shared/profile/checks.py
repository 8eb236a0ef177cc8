"""What must hold between the parts of a profile: nothing points nowhere, nothing is said twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from shared.profile import tables
from shared.profile.findings import Complaint, each, known, named, repeats
from shared.profile.model import Profile
from shared.profile.source import Steps
from shared.profile.times import ClockLimit, Threshold

WATCHED = {"resident": "case.registered", "verify": "case.resolved", "close": "case.verified"}
"""Between them these limits hold every open case: nothing waits without a clock (COR-06)."""


def complaints(p: Profile) -> Iterator[Complaint]:
    """Everything about a well-formed profile that does not fit together."""
    for check in (_tiers, _ladder, _limits, _watched, _thresholds, _office, _references, tables.complaints):
        yield from check(p)


def _tiers(p: Profile) -> Iterator[Complaint]:
    for index in repeats(p.tiers):
        yield ("tiers", index), f"层级写了两次：{p.tiers[index]}"
    for key, table in (("tier_names", p.tier_names), ("tier_region_digits", p.tier_region_digits)):
        for tier in p.tiers:
            if tier not in table:
                yield (key,), f"缺少层级 {tier}"


def _ladder(p: Profile) -> Iterator[Complaint]:
    for index, step in enumerate(p.ladder.steps):
        at: Steps = ("ladder", "steps", index)
        yield from known((*at, "tier"), step.tier, p.tiers, "层级")
        if step.next:
            yield from known((*at, "next"), step.next, {s.tier for s in p.ladder.steps}, "台阶")
        elif not step.terminal:
            yield at, "这一级既没有 next（往哪上），也没有 terminal（到此为止做什么）"
        yield from named((*at, "team"), step.team, p.mediation.team_templates, "班子")
    for index in repeats([step.tier for step in p.ladder.steps]):
        yield ("ladder", "steps", index, "tier"), f"这一级写了两次：{p.ladder.steps[index].tier}"
    yield from _circles(p)
    for index, track in enumerate(p.ladder.fast_track):
        yield from known(("ladder", "fast_track", index, "to"), track.to, {*p.tiers, "next"}, "层级")


def _circles(p: Profile) -> Iterator[Complaint]:
    up = {step.tier: step.next for step in p.ladder.steps}
    for index, step in enumerate(p.ladder.steps):
        passed, tier = {step.tier}, step.next
        while tier and tier not in passed:
            passed.add(tier)
            tier = up.get(tier)
        if tier == step.tier:
            yield ("ladder", "steps", index, "next"), "梯子绕成了圈，走不到头"


def _limits(p: Profile) -> Iterator[Complaint]:
    for kind, limit in p.limits.items():
        at: Steps = ("sla", kind)
        yield from (((*at, key), sentence) for key, sentence in _length(limit))
        yield from each((*at, "pause_for"), limit.pause_for, {r.code for r in p.pause.reasons}, "暂停理由")
        yield from each((*at, "categories"), limit.categories, {c.code for c in p.categories}, "分类")
        yield from named((*at, "extension"), limit.extension, p.limits, "时限")
        if limit.remind_days and max(limit.remind_days) >= limit.length.days:
            yield (*at, "remind_days"), "提醒日应当早于最后一日"


def _watched(p: Profile) -> Iterator[Complaint]:
    """A county may go without limits (C7); one that has some leaves no open case without a clock."""
    for kind, begin in WATCHED.items() if p.limits else ():
        limit = p.limits.get(kind)
        if limit is None:
            yield ("sla",), f"缺少时限 {kind}：{begin} 之后的案件就没有时钟管着"
        elif begin not in limit.starts:
            yield ("sla", kind, "starts"), f"要包括 {begin}，否则案件就没有时钟管着"


def _length(limit: ClockLimit) -> Iterator[tuple[str, str]]:
    days = limit.unit in ("calendar_days", "working_days")
    if days and limit.length % timedelta(days=1):
        yield "length", "按日计算的时限要写成整日，如 P3D"
    if not limit.length and limit.unit != "working_days":
        yield "length", "时限应当大于零（P0D 只能配 working_days，表示当日下班前）"


def _thresholds(p: Profile) -> Iterator[Complaint]:
    yield from _rows(("thresholds",), p.thresholds)
    if 100 not in {row.pct for row in p.thresholds}:
        yield ("thresholds",), "缺少 pct: 100（到期）这一档"
    for kind, rows in p.threshold_overrides.items():
        yield from known(("threshold_overrides", kind), kind, p.limits, "时限")
        yield from _rows(("threshold_overrides", kind), rows)


def _rows(at: Steps, rows: tuple[Threshold, ...]) -> Iterator[Complaint]:
    for index in repeats([row.pct for row in rows]):
        yield (*at, index, "pct"), f"这一档写了两次：{rows[index].pct}"


def _office(p: Profile) -> Iterator[Complaint]:
    hours = p.duty_hours
    lunch = hours.lunch or (hours.start, hours.start)
    if not hours.start <= lunch[0] <= lunch[1] < hours.end:
        yield ("duty_hours",), "上班、午休、下班的时刻先后不对"
    if not hours.days:
        yield ("duty_hours", "days"), "至少要有一个值班日"


def _references(p: Profile) -> Iterator[Complaint]:
    """Settings that name a limit, a reason, a team or a category which must exist."""
    for steps, kind in _named_limits(p):
        yield from named(steps, kind, p.limits, "时限")
    reasons = {reason.code for reason in p.pause.reasons}
    yield from each(("suspend", "reasons"), p.suspend.reasons, reasons, "暂停理由")
    yield from named(("sponsorship", "team"), p.sponsorship.team, p.mediation.team_templates, "班子")
    yield from each(("petition", "agency", "from_tiers"), p.petition.agency.from_tiers, p.tiers, "层级")
    codes = {category.code for category in p.categories}
    yield from known(("triage", "default_category"), p.triage.default_category, codes, "分类")


def _named_limits(p: Profile) -> Iterator[tuple[Steps, str]]:
    for index, step in enumerate(p.ladder.steps):
        yield ("ladder", "steps", index, "escalate_within"), step.escalate_within
        yield ("ladder", "steps", index, "sponsor_within"), step.sponsor_within
    for index, residency in enumerate(p.residency):
        yield ("residency", index, "call_limit"), residency.call_limit
    yield ("callback", "within"), p.callback.within
    yield ("whistle", "answer_within"), p.whistle.answer_within
    yield ("whistle", "report_within"), p.whistle.report_within
    yield ("supervision", "plan_within"), p.supervision.plan_within
    yield ("supervision", "feedback_within"), p.supervision.feedback_within
    yield ("sponsorship", "within"), p.sponsorship.within
    yield ("risk_notice", "ack"), p.risk_notice.ack
    yield ("mediation", "limit"), p.mediation.limit
    yield ("petition", "agency", "limit"), p.petition.agency.limit
    yield ("screening", "finding_limit"), p.screening.finding_limit
