"""Routing over HTTP: who sees which case, in which list, and what is hidden."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.routing.api import create_app
from services.routing.store import Stores
from shared import ids
from tests import routing_given as given
from tests.api.routing_desk import (
    CASE,
    DISPATCHER,
    SORTED,
    STAFF,
    a_client,
    a_town,
    accepted,
    get,
    person,
    post,
)
from tests.routing_town import Town

FIXTURES = (a_town, a_client)


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


def test_what_is_due_first_comes_first_and_late_cases_can_be_listed_alone(
    client: FlaskClient, town: Town
) -> None:
    for n in range(4):
        town.now += timedelta(minutes=1)
        town.register(case_id=ids.derived("more", str(n)), case_no=f"990101-2026-00001{n}")
    first = get(client, "cases?order=due&limit=3", DISPATCHER).json
    rest = get(client, f"cases?order=due&limit=3&after={first['next']}", DISPATCHER).json
    town.now += timedelta(hours=2, minutes=-2)

    late = get(client, "cases?order=due&late=true", DISPATCHER).json["items"]

    seen = [item["case_no"][-2:] for item in first["items"] + rest["items"]]
    assert (seen, rest["next"]) == (["01", "10", "11", "12", "13"], None)
    assert [item["case_no"][-2:] for item in late] == ["01", "10", "11"]


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
