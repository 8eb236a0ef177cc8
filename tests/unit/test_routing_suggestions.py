"""The keyword table suggests, with its reasons, and says nothing where it is not sure."""

from __future__ import annotations

import pytest

from services.routing.rules.competence import choose
from services.routing.rules.suggestions import advise
from tests import routing_given as given


def test_a_text_is_sorted_by_its_words_and_the_words_are_the_reason() -> None:
    advice = advise("老板拖欠工资四个月，工友们要讨薪", given.VILLAGE, given.county())

    best = advice.candidates[0]
    assert (advice.category, advice.unit) == ("labour_wages", given.COMMITTEE)
    assert best.score == sum(reason.weight for reason in best.reasons) > 0
    assert all(reason.word in "老板拖欠工资四个月，工友们要讨薪" for reason in best.reasons)


def test_words_of_danger_show_as_flags() -> None:
    advice = advise("丈夫打妻子，扬言要放火", given.VILLAGE, given.county())

    assert {"dv", "violence_risk"} <= set(advice.flags)


def test_where_two_kinds_are_equally_likely_nothing_is_suggested() -> None:
    advice = advise("离婚，同时合同欠款不还，彩礼要退", given.VILLAGE, given.county())
    nothing = advise("天气很好", given.VILLAGE, given.county())

    margin = advice.candidates[0].score - advice.candidates[1].score
    assert (advice.category is None) == (margin < given.county().triage.min_margin)
    assert (nothing.category, nothing.candidates, nothing.unit) == (None, (), None)


@pytest.mark.requirement("RT-09", "RT-12")
@pytest.mark.parametrize(
    ("category", "tier", "lead", "co"),
    [
        ("neighbour", "village", "committee_101201", ()),
        ("neighbour", "township", "centre_101", ()),
        ("traffic", "county", "police", ("industry_traffic", "court")),
        ("labour_wages", "county", "human_resources", ("housing", "industry_labour")),
        ("discipline", "village", "discipline_inspection", ()),
        ("neighbour", "county_leader", "centre_county", ()),
    ],
)
def test_the_table_names_the_lead_by_kind_tier_and_place(
    category: str, tier: str, lead: str, co: tuple[str, ...]
) -> None:
    choice = choose(category, tier, given.VILLAGE, given.county())

    assert choice is not None
    assert (choice.lead, choice.co) == (lead, co)
    assert choice.reason and choice.basis


def test_a_unit_complained_about_neither_leads_nor_helps() -> None:
    choice = choose("traffic", "county", given.VILLAGE, given.county(), without=("police", "court"))

    assert choice is not None
    assert (choice.lead, choice.co) == ("centre_county", ())


def test_a_place_known_only_as_the_county_has_no_village_committee() -> None:
    assert choose("neighbour", "village", "990101", given.county()) is None
