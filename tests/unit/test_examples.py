"""Checks the example input: invented, varied, complete, and read by its mappings."""

import csv
import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import yaml
from opencc import OpenCC
from stdnum.cn.ric import calc_check_digit

from tests.unit.example_rows import EXAMPLES, ROOT, Row, mapping, matters, table

PROFILE: dict[str, Any] = yaml.safe_load((ROOT / "profiles/xx-county.yaml").read_text(encoding="utf-8"))
CATEGORIES = {c["code"]: c for c in PROFILE["categories"]}
CHANNELS = set(mapping("matters_traditional")["columns"]["channel"]["values"].values()) | {
    "visit",
    "hotline12345",
    "grid",
    "court",
    "police",
    "procuratorate",
    "government",
    "petition_office",
    "platform",
}
MATTERS = matters()


def text_of(row: Row) -> str:
    return "。".join([row["title"], row["summary"], *row["requests"]])


def test_there_are_enough_matters_and_each_file_holds_its_share() -> None:
    counted = Counter(row["file"] for row in MATTERS)

    assert counted == {"matters": 336, "matters_traditional": 22, "hotline": 35}
    assert len({(row["channel"], row["external_ref"]) for row in MATTERS}) == len(MATTERS) >= 320


def test_no_two_matters_share_a_sentence() -> None:
    sentences = [
        part.strip() for row in MATTERS for part in re.split(r"[。！？；\n]", text_of(row)) if part.strip()
    ]

    assert [text for text, times in Counter(sentences).items() if times > 1] == []


def test_matters_are_told_neither_in_a_word_nor_in_a_novel() -> None:
    lengths = [len(row["summary"]) for row in MATTERS]

    assert min(lengths) >= 40
    assert max(lengths) <= 260
    assert all(0 < len(row["title"]) <= 60 for row in MATTERS)


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("channel", CHANNELS),
        ("category", set(CATEGORIES)),
        ("matter_type", {"dispute", "petition", "complaint", "consult", "help"}),
        ("complexity", {"simple", "general", "complex", "difficult"}),
        ("tier", {"village", "township", "county", "county_leader"}),
    ],
)
def test_every_code_of_a_list_occurs_and_no_other(field: str, wanted: set[str]) -> None:
    assert {row[field] for row in MATTERS} == wanted


def test_at_least_twenty_matters_are_in_traditional_script_and_the_rest_simplified() -> None:
    fold = OpenCC("t2s")

    changed = Counter(row["file"] for row in MATTERS if fold.convert(text_of(row)) != text_of(row))

    assert changed["matters_traditional"] >= 20
    assert changed.total() - changed["matters_traditional"] <= len(MATTERS) // 20


def test_at_least_ten_emergencies_are_marked() -> None:
    assert sum(row["emergency"] for row in MATTERS) >= 10


def test_phones_are_fictional_but_well_formed() -> None:
    given = [re.sub(r"^\+86|\s", "", row["applicant.phone"]) for row in MATTERS if row["applicant.phone"]]

    assert all(re.fullmatch(r"1990000\d{4}", phone) for phone in given)
    assert len(set(given)) == len(given) > 300


def test_the_few_identity_numbers_are_of_no_real_area_and_check() -> None:
    given = [row["applicant.id_no"] for row in MATTERS if row.get("applicant.id_no")]

    assert 0 < len(given) <= 10
    assert all(number.startswith("990101") and calc_check_digit(number) == number[-1] for number in given)


def test_texts_hold_no_number_that_could_belong_to_a_person() -> None:
    long_numbers = [n for row in MATTERS for n in re.findall(r"\d{7,}", text_of(row))]

    assert [n for n in long_numbers if not n.startswith("1990000")] == []


def test_every_place_lies_in_the_county_and_every_time_in_its_order() -> None:
    known = {row["code"] for row in table("divisions.csv")}

    assert {row["region"] for row in MATTERS} <= known
    assert all(row["received_at"] is not None and row["received_at"].year == 2026 for row in MATTERS)
    assert all(not row["discovered_at"] or row["discovered_at"] <= row["received_at"] for row in MATTERS)


