"""What must hold between the parts of a profile: nothing points nowhere, nothing is said twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from shared.profile.model import Profile
from shared.profile.organisation import Competence
from shared.profile.source import Steps
from shared.profile.times import ClockLimit, Threshold

Complaint = tuple[Steps, str]

PLACES = {
    "village6": (12, r"\d{6}"),
    "town3": (9, r"\d{3}"),
}  # digits of the region needed, and what they become
ALL = "*"


def complaints(p: Profile) -> Iterator[Complaint]:
    """Everything about a well-formed profile that does not fit together."""
    for check in (
        _tiers,
        _ladder,
        _limits,
        _thresholds,
        _office,
        _references,
        _units,
        _competence,
        _categories,
    ):
        yield from check(p)


def lexicon_complaints(p: Profile) -> Iterator[Complaint]:
    """Everything in the words that does not fit the profile."""
    codes = {category.code for category in p.categories}
    for index, word in enumerate(p.keywords):
        if word.category not in codes:
            yield ("keywords", index, "category"), f"没有这个分类：{word.category}"
    for index in _repeats([word.word for word in p.keywords]):
        yield ("keywords", index, "word"), f"这个词写了两次：{p.keywords[index].word}"


def _tiers(p: Profile) -> Iterator[Complaint]:
    for index in _repeats(p.tiers):
        yield ("tiers", index), f"层级写了两次：{p.tiers[index]}"
    for key, table in (("tier_names", p.tier_names), ("tier_region_digits", p.tier_region_digits)):
        for tier in p.tiers:
            if tier not in table:
                yield (key,), f"缺少层级 {tier}"


def _ladder(p: Profile) -> Iterator[Complaint]:
    for index, step in enumerate(p.ladder.steps):
        at: Steps = ("ladder", "steps", index)
        yield from _known((*at, "tier"), step.tier, p.tiers, "层级")
        if step.next:
            yield from _known((*at, "next"), step.next, {s.tier for s in p.ladder.steps}, "台阶")
        elif not step.terminal:
            yield at, "这一级既没有 next（往哪上），也没有 terminal（到此为止做什么）"
        yield from _named((*at, "team"), step.team, p.mediation.team_templates, "班子")
    for index in _repeats([step.tier for step in p.ladder.steps]):
        yield ("ladder", "steps", index, "tier"), f"这一级写了两次：{p.ladder.steps[index].tier}"
    yield from _circles(p)
    for index, track in enumerate(p.ladder.fast_track):
        yield from _known(("ladder", "fast_track", index, "to"), track.to, {*p.tiers, "next"}, "层级")


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
        yield from _each((*at, "pause_for"), limit.pause_for, {r.code for r in p.pause.reasons}, "暂停理由")
        yield from _each((*at, "categories"), limit.categories, {c.code for c in p.categories}, "分类")
        yield from _named((*at, "extension"), limit.extension, p.limits, "时限")
        if limit.remind_days and max(limit.remind_days) >= limit.length.days:
            yield (*at, "remind_days"), "提醒日应当早于最后一日"


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
        yield from _known(("threshold_overrides", kind), kind, p.limits, "时限")
        yield from _rows(("threshold_overrides", kind), rows)


def _rows(at: Steps, rows: tuple[Threshold, ...]) -> Iterator[Complaint]:
    for index in _repeats([row.pct for row in rows]):
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
        yield from _named(steps, kind, p.limits, "时限")
    reasons = {reason.code for reason in p.pause.reasons}
    yield from _each(("suspend", "reasons"), p.suspend.reasons, reasons, "暂停理由")
    yield from _named(("sponsorship", "team"), p.sponsorship.team, p.mediation.team_templates, "班子")
    yield from _each(("petition", "agency", "from_tiers"), p.petition.agency.from_tiers, p.tiers, "层级")
    codes = {category.code for category in p.categories}
    yield from _known(("triage", "default_category"), p.triage.default_category, codes, "分类")
    if not p.effective.year >= 2000:
        yield ("effective",), "生效日期不对"


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


def _units(p: Profile) -> Iterator[Complaint]:
    listed: list[tuple[Steps, str, str]] = [
        ((key, index), unit.id, unit.region)
        for key, units in (("departments", p.departments), ("units", p.units))
        for index, unit in enumerate(units)
    ]
    for index in _repeats([id for _, id, _ in listed]):
        yield (*listed[index][0], "id"), f"单位代码写了两次：{listed[index][1]}"
    for steps, _, region in listed:
        if not region.startswith(p.county6):
            yield (*steps, "region"), f"不在本县（{p.county6}）之内"
    for index, residency in enumerate(p.residency):
        yield from _known(("residency", index, "unit"), residency.unit, p.all_units, "单位")
        yield from _known(("residency", index, "centre"), residency.centre, p.all_units, "单位")
    for index, route in enumerate(p.referral_routes):
        yield from _known(("referral_routes", index, "unit"), route.unit, p.all_units, "单位")
    for centre, modules in p.modules.except_centres.items():
        yield from _known(("modules", "except_centres", centre), centre, p.all_units, "单位")
        yield from _each(("modules", "except_centres", centre), modules, p.modules.default, "模块")


def _competence(p: Profile) -> Iterator[Complaint]:
    codes = [category.code for category in p.categories]
    for index, row in enumerate(p.competence):
        at: Steps = ("competence", index)
        yield from _known((*at, "category"), row.category, {*codes, ALL}, "分类")
        yield from _known((*at, "tier"), row.tier, {*p.tiers, ALL}, "层级")
        yield from _unit_named(p, (*at, "lead"), row.lead, row.tier)
        for place, unit in enumerate(row.co):
            yield from _unit_named(p, (*at, "co", place), unit, row.tier)
        if any(_covers(earlier, row) for earlier in p.competence[:index]):
            yield at, f"永远轮不到这一行：前面的行已经管了 {row.category} × {row.tier}"
    general = [row for row in p.competence if not row.region]
    for code in codes:
        for tier in p.tiers:
            if not any(row.category in (code, ALL) and row.tier in (tier, ALL) for row in general):
                yield ("competence",), f"{code} × {tier} 没有牵头单位"


def _covers(earlier: Competence, later: Competence) -> bool:
    wide = earlier.category in (later.category, ALL) and earlier.tier in (later.tier, ALL)
    return wide and later.region.startswith(earlier.region)


def _unit_named(p: Profile, steps: Steps, named: str, tier: str) -> Iterator[Complaint]:
    pattern = re.escape(named).replace(r"\{", "{").replace(r"\}", "}")
    digits = 17 if tier == ALL else p.tier_region_digits.get(tier, 17)
    for place, (needed, becomes) in PLACES.items():
        if "{" + place + "}" in pattern and digits < needed:
            yield steps, f"{tier} 一级的地区码没有 {place} 这么细"
        pattern = pattern.replace("{" + place + "}", becomes)
    if not any(re.fullmatch(pattern, id) for id in p.all_units):
        yield steps, f"没有这个单位：{named}"


def _categories(p: Profile) -> Iterator[Complaint]:
    for index in _repeats([category.code for category in p.categories]):
        yield ("categories", index, "code"), f"分类写了两次：{p.categories[index].code}"
    owner: dict[str, str] = {}
    for index, category in enumerate(p.categories):
        for word in {category.name, *category.aliases}:
            if owner.setdefault(word, category.code) != category.code:
                yield ("categories", index), f"“{word}”已经是 {owner[word]} 的名称或别名"


def _repeats(values: Iterable[object]) -> Iterator[int]:
    """Where a value stands that stood before."""
    seen: Counter[object] = Counter()
    for index, value in enumerate(values):
        seen[value] += 1
        if seen[value] > 1:
            yield index


def _known(steps: Steps, value: str, known: Iterable[str], what: str) -> Iterator[Complaint]:
    if value not in set(known):
        yield steps, f"没有这个{what}：{value}"


def _named(steps: Steps, value: str, known: Mapping[str, object], what: str) -> Iterator[Complaint]:
    """Like `_known`, for a setting that may be left out."""
    if value:
        yield from _known(steps, value, known, what)


def _each(steps: Steps, values: Iterable[str], known: Iterable[str], what: str) -> Iterator[Complaint]:
    for index, value in enumerate(values):
        yield from _known((*steps, index), value, known, what)
