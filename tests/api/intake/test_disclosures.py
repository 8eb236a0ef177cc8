"""Names for a department that works on a case: agreed, once, with a receipt, and the resident sees it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.intake.store import Stores
from shared import ids
from shared.contracts import wire
from tests.api.intake.calls import register
from tests.api.intake.conftest import Watch
from tests.api.intake.sharing import COURT, agree, delivery, disclose, returned, sent
from tests.signing import bearer, department, machine
from tests.unit.intake.forms import PHONE


def registered(client: FlaskClient, all: Stores, **more: Any) -> str:
    """A case that lies in the court's mailbox."""
    case_id: str = register(client, **more).get_json()["case_id"]
    sent(all, case_id)
    return case_id


@pytest.mark.requirement("COR-02")
def test_a_department_gets_the_agreed_fields_of_its_case_once_with_a_receipt(
    client: FlaskClient, all: Stores
) -> None:
    agreement = agree(client).get_json()
    case_id = registered(client, all)

    given = disclose(client, case_id)

    body = given.get_json()
    assert given.status_code == 201
    assert [party["values"] for party in body["parties"]] == [
        {"name": "甲某某", "phone": PHONE},
        {"name": "隔壁那家"},
    ]
    assert list(body["fields"]["name"].values()) == ["甲某某", "隔壁那家"]
    assert body["receipt_id"] == body["receipt"]["receipt_id"] and body["disclosed_at"]
    assert body["receipt"]["agreement_id"] == agreement["agreement_id"]
    assert (body["recipient_unit"], body["delivery_id"]) == (COURT, delivery(case_id))
    again = disclose(client, case_id)
    assert (again.status_code, again.get_json()["code"]) == (422, "already_disclosed")
    assert again.get_json()["receipt_id"] == body["receipt"]["receipt_id"]


@pytest.mark.requirement("COR-02")
def test_what_is_told_and_kept_of_it_are_codes_and_never_what_was_given(
    client: FlaskClient, all: Stores
) -> None:
    agree(client)
    case_id = registered(client, all)

    disclose(client, case_id)

    (told,) = [wire.decode(entry["body"]) for entry in all.disclosures.outbox]  # type: ignore[attr-defined]
    assert (told.name, told.data["recipient_unit"], told.data["field_codes"]) == (
        "vault.disclosed", COURT, ["name", "phone"],
    )  # fmt: skip
    (kept,) = all.disclosures.having(case_id=case_id)
    assert PHONE not in repr(kept) + repr(told) and "甲某某" not in repr(kept) + repr(told)
    last = all.audit.last()
    assert last and (last.action, last.object, last.purpose, last.result) == (
        "vault.disclose", f"case/{case_id}", "judicial_confirmation", "ok",
    )  # fmt: skip


def test_a_lost_answer_is_given_again_for_the_same_key_within_a_day_only(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    agree(client)
    case_id = registered(client, all)
    first = disclose(client, case_id, key="k1")

    again = disclose(client, case_id, key="k1")
    watch.now += timedelta(hours=25)
    late = disclose(client, case_id, key="k1")

    assert again.get_json() == first.get_json()
    assert (late.status_code, late.get_json()["code"]) == (422, "already_disclosed")
    assert len(all.disclosures.outbox) == 1  # type: ignore[attr-defined]


@pytest.mark.requirement("XE-08")
@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"fields": ["name", "id_no"]}, "fields_not_agreed", "fields"),
        ({"purpose": "contact"}, "purpose_not_agreed", "purpose"),
        ({"basis": "some_other_law"}, "no_agreement", "basis"),
        ({"basis": ids.new()}, "no_agreement", "basis"),
        ({"purpose": "curiosity"}, "invalid_fields", "purpose"),
        ({"fields": ["salary"]}, "invalid_fields", "fields"),
        ({"fields": []}, "invalid_fields", "fields"),
    ],
)
def test_nothing_is_given_that_no_agreement_covers(
    client: FlaskClient, all: Stores, more: dict[str, Any], code: str, field: str
) -> None:
    agree(client)

    refused = disclose(client, registered(client, all), **more)

    assert (refused.status_code, refused.get_json()["code"]) == (422, code)
    assert list(refused.get_json()["fields"]) == [field]
    assert all.audit.last().result == code  # type: ignore[union-attr]


