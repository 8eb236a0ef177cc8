"""Departments over HTTP: seats, connections, the claim link, the board; who may, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from services.routing.handlers import departments, provisioning
from services.routing.model import commands
from services.routing.store.departments import MemoryDepartments
from shared import ids
from shared.bus.mailboxes import MemoryMailboxes, hashed
from tests import routing_given as given
from tests.api.routing_desk import CASE, DISPATCHER, SORTED, a_client, a_town, get, person
from tests.api.routing_desk import post as about_case
from tests.routing_town import Town

FIXTURES = (a_town, a_client)
OTHER = ids.derived("tests", "protected")
ADMIN, DIRECTOR, CLERK = person("sys_admin"), person("director"), person("clerk")
LINK = {"link": "mailbox", "region": "990101", "name": "县林业局", "window": 50}
SEAT = {
    "centre": "centre_county",
    "mode": "resident",
    "windows": ["window_09"],
    "staff": [{"ref": "li", "authority": ["agree_on_the_spot"]}],
}
KIT = {
    "kit": "kit@1",
    "schema_versions": ["ask.handle_case.v1"],
    "cases": [{"name": f"case_{n}", "passed": True} for n in range(14)],
}


def post(client: FlaskClient, path: str, who: dict[str, str], body: Any = None, **headers: str) -> Any:
    return client.post(f"/routing/departments/{path}", json=body or {}, headers=who | headers)


def provisioned(client: FlaskClient, town: Town) -> None:
    assert post(client, "forestry/onboarding", ADMIN, LINK).status_code == 201
    assert post(client, "forestry/onboarding/approve", DIRECTOR).status_code == 200
    provisioning.reconcile(town.stores, MemoryMailboxes(), town.now)


@pytest.mark.requirement("COR-01")
def test_a_unit_the_file_does_not_know_is_connected_by_two_people_and_the_kit(
    client: FlaskClient, town: Town
) -> None:
    provisioned(client, town)
    offered = post(client, "forestry/claim-links", ADMIN).json
    claimed: Any = client.post("/routing/departments/forestry/claims", json={"token": offered["token"]})

    live = post(client, "forestry/conformance", ADMIN, KIT).json

    assert (live["connection"]["stage"], live["connection"]["window"]) == ("onboarded", 50)
    assert claimed.json["user"] == "dept.forestry.a" and len(claimed.json["password"]) >= 40
    kept = town.stores.departments.load("forestry").state.connection.users[0].password_hash
    assert kept and claimed.json["password"] not in repr(town.stores.departments.load("forestry"))
    assert "password" not in repr(live["connection"])
    town.settle()
    assert "department.onboarded" in [event.name for event in town.bus.told]
    assert claimed.json["password"] not in repr(town.bus.told)


def test_the_claim_link_works_once_and_every_use_is_written_down(client: FlaskClient, town: Town) -> None:
    provisioned(client, town)
    token = post(client, "forestry/claim-links", ADMIN).json["token"]

    address = "/routing/departments/forestry/claims"
    replies: list[Any] = [client.post(address, json={"token": token}) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [200, 422]
    assert replies[1].json["code"] == "claim_not_valid"
    written = [(entry.action, entry.result) for entry in town.stores.audit.entries()]
    assert written == [
        ("claim_link_made", "ok"),
        ("password_claimed", "ok"),
        ("claim_refused", "claim_not_valid"),
    ]


def test_a_repeated_request_for_a_link_does_not_show_it_twice(client: FlaskClient, town: Town) -> None:
    provisioned(client, town)
    key = {"Idempotency-Key": "once"}

    replies = [post(client, "forestry/claim-links", ADMIN, **key) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [201, 422]
    assert replies[1].json["code"] == "claim_link_shown"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"link": "pigeon"}, 422),
        (LINK | {"window": 0}, 422),
        (LINK | {"window": "many"}, 422),
        (LINK | {"region": "99"}, 422),
        (LINK | {"extra": 1}, 422),
        ({"link": "mailbox"}, 404),
    ],
)
def test_a_bad_request_to_connect_is_refused(client: FlaskClient, body: Any, status: int) -> None:
    reply = post(client, "forestry/onboarding", ADMIN, body)

    assert (reply.status_code, bool(reply.json["message"])) == (status, True)


@pytest.mark.parametrize("name", ["Forestry", "a", "x" * 40, "a-b", "a.b", "%E6%9E%97"])
def test_a_department_id_that_would_change_a_permission_is_refused(client: FlaskClient, name: str) -> None:
    assert post(client, f"{name}/onboarding", ADMIN, LINK).status_code == 400


def test_orders_are_given_by_those_who_may_in_their_region(client: FlaskClient, town: Town) -> None:
    elsewhere = person("sys_admin", region="990102")
    provisioned(client, town)

    assert post(client, "forestry/onboarding", CLERK, LINK).status_code == 403
    assert post(client, "fisheries/onboarding", elsewhere, LINK).status_code == 403
    assert post(client, "forestry/rotate", elsewhere).status_code == 403
    assert post(client, "forestry/rotate", DIRECTOR).status_code == 403
    assert client.get("/routing/departments").status_code == 401
    assert get(client, "departments", elsewhere).json["items"] == []
    own = person("unit_staff", unit="forestry")
    assert get(client, "departments/forestry", own).status_code == 200
    assert get(client, "departments/forestry", person("unit_staff", unit="court")).status_code == 403


def test_an_order_that_the_stage_does_not_know_is_409_and_an_unknown_department_404(
    client: FlaskClient, town: Town
) -> None:
    provisioned(client, town)

    early = post(client, "forestry/resume", ADMIN)

    assert (early.status_code, early.json["code"]) == (409, "illegal_transition")
    assert post(client, "nobody/resume", ADMIN).status_code == 404
    stale = post(client, "forestry/rotate", ADMIN, **{"If-Match": "1"})
    assert stale.status_code == 412


@pytest.mark.requirement("COR-01")
def test_a_unit_takes_seats_and_is_found_at_the_centre(client: FlaskClient, town: Town) -> None:
    asked = post(client, "health/residencies", DISPATCHER, SEAT)
    agreed = post(client, "health/residencies/centre_county/approve", DIRECTOR)

    there = get(client, "residents?centre=centre_county", DISPATCHER).json["items"]

    assert (asked.status_code, agreed.status_code) == (201, 200)
    assert there == [{"department": "health", "mode": "resident", "windows": ["window_09"], "people": ["li"]}]


@pytest.mark.parametrize(
    "change",
    [{"mode": "sometimes"}, {"centre": "nowhere"}, {"days": ["SOMEDAY"]}, {"staff": [{"ref": "李四"}]}],
)
def test_bad_seats_are_refused(client: FlaskClient, change: dict[str, Any]) -> None:
    assert post(client, "health/residencies", DISPATCHER, SEAT | change).status_code == 422


def test_the_countys_file_is_declared_once_and_its_seats_with_it(client: FlaskClient, town: Town) -> None:
    for _ in range(2):
        departments.declare(town.stores, town.now)

    found = {item["department"]: item for item in get(client, "departments", DISPATCHER).json["items"]}

    court = found["court"]
    assert (court["connection"]["stage"], court["connection"]["link"]) == ("onboarded", "mailbox")
    assert [seat["mode"] for seat in court["residencies"]] == ["resident"]
    assert found["women_federation"]["connection"]["stage"] == "none"
    assert isinstance(town.stores.departments, MemoryDepartments)
    assert all(held.version == 1 for held in town.stores.departments.everyone())


def to_labour(client: FlaskClient, town: Town) -> str:
    about_case(client, "triage", DISPATCHER, SORTED | {"category": "labour_wages", "tier": "county"})
    about_case(client, "assign", DISPATCHER)
    town.settle()
    town.pass_(seconds=1)
    return town.delivery().delivery_id


def test_the_board_shows_each_hop_and_a_stuck_one_is_replayed_with_one_audited_click(
    client: FlaskClient, town: Town
) -> None:
    id = to_labour(client, town)
    fresh = get(client, "hand-overs", DISPATCHER).json["items"]
    town.pass_(minutes=20)

    (stuck,) = get(client, "hand-overs?stuck=true", DISPATCHER).json["items"]
    replayed: Any = client.post(f"/routing/hand-overs/{id}/replay", headers=DISPATCHER)
    town.settle()

    assert [(hop["stuck"], hop["stage"]) for hop in fresh] == [("", "sent")]
    assert (stuck["stuck"], stuck["waiting_s"]) == ("not_received", 1200)
    assert (replayed.status_code, replayed.json["sent_n"], replayed.json["stuck"]) == (200, 2, "")
    asks = town.asks("human_resources")
    assert len(asks) == 2 and asks[0].id == asks[1].id
    (entry,) = list(town.stores.audit.entries())
    assert (entry.action, entry.object) == ("hand_over_replayed", f"delivery/{id}")


def test_the_board_goes_through_all_hops_page_by_page_those_that_hang_first(
    client: FlaskClient, town: Town
) -> None:
    departments.declare(town.stores, town.now)
    for n in range(11):
        town.register(case_id=ids.derived("hop", str(n)), case_no=f"990101-2026-1{n:05d}")
        sorted_ = given.sorting(category="labour_wages", complexity="complex", tier="county")
        town.order(ids.derived("hop", str(n)), "triage", "dispatcher", sorted_)
        town.order(ids.derived("hop", str(n)), "assign", "dispatcher", commands.Assign())
        town.pass_(minutes=2)

    pages, cursor = [], ""
    while cursor is not None:
        page = get(client, f"hand-overs?limit=3&after={cursor}", DISPATCHER).json
        pages.append(page["items"])
        cursor = page["next"]

    hops = [hop for page in pages for hop in page]
    assert len({hop["id"] for hop in hops}) == 11 == len(hops)
    hang = [bool(hop["stuck"]) for hop in hops]
    assert hang == sorted(hang, reverse=True) and 0 < sum(hang) < 11
    for group in (True, False):
        times = [hop["queued_at"] for hop in hops if bool(hop["stuck"]) is group]
        assert times == sorted(times)
    only = get(client, "hand-overs?limit=200&stuck=true", DISPATCHER).json
    assert [hop["id"] for hop in only["items"]] == [hop["id"] for hop in hops if hop["stuck"]]
    assert only["next"] is None
    assert get(client, "hand-overs?after=nonsense", DISPATCHER).status_code == 400


def test_the_board_is_filtered_and_hidden_like_the_cases(client: FlaskClient, town: Town) -> None:
    id = to_labour(client, town)
    stranger, theirs = person("unit_staff", unit="housing"), person("unit_staff", unit="human_resources")

    assert get(client, "hand-overs", stranger).json["items"] == []
    assert len(get(client, "hand-overs", theirs).json["items"]) == 1
    assert (
        len(get(client, f"hand-overs?case_id={CASE}&department=human_resources", DISPATCHER).json["items"])
        == 1
    )
    assert get(client, f"hand-overs?case_id={ids.new()}", DISPATCHER).status_code == 404
    assert get(client, "hand-overs?limit=0", DISPATCHER).status_code == 422
    assert get(client, "hand-overs?department=X", DISPATCHER).status_code == 422
    assert client.post(f"/routing/hand-overs/{id}/replay", headers=theirs).status_code == 403
    assert client.post(f"/routing/hand-overs/{ids.new()}/replay", headers=DISPATCHER).status_code == 404


def test_a_department_reads_what_it_still_owes(client: FlaskClient, town: Town) -> None:
    id = to_labour(client, town)
    departments.declare(town.stores, town.now)
    theirs = person("unit_staff", unit="human_resources")

    owed = get(client, "departments/human_resources/outstanding", theirs)

    assert [item["id"] for item in owed.json["items"]] == [id]
    assert get(client, "departments/court/outstanding", theirs).status_code == 403


def test_a_protected_case_is_in_nobodys_list_of_what_is_owed_but_of_those_who_need_to_know(
    client: FlaskClient, town: Town
) -> None:
    town.register(case_id=OTHER, case_no="990101-2026-000901", protected=True)
    sorted_ = given.sorting(category="labour_wages", complexity="complex", tier="county")
    town.order(OTHER, "triage", "dispatcher", sorted_)
    town.order(OTHER, "assign", "dispatcher", commands.Assign())
    town.settle()
    departments.declare(town.stores, town.now)
    path = "departments/human_resources/outstanding"

    theirs = person("unit_staff", unit="human_resources")
    seen = [len(get(client, path, who).json["items"]) for who in (DISPATCHER, theirs)]

    assert seen == [1, 1]
    for role in ("leader", "supervisor", "sys_admin", "guide"):
        assert get(client, path, person(role)).json["items"] == []


def test_the_kits_report_is_handed_in_as_it_was_written_and_only_for_whom_it_examined(
    client: FlaskClient, town: Town
) -> None:
    provisioned(client, town)
    about = {"about": "…", "fault": "", "seconds": 0.4}
    cases = [{"name": f"case_{n}", "passed": True} | about for n in range(14)]
    written = KIT | {"department": "forestry", "at": "2026-11-23T01:00:00+00:00", "passed": 14, "of": 14}

    other = post(client, "forestry/conformance", ADMIN, written | {"cases": cases, "department": "court"})
    live = post(client, "forestry/conformance", ADMIN, written | {"cases": cases})

    assert (other.status_code, other.json["code"]) == (422, "other_department")
    assert (live.status_code, live.json["connection"]["stage"]) == (200, "onboarded")


def test_a_password_is_kept_as_the_broker_keeps_it() -> None:
    assert hashed("test12", bytes.fromhex("908DC60A")) == "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"
