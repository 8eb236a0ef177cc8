"""Merging and parting cases over HTTP: who may, what a refusal says, and what the cases show."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from shared import ids
from tests.api.routing_desk import CASE, DISPATCHER, a_client, a_town, person
from tests.routing_town import Town

FIXTURES = (a_town, a_client)
OTHER = ids.derived("tests", "second case")
CLERK = person("clerk")


@pytest.fixture(autouse=True)
def second(town: Town) -> None:
    """Somebody else reports the same."""
    town.register(case_id=OTHER, reg_id=ids.derived("tests", "second"), case_no="990101-2026-000002")


def merge(client: FlaskClient, one: str = OTHER, into: str = CASE, **headers: str) -> Any:
    """A clerk merges."""
    body = {"into_case_id": into, "confirmed": True}
    return client.post(f"/routing/cases/{one}/merge", json=body, headers=CLERK | headers)


def unmerge(client: FlaskClient, body: Any = None, **headers: str) -> Any:
    """A clerk takes it back."""
    sent = {"confirmed": True} if body is None else body
    return client.post(f"/routing/cases/{OTHER}/unmerge", json=sent, headers=CLERK | headers)


def test_a_clerk_merges_and_parts_and_the_other_case_lists_who_joined(client: FlaskClient) -> None:
    merged = merge(client).json
    shown = client.get(f"/routing/cases/{CASE}", headers=CLERK).get_json()
    back = unmerge(client)
    after = client.get(f"/routing/cases/{CASE}", headers=CLERK).get_json()

    assert (merged["state"], merged["merged_into"], merged["allowed"]) == ("merged", CASE, ["unmerge"])
    assert [one["case_no"] for one in shown["joined"]] == ["990101-2026-000002"]
    assert (back.status_code, back.json["state"], back.json["merged_into"]) == (200, "registered", None)
    assert back.json["first_due"] is not None
    assert after["joined"] == []


def test_what_cannot_be_is_refused_in_words_a_clerk_understands(client: FlaskClient) -> None:
    first = merge(client)
    again = merge(client)
    chain = merge(client, CASE, OTHER)
    itself = merge(client, CASE, CASE)
    stranger = merge(client, CASE, ids.new())

    assert first.status_code == 200
    assert (again.status_code, again.json["state"], again.json["allowed"]) == (409, "merged", ["unmerge"])
    assert {chain.status_code, itself.status_code} <= {409, 422}
    assert stranger.status_code == 404
    assert all(reply.json["message"] for reply in (again, chain, itself, stranger))


@pytest.mark.parametrize(
    "body", [{"confirmed": False}, {}, {"confirmed": True, "reason": "because"}, {"confirmed": "x"}, [1]]
)
def test_a_bad_ask_to_part_changes_nothing(client: FlaskClient, body: Any) -> None:
    merge(client)

    reply = unmerge(client, body)

    assert reply.status_code in (400, 422)
    assert client.get(f"/routing/cases/{OTHER}", headers=CLERK).get_json()["state"] == "merged"


def test_an_old_version_is_told_so(client: FlaskClient) -> None:
    assert merge(client, **{"If-Match": '"7"'}).status_code == 412
    assert merge(client, **{"If-Match": '"1"'}).status_code == 200
    assert unmerge(client, **{"If-Match": '"1"'}).status_code == 412


def test_the_same_key_merges_once(client: FlaskClient) -> None:
    replies = [merge(client, **{"Idempotency-Key": "merge-1"}) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [200, 200]
    assert replies[0].json["version"] == replies[1].json["version"]


def test_others_may_not(client: FlaskClient) -> None:
    body = {"into_case_id": CASE, "confirmed": True}
    elsewhere = person("clerk", region="990101102", unit="centre_102")

    staff = client.post(f"/routing/cases/{OTHER}/merge", json=body, headers=person("unit_staff"))
    foreign = client.post(f"/routing/cases/{OTHER}/merge", json=body, headers=elsewhere)

    assert (staff.status_code, foreign.status_code) == (403, 403)
    assert client.post(f"/routing/cases/{OTHER}/merge", json=body, headers=DISPATCHER).status_code == 200
