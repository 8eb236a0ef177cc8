"""Checks the default county's data: nothing is missing, nothing points nowhere, every rule says why."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PROFILE: dict[str, Any] = yaml.safe_load((ROOT / "profiles/xx-county.yaml").read_text(encoding="utf-8"))
LEXICON: dict[str, Any] = yaml.safe_load((ROOT / "profiles" / PROFILE["lexicon"]).read_text(encoding="utf-8"))
CATEGORIES = [c["code"] for c in PROFILE["categories"]]
UNITS = {u["id"] for u in PROFILE["departments"] + PROFILE["units"]}
UNITS_OF_CLOCKS = {"duty_hours", "working_days", "calendar_days", "minutes"}
TIERS = {"village", "township", "county", "county_leader"}
ISO_LENGTH = re.compile(r"^P(\d+D|T\d+[HM])$")


def divisions() -> list[dict[str, str]]:
    with (ROOT / "examples/divisions.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def lead(category: str, tier: str, village: str) -> dict[str, Any]:
    """The first row of the competence table that fits, with its unit named for the village."""
    for row in PROFILE["competence"]:
        fits = row["category"] in {category, "*"} and row["tier"] in {tier, "*"}
        if fits and village.startswith(row.get("region", "")):
            named = row["lead"].format(village6=village[-6:], town3=village[6:9])
            return {**row, "lead": named}
    raise LookupError(f"nobody leads {category} at {tier}")


@pytest.mark.parametrize("tier", sorted(TIERS))
@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_at_every_tier_of_every_village_has_one_known_lead(category: str, tier: str) -> None:
    villages = [row["code"] for row in divisions() if row["level"] == "village"]

    leads = [lead(category, tier, village) for village in villages]

    assert all(row["lead"] in UNITS for row in leads)
    assert all(row["reason"] and row["basis"] for row in leads)


def test_nobody_else_in_the_competence_table_is_unknown() -> None:
    co_units = {unit for row in PROFILE["competence"] for unit in row["co"]}

    assert co_units <= UNITS


def test_no_row_of_the_competence_table_is_hidden_by_an_earlier_one() -> None:
    seen: set[tuple[str, str]] = set()

    for row in PROFILE["competence"]:
        key = (row["category"], row["tier"])
        assert key not in seen and ("*", row["tier"]) not in seen, key
        seen.add(key)


@pytest.mark.parametrize("kind", sorted(PROFILE["sla"]))
def test_every_limit_has_a_length_a_unit_a_start_a_stop_and_a_basis(kind: str) -> None:
    clock = PROFILE["sla"][kind]

    assert ISO_LENGTH.match(clock["length"])
    assert clock["unit"] in UNITS_OF_CLOCKS
    assert clock["starts"] and clock["stops"]
    assert isinstance(clock["roll_on_rest_day"], bool)
    assert len(clock["basis"]) > 4


def test_the_limits_of_the_model_county_are_the_published_ones() -> None:
    sla = PROFILE["sla"]

    lengths = [sla[kind]["length"] for kind in ("pickup", "simple", "general", "complex", "difficult")]

    assert lengths == ["PT1H", "P0D", "P3D", "P10D", "P30D"]
    assert PROFILE["class_clock_starts"] == "assigned"
    assert [t["pct"] for t in PROFILE["thresholds"]] == [50, 80, 100, 120]


def rules_in(value: Any, path: str) -> list[tuple[str, dict[str, Any]]]:
    """Every list entry below one key, with the path where it stands."""
    found: list[tuple[str, dict[str, Any]]] = []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += rules_in(inner, f"{path}.{key}")
    elif isinstance(value, list):
        found += [(path, item) for item in value if isinstance(item, dict)]
    return found


RULED = (
    "ladder",
    "thresholds",
    "threshold_overrides",
    "pause",
    "returns",
    "not_accept",
    "referral_routes",
    "residency",
    "kpi",
    "reports",
    "meetings",
    "screening",
    "adapters",
    "competence",
)


@pytest.mark.parametrize("key", RULED)
def test_every_entry_that_carries_a_rule_says_on_what_it_rests(key: str) -> None:
    entries = rules_in(PROFILE[key], key)

    assert entries
    assert [path for path, entry in entries if not entry.get("basis")] == []


BLOCKS = (
    "centre",
    "locale",
    "ladder",
    "cross_region",
    "duty_hours",
    "duty",
    "pause",
    "extension",
    "suspend",
    "returns",
    "not_accept",
    "kpi",
    "whistle",
    "supervision",
    "sponsorship",
    "callback",
    "attempt",
    "risk_notice",
    "mediation",
    "petition",
    "aid",
    "rooms",
    "retention",
    "screening",
    "triage",
    "modules",
)


@pytest.mark.parametrize("key", BLOCKS)
def test_every_block_of_settings_says_on_what_it_rests(key: str) -> None:
    assert PROFILE[key]["basis"]


def test_categories_are_twenty_kinds_of_dispute_and_fifteen_kinds_of_message() -> None:
    kinds = [c["kind"] for c in PROFILE["categories"]]

    assert (kinds.count("dispute"), kinds.count("message")) == (20, 15)
    assert len(set(CATEGORIES)) == 35
    assert all(isinstance(c["mediable"], bool) and c["name"] for c in PROFILE["categories"])


def test_names_and_aliases_of_categories_never_mean_two_things() -> None:
    words = [w for c in PROFILE["categories"] for w in [c["name"], *c["aliases"]]]

    assert len(words) == len(set(words))


def test_unit_ids_are_unique_well_formed_and_inside_the_county() -> None:
    units = PROFILE["departments"] + PROFILE["units"]

    assert len(UNITS) == len(units)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{1,31}", u["id"]) for u in units)
    assert all(u["region"].startswith(PROFILE["county6"]) for u in units)


def test_every_township_has_a_centre_and_every_village_a_committee() -> None:
    wanted = {"township": "centre_{0}", "village": "committee_{0}"}
    tail = {"township": -3, "village": -6}

    for row in divisions():
        if row["level"] in wanted:
            assert wanted[row["level"]].format(row["code"][tail[row["level"]] :]) in UNITS


def test_other_parts_name_only_units_and_clocks_that_exist() -> None:
    named = {r["unit"] for r in PROFILE["residency"]} | {r["unit"] for r in PROFILE["referral_routes"]}
    clocks = [
        PROFILE[k][f]
        for k, f in (
            ("callback", "within"),
            ("whistle", "answer_within"),
            ("whistle", "report_within"),
            ("supervision", "plan_within"),
            ("risk_notice", "ack"),
            ("sponsorship", "within"),
        )
    ]

    assert named <= UNITS
    assert set(clocks) <= set(PROFILE["sla"])
    assert {s["tier"] for s in PROFILE["ladder"]["steps"]} == TIERS


def test_the_keyword_table_is_rich_and_every_word_leads_to_a_known_category() -> None:
    listed = {category: " ".join(weights.values()).split() for category, weights in LEXICON["words"].items()}

    assert sum(map(len, listed.values())) >= 3000
    assert set(listed) == set(CATEGORIES)
    assert min(map(len, listed.values())) >= 15
    assert all(len(set(words)) == len(words) for words in listed.values())
    assert all(weights.keys() <= {"w1", "w2", "w3", "w4", "w5"} for weights in LEXICON["words"].values())


def test_flag_words_cover_the_dangers_a_clerk_must_not_miss() -> None:
    flags = LEXICON["flag_words"]

    assert {"mass", "violence_risk", "cross_township", "emergency", "minor_harm", "dv"} <= set(flags)
    assert {"着火", "持刀"} <= set(flags["emergency"])
    assert set(LEXICON["complexity_words"]) == {"simple", "general", "complex", "difficult"}
