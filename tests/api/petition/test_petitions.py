"""Petitions over HTTP: what comes back, what is refused and in which words."""

from __future__ import annotations

from typing import Any

import pytest

from shared import ids
from tests.api.petition.calls import Desk, body, opinion
from tests.signing import bearer
from tests.unit.petition.given import CASE, COLLEAGUE, HOUSING, VILLAGE


def test_the_way_of_a_petition_through_its_addresses(desk: Desk) -> None:
    id = desk.handled()
    desk.wait(days=10)

    served = desk.bureau(f"/petitions/{id}/opinion", opinion()).get_json()
    done = desk.post(
        f"/petitions/{id}/conclude",
        {"basis": "accepted_by_petitioner", "satisfied": 4, "remaining_hardship": False},
    ).get_json()

    assert (served["state"], served["allowed"]) == ("opinion_served", ["conclude", "confirm", "link", "void"])
    assert done["state"] == "concluded"
    assert {clock["kind"]: clock["state"] for clock in done["clocks"]} == {
        "petition_transfer": "met",
        "petition_notify": "met",
        "petition_main": "met",
    }


def test_the_same_key_answers_the_same_and_another_body_is_refused(desk: Desk) -> None:
    first, again = desk.register(key="k"), desk.register(key="k")
    other = desk.register(key="k", summary="别的事")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json() == first.get_json()
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")


def test_one_case_is_one_petition(desk: Desk) -> None:
    desk.know()

    first, again = desk.register(case_id=CASE), desk.register(case_id=CASE, key="other")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json()["pet_id"] == first.get_json()["pet_id"]
    assert first.get_json()["case_no"] == "990101-2026-000001"
    assert desk.register(case_id=ids.new()).get_json()["code"] == "case_unknown"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"region": "12"}, "region"),
        ({"channel": "pigeon"}, "channel"),
        ({"received_at": "yesterday"}, "received_at"),
        ({"received_at": "0001-01-01T00:00:00+08:00"}, "received_at"),
        ({"legal_type": "wish"}, "legal_type"),
        ({"route": "moon"}, "route"),
        ({"case_id": "x"}, "case_id"),
        ({"representatives": -1}, "representatives"),
        ({"summary": "字" * 20_001}, "summary"),
        ({"complained_units": ["No Unit"]}, "complained_units.0"),
    ],
)
def test_what_is_wrong_is_named(desk: Desk, changes: dict[str, Any], field: str) -> None:
    reply = desk.register(**changes)

    assert reply.status_code == 422
    assert list(reply.get_json()["fields"]) == [field]


@pytest.mark.parametrize("missing", ["region", "channel", "received_at"])
def test_what_must_be_there_is_asked_for(desk: Desk, missing: str) -> None:
    given = body()
    del given[missing]

    reply = desk.post("/petitions", given)

    assert list(reply.get_json()["fields"]) == [missing]


@pytest.mark.requirement("PT-10")
def test_nobody_can_delete_a_petition(desk: Desk) -> None:
    id = desk.registered()

    for role in ("petition_officer", "director", "sys_admin"):
        reply = desk.client.delete(f"/petition/petitions/{id}", headers=desk.headers(role))
        assert (reply.status_code, reply.get_json()["code"]) == (403, "petition_is_never_deleted")
    assert desk.get(f"/petitions/{id}").status_code == 200


@pytest.mark.requirement("PT-10")
def test_voiding_takes_two_people(desk: Desk) -> None:
    id = desk.registered()
    ask = {"reason": "typed_twice"}

    once = desk.post(f"/petitions/{id}/void", ask)
    again = desk.post(f"/petitions/{id}/void", ask)
    other = desk.post(f"/petitions/{id}/void", ask, "director", ref=COLLEAGUE)

    assert (once.get_json()["state"], again.status_code, other.get_json()["state"]) == (
        "registered",
        403,
        "voided",
    )
    assert desk.get(f"/petitions/{id}").status_code == 200


def test_a_unit_that_is_complained_about_finds_nothing(desk: Desk) -> None:
    id = desk.registered(legal_type="accusation", complained_units=[HOUSING])
    accused = {"unit": HOUSING}

    assert desk.get(f"/petitions/{id}", "unit_head", **accused).status_code == 404
    assert desk.get(f"/petitions/{id}", "director", **accused).status_code == 404
    assert desk.get("/petitions", "director", **accused).get_json()["items"] == []
    assert desk.get("/petitions").get_json()["items"][0]["pet_id"] == id
    refused = desk.post(f"/petitions/{id}/transfer", {"to_unit": HOUSING})
    assert refused.get_json()["code"] == "unit_complained_about"


def test_a_unit_that_is_complained_about_learns_nothing_by_registering_the_case_again(desk: Desk) -> None:
    desk.know()
    desk.registered(case_id=CASE, complained_units=[HOUSING])

    again = desk.post("/petitions", body(case_id=CASE), "clerk", unit=HOUSING)

    assert again.status_code == 404
    assert desk.register(case_id=CASE).status_code == 200


def test_a_department_sees_what_it_must_answer_and_no_more(desk: Desk) -> None:
    mine, other = desk.handled(), desk.registered()

    assert desk.get(f"/petitions/{other}", "unit_staff", unit=HOUSING).get_json()["code"] == "not_the_unit"
    listed = desk.get("/petitions", "unit_staff", unit=HOUSING).get_json()["items"]
    assert [line["pet_id"] for line in listed] == [mine]


