"""Township units sit as the county's file says, and a specialist for a category is found where he sits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.routing.api import create_app
from services.routing.handlers import departments
from services.routing.store import memory_stores
from shared.profile import load
from tests.api.routing_desk import DISPATCHER, person
from tests.routing_town import Town

ROOT = Path(__file__).parents[2]
DIRECTOR = person("director")


def county(folder: Path, seats: str) -> Any:
    """The county with its township's seats, and nothing else, written another way."""
    for name in ("xx-county.yaml", "lexicon.yaml"):
        (folder / name).write_text((ROOT / "profiles" / name).read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "mine.yaml").write_text(f"extends: xx-county.yaml\nresidency:\n{seats}", encoding="utf-8")
    return load(folder / "mine.yaml")


@pytest.mark.requirement("RT-43")
@pytest.mark.parametrize(
    ("how", "mode", "windows", "days"),
    [
        ("mode: resident, windows: [2]", "resident", ["window_02"], []),
        ("mode: rotating, windows: [3], schedule: {days: [TUE]}", "rotating", ["window_03"], ["TUE"]),
        ("mode: on_call, call_limit: on_call", "on_call", [], []),
    ],
)
def test_a_township_unit_sits_as_the_file_says_and_another_file_seats_it_otherwise(
    tmp_path: Path, how: str, mode: str, windows: list[str], days: list[str]
) -> None:
    seats = f"  - {{unit: judicial_bureau, centre: centre_101, {how}, basis: 设计默认}}\n"
    town = Town(stores=memory_stores(county(tmp_path, seats)))

    departments.declare(town.stores, town.now)

    client = create_app(town.stores, town.clock).test_client()
    found: Any = client.get("/routing/departments/judicial_bureau", headers=DISPATCHER).get_json()
    (seat,) = found["residencies"]
    assert (seat["centre"], seat["mode"], seat["windows"], seat["days"]) == (
        "centre_101",
        mode,
        windows,
        days,
    )


@pytest.mark.requirement("RT-42")
@pytest.mark.parametrize("code", ["990100", "990109"], ids=["a city's centre", "a district's centre"])
def test_a_city_or_district_has_the_three_ways_of_sitting_from_a_file_of_its_own(
    tmp_path: Path, code: str
) -> None:
    (tmp_path / "lexicon.yaml").write_bytes((ROOT / "profiles" / "lexicon.yaml").read_bytes())
    whole = (ROOT / "profiles" / "xx-county.yaml").read_text(encoding="utf-8").replace("990101", code)
    (tmp_path / "base.yaml").write_text(whole, encoding="utf-8")
    (tmp_path / "own.yaml").write_text(
        "extends: base.yaml\nresidency:\n"
        "  - {unit: police, centre: centre_county, mode: resident, windows: [6], basis: 设计默认}\n"
        "  - {unit: housing, centre: centre_county, mode: rotating, windows: [8], schedule: {days: [MON]},"
        " basis: 设计默认}\n"
        "  - {unit: health, centre: centre_county, mode: on_call, call_limit: on_call, basis: 设计默认}\n",
        encoding="utf-8",
    )
    town = Town(stores=memory_stores(load(tmp_path / "own.yaml")))

    departments.declare(town.stores, town.now)

    client = create_app(town.stores, town.clock).test_client()
    boss = person("dispatcher", region=code)

    def there(day: str) -> dict[str, str]:
        path = f"/routing/residents?centre=centre_county&at=2099-01-{day}T02:00:00Z"
        found: Any = client.get(path, headers=boss).get_json()
        return {item["department"]: item["mode"] for item in found["items"]}

    health: Any = client.get("/routing/departments/health", headers=boss).get_json()
    assert [seat["mode"] for seat in health["residencies"]] == ["on_call"]
    assert there("05") == {"police": "resident", "housing": "rotating"}  # a Monday; nobody called health
    assert there("06") == {"police": "resident"}


@pytest.mark.requirement("RT-44")
def test_named_specialists_of_a_category_are_seconded_and_the_dispatcher_sees_who_is_there() -> None:
    town = Town(stores=memory_stores())
    client = create_app(town.stores, town.clock).test_client()
    for unit, category, who in (("health", "medical", "li"), ("agriculture", "forest_land", "wang")):
        seat = {
            "centre": "centre_county", "mode": "resident", "windows": ["window_09"], "categories": [category],
            "staff": [{"ref": who}],
        }  # fmt: skip
        asked = client.post(f"/routing/departments/{unit}/residencies", json=seat, headers=DISPATCHER)
        path = f"/routing/departments/{unit}/residencies/centre_county/approve"
        assert (asked.status_code, client.post(path, headers=DIRECTOR).status_code) == (201, 200)

    def there(category: str) -> list[tuple[str, list[str]]]:
        path = f"/routing/residents?centre=centre_county&category={category}"
        found: Any = client.get(path, headers=DISPATCHER).get_json()
        return [(item["department"], item["people"]) for item in found["items"]]

    assert there("medical") == [("health", ["li"])]
    assert there("forest_land") == [("agriculture", ["wang"])]
    assert there("contract") == []
