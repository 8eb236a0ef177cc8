"""Routing over HTTP: who may do what, and what a refusal says."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

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


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"category": "neighbour\n"}, "category"),
        ({"complained_units": ["police\n"]}, "complained_units.0"),
        ({"category": "zzz"}, "category"),
        ({"complained_units": ["nobody_here"]}, "complained_units"),
        ({"matter_type": "unclassified"}, "matter_type"),
    ],
)
def test_a_code_that_is_none_is_named_by_its_field(
    client: FlaskClient, more: dict[str, Any], field: str
) -> None:
    reply = post(client, "triage", DISPATCHER, SORTED | more)

    assert (reply.status_code, list(reply.json["fields"])) == (422, [field])


def test_who_may_give_a_command_is_in_the_table(client: FlaskClient) -> None:
    reply = post(client, "triage", person("clerk"), SORTED)

    assert (reply.status_code, reply.json["code"]) == (403, "role_missing")


def test_a_stale_version_is_412_and_the_same_key_acts_once(client: FlaskClient) -> None:
    first = post(client, "triage", DISPATCHER, SORTED, **{"Idempotency-Key": "one"})

    again = post(client, "triage", DISPATCHER, SORTED, **{"Idempotency-Key": "one"})
    stale = post(client, "assign", DISPATCHER, {}, **{"If-Match": '"1"'})

    assert (first.json["version"], again.json["version"], again.status_code) == (2, 2, 200)
    assert (stale.status_code, stale.json["code"]) == (412, "stale_version")


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


@pytest.mark.requirement("IN-36")
def test_the_call_back_asks_how_many_places_were_visited_and_keeps_the_number(
    client: FlaskClient, town: Town
) -> None:
    accepted(client)
    for path, who, body in (
        ("start", STAFF, None), ("resolve", STAFF, {"outcome": "settled", "requests_answered": True}),
    ):  # fmt: skip
        post(client, path, who, body)

    wrong = post(client, "callbacks", person("verifier"), {"reached": True, "places_visited": -1})
    asked = post(client, "callbacks", person("verifier"), {"reached": True, "places_visited": 3})

    town.settle()
    told = [event.data for event in town.bus.told if event.name == "case.callback_completed"]
    assert "places_visited" in town.stores.county.callback.questions
    assert (wrong.status_code, list(wrong.json["fields"]), asked.status_code) == (
        422,
        ["places_visited"],
        200,
    )
    assert [data["places_visited"] for data in told] == [3]
    assert town.case(CASE).callbacks[-1].places_visited == 3
