"""What must hold in the tables of a profile: units, residency, competence, categories and words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.profile.findings import Complaint, each, known, repeats
from shared.profile.model import Profile
from shared.profile.organisation import Competence
from shared.profile.source import Steps

PLACES = {
    "village6": (12, r"\d{6}"),
    "town3": (9, r"\d{3}"),
}  # digits of the region needed, and what they become
ALL = "*"
WEIGHTS = ("w1", "w2", "w3", "w4", "w5")
KINDS = ("dispute", "message")


def complaints(p: Profile) -> Iterator[Complaint]:
    """Everything in the tables that does not fit."""
    for check in (_units, _residency, _elsewhere, _competence, _categories):
        yield from check(p)


def lexicon_complaints(p: Profile) -> Iterator[Complaint]:
    """Everything in the words that does not fit the profile. A word may speak for several categories."""
    codes = {category.code for category in p.categories}
    yield from _lists(p, codes)
    for index, word in enumerate(p.lexicon.keywords):
        if word.category not in codes:
            yield ("keywords", index, "category"), f"没有这个分类：{word.category}"
    listed = len(p.keywords) - len(p.lexicon.keywords)
    for index in repeats([(word.word, word.category) for word in p.keywords]):
        found = p.keywords[index]
        steps: Steps = ("keywords", index - listed, "word") if index >= listed else ("words", found.category)
        yield steps, f"这个词写了两次：{found.word}"


def _lists(p: Profile, codes: set[str]) -> Iterator[Complaint]:
    for category, weights in p.lexicon.words.items():
        if category not in codes:
            yield ("words", category), f"没有这个分类：{category}"
        for weight in weights:
            if weight not in WEIGHTS:
                yield ("words", category, weight), "词的分量写成 w1 到 w5"
    for kind in p.lexicon.trust:
        if kind not in KINDS:
            yield ("trust", kind), f"只能是 {'、'.join(KINDS)} 之一"


def _units(p: Profile) -> Iterator[Complaint]:
    listed: list[tuple[Steps, str, str]] = [
        ((key, index), unit.id, unit.region)
        for key, units in (("departments", p.departments), ("units", p.units))
        for index, unit in enumerate(units)
    ]
    for index in repeats([id for _, id, _ in listed]):
        yield (*listed[index][0], "id"), f"单位代码写了两次：{listed[index][1]}"
    for steps, _, region in listed:
        if not region.startswith(p.county6):
            yield (*steps, "region"), f"不在本县（{p.county6}）之内"


def _residency(p: Profile) -> Iterator[Complaint]:
    for index in repeats([(residency.unit, residency.centre) for residency in p.residency]):
        yield ("residency", index), f"{p.residency[index].unit} 在同一个中心只能有一种入驻方式"
    for index, residency in enumerate(p.residency):
        yield from known(("residency", index, "unit"), residency.unit, p.all_units, "单位")
        yield from known(("residency", index, "centre"), residency.centre, p.all_units, "单位")


def _elsewhere(p: Profile) -> Iterator[Complaint]:
    for index, route in enumerate(p.referral_routes):
        yield from known(("referral_routes", index, "unit"), route.unit, p.all_units, "单位")
    for centre, modules in p.modules.except_centres.items():
        yield from known(("modules", "except_centres", centre), centre, p.all_units, "单位")
        yield from each(("modules", "except_centres", centre), modules, p.modules.default, "模块")


def _competence(p: Profile) -> Iterator[Complaint]:
    codes = [category.code for category in p.categories]
    for index, row in enumerate(p.competence):
        at: Steps = ("competence", index)
        yield from known((*at, "category"), row.category, {*codes, ALL}, "分类")
        yield from known((*at, "tier"), row.tier, {*p.tiers, ALL}, "层级")
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
    for index in repeats([category.code for category in p.categories]):
        yield ("categories", index, "code"), f"分类写了两次：{p.categories[index].code}"
    owner: dict[str, str] = {}
    for index, category in enumerate(p.categories):
        for word in {category.name, *category.aliases}:
            if owner.setdefault(word, category.code) != category.code:
                yield ("categories", index), f"“{word}”已经是 {owner[word]} 的名称或别名"
