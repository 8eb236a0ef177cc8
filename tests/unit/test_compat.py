"""Every kind of change to a contract, and which of two readers would stumble over it."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts.compat import NEW_READER, OLD_READER, breaks

ID: dict[str, Any] = {"type": "string", "pattern": "^[0-9a-f]+$"}
BAND: dict[str, Any] = {"type": "string", "enum": ["1", "2-4"]}
COUNT: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": 10}
UNITS: dict[str, Any] = {
    "type": "array",
    "items": {"type": "string", "enum": ["court", "police"]},
    "default": [],
}


def schema(required: tuple[str, ...] = ("case_id",), **properties: Any) -> dict[str, Any]:
    return {
        "x-publisher": "routing",
        "x-aggregate": "case",
        "properties": {"case_id": ID, **properties},
        "required": list(required),
        "additionalProperties": False,
    }


def test_nothing_changed_breaks_nobody() -> None:
    same = schema(band=BAND, count=COUNT, units=UNITS)

    assert breaks(same, same) == []


def test_a_new_field_that_may_be_missing_breaks_nobody() -> None:
    before, after = schema(), schema(units=UNITS)

    assert breaks(before, after) == []


def test_other_words_break_nobody() -> None:
    before = schema() | {"description": "A case.", "title": "Case"}
    after = schema() | {"description": "One case.", "title": "Cases"}

    assert breaks(before, after) == []


def test_a_removed_field_breaks_who_reads_it() -> None:
    before, after = schema(band=BAND), schema()

    assert breaks(before, after) == [f"band: removed; {OLD_READER} still reads it"]


def test_a_renamed_field_is_one_removed_and_one_new() -> None:
    before = schema(("case_id", "band"), band=BAND)
    after = schema(("case_id", "persons_band"), persons_band=BAND)

    said = breaks(before, after)

    assert [reason.split(";")[0] for reason in said] == ["band: removed", "persons_band: new and required"]


def test_a_new_required_field_breaks_the_reading_of_what_was_told() -> None:
    before, after = schema(), schema(("case_id", "band"), band=BAND)

    assert breaks(before, after) == [f"band: new and required; {NEW_READER} would miss it"]


def test_a_field_that_becomes_required_breaks_the_reading_of_what_was_told() -> None:
    before, after = schema(band=BAND), schema(("case_id", "band"), band=BAND)

    assert breaks(before, after) == [f"band: now required; {NEW_READER} would miss it"]


def test_a_field_that_need_not_come_any_more_breaks_who_needs_it() -> None:
    before, after = schema(("case_id", "band"), band=BAND), schema(band=BAND)

    assert breaks(before, after) == [f"band: no longer required; {OLD_READER} needs it"]


def test_another_type_breaks_both_readers() -> None:
    before, after = schema(n={"type": "integer"}), schema(n={"type": "string"})

    assert breaks(before, after) == [
        f"n: type 'integer' removed; {NEW_READER} would refuse it",
        f"n: type 'string' added; {OLD_READER} would refuse it",
    ]


def test_a_field_that_may_become_empty_breaks_who_never_saw_it_empty() -> None:
    before, after = schema(n={"type": "integer"}), schema(n={"type": ["integer", "null"]})

    assert breaks(before, after) == [f"n: type 'null' added; {OLD_READER} would refuse it"]
    assert breaks(after, before) == [f"n: type 'null' removed; {NEW_READER} would refuse it"]


def test_a_closed_list_may_neither_lose_nor_gain_a_value() -> None:
    before, after = schema(band=BAND), schema(band=BAND | {"enum": ["1", "5-9"]})

    assert breaks(before, after) == [
        f"band: value '2-4' removed; {NEW_READER} would refuse it",
        f"band: value '5-9' added; {OLD_READER} would refuse it",
    ]


def test_a_list_that_opens_or_closes_breaks_one_reader() -> None:
    closed, opened = schema(band=BAND), schema(band={"type": "string"})

    assert breaks(closed, opened) == [f"band: is no longer a closed list; {OLD_READER} refuses other values"]
    assert breaks(opened, closed) == [f"band: is now a closed list; {NEW_READER} may find other values"]


def test_lists_inside_lists_are_compared_too() -> None:
    fewer = UNITS | {"items": {"type": "string", "enum": ["court"]}}

    said = breaks(schema(units=UNITS), schema(units=fewer))

    assert said == [f"units[]: value 'police' removed; {NEW_READER} would refuse it"]


@pytest.mark.parametrize(
    ("change", "who"),
    [
        ({"maximum": 5}, NEW_READER),
        ({"maximum": 20}, OLD_READER),
        ({"minimum": 1}, NEW_READER),
        ({"minimum": -1}, OLD_READER),
    ],
)
def test_a_narrower_limit_breaks_what_was_told_a_wider_one_breaks_old_listeners(
    change: dict[str, int], who: str
) -> None:
    before, after = schema(count=COUNT), schema(count=COUNT | change)

    (said,) = breaks(before, after)

    assert said.endswith(f"{who} would refuse some values")


def test_a_limit_that_appears_or_goes_away_is_a_narrower_or_a_wider_one() -> None:
    free, bound = schema(count={"type": "integer"}), schema(count={"type": "integer", "maximum": 5})

    assert NEW_READER in breaks(free, bound)[0]
    assert OLD_READER in breaks(bound, free)[0]


@pytest.mark.parametrize("change", [{"pattern": "^x$"}, {"format": "date-time"}, {"default": "1"}])
def test_another_pattern_format_or_default_is_read_differently(change: dict[str, str]) -> None:
    before, after = schema(), schema()
    after["properties"]["case_id"] = ID | change

    (said,) = breaks(before, after)

    assert said.endswith("it would be read differently")


def test_another_publisher_or_subject_is_another_event() -> None:
    before, after = schema(), schema() | {"x-publisher": "grid", "x-aggregate": "finding"}

    assert breaks(before, after) == [
        "was told by routing, now told by grid",
        "was about case, now about finding",
    ]