def paths() -> dict[str, list[str]]:
    """The table of lives in the README: path to the transitions it takes."""
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| `(\w+)` \|.*\| ((?:G\d+ ?)+)\|$", text, re.M)
    return {path: steps.split() for path, steps in found}


def test_the_demo_takes_every_transition_at_least_three_times() -> None:
    table_of_paths = paths()

    taken = Counter(step for row in MATTERS for step in set(table_of_paths[row["path"]]))

    assert set(table_of_paths) == {row["path"] for row in MATTERS}
    assert [f"G{n}" for n in range(27) if taken[f"G{n}"] < 3] == []


def test_mediation_is_only_planned_where_the_category_allows_it() -> None:
    opened = [row for row in MATTERS if "G9" in paths()[row["path"]]]

    assert [row["external_ref"] for row in opened if not CATEGORIES[row["category"]]["mediable"]] == []
    assert {row["matter_type"] for row in opened} == {"dispute"}


def test_paths_that_climb_end_where_they_can_have_climbed_to() -> None:
    ends = {
        "mediate_fail_escalate": {"township", "county"},
        "escalate_county": {"county"},
        "sponsor": {"county_leader"},
        "escalate_sent_back": {"village", "township"},
    }

    assert all(row["tier"] in ends.get(row["path"], {row["tier"]}) for row in MATTERS)


def test_the_three_connected_departments_lead_enough_of_the_county_matters() -> None:
    county = [row["category"] for row in MATTERS if row["tier"] == "county"]
    leads = {c["category"]: c["lead"] for c in PROFILE["competence"] if c["tier"] == "county"}

    share = Counter(leads[category] for category in county)

    assert all(share[unit] >= 0.15 * len(county) for unit in ("court", "police", "judicial_bureau"))


def test_second_reports_follow_the_first_one_closely() -> None:
    at = {row["external_ref"]: row["received_at"] for row in MATTERS}
    merged = {row["external_ref"] for row in MATTERS if row["path"] == "merge"}

    pairs = {row["duplicate_ref"]: row["original_ref"] for row in table("merges.csv")}

    assert set(pairs) == merged
    assert all(timedelta(0) < at[new] - at[old] < timedelta(days=1) for new, old in pairs.items())


def test_grids_divide_every_village() -> None:
    villages = {row["code"] for row in table("divisions.csv") if row["level"] == "village"}
    grids = table("grids.csv")

    assert len(villages) >= 60 and len(grids) >= 120
    assert {row["village"] for row in grids} == villages
    assert all(re.fullmatch(row["village"] + r"\d{3}", row["grid_id"]) for row in grids)
    assert all(int(row["residents"]) > int(row["households"]) > 0 for row in grids)


def test_divisions_hang_together_by_their_codes() -> None:
    rows = {row["code"]: row for row in table("divisions.csv")}
    digits = {"county": 6, "township": 9, "village": 12}

    assert Counter(row["level"] for row in rows.values())["township"] == 8
    assert all(len(code) == digits[row["level"]] for code, row in rows.items())
    assert all(code.startswith(row["parent"]) for code, row in rows.items())
    assert all(row["parent"] in rows for row in rows.values() if row["level"] != "county")


def test_broken_rows_are_wrong_in_many_ways_and_between_good_ones() -> None:
    lines = list(csv.reader((EXAMPLES / "broken.csv").read_text(encoding="utf-8").splitlines()))
    expected = table("broken_expected.csv")

    kinds = {(row["field"], row["fault"]) for row in expected if row["fault"] != "none"}

    assert len(lines) == len(expected) + 1
    assert len(kinds) >= 12
    assert [row["line"] for row in expected if row["fault"] == "none"] == ["2", str(len(lines))]


def test_the_mapping_for_message_boards_names_their_columns_but_the_reply() -> None:
    columns = mapping("city_messages")["columns"].values()

    assert {name for column in columns for name in column.get("sources", [])} == {
        "留言编号",
        "留言用户",
        "留言主题",
        "留言时间",
        "留言详情",
    }
