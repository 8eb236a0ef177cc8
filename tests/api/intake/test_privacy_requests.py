"""A resident's rights over the own data: copy, correction, removal; with a clock and a reasoned answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.intake.handlers import erasing, privacy
from services.intake.model import CaseView
from services.intake.rules import sealing
from services.intake.store import Stores
from shared import ids
from shared.contracts import wire
from shared.decision import Cause, Decision
from shared.profile import profile
from tests.api.intake.calls import VILLAGE, clerk, register
from tests.api.intake.conftest import Watch
from tests.api.intake.test_vault import reveal
from tests.signing import bearer
from tests.unit.intake.forms import PHONE

DPO = bearer("dpo", "director", region="990101", unit="centre_county")
NEW = "13900130001"


def proof(made: TestResponse, tail: str = PHONE[-4:]) -> dict[str, str]:
    return {"query_code": made.get_json()["query_code"], "phone_tail": tail}


def ask(client: FlaskClient, made: TestResponse, kind: str, **more: Any) -> TestResponse:
    return client.post("/intake/privacy-requests/online", json=proof(made) | {"kind": kind} | more)


def decide(client: FlaskClient, asked: TestResponse, decision: str = "grant", **more: str) -> TestResponse:
    address = f"/intake/privacy-requests/{asked.get_json()['request_id']}/decide"
    return client.post(address, json={"decision": decision} | more, headers=DPO)


def ended(all: Stores, made: TestResponse, at: Any) -> None:
    case_id = made.get_json()["case_id"]
    view = CaseView(case_id=case_id, region=VILLAGE, state="closed", state_at=at)
    all.views.open(case_id, Cause(at=at), lambda before: Decision(state=view))


def told(all: Stores) -> list[str]:
    return [wire.decode(entry["body"]).name for entry in all.requests.outbox]  # type: ignore[attr-defined]


def test_a_copy_is_asked_granted_and_taken_with_who_looked(client: FlaskClient, all: Stores) -> None:
    made = register(client)
    reveal(client, made, clerk())

    asked = ask(client, made, "copy")
    early = client.post(f"/intake/privacy-requests/{asked.get_json()['id']}/collect", json=proof(made))
    granted = decide(client, asked)
    taken = client.post(f"/intake/privacy-requests/{asked.get_json()['id']}/collect", json=proof(made))

    assert (asked.status_code, granted.get_json()["state"]) == (201, "granted")
    assert (early.status_code, early.get_json()["code"]) == (403, "not_granted")
    body = taken.get_json()
    assert body["values"]["电话"] == PHONE and body["values"]["姓名或名称"] == "甲某某"
    assert "院墙" in body["texts"]["情况说明"] and body["requests"] == ["把水沟通开"]
    assert [look["purpose"] for look in body["looks"]] == ["联系当事人"]
    assert told(all) == [
        "privacy.request_received", "privacy.request_closed", "privacy.copy_collected",
    ]  # fmt: skip
    assert [e.action for e in all.audit.entries()][-3:] == [
        "privacy.ask",
        "privacy.decide",
        "privacy.collect",
    ]


def test_the_other_side_and_a_wrong_proof_get_nothing(client: FlaskClient) -> None:
    made, other = register(client), register(client, summary="另一件事，说的是道路积水，车子过不去。")
    asked = ask(client, made, "copy")
    decide(client, asked)

    wrong = client.post("/intake/privacy-requests/online", json=proof(made, "9999") | {"kind": "copy"})
    address = f"/intake/privacy-requests/{asked.get_json()['id']}/collect"
    stranger = client.post(address, json=proof(other))

    assert (wrong.status_code, wrong.get_json()["code"]) == (404, "query_not_found")
    assert (stranger.status_code, stranger.get_json()["code"]) == (404, "request_not_found")


def test_a_correction_is_made_when_it_is_granted_and_the_new_number_opens_the_query(
    client: FlaskClient, all: Stores
) -> None:
    made = register(client)
    asked = ask(client, made, "correct", field="phone", value=f"+86 {NEW}", words="号码登记错了")
    before = all.registrations.load(made.get_json()["reg_id"]).state
    seen = client.get(f"/intake/privacy-requests/{asked.get_json()['id']}", headers=DPO).get_json()

    decide(client, asked)

    after = all.registrations.load(before.reg_id).state
    assert sealing.personal(before, before.parties[0], "phone", all.sealer) == PHONE
    assert sealing.personal(after, after.parties[0], "phone", all.sealer) == NEW
    assert (seen["value"], seen["words"]) == (NEW, "号码登记错了")
    assert client.post("/intake/query", json=proof(made, NEW[-4:])).status_code == 200
    assert client.post("/intake/query", json=proof(made)).status_code == 404
    kept = all.requests.load(asked.get_json()["id"])
    assert NEW not in repr(kept) and "登记错了" not in repr(kept)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "correct", "field": "salary", "value": "1"}, "field"),
        ({"kind": "correct", "field": "phone", "value": "12"}, "value"),
        ({"kind": "correct", "field": "id_no", "value": "110105194912310021"}, "value"),
        ({"kind": "forget"}, "kind"),
    ],
)
def test_a_request_that_cannot_be_met_is_refused_by_field(
    client: FlaskClient, more: dict[str, str], field: str
) -> None:
    refused = client.post("/intake/privacy-requests/online", json=proof(register(client)) | more)

    assert (refused.status_code, list(refused.get_json()["fields"])) == (422, [field])


def test_a_refusal_needs_a_reason_and_its_basis_and_both_are_told(client: FlaskClient) -> None:
    asked = ask(client, register(client), "delete")

    bare = decide(client, asked, "refuse")
    half = decide(client, asked, "refuse", refusal="still_handled")
    whole = decide(client, asked, "refuse", refusal="still_handled", basis="pipl.47")
    again = decide(client, asked)

    assert [list(r.get_json()["fields"]) for r in (bare, half)] == [["refusal"], ["basis"]]
    assert whole.get_json()["refusal_words"] == "事项还在办理，办理需要这些内容"
    assert whole.get_json()["basis_words"] == "个人信息保护法第四十七条"
    assert again.status_code == 409


def test_removal_waits_until_the_matter_has_ended_and_then_leaves_only_what_can_be_counted(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    made = register(client, parties=[{"role": "applicant", "name": "甲某某", "phone": PHONE}])
    asked = ask(client, made, "delete")
    refused = decide(client, asked)
    ended(all, made, watch.now)

    granted = decide(client, asked)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "still_handled")
    assert granted.status_code == 200
    left = all.registrations.load(made.get_json()["reg_id"]).state
    assert left.anonymised_at and left.summary == b"" and left.parties[0].name is None
    assert not (left.query_marks or left.person_marks or left.text_mark)
    assert (left.category, left.matter_type, left.channel) == ("neighbour", "dispute", "window")
    assert client.post("/intake/query", json=proof(made)).status_code == 404
    shown = client.get(f"/intake/registrations/{left.reg_id}", headers=clerk())
    assert shown.status_code == 200 and shown.get_json()["summary"] == ""


def test_the_answer_is_due_after_fifteen_working_days_and_the_officer_is_reminded(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    asked = ask(client, register(client), "copy").get_json()
    watch.now += timedelta(days=30)

    privacy.remind(all, watch.now)
    privacy.remind(all, watch.now)

    listed = client.get("/intake/privacy-requests", headers=DPO).get_json()["items"]
    assert [(one["id"], one["late"]) for one in listed] == [(asked["id"], True)]
    reminded = [name for name in told(all) if name == "privacy.request_reminded"]
    assert reminded and len(reminded) == len(
        set(profile().limits["privacy_request"].thresholds) & {50, 80, 100, 120}
    )


def test_who_took_a_request_at_the_window_does_not_decide_it(client: FlaskClient) -> None:
    made = register(client).get_json()
    body = {"reg_id": made["reg_id"], "party_ref": ids.derived("party", made["reg_id"], "0"), "kind": "copy"}
    asked = client.post("/intake/privacy-requests", json=body, headers=DPO)

    own = decide(client, asked)

    assert (asked.get_json()["via"], own.status_code, own.get_json()["code"]) == (
        "window",
        403,
        "same_person",
    )
    again = client.post("/intake/privacy-requests", json=body, headers=clerk())
    assert (again.status_code, again.get_json()["code"]) == (409, "already_asked")


def test_what_is_older_than_the_profile_keeps_it_becomes_nameless_and_stays_countable(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    old, running = register(client), register(client, summary="还在办理的一件事，说的是道路积水。")
    ended(all, old, watch.now)
    years = profile().retention.pii_after_archive_years

    early = erasing.sweep(all, watch.now + timedelta(days=365 * years - 2))
    late = erasing.sweep(all, watch.now + timedelta(days=366 * years))
    again = erasing.sweep(all, watch.now + timedelta(days=366 * years))

    assert (early, late, again) == (0, 1, 0)
    left = all.registrations.load(old.get_json()["reg_id"]).state
    assert left.anonymised_at and left.region == "990101101"
    assert not all.registrations.load(running.get_json()["reg_id"]).state.anonymised_at
    assert wire.decode(all.registrations.outbox[-1]["body"]).name == "registration.anonymised"  # type: ignore[attr-defined]


def test_a_repeated_decision_is_one_and_an_old_version_decides_nothing(client: FlaskClient) -> None:
    asked = ask(client, register(client), "copy")
    address = f"/intake/privacy-requests/{asked.get_json()['id']}/decide"

    stale = client.post(address, json={"decision": "grant"}, headers=DPO | {"If-Match": '"9"'})
    key = {"Idempotency-Key": "once"}
    first, again = (client.post(address, json={"decision": "grant"}, headers=DPO | key) for _ in range(2))

    assert (stale.status_code, first.status_code, again.status_code) == (412, 200, 200)
    assert first.get_json()["version"] == again.get_json()["version"]


def test_the_page_takes_a_request_says_until_when_and_shows_the_copy(client: FlaskClient) -> None:
    made = register(client)
    empty = client.get("/intake/my-data").get_data(as_text=True)

    asked = client.post("/intake/my-data/form", data=proof(made) | {"kind": "copy"})
    wrong = client.post("/intake/my-data/form", data=proof(made) | {"kind": "correct", "field": "phone"})
    number = asked.get_data(as_text=True).partition("申请号 ")[2][:36]
    early = client.post("/intake/my-data/copy", data=proof(made) | {"request_id": number})
    client.post(f"/intake/privacy-requests/{number}/decide", json={"decision": "grant"}, headers=DPO)
    copy = client.post("/intake/my-data/copy", data=proof(made) | {"request_id": number})

    assert "提出申请" in empty and "前答复" in asked.get_data(as_text=True)
    assert (wrong.status_code, "请写清正确的电话" in wrong.get_data(as_text=True)) == (422, True)
    assert early.status_code == 403
    assert PHONE in copy.get_data(as_text=True) and "院墙" in copy.get_data(as_text=True)


def test_who_may_not_see_a_matter_does_not_see_that_somebody_asks_about_it(client: FlaskClient) -> None:
    made = register(client, confidentiality="complaint_protected", units_involved=["police"])
    asked = ask(client, made, "copy").get_json()

    def listed(headers: dict[str, str]) -> list[str]:
        return [
            one["id"] for one in client.get("/intake/privacy-requests", headers=headers).get_json()["items"]
        ]

    assert listed(DPO) == [asked["id"]]
    assert listed(bearer("clerk", region="990101102", unit="centre_102")) == []
    assert listed(bearer("director", "clerk", unit="police")) == []
