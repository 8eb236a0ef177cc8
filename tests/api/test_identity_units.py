"""Units: where they come from, and who is above and beside whom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.identity.handlers.start import begin
from services.identity.handlers.units import bring_up, unit_id
from services.identity.model import Unit
from services.identity.rules import units
from services.identity.store import memory_stores
from shared.profile import load
from tests.api.identity_house import AT, House
from tests.signing import bearer

ADMIN = bearer("sys_admin", region="990101")


def test_a_unit_is_added_once_and_seen_by_everybody(house: House, client: Any) -> None:
    body = {"code": "centre_109", "name": "新镇中心", "kind": "centre", "region": "990101109"}

    added = client.post("/identity/units", json=body, headers=ADMIN)
    taken = client.post("/identity/units", json=body, headers=ADMIN)
    seen = client.get("/identity/units?region=990101109", headers=bearer("grid_worker"))

    assert (added.status_code, taken.json["code"]) == (201, "unit_taken")
    assert [unit["name"] for unit in seen.json["items"]] == ["新镇中心"]
    assert "unit.opened" in house.told()


def test_a_unit_stands_under_one_that_exists(client: Any) -> None:
    body = {"code": "office_a", "name": "甲办", "kind": "office", "region": "990101"}

    lost = client.post("/identity/units", json=body | {"parent": "nobody"}, headers=ADMIN)
    found = client.post("/identity/units", json=body | {"parent": "centre_county"}, headers=ADMIN)

    assert (lost.status_code, list(lost.json["fields"])) == (422, ["parent"])
    assert found.status_code == 201


@pytest.mark.requirement("XE-04")
def test_a_unit_says_who_is_above_and_who_works_beside_it() -> None:
    house = House(stores=memory_stores())
    begin(house.stores, load(Path("profiles/xx-county.yaml")), "first-admin-for-tests")
    client = house.client()

    def around(code: str) -> tuple[list[str], list[str]]:
        found = client.get(f"/identity/units/{code}", headers=bearer("clerk")).json
        return [u["code"] for u in found["above"]], [u["code"] for u in found["beside"]]

    village, beside_village = around("committee_101201")
    township, beside_township = around("centre_101")
    court, beside_court = around("court")
    assert village == ["centre_101", "centre_county"]
    assert {"committee_101202", "committee_101001"} <= set(beside_village)
    assert not any(code.startswith("committee_102") for code in beside_village)
    assert township == court == ["centre_county"]
    assert {"centre_102", "court", "police"} <= set(beside_township)
    assert "police" in beside_court
    assert client.get("/identity/units/nobody", headers=bearer("clerk")).status_code == 404


def test_the_units_of_the_profile_are_there_from_the_start() -> None:
    county = load(Path("profiles/xx-county.yaml"))
    stores = memory_stores()

    for _ in range(2):
        begin(stores, county, "first-admin-for-tests")

    found = {held.state.code: held for held in stores.units.within("990101", limit=500)}
    assert found.keys() == county.all_units.keys()
    assert {held.version for held in found.values()} == {1}


def test_a_unit_of_an_old_profile_is_brought_up_to_date(house: House) -> None:
    bring_up(
        house.stores, Unit(code="centre_101", name="松岚镇新中心", kind="centre", region="990101101"), AT
    )

    held = house.stores.units.load(unit_id("centre_101"))
    assert (held.state.name, held.version) == ("松岚镇新中心", 2)


def test_a_circle_of_parents_ends_where_it_closes() -> None:
    a = Unit(code="a", name="甲", kind="ngo", region="990101", parent="b")
    b = Unit(code="b", name="乙", kind="ngo", region="990101", parent="a")

    assert units.above(a, [a, b]) == [b, a]


def test_a_unit_out_of_service_is_beside_nobody() -> None:
    centre = Unit(code="c", name="中心", kind="centre", region="990101")
    old = Unit(code="o", name="旧", kind="department", region="990101", active=False)
    new = Unit(code="n", name="新", kind="department", region="990101")

    assert units.beside(new, [centre, old, new]) == []
