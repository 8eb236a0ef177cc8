"""A county's file may say only what differs from another one's."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.profile import ProfileError, load
from shared.profile.source import merged, read_source

PROFILES = Path(__file__).parents[2] / "profiles"


def test_mappings_are_joined_by_key_things_by_id_and_the_rest_is_replaced() -> None:
    base = {"a": 1, "m": {"x": 1, "y": 2}, "l": [{"id": "p", "n": 1}, {"id": "q", "n": 2}], "s": [1, 2]}
    own = {"a": 2, "m": {"y": 3}, "l": [{"id": "q", "more": True}, {"id": "r"}], "s": [3]}

    found = merged(base, own)

    assert found["a"] == 2 and found["m"] == {"x": 1, "y": 3} and found["s"] == [3]
    assert found["l"] == [{"id": "p", "n": 1}, {"id": "q", "n": 2, "more": True}, {"id": "r"}]


def test_the_linked_county_is_the_first_one_with_more_departments_and_no_unit_twice() -> None:
    first, linked = load(PROFILES / "xx-county.yaml"), load(PROFILES / "xx-county-linked.yaml")

    assert linked.version_id == "xx-county-linked@1" and linked.limits == first.limits
    assert {unit.id for unit in first.departments} < {unit.id for unit in linked.departments}
    assert set(first.all_units) < set(linked.all_units)
    assert not {unit.id for unit in linked.units} & {unit.id for unit in linked.departments}


def test_a_file_that_builds_on_a_missing_one_says_which(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("extends: nowhere.yaml\nversion: 1\n")

    with pytest.raises(ProfileError, match=r"nowhere\.yaml"):
        read_source(tmp_path / "mine.yaml")
