"""Routing over HTTP: who may do what, who sees which case, and what a refusal says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.routing.api import create_app
from services.routing.store import Stores
from shared import ids
from tests import routing_given as given
from tests.routing_town import Town
from tests.signing import bearer

CASE = given.registration().case_id
SORTED = {
    "matter_type": "dispute", "category": "neighbour", "complexity": "general", "willingness": "both",
}  # fmt: skip
VERIFIER = ids.derived("tests", "verifier")


def person(role: str, *, region: str = "990101", unit: str = "centre_county") -> dict[str, str]:
    return bearer(role, ref=ids.derived("tests", role), region=region, unit=unit)


STAFF = person("unit_staff", region=given.VILLAGE, unit=given.COMMITTEE)
DISPATCHER = person("dispatcher")


@pytest.fixture
def town() -> Town:
    """A town with one registered case."""
    town = Town()
    town.register()
    return town


@pytest.fixture
def client(town: Town) -> Iterator[FlaskClient]:
    """Its addresses."""
    with create_app(town.stores, town.clock).test_client() as client:
        yield client


def post(client: FlaskClient, path: str, who: dict[str, str], body: Any = None, **headers: str) -> Any:
    return client.post(f"/routing/cases/{CASE}/{path}", json=body or {}, headers=who | headers)


def get(client: FlaskClient, path: str, who: dict[str, str]) -> Any:
    return client.get(f"/routing/{path}", headers=who)


def accepted(client: FlaskClient) -> None:
    for path, who, body in (
        ("triage", DISPATCHER, SORTED), ("assign", DISPATCHER, {}), ("accept", STAFF, None),
    ):  # fmt: skip
        assert post(client, path, who, body).status_code == 200


def test_a_case_shows_its_clocks_its_owner_and_what_the_caller_may_do(client: FlaskClient) -> None:
    reply = get(client, f"cases/{CASE}", DISPATCHER)

    body = reply.json
    assert (reply.status_code, reply.headers["ETag"], body["version"]) == (200, '"1"', 1)
    assert {clock["kind"] for clock in body["clocks"]} == {"triage", "resident"}
    assert body["owner"] == {"post": "dispatcher", "unit": "centre_101", "ref": "centre_101"}
    assert set(body["allowed"]) == {"merge", "not_accept", "triage", "withdraw"}
    assert (body["suggestion"]["category"], body["suggestion"]["unit"]) == ("neighbour", given.COMMITTEE)


def test_a_case_goes_its_whole_way_over_http(client: FlaskClient, town: Town) -> None:
    accepted(client)
    done = {"outcome": "settled", "requests_answered": True}
    steps = (
        ("start", STAFF, None), ("resolve", STAFF, done),
        ("callbacks", person("verifier"), {"reached": True, "satisfied": 5, "places_visited": 1}),
        ("verify", person("verifier"), None), ("close", person("director"), None),
    )  # fmt: skip

    replies = [post(client, path, who, body) for path, who, body in steps]

    assert [reply.status_code for reply in replies] == [200] * 5
    assert (replies[-1].json["state"], replies[-1].json["outcome"]) == ("closed", "settled")
    assert replies[-1].json["first_due"] is None


def test_an_illegal_step_says_the_state_and_what_is_allowed(client: FlaskClient) -> None:
    reply = post(client, "accept", STAFF | {}, None)

    assert reply.status_code == 403  # the case is not this unit's yet
    reply = post(client, "assign", DISPATCHER)
    assert (reply.status_code, reply.json["state"]) == (409, "registered")
    assert "triage" in reply.json["allowed"]


def test_a_refusal_has_a_code_and_a_chinese_sentence(client: FlaskClient) -> None:
    body = SORTED | {"flags": ["minor_harm"]}

    reply = post(client, "triage", DISPATCHER, body)

    assert (reply.status_code, reply.json["code"]) == (422, "mandatory_report_missing")
    assert "强制报告" in reply.json["message"]


def test_a_wrong_field_is_named(client: FlaskClient) -> None:
    reply = post(client, "triage", DISPATCHER, SORTED | {"complexity": "easy"})

    assert (reply.status_code, list(reply.json["fields"])) == (422, ["complexity"])


def test_who_may_give_a_command_is_in_the_table(client: FlaskClient) -> None:
    reply = post(client, "triage", person("clerk"), SORTED)

    assert (reply.status_code, reply.json["code"]) == (403, "role_missing")


def test_a_stale_version_is_412_and_the_same_key_acts_once(client: FlaskClient) -> None:
    first = post(client, "triage", DISPATCHER, SORTED, **{"Idempotency-Key": "one"})

    again = post(client, "triage", DISPATCHER, SORTED, **{"Idempotency-Key": "one"})
    stale = post(client, "assign", DISPATCHER, {}, **{"If-Match": '"1"'})

    assert (first.json["version"], again.json["version"], again.status_code) == (2, 2, 200)
    assert (stale.status_code, stale.json["code"]) == (412, "stale_version")


def test_staff_see_only_the_cases_of_their_own_unit(client: FlaskClient) -> None:
    other = person("unit_staff", unit="housing")
    before = get(client, f"cases/{CASE}", STAFF).status_code
    accepted(client)

    assert before == 403
    assert get(client, f"cases/{CASE}", STAFF).status_code == 200
    assert get(client, f"cases/{CASE}", other).status_code == 403
    assert len(get(client, "cases", STAFF).json["items"]) == 1
    assert get(client, "cases", other).json["items"] == []


def test_a_case_of_another_region_is_out_of_reach(client: FlaskClient) -> None:
    neighbour = person("dispatcher", region="990101102", unit="centre_102")

    reply = get(client, f"cases/{CASE}", neighbour)

    assert (reply.status_code, reply.json["code"]) == (403, "out_of_region")
    assert get(client, "cases", neighbour).json["items"] == []


@pytest.mark.requirement("COR-10")
def test_the_unit_complained_about_finds_no_case_and_the_look_is_written_down(
    client: FlaskClient, town: Town
) -> None:
    post(client, "triage", DISPATCHER, SORTED | {"complained_units": [given.COMMITTEE]})

    reply = get(client, f"cases/{CASE}", STAFF)
    boss = person("director", region="990101101", unit=given.COMMITTEE)

    assert (reply.status_code, reply.json["code"]) == (404, "case_not_found")
    assert get(client, f"cases/{CASE}/timeline", boss).status_code == 404
    assert get(client, "cases", boss).json["items"] == []
    (first, _) = list(town.stores.audit.entries())
    assert (first.action, first.object, first.result) == ("case_hidden", f"case/{CASE}", "complained_about")


def test_a_protected_case_is_not_there_for_those_who_need_not_know(client: FlaskClient) -> None:
    post(client, "triage", DISPATCHER, SORTED | {"flags": ["dv"], "harm_reported": True})

    leader = person("leader")

    assert get(client, f"cases/{CASE}", leader).status_code == 404
    assert get(client, "cases", leader).json["items"] == []
    assert get(client, f"cases/{CASE}", DISPATCHER).status_code == 200


def test_the_timeline_tells_who_by_post_when_why_and_what_was_told(client: FlaskClient) -> None:
    accepted(client)

    items = get(client, f"cases/{CASE}/timeline", DISPATCHER).json["items"]

    assert [item["role"] for item in items] == ["system", "dispatcher", "dispatcher", "unit_staff"]
    assert [item["events"][0]["type"] for item in items] == [
        "case.registered", "case.triaged", "case.assigned", "case.accepted",
    ]  # fmt: skip
    assert "ref" not in items[1] and "actor" not in items[1]
    assert items[2]["reason"].startswith("事发在本村")


def test_a_unit_asks_to_return_and_the_dispatcher_decides(client: FlaskClient) -> None:
    for path, body in (("triage", SORTED), ("assign", {})):
        post(client, path, DISPATCHER, body)

    asked = post(client, "return", STAFF, {"reason": "not_competent"})
    refused = post(client, "return", DISPATCHER, {"agreed": False})
    post(client, "return", STAFF, {"reason": "wrong_region"})
    agreed = post(client, "return", DISPATCHER, {})

    assert (asked.json["state"], asked.json["return_request"]["reason"]) == ("assigned", "not_competent")
    assert (refused.json["state"], refused.json["return_request"]) == ("assigned", None)
    assert (agreed.json["state"], agreed.json["assignments"][0]["return_reason"]) == (
        "triaged",
        "wrong_region",
    )


def test_what_is_due_first_comes_first_and_late_cases_can_be_listed_alone(
    client: FlaskClient, town: Town
) -> None:
    for n in range(4):
        town.now += timedelta(minutes=1)
        town.register(case_id=ids.derived("more", str(n)), case_no=f"990101-2026-00001{n}")
    first = get(client, "cases?limit=3", DISPATCHER).json
    rest = get(client, f"cases?limit=3&after={first['next']}", DISPATCHER).json
    town.now += timedelta(hours=2, minutes=-2)

    late = get(client, "cases?late=true", DISPATCHER).json["items"]

    seen = [item["case_no"][-2:] for item in first["items"] + rest["items"]]
    assert (seen, rest["next"]) == (["01", "10", "11", "12", "13"], None)
    assert [item["case_no"][-2:] for item in late] == ["01", "10", "11"]


def test_a_text_is_advised_on_with_reasons_and_not_kept(client: FlaskClient, town: Town) -> None:
    body = {"text": "老闆拖欠工資四個月，工友們想討薪", "region": given.VILLAGE}

    reply: Any = client.post("/routing/suggestions", json=body, headers=DISPATCHER)

    assert reply.json["category"] == "labour_wages"
    assert any(reason["word"] in "拖欠工资" for reason in reply.json["candidates"][0]["reasons"])
    assert town.cases.load(CASE).version == 1


def test_handovers_are_listed_the_longest_waiting_first(client: FlaskClient, town: Town) -> None:
    post(client, "triage", DISPATCHER, SORTED | {"category": "labour_wages", "tier": "county"})
    post(client, "assign", DISPATCHER)
    town.settle()

    mine = get(client, "deliveries", DISPATCHER).json["items"]
    theirs = get(client, "deliveries", person("unit_staff", unit="human_resources")).json
    others = get(client, "deliveries", person("unit_staff", unit="housing")).json["items"]

    assert [(item["department"], item["stage"]) for item in mine] == [("human_resources", "queued")]
    assert (len(theirs["items"]), others) == (1, [])


def test_a_case_that_is_not_there_is_404(client: FlaskClient) -> None:
    reply = get(client, f"cases/{ids.new()}", DISPATCHER)

    assert (reply.status_code, reply.json["code"]) == (404, "case_not_found")


def test_every_address_is_described(town: Town) -> None:
    stores: Stores = town.stores
    with create_app(stores).test_client() as client:
        paths = get(client, "openapi.json", {}).json["paths"]

    assert {f"/routing/cases/{{case_id}}/{name}" for name in ("merge", "close", "return", "relapse")} <= set(
        paths
    )
    assert all(operation.get("summary") for path in paths.values() for operation in _operations(path))


def _operations(path: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for method, operation in path.items() if method in ("get", "post")]
