"""Registering over HTTP: what comes back, what is refused and in which words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.intake.handlers.policy import policy_of
from services.intake.rules import checks
from services.intake.store import Stores
from tests.api.intake.calls import CLERK, VILLAGE, body, clerk, register
from tests.routing_given import county
from tests.signing import bearer, machine
from tests.unit.intake.forms import NOW, PHONE, form


def test_the_resident_leaves_with_a_number_a_code_a_name_and_the_limits(client: FlaskClient) -> None:
    reply = register(client)

    assert reply.status_code == 201
    assert reply.get_json()["case_no"] == "990101-2026-000001"
    assert len(reply.get_json()["query_code"]) == 10
    assert reply.get_json()["first_receiver"] == CLERK
    assert any("30天" in limit for limit in reply.get_json()["limits"])
    assert reply.headers["ETag"] == '"1"'


def test_the_next_matter_gets_the_next_number(client: FlaskClient) -> None:
    register(client)

    assert register(client).get_json()["case_no"] == "990101-2026-000002"


def test_the_same_key_answers_the_same(client: FlaskClient, all: Stores) -> None:
    first = register(client, key="a-key")

    again = register(client, key="a-key")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json() == first.get_json()
    assert len(all.registrations.outbox) == 2  # type: ignore[attr-defined]


def test_the_same_key_for_another_content_is_refused(client: FlaskClient) -> None:
    register(client, key="a-key")

    for other in ({"summary": "另一件事，完全不同的内容。"}, {"external_ref": "T-1"}):
        refused = register(client, key="a-key", **other)
        assert (refused.status_code, refused.get_json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.requirement("IN-07")
def test_the_same_hotline_ticket_is_the_same_case(client: FlaskClient) -> None:
    first = register(client, channel="hotline12345", external_ref="20260310-77")

    again = register(client, channel="hotline12345", external_ref="20260310-77", summary="工单又推送了一次")
    elsewhere = register(client, channel="platform", external_ref="20260310-77")

    assert (again.status_code, again.get_json()["case_id"]) == (200, first.get_json()["case_id"])
    assert elsewhere.get_json()["case_id"] != first.get_json()["case_id"]


@pytest.mark.parametrize(("protected", "status"), [(False, 403), (True, 404)])
def test_a_guessed_outside_number_opens_no_matter_of_another_region(
    client: FlaskClient, protected: bool, status: int
) -> None:
    secret = {"confidentiality": "complaint_protected"} if protected else {}
    register(client, channel="hotline12345", external_ref="20260310-77", **secret)
    theirs = body(channel="hotline12345", external_ref="20260310-77", region="990101102201")

    stranger = bearer("clerk", region="990101102", unit="centre_102")

    refused = client.post("/intake/registrations", json=theirs, headers=stranger)

    assert refused.status_code == status
    assert "query_code" not in refused.get_json()


@pytest.mark.parametrize("missing", ["channel", "region", "summary", "parties"])
def test_what_must_be_there_is_asked_for_by_name(client: FlaskClient, missing: str) -> None:
    given = body()
    del given[missing]

    refused = client.post("/intake/registrations", json=given, headers=clerk())

    assert refused.status_code == 422
    assert list(refused.get_json()["fields"]) == [missing]


@pytest.mark.parametrize(
    ("more", "path", "part"),
    [
        ({"category": "nonsense"}, "category", "neighbour 邻里纠纷"),
        ({"channel": "pigeon"}, "channel", "window 窗口"),
        ({"matter_type": "war"}, "matter_type", "dispute 矛盾纠纷"),
        ({"source_domain": "moon"}, "source_domain", "public_safety 公共安全"),
        ({"zone": "roof"}, "zone", "reception 接待受理区"),
        ({"discovered_at": "2026-03-10T12:00:00+08:00"}, "discovered_at", "不能晚于登记时间"),
        ({"received_at": "2026-03-11T00:00:00+08:00"}, "received_at", "不能晚于现在"),
        ({"received_at": "昨天"}, "received_at", "应为时间"),
        ({"region": "99010"}, "region", "地区码"),
        ({"region": "990101101２０１"}, "region", "地区码"),
        ({"grid_id": "990101101２０１"}, "grid_id", "地区码"),
        ({"flags": ["mass"] * 10_000}, "flags", "长度至多"),
        ({"persons_involved": 0}, "persons_involved", "应在 1 到"),
        ({"summary": 5}, "summary", "应为文字"),
        ({"summary": "内容\x00断"}, "summary", "不能识别的字符"),
        ({"answer": "  "}, "answer", "怎样答复"),
        ({"not_accepted": {"reason": "court_accepted"}}, "not_accepted.route", "必须填写"),
        ({"parties": [{"name": "甲", "phone": "138O0130000"}]}, "parties.0.phone", "不能有字母"),
        ({"parties": [{"name": "甲", "id_no": "110105194912310021"}]}, "parties.0.id_no", "身份证"),
        ({"parties": "甲"}, "parties", "应为列表"),
    ],
)
def test_bad_input_is_answered_with_its_field_and_a_sentence(
    client: FlaskClient, all: Stores, more: dict[str, Any], path: str, part: str
) -> None:
    refused = register(client, **more)

    assert (refused.status_code, list(refused.get_json()["fields"])) == (422, [path])
    assert part in refused.get_json()["fields"][path][0]
    assert not all.registrations.all()  # type: ignore[attr-defined]


def test_what_is_no_json_is_malformed(client: FlaskClient) -> None:
    headers = clerk() | {"Content-Type": "application/json"}

    assert client.post("/intake/registrations", data=b'{"channel": "win', headers=headers).status_code == 400
    assert client.post("/intake/registrations", data=b"\xff\xfe{}", headers=headers).status_code == 400


def test_a_body_over_256_kilobytes_is_too_large(client: FlaskClient) -> None:
    assert register(client, place="长" * 100_000).status_code == 413


@pytest.mark.requirement("IN-14")
def test_what_was_not_asked_for_is_not_kept(client: FlaskClient, all: Stores) -> None:
    made = register(client, religion="无", parties=[{"name": "甲", "political_status": "群众"}])

    stored = repr(all.registrations.load(made.get_json()["reg_id"]))
    assert made.status_code == 201
    assert "religion" not in stored and "political_status" not in stored


def test_a_long_text_is_kept_whole(client: FlaskClient) -> None:
    long = "水" * 2_100

    made = register(client, summary=long)
    record = client.get(f"/intake/registrations/{made.get_json()['reg_id']}", headers=clerk())

    assert made.get_json()["attachments"] == ["summary"]
    assert record.get_json()["summary"] == long


def test_a_matter_without_a_type_waits_unclassified(client: FlaskClient) -> None:
    made = register(client, matter_type=None, category="")
    record = client.get(f"/intake/registrations/{made.get_json()['reg_id']}", headers=clerk())

    assert (record.get_json()["matter_type"], record.get_json()["category"]) == ("unclassified", None)


@pytest.mark.requirement("IN-09")
def test_a_letter_keeps_the_day_it_came_beside_the_day_it_was_entered(client: FlaskClient) -> None:
    made = register(client, channel="letter", received_at="2026-03-06T15:00:00+08:00")
    record = client.get(f"/intake/registrations/{made.get_json()['reg_id']}", headers=clerk()).get_json()
    future = register(client, channel="letter", received_at="2026-03-11T15:00:00+08:00")

    assert record["received_at"].startswith("2026-03-06T07:00:00")
    assert record["registered_at"].startswith("2026-03-10T02:30:00")
    assert (future.status_code, list(future.get_json()["fields"])) == (422, ["received_at"])


@pytest.mark.requirement("IN-04")
def test_whatever_the_law_leaves_to_others_is_registered_with_reason_and_road(client: FlaskClient) -> None:
    made = register(client, not_accepted={"reason": "court_accepted", "route": "court"})
    bare = register(client, not_accepted={})

    assert (made.status_code, made.get_json()["state"]) == (201, "not_accepted")
    assert set(bare.get_json()["fields"]) == {"not_accepted.reason", "not_accepted.route"}


def test_a_place_outside_of_the_own_region_is_forbidden(client: FlaskClient) -> None:
    refused = register(client, region="990101102201")

    assert (refused.status_code, list(refused.get_json()["fields"])) == (403, ["region"])


@pytest.mark.parametrize("role", ["mediator", "leader", "sys_admin"])
def test_only_those_who_receive_people_register(client: FlaskClient, role: str) -> None:
    headers = bearer(role, region="990101101")

    assert client.post("/intake/registrations", json=body(), headers=headers).status_code == 403
    assert client.post("/intake/registrations", json=body()).status_code == 401


def test_in_an_emergency_the_answer_says_whom_to_call(client: FlaskClient) -> None:
    called = {"of": "emergency", "authority": "police_110", "at": "2026-03-10T10:25:00+08:00"}

    made = register(client, emergency=True, reports=[called])

    assert made.status_code == 201
    assert "110" in made.get_json()["notice"] and "119" in made.get_json()["notice"]


def test_an_answer_on_the_spot_needs_no_further_limit(client: FlaskClient) -> None:
    made = register(client, answer="现场已说明办事流程。")

    assert (made.get_json()["state"], made.get_json()["limits"]) == ("answered", [])


def test_nobody_else_can_be_put_down_as_first_receiver(client: FlaskClient) -> None:
    refused = register(client, first_receiver="duty_leader")

    assert (refused.status_code, refused.get_json()["code"]) == (422, "first_receiver_fixed")
    assert register(client, first_receiver="").get_json()["first_receiver"] == CLERK


def test_what_a_machine_brings_in_office_hours_is_received_by_the_window_of_the_township(
    client: FlaskClient,
) -> None:
    reply = client.post("/intake/registrations", json=body(channel="web_pc"), headers=machine("intake"))

    assert reply.get_json()["first_receiver"] == "window_clerk.centre_101"


def test_the_same_person_with_the_same_kind_of_matter_is_flagged_not_refused(client: FlaskClient) -> None:
    first = register(client)

    again = register(client, summary="还是那堵墙的事，又往前挪了。")
    other = register(client, category="labour_wages", summary="工地欠了三个月工资没有发。")

    assert again.status_code == 201
    shown = [(s["case_no"], s["category"], s["reasons"]) for s in again.get_json()["possible_duplicates"]]
    assert shown == [(first.get_json()["case_no"], "neighbour", ["same_person"])]
    assert other.get_json()["possible_duplicates"] == []


def test_the_window_may_ask_before_it_registers_a_second_time(client: FlaskClient, all: Stores) -> None:
    first = register(client).get_json()

    asked = client.post("/intake/registrations?on_duplicate=ask", json=body(), headers=clerk())

    assert (asked.status_code, asked.get_json()["code"]) == (409, "possible_duplicate")
    (shown,) = asked.get_json()["possible_duplicates"]
    assert (shown["case_no"], shown["case_id"], shown["percent"]) == (first["case_no"], first["case_id"], 100)
    assert {"same_text", "same_person", "same_place", "close_in_time"} <= set(shown["reasons"])
    assert len(all.registrations.all()) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(("sign", "status"), [("\ud800", 400), ("\x00", 422), ("\x1b", 422)])
@pytest.mark.parametrize("field", ["summary", "title", "place", "external_ref", "window", "answer"])
def test_signs_that_no_text_has_are_refused_in_every_field(
    client: FlaskClient, field: str, sign: str, status: int
) -> None:
    data = json.dumps(body(**{field: f"好{sign}坏"})).encode()

    refused = client.post(
        "/intake/registrations", data=data, content_type="application/json", headers=clerk()
    )

    assert refused.status_code == status
    assert status == 400 or list(refused.get_json()["fields"]) == [field]


def test_the_same_text_from_somebody_else_is_flagged_too(client: FlaskClient) -> None:
    first = register(client)

    again = register(client, parties=[{"name": "丙", "phone": "13900130000"}], category="other")

    assert [s["case_no"] for s in again.get_json()["possible_duplicates"]] == [first.get_json()["case_no"]]


def test_at_most_ten_earlier_matters_are_shown(client: FlaskClient) -> None:
    for _ in range(12):
        last = register(client)

    assert len(last.get_json()["possible_duplicates"]) == 10


def test_the_record_shows_masked_numbers_only(client: FlaskClient, all: Stores) -> None:
    made = register(client, summary=f"他说打他电话{PHONE}也没有用，墙还是那样。")

    record = client.get(f"/intake/registrations/{made.get_json()['reg_id']}", headers=clerk())

    assert record.get_json()["parties"][0]["masked"] == {
        "name": "甲**", "phone": "138****0000", "id_no": "110105********002X",
    }  # fmt: skip
    assert PHONE not in record.text
    assert [entry.action for entry in all.audit.entries()] == ["registration.read"]


def test_the_registration_of_a_case_is_found_by_its_number(client: FlaskClient) -> None:
    made = register(client)
    register(client)

    found = client.get(f"/intake/registrations?case_id={made.get_json()['case_id']}", headers=clerk())

    assert [line["case_no"] for line in found.get_json()["items"]] == [made.get_json()["case_no"]]
    assert found.get_json()["next"] is None


def test_a_list_goes_on_where_it_stopped(client: FlaskClient) -> None:
    for _ in range(3):
        register(client)

    first = client.get("/intake/registrations?limit=2", headers=clerk()).get_json()
    rest = client.get(
        "/intake/registrations", query_string={"limit": 2, "after": first["next"]}, headers=clerk()
    ).get_json()

    assert len(first["items"]) == 2
    assert len({line["reg_id"] for line in first["items"] + rest["items"]}) == 3
    assert rest["next"] is None


def test_a_list_ends_at_the_border_of_the_own_region(client: FlaskClient) -> None:
    register(client)

    assert client.get("/intake/registrations", headers=clerk(region="990101102")).get_json()["items"] == []


@pytest.mark.parametrize("after", ["nonsense", "2026-03-10T00:00:00"])
def test_a_cursor_is_what_a_page_gave(client: FlaskClient, after: str) -> None:
    reply = client.get("/intake/registrations", query_string={"after": after}, headers=clerk())

    assert reply.status_code in (200, 400)


@pytest.mark.requirement("IN-08")
def test_where_a_matter_comes_from_is_a_code_of_the_countys_own_list() -> None:
    own = policy_of(replace(county(), source_domains={"campus": "校园安全"}), VILLAGE, NOW)
    given = form(source_domain="petition")

    usual = list(checks.faults(given, policy_of(county(), VILLAGE, NOW), NOW))
    ((path, says),) = checks.faults(given, own, NOW)

    assert usual == []
    assert (path, says) == ("source_domain", "没有这个代码。可用的有：campus 校园安全")
    assert list(checks.faults(form(source_domain="campus"), own, NOW)) == []


@pytest.mark.requirement("IN-08")
def test_what_somebody_wrote_online_is_typed_by_a_person_and_never_brought_by_a_machine(
    client: FlaskClient,
) -> None:
    opinion = body(source_domain="online_opinion")

    typed = client.post("/intake/registrations", json=opinion, headers=clerk())
    brought = client.post("/intake/registrations", json=opinion, headers=machine("crawler"))
    unknown = client.post("/intake/registrations", json=body(source_domain="moon"), headers=clerk())

    assert (typed.status_code, brought.status_code, unknown.status_code) == (201, 422, 422)
    assert list(brought.get_json()["fields"]) == ["source_domain"]
    assert "online_opinion 网络舆情" in unknown.get_json()["fields"]["source_domain"][0]


@pytest.mark.requirement("IN-03")
@pytest.mark.parametrize(
    ("unit", "region"),
    [("committee_101201", VILLAGE), ("centre_101", "990101101"), ("centre_county", "990101")],
)
def test_village_township_and_county_register_in_the_same_way_and_the_slogan_is_only_shown(
    client: FlaskClient, all: Stores, unit: str, region: str
) -> None:
    who = bearer("clerk", ref=CLERK, region=region, unit=unit)
    slogan = county().labels["slogan"]

    made = client.post("/intake/registrations", json=body(), headers=who)
    page = client.get("/intake/centre/centre_101").get_data(as_text=True)

    kept = all.registrations.load(made.get_json()["reg_id"]).state
    assert (made.status_code, made.get_json()["case_no"]) == (201, "990101-2026-000001")
    assert (kept.state, kept.receiving_unit, kept.first_receiver) == ("registered", unit, CLERK)
    told = [entry["body"] for entry in all.registrations.outbox]  # type: ignore[attr-defined]
    assert slogan in page and not any(slogan.encode() in one for one in told)
