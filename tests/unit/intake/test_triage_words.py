"""The county's words suggest, with reasons and confidence, and say nothing where they are not sure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.intake.handlers.suggesting import reader, suggest
from services.intake.rules.triage.suggesting import KINDS, kept
from services.intake.rules.triage.words import Words
from shared.profile import profile
from shared.profile.words import Keyword

VILLAGE = "990101101201"


@pytest.mark.requirement("IN-25")
def test_a_dispute_is_sorted_with_at_most_three_candidates_each_with_its_words() -> None:
    found = suggest("", "老板拖欠工资四个月，工友们要讨薪，双方谈不拢", VILLAGE, "dispute")

    assert (found.kind, found.category) == ("dispute", "labour_wages")
    assert 1 <= len(found.candidates) <= 3
    assert {"拖欠工资", "讨薪"} & set(found.candidates[0].reasons)
    assert found.unit == "committee_101201" and found.tier == "village" and found.unit_reason


def test_a_complaint_is_sorted_by_the_classes_of_messages_and_disputes_stand_beside() -> None:
    found = suggest("幼儿园乱收费", "家长反映幼儿园收取赞助费，请教育局查处", "990101", "complaint")

    assert (found.kind, found.category) == ("message", "education_culture")
    assert found.tier == "county" and found.unit == "education"
    assert found.beside is None or found.beside.category != "education_culture"


@pytest.mark.parametrize(
    "text", ["😀😀😀", "The weather is nice today", "今天天气很好", "ɸɸɸ", "？？？！！", "ᠮᠣᠩᠭᠣᠯ"]
)
def test_where_nothing_speaks_nothing_is_suggested(text: str) -> None:
    found = suggest("", text, VILLAGE)

    assert (found.category, found.unit) == (None, None)


def test_where_two_kinds_are_equally_likely_nothing_is_suggested() -> None:
    words = [
        Keyword(word="甲词", category="contract", weight=5),
        Keyword(word="乙词", category="medical", weight=5),
    ]
    one = replace(reader(profile(), None), words=Words(words))
    from services.intake.rules.triage.suggesting import read

    both = read(one, "dispute", "", "甲词乙词", one.words.found("", "甲词乙词"))
    single = read(one, "dispute", "", "甲词", one.words.found("", "甲词"))

    assert both.sure is None and both.first is not None
    assert single.sure is not None and single.sure.category == "contract"
    assert single.sure.confidence > both.first.confidence


def test_traditional_script_tabs_and_scanners_do_not_change_a_suggestion() -> None:
    plain = suggest("", "小区物业公司乱收物业费，电梯坏了不修", VILLAGE, "complaint")
    strange = suggest(
        "", "小 區 物 業\t公 司 亂 收 物 業 費，\n電 梯 壞 了 不 修_x000D_", VILLAGE, "complaint"
    )

    assert plain.category is not None
    assert (strange.category, strange.confidence) == (plain.category, plain.confidence)


def test_a_word_in_the_title_counts_more_than_one_in_the_body() -> None:
    words = Words(
        [
            Keyword(word="医院", category="medical", weight=3),
            Keyword(word="合同", category="contract", weight=3),
        ]
    )

    assert words.spoken(words.found("医院", "合同"))[0].category == "medical"
    assert words.spoken(words.found("合同", "医院"))[0].category == "contract"


def test_dangers_are_shown_as_flags() -> None:
    assert {"dv", "violence_risk"} <= set(suggest("", "丈夫打妻子，扬言要放火", VILLAGE).flags)


def test_a_text_of_a_million_characters_is_read_in_a_moment() -> None:
    found = suggest("", "邻居漏水，" * 200_000, VILLAGE, "dispute")

    assert found.category == "neighbour"


def test_what_is_kept_are_codes_and_no_words() -> None:
    found = suggest("", "老板拖欠工资四个月，工友们要讨薪", VILLAGE, "dispute")

    assert vars(kept(found)).keys() == {
        "category", "confidence", "others", "matter_type", "complexity", "tier", "unit", "by",
    }  # fmt: skip
    assert kept(found).by == f"words@{profile().lexicon.version}"
    assert KINDS == ("dispute", "message")