def test_another_region_sees_nothing_and_a_protected_one_does_not_exist(desk: Desk) -> None:
    plain, hidden = desk.registered(), desk.registered(legal_type="accusation")

    assert desk.get(f"/petitions/{plain}", region="990102").status_code == 403
    assert desk.get(f"/petitions/{hidden}", region="990102").status_code == 404
    assert desk.register(region="990102").status_code == 403


def test_an_illegal_step_is_409_with_what_is_allowed(desk: Desk) -> None:
    id = desk.registered()

    reply = desk.post(f"/petitions/{id}/accept", {})

    assert (reply.status_code, reply.get_json()["state"]) == (409, "registered")
    assert reply.get_json()["allowed"] == ["confirm", "link", "notify", "sort", "transfer", "void"]


def test_a_stale_version_is_412(desk: Desk) -> None:
    id = desk.registered()
    desk.post(f"/petitions/{id}/sort", {"legal_type": "opinion", "route": "petition_procedure"})

    headers = desk.headers() | {"If-Match": '"1"'}
    reply = desk.client.post(f"/petition/petitions/{id}/transfer", json={"to_unit": HOUSING}, headers=headers)

    assert reply.status_code == 412


def test_only_the_head_of_the_unit_grants_more_time(desk: Desk) -> None:
    id = desk.handled()
    ask = {"days": 30, "reason": "complex_facts", "petitioner_told": True}

    by_staff = desk.bureau(f"/petitions/{id}/extension", ask)
    by_head = desk.bureau(f"/petitions/{id}/extension", ask, "unit_head")

    assert by_staff.status_code == 403
    assert by_head.get_json()["extension"]["days"] == 30
    assert (
        desk.bureau(f"/petitions/{id}/extension", {"days": "many", "reason": "x"}, "unit_head").status_code
        == 422
    )


def test_a_phone_number_in_place_of_a_reason_is_refused_and_changes_nothing(desk: Desk) -> None:
    id = desk.handled()
    ask = {"days": 30, "reason": "call.13800138000", "petitioner_told": True}

    refused = desk.bureau(f"/petitions/{id}/extension", ask, "unit_head")

    assert refused.get_json()["code"] == "personal_data_in_code"
    assert desk.get(f"/petitions/{id}").get_json()["extension"] is None


def test_texts_are_read_by_few_and_every_reading_is_kept(desk: Desk) -> None:
    id = desk.handled()
    desk.bureau(f"/petitions/{id}/opinion", opinion())

    reply = desk.get(f"/petitions/{id}/texts")

    assert reply.get_json()["summary"] == "路塌了没人管"
    assert reply.get_json()["opinion"]["opinion"] == "月底前修好"
    assert [entry.action for entry in desk.all.audit.entries()] == ["petition.read"]
    assert desk.get(f"/petitions/{id}/texts", "dispatcher").status_code == 403
    assert "修好" not in desk.get(f"/petitions/{id}").get_data(as_text=True)
    assert desk.get(f"/petitions/{desk.registered(summary=None)}/texts").status_code == 404


def test_first_or_repeat_and_the_link_are_said_by_people(desk: Desk) -> None:
    desk.know()
    id, earlier = desk.registered(), desk.registered(key="earlier")

    repeat = desk.post(f"/petitions/{id}/first-or-repeat", {"kind": "repeat", "repeat_of": earlier})
    link = desk.post(f"/petitions/{id}/links", {"case_id": CASE, "confirmed": True})

    assert (repeat.get_json()["first_or_repeat"], repeat.get_json()["repeat_of"]) == ("repeat", earlier)
    assert [each["case_id"] for each in link.get_json()["links"]] == [CASE]
    assert desk.post(f"/petitions/{id}/links", {"case_id": ids.new(), "confirmed": True}).status_code == 422
    assert desk.post(f"/petitions/{id}/first-or-repeat", {"kind": "third"}).status_code == 422
    found = desk.get(f"/petitions?case_id={CASE}").get_json()["items"]
    assert [line["pet_id"] for line in found] == [id]


def test_lists_go_on_where_they_stopped(desk: Desk) -> None:
    ids_ = []
    for n in range(3):
        ids_.append(desk.registered(received_at=desk.now.isoformat(), key=str(n)))
        desk.wait(minutes=1)

    first = desk.get("/petitions?limit=2").get_json()
    rest = desk.get(f"/petitions?limit=2&after={first['next'].replace('+', '%2B')}").get_json()

    assert [line["pet_id"] for line in first["items"] + rest["items"]] == ids_[::-1]
    assert desk.get("/petitions?after=nonsense").status_code == 400
    assert desk.get("/petitions?state=nowhere").status_code == 422


def test_who_may_not_is_told_before_anything_is_read(desk: Desk) -> None:
    assert desk.client.post("/petition/petitions", json={}).status_code == 401
    assert desk.register(roles=("mediator",)).status_code == 403
    stranger = bearer("resident", region=VILLAGE)
    assert desk.client.get("/petition/petitions", headers=stranger).status_code == 403
    assert desk.get(f"/petitions/{ids.new()}").status_code == 404
