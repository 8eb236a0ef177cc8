"""Counts, lists, one case and hand-overs, for programs."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.reporting.conftest import Room
from tests.reporting_given import UNIT, Case, heard, life, minute, petition_of
from tests.signing import bearer, machine

VILLAGE, OTHER = "990101101201", "990101102201"


def get(client: FlaskClient, path: str, *roles: str, **who: Any) -> Any:
    """What a signed-in reader gets."""
    return client.get(f"/reporting{path}", headers=bearer(*(roles or ("director",)), **who))


def test_counts_say_how_many_of_each_and_all_of_them(client: FlaskClient) -> None:
    found = get(client, "/counts?by=state").json

    assert [(item["name"], item["count"]) for item in found["items"]] == [
        ("待分类", 1), ("待交办", 1), ("待接件", 1), ("调解中", 1), ("已办结", 1),
    ]  # fmt: skip
    assert found["total"] == 5


@pytest.mark.parametrize(
    ("by", "items"),
    [
        ("region", [("松岚镇", 3), ("渡沙镇", 2)]),
        ("tier", [("村（社区）", 5)]),
        ("day", [("2026-09-07", 5)]),
        ("category", [("邻里纠纷", 3), ("未公开或未分类", 1), ("合同纠纷", 1)]),
        ("department", [("尚未交办", 2), ("墨松村人民调解委员会", 2), ("县人民法院", 1)]),
    ],
)
def test_counts_by_everything_with_names(client: FlaskClient, by: str, items: list[tuple[str, int]]) -> None:
    found = get(client, f"/counts?by={by}").json["items"]

    assert sorted((item["name"], item["count"]) for item in found) == sorted(items)


def test_counts_are_narrowed_by_filters(client: FlaskClient) -> None:
    assert get(client, "/counts?by=state&open=true").json["total"] == 4
    assert get(client, "/counts?by=state&late=true").json["total"] == 1
    assert get(client, f"/counts?by=state&region={OTHER}&category=contract").json["total"] == 1
    assert get(client, "/counts?by=state&department=court").json["total"] == 1
    assert get(client, "/counts?by=state&first_day=2026-09-08").json["total"] == 0


@pytest.mark.parametrize(
    "query", ["", "?by=person", "?by=state&region=abc", "?by=state&state=x", "?by=day&first_day=1"]
)
def test_what_cannot_be_counted_is_refused_field_by_field(client: FlaskClient, query: str) -> None:
    reply = get(client, f"/counts{query}")

    assert reply.status_code == 422
    assert reply.json["fields"]


def test_a_list_goes_page_by_page(client: FlaskClient) -> None:
    first = get(client, "/cases?limit=3").json
    rest = get(client, f"/cases?limit=3&after={first['next'].replace('+', '%2B')}").json

    numbers = [item["case_no"][-1] for item in first["items"] + rest["items"]]
    assert (numbers, rest["next"]) == (["5", "4", "3", "2", "1"], None)
    assert get(client, "/cases?after=yesterday").status_code == 400


def test_one_case_has_its_clocks_hand_overs_timeline_and_petitions(client: FlaskClient) -> None:
    found = get(client, "/cases/990101-2026-000001").json

    assert found == get(client, f"/cases/{life(1).id}").json
    assert (found["state"], found["outcome"]) == ("closed", "mediated_written")
    assert {hop["unit"] for hop in found["hops"]} == {UNIT, "court"}
    assert [entry["at"] for entry in found["timeline"]] == sorted(e["at"] for e in found["timeline"])
    services = {entry["service"] for entry in found["timeline"]}
    assert services == {"intake", "routing", "mediation", "petition"}
    assert found["petitions"][0]["state"] == "accepted"


@pytest.mark.requirement("XE-02")
def test_a_timeline_says_who_when_what_and_on_what_basis(client: FlaskClient) -> None:
    told = get(client, "/cases/990101-2026-000002").json["timeline"]

    breach = next(entry for entry in told if entry["type"] == "sla.breached")
    assert (breach["post"], breach["words"]) == ("系统计时", "“接件”超期，责任单位：墨松村人民调解委员会")
    assert breach["basis"].startswith("样板县讲话稿")
    assert {entry["type"] for entry in told} >= {"registration.accepted", "case.registered", "case.assigned"}


def test_hand_overs_come_last_first_with_their_times(client: FlaskClient) -> None:
    found = get(client, "/handovers").json["items"]

    assert found[0]["unit_name"] == "县人民法院"
    court = get(client, "/handovers?unit=court").json["items"]
    assert {(hop["case_no"][-1], hop["way"], hop["stage"]) for hop in court} == {
        ("1", "mailbox", "concluded"), ("3", "mailbox", "accepted"), ("3", "desk", "accepted"),
    }  # fmt: skip
    assert all(hop["received_at"] for hop in court if hop["way"] == "mailbox")


@pytest.mark.requirement("SU-10")
def test_a_village_head_sees_all_cases_of_the_own_village_and_none_of_another(client: FlaskClient) -> None:
    head = {"region": VILLAGE, "unit": UNIT}

    mine = get(client, "/cases", "village_secretary", **head).json["items"]
    other = get(client, "/cases/990101-2026-000003", "village_secretary", **head)

    assert [item["case_no"][-1] for item in mine] == ["2", "1"]
    assert other.status_code == 403
    assert get(client, f"/cases?region={OTHER}", "village_secretary", **head).status_code == 403
    assert get(client, "/counts?by=state", "village_secretary", **head).json["total"] == 3


def test_staff_of_a_unit_see_what_it_has_or_had_and_nothing_else(client: FlaskClient) -> None:
    found = get(client, "/cases", "unit_staff", unit="court").json["items"]

    assert [item["case_no"][-1] for item in found] == ["3", "1"]
    assert get(client, "/cases/990101-2026-000002", "unit_staff", unit="court").status_code == 403
    assert get(client, "/cases", "unit_staff", unit="").status_code == 403
    assert len(get(client, "/cases", "unit_staff", "leader", unit="court").json["items"]) == 4


def test_a_protected_case_is_not_there_for_most_and_has_no_category_for_anybody(client: FlaskClient) -> None:
    path = "/cases/990101-2026-000005"

    seen = get(client, path).json

    assert (seen["category"], seen["protected"]) == (None, True)
    assert not any("category" in entry["codes"] for entry in seen["timeline"])
    assert get(client, path, "clerk").status_code == 404
    assert "000005" not in get(client, "/cases", "clerk").get_data(as_text=True)


def test_a_protected_case_of_another_region_does_not_exist(client: FlaskClient) -> None:
    assert get(client, "/cases/990101-2026-000005", region="990101103").status_code == 404
    assert get(client, "/cases/990101-2026-000001", region="990101103").status_code == 403


def test_a_protected_petition_is_shown_to_nobody_who_may_be_complained_about(
    client: FlaskClient, room: Room
) -> None:
    heard(room.worker, petition_of(Case(n=2), 2, protected=True).bodies)
    path = "/cases/990101-2026-000002"

    seen, hidden = get(client, path).json, get(client, path, "clerk").json

    assert len(seen["petitions"]) == 1
    assert hidden["petitions"] == []
    assert not any(entry["type"].startswith("petition.") for entry in hidden["timeline"])


def test_other_posts_and_strangers_see_nothing(client: FlaskClient) -> None:
    assert get(client, "/counts?by=state", "sec_admin").status_code == 403
    assert client.get("/reporting/counts?by=state").status_code == 401
    assert get(client, "/cases/990101-2026-000099").status_code == 404


def test_a_service_sees_every_region(client: FlaskClient) -> None:
    found = client.get("/reporting/counts?by=region", headers=machine())

    assert [(item["key"], item["count"]) for item in found.get_json()["items"]] == [("990101", 5)]


def test_counts_follow_what_is_told_at_once(client: FlaskClient, room: Room) -> None:
    room.told(Case(n=9).registered())

    assert get(client, "/counts?by=state").json["total"] == 6


@pytest.mark.requirement("XI-05")
def test_the_figures_of_this_month_and_the_one_before(client: FlaskClient) -> None:
    before, this = get(client, "/months").json["items"]

    assert (before["month"], before["registered"]) == ("2026-08", 0)
    assert this["month_id"] == "990101-2026-09"
    assert (this["registered"], this["resolved"], this["closed"]) == (5, 1, 1)


def test_overrides_of_suggestions_are_counted_part_by_part(client: FlaskClient, room: Room) -> None:
    one = Case(n=21, region=VILLAGE).registered().reviewed(minute(1), kept=("tier",), changed=("category",))
    two = Case(n=22, region=VILLAGE, category="contract").registered().reviewed(minute(1), kept=("category",))
    room.told(one, two)

    found = get(client, "/suggestions").json

    parts = {item["part"]: (item["kept"], item["changed"], item["share"]) for item in found["items"]}
    assert (found["total"], parts["category"], parts["tier"]) == (2, (1, 1, 0.5), (1, 0, 1.0))
    assert parts["unit"] == (0, 0, None)
    assert [(o["suggested_name"], o["chosen_name"], o["count"]) for o in found["overridden"]] == [
        ("合同纠纷", "邻里纠纷", 1)
    ]
    assert get(client, "/suggestions?region=990101102").json["total"] == 0


@pytest.mark.requirement("XE-06")
def test_how_long_it_took_from_discovery_to_resolution_is_measured_stretch_by_stretch(
    client: FlaskClient, room: Room
) -> None:
    place = "990101103201"
    found = minute(-30)
    quick = Case(n=31, region=place).registered(minute(0), discovered_at=found).triaged(minute(5))
    slow = Case(n=32, region=place).registered(minute(0)).triaged(minute(5)).assigned(minute(40))
    room.told(quick.assigned(minute(10)).accepted(minute(30)).closed(minute(150)), slow)

    items = get(client, f"/latencies?region={place}").json["items"]

    assert [(one["name"], one["cases"], one["mean"], one["longest"]) for one in items] == [
        ("register", 1, 30 * 60, 30 * 60),
        ("assign", 2, 25 * 60, 40 * 60),
        ("accept", 1, 20 * 60, 20 * 60),
        ("resolve", 1, 120 * 60, 120 * 60),
        ("whole", 1, 150 * 60, 150 * 60),
    ]
    assert get(client, "/latencies", region=place).json["items"] == items
    nothing = get(client, "/latencies?region=990101104").json["items"]
    assert {(one["cases"], one["mean"]) for one in nothing} == {(0, None)}