@pytest.mark.requirement("XE-08")
def test_an_agreement_that_has_not_begun_is_over_or_was_ended_allows_nothing(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    made = agree(client).get_json()
    case_id = registered(client, all)
    early, late = watch.now - timedelta(days=2), watch.now + timedelta(days=366)

    refused = []
    for watch.now in (early, late):
        refused.append(disclose(client, case_id).get_json()["code"])
    watch.now = late - timedelta(days=300)
    ended = client.post(
        f"/intake/sharing-agreements/{made['id']}/end",
        json={"reason": "not_needed"},
        headers=bearer("director"),
    )
    refused.append(disclose(client, case_id).get_json()["code"])

    assert (ended.status_code, ended.get_json()["in_force"]) == (200, False)
    assert refused == ["agreement_not_in_force"] * 3


def test_only_the_unit_that_has_the_case_now_is_given_anything(client: FlaskClient, all: Stores) -> None:
    agree(client)
    agree(client, unit="police")
    case_id = registered(client, all)

    stranger = disclose(client, case_id, unit="police")
    unknown = disclose(client, ids.new())
    for_another = disclose(client, case_id, recipient_unit="police")
    returned(all, case_id)
    over = disclose(client, case_id)
    sent(all, case_id, turn=2)
    back = disclose(client, case_id)

    answers = [(r.status_code, r.get_json().get("code")) for r in (stranger, unknown, for_another, over)]
    assert answers == [
        (404, "case_not_handed_over"),
        (404, "case_not_handed_over"),
        (403, "other_unit"),
        (403, "handover_over"),
    ]
    assert back.status_code == 201
    assert all.audit.last().result == "ok"  # type: ignore[union-attr]


def test_an_end_that_is_heard_before_the_beginning_stays_an_end(client: FlaskClient, all: Stores) -> None:
    agree(client)
    case_id = register(client).get_json()["case_id"]
    returned(all, case_id)
    sent(all, case_id)

    assert disclose(client, case_id).get_json()["code"] == "handover_over"


def test_the_unit_complained_about_learns_nothing_even_if_it_was_handed_the_case(
    client: FlaskClient, all: Stores
) -> None:
    agree(client)
    case_id = registered(client, all, confidentiality="complaint_protected", units_involved=[COURT])

    assert disclose(client, case_id).status_code == 404


@pytest.mark.parametrize("headers", [bearer("clerk"), bearer("unit_staff", unit=COURT), machine("routing")])
def test_people_and_our_own_machines_do_not_take_this_door(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    refused = client.post("/intake/vault/disclosures", json={}, headers=headers)

    assert (refused.status_code, refused.get_json()["code"]) == (403, "role_missing")


@pytest.mark.requirement("COR-02")
def test_the_resident_sees_who_looked_when_and_why(client: FlaskClient, all: Stores) -> None:
    agree(client)
    made = register(client).get_json()
    sent(all, made["case_id"])
    asked = {"query_code": made["query_code"], "phone_tail": PHONE[-4:]}
    before = client.post("/intake/query", json=asked).get_json()["looks"]
    disclose(client, made["case_id"])

    after = client.post("/intake/query", json=asked).get_json()["looks"]
    page = client.post("/intake/query/form", data=asked).get_data(as_text=True)

    assert before == []
    assert [(look["unit"], look["purpose"], look["fields"]) for look in after] == [
        ("县人民法院", "办理司法确认", ["姓名或名称", "电话"])
    ]
    assert "县人民法院（业务系统）因“办理司法确认”查看了姓名或名称、电话" in page


@pytest.mark.requirement("XE-08")
def test_an_agreement_names_a_known_unit_purpose_fields_and_a_time(client: FlaskClient) -> None:
    wrong = [
        agree(client, unit="nobody_here"),
        agree(client, purpose="curiosity"),
        agree(client, fields=["salary"]),
        agree(client, valid_until="2020-01-01T00:00:00+08:00"),
    ]
    stranger = client.post("/intake/sharing-agreements", json={}, headers=bearer("clerk"))

    assert [list(r.get_json()["fields"]) for r in wrong] == [
        ["unit"],
        ["purpose"],
        ["fields"],
        ["valid_until"],
    ]
    assert stranger.status_code == 403


def test_a_department_lists_its_own_agreements_only(client: FlaskClient) -> None:
    agree(client)
    agree(client, unit="police", purpose="contact")

    own = client.get("/intake/sharing-agreements?unit=police", headers=department(COURT)).get_json()["items"]
    theirs = client.get("/intake/sharing-agreements?unit=police", headers=bearer("director")).get_json()[
        "items"
    ]

    assert [item["unit"] for item in own] == [COURT]
    assert [(item["unit"], item["in_force"]) for item in theirs] == [("police", True)]


def test_what_was_lost_may_be_claimed_again_only_when_it_was_sent_again(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    agree(client)
    case_id = registered(client, all)
    first = disclose(client, case_id, key="k1")
    watch.now += timedelta(hours=25)

    refused = disclose(client, case_id, key="k1")
    sent(all, case_id, attempt=2)
    again = disclose(client, case_id, key="k1")
    twice = disclose(client, case_id)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "already_disclosed")
    assert "重新送达" in refused.get_json()["message"]
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.get_json()["parties"] == first.get_json()["parties"]
    assert again.get_json()["receipt_id"] != first.get_json()["receipt_id"]
    assert twice.get_json()["code"] == "already_disclosed"


def test_sent_again_within_the_day_the_same_key_is_still_one_answer(client: FlaskClient, all: Stores) -> None:
    agree(client)
    case_id = registered(client, all)
    first = disclose(client, case_id, key="k1")

    sent(all, case_id, attempt=2)
    again = disclose(client, case_id, key="k1")

    assert again.get_json()["receipt_id"] == first.get_json()["receipt_id"]
