"""How a broken profile is refused: the place, the line, and a sentence for the person who mends it."""

import re
from pathlib import Path

import pytest

from tests.unit.broken_profiles import BROKEN, Broken
from tests.unit.county_files import TEXT, WORDS, faults, line, written


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: f"{broken.path} {broken.says}")
def test_a_broken_profile_is_refused_with_place_line_and_sentence(tmp_path: Path, broken: Broken) -> None:
    text = TEXT.replace(broken.good, broken.bad, 1)
    place = line(text, broken.stands or broken.bad)

    said = [re.sub(r"\[\d+\]", "[*]", fault) for fault in faults(written(tmp_path, text))]

    wanted = f"county.yaml 第{place}行 {broken.path}："
    assert [fault for fault in said if fault.startswith(wanted) and broken.says in fault], said


@pytest.mark.requirement("SU-16")
def test_a_value_without_a_basis_or_with_one_no_longer_valid_is_refused(tmp_path: Path) -> None:
    general = "basis: 样板县讲话稿（2023年度数据）：一般事项3天"
    missing = written(tmp_path, TEXT.replace(f", {general}", "", 1))
    missing_said = faults(missing)
    expired = "{title: 医疗纠纷预防和处理条例, issued: 2018-07-31, valid_from: 2018-10-01"
    undated = "{title: 旅游法, issued: 2018-10-26, valid_from: 2018-10-26}"

    expired_said = faults(written(tmp_path, TEXT.replace(expired, expired + ", valid_until: 2025-12-31")))
    undated_said = faults(written(tmp_path, TEXT.replace(undated, "{title: 旅游法}")))

    assert missing_said == [f"county.yaml 第{line(TEXT, '  general: {')}行 sla.general.basis：缺少这一项"]
    assert expired_said and all("已经失效：医疗纠纷预防和处理条例" in fault for fault in expired_said)
    assert [fault.split("：")[1] for fault in undated_said] == [
        "写明印发日期 issued；没有日期的，用 note 说明原因"
    ]


def test_all_faults_of_both_files_are_told_at_once(tmp_path: Path) -> None:
    text = TEXT.replace("pickup: {length: PT1H", "pickup: {length: 1h").replace(
        "mode: competence", "mode: by_mood"
    )

    said = faults(
        written(
            tmp_path, text, "version: 1\nkeywords:\n  - {word: 欠薪, category: labour_wages, weight: 0}\n"
        )
    )

    assert [fault.split("：")[0].split()[-1] for fault in said] == [
        "ladder.mode",
        "sla.pickup.length",
        "keywords[0].weight",
    ]


def test_a_word_for_a_category_that_does_not_exist_is_found_in_the_lexicon(tmp_path: Path) -> None:
    said = faults(written(tmp_path, TEXT, WORDS + "  - {word: 外星人, category: space, weight: 3}\n"))

    assert said == ["lexicon.yaml 第4行 keywords[1].category：没有这个分类：space"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("profile: [unclosed", "不是正确的 YAML"),
        ("", "缺少这一项"),
        ("- a list", "这里应当是一组“键: 值”"),
        ("version: !!python/object:os.system {}", "不是正确的 YAML"),
    ],
)
def test_what_is_no_profile_at_all_is_refused_in_words(tmp_path: Path, text: str, sentence: str) -> None:
    assert any(sentence in fault for fault in faults(written(tmp_path, text)))


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT)
    (tmp_path / "lexicon.yaml").unlink()

    assert faults(tmp_path / "nowhere.yaml") == ["nowhere.yaml 第1行 ：文件读不出来"]
    assert faults(path) == ["lexicon.yaml 第1行 ：文件读不出来"]
