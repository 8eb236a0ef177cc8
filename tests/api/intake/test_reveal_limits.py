"""Looks above a person's limit need a second person; the resident reads who looked; readers see less."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.intake.rules import sealing
from services.intake.store import Stores
from shared import ids
from shared.profile import profile
from tests.api.intake.calls import clerk, register
from tests.api.intake.conftest import Watch
from tests.api.intake.test_vault import reveal
from tests.signing import bearer, machine
from tests.unit.intake.forms import ID_NUMBER, PHONE

DIRECTOR = bearer("director", region="990101", unit="centre_county")


def look(client: FlaskClient, made: TestResponse, times: int) -> list[int]:
    return [reveal(client, made, clerk()).status_code for _ in range(times)]


def path(waiting: TestResponse, action: str) -> str:
    return f"/intake/vault/reveals/{waiting.get_json()['reveal_id']}/{action}"


@pytest.mark.requirement("XS-02")
def test_above_the_limit_of_an_hour_a_second_person_must_agree(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    made, most = register(client), profile().reveals.hour
    assert set(look(client, made, most)) == {200}

    stopped = reveal(client, made, clerk())

    assert (stopped.status_code, stopped.get_json()["code"]) == (403, "second_person_needed")
    assert "values" not in stopped.get_json()
    own = client.post(path(stopped, "approve"), headers=clerk())
    early = client.post(path(stopped, "show"), headers=clerk())
    listed = client.get("/intake/vault/reveals", headers=DIRECTOR).get_json()["items"]
    agreed = client.post(path(stopped, "approve"), headers=DIRECTOR)
    shown = client.post(path(stopped, "show"), headers=clerk())
    stranger = client.post(path(stopped, "show"), headers=DIRECTOR)
    assert (own.status_code, early.status_code, stranger.status_code) == (403, 403, 404)
    assert [one["id"] for one in listed] == [stopped.get_json()["reveal_id"]]
    assert (agreed.status_code, agreed.get_json()["granted"]) == (200, True)
    assert shown.get_json()["values"] == {"phone": PHONE, "id_no": ID_NUMBER}
    assert [entry.result for entry in all.audit.entries()][most:] == [
        "second_person_needed",
        "approved",
        "ok",
    ]
    assert client.post(path(stopped, "approve"), headers=DIRECTOR).status_code == 409
    watch.now += timedelta(hours=1, minutes=1)
    assert client.post(path(stopped, "show"), headers=clerk()).status_code == 403
    assert look(client, made, 1) == [200]  # a new hour


def test_nobody_agrees_to_an_own_look(client: FlaskClient) -> None:
    made = register(client)
    for _ in range(profile().reveals.hour):
        reveal(client, made, DIRECTOR)

    stopped = reveal(client, made, DIRECTOR)

    own = client.post(path(stopped, "approve"), headers=DIRECTOR)
    assert (own.status_code, own.get_json()["code"]) == (403, "same_person")


def test_the_limit_of_a_day_holds_over_the_hours_and_machines_have_none(
    client: FlaskClient, watch: Watch
) -> None:
    made, limits = register(client), profile().reveals
    answers: list[int] = []
    while len(answers) < limits.day:
        answers += look(client, made, limits.hour)
        watch.now += timedelta(hours=1)

    assert set(answers) == {200}
    assert look(client, made, 1) == [403]
    assert {reveal(client, made, machine("mediation")).status_code for _ in range(limits.hour + 1)} == {200}


def test_a_repeated_request_is_one_look(client: FlaskClient) -> None:
    made, key = register(client), {"Idempotency-Key": "same"}

    again = {reveal(client, made, clerk() | key).status_code for _ in range(profile().reveals.hour + 5)}

    assert again == {200}


@pytest.mark.requirement("COR-02")
def test_the_resident_reads_who_looked_when_and_why(client: FlaskClient, all: Stores) -> None:
    made = register(client)
    code = made.get_json()["query_code"]
    reveal(client, made, clerk())
    reveal(client, made, bearer("leader"))  # denied: nobody looked

    asked = client.post("/intake/query", json={"query_code": code, "phone_tail": PHONE[-4:]})

    (seen,) = asked.get_json()["looks"]
    assert (seen["purpose"], seen["fields"]) == ("联系当事人", ["电话", "证件号码"])
    assert seen["unit"] and seen["post"] and seen["at"]
    page = client.post("/intake/query/form", data={"query_code": code, "phone_tail": PHONE[-4:]})
    assert "查看了电话、证件号码" in page.get_data(as_text=True)


def test_who_handles_sees_the_ends_of_numbers_and_who_reads_sees_none(
    client: FlaskClient, all: Stores
) -> None:
    made = register(client, summary=f"甲某某说他的电话是{PHONE}，住在隔壁，墙被挪了半米。")
    address = f"/intake/registrations/{made.get_json()['reg_id']}"

    handling = client.get(address, headers=clerk()).get_json()
    reading = client.get(address, headers=bearer("supervisor", region="990101")).get_json()

    assert handling["parties"][0]["masked"] == {
        "name": "甲**", "phone": "138****0000", "id_no": "110105********002X",
    }  # fmt: skip
    assert "甲某某" in handling["summary"] and PHONE not in handling["summary"]
    assert reading["parties"][0]["masked"] == {"name": "甲**", "phone": "****", "id_no": "****"}
    assert "甲某某" not in reading["summary"] and "隔壁" in reading["summary"]


def test_a_damaged_or_moved_field_is_said_and_never_shown(client: FlaskClient, all: Stores) -> None:
    made = register(client)
    reg_id = made.get_json()["reg_id"]
    held = all.registrations.load(reg_id)
    first = held.state.parties[0]
    swapped = replace(held.state, parties=(replace(first, phone=first.id_no, id_no=first.phone),))
    all.registrations.held[reg_id] = replace(held, state=swapped)  # type: ignore[attr-defined]

    refused = reveal(client, made, clerk())

    body: dict[str, Any] = refused.get_json()
    assert (refused.status_code, body["code"]) == (503, "sealed_field_damaged")
    assert PHONE not in repr(body) and ID_NUMBER not in repr(body)
    assert sealing.opened(held.state, "summary", all.sealer)
    assert ids.derived("party", reg_id, "0") not in repr(body)
