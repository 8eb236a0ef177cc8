"""Sittings, minutes and agreements over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared import ids
from tests.api.mediation.calls import MINUTES, OFFERS, Desk, agreement, ending, signatures
from tests.unit.mediation.given import HASH, LI, MONDAY, WANG


def test_a_repeated_request_fixes_one_sitting_and_names_it_again(desk: Desk) -> None:
    mm_id = desk.opened()
    asked = {"start": desk.now.isoformat()}

    first = desk.post(f"/matters/{mm_id}/sessions", asked, key="s")
    again = desk.post(f"/matters/{mm_id}/sessions", asked, key="s")

    assert again.get_json() == first.get_json()
    assert len(again.get_json()["sessions"]) == 1
    assert again.get_json()["sessions"][0]["session_id"] == again.get_json()["session_id"]


def test_a_time_without_a_zone_is_the_countys(desk: Desk) -> None:
    mm_id = desk.opened()

    reply = desk.post(f"/matters/{mm_id}/sessions", {"start": "2026-09-07T15:00:00"})

    assert reply.get_json()["sessions"][0]["planned_start"].startswith("2026-09-07T07:00")


def test_whether_a_round_counts_is_computed_not_given(desk: Desk) -> None:
    mm_id = desk.opened()

    first = desk.held(mm_id, "failed").get_json()
    desk.wait(hours=1)
    second = desk.held(mm_id, "failed", counts_as_attempt=True).get_json()

    assert [s["counts_reason"] for s in second["sessions"]] == ["no_agreement", "same_round"]
    assert (first["attempts"], second["attempts"]) == (1, 1)


def test_an_illegal_step_is_409_with_what_is_allowed(desk: Desk) -> None:
    mm_id = desk.opened()
    nowhere = ids.new()

    held = desk.post(f"/matters/{mm_id}/sessions/{nowhere}/start", {"rights_notice": True})
    drafted = desk.post(f"/matters/{mm_id}/agreement", agreement())

    assert (held.status_code, held.get_json()["state"]) == (409, "opened")
    assert drafted.status_code == 409 and "schedule" in drafted.get_json()["allowed"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outcome": "won"}, "outcome"),
        (
            {
                "attendance": [
                    {
                        "party_ref": WANG,
                        "present": False,
                        "notices": [{"at": "0001-01-01T00:00:00+08:00", "how": "phone"}],
                    }
                ]
            },
            "attendance.0.notices.0.at",
        ),
        ({"attendance": [{"party_ref": WANG}]}, "attendance.0.present"),
        ({"means": ["magic"]}, "means"),
        ({"offers": {"legal_aid": "accepted"}}, "offers.legal_service"),
        ({"minutes": {"facts": " "}}, "minutes.facts"),
        ({"minutes": MINUTES | {"views": {"applicant": "愿意"}}}, "minutes.views.respondent"),
        ({"minutes": MINUTES | {"law": "字" * 20_001}}, "minutes.law"),
        ({"minutes": MINUTES | {"law": "控制\x07字符"}}, "minutes.law"),
    ],
)
def test_what_is_wrong_with_a_result_is_named(desk: Desk, changes: dict[str, Any], field: str) -> None:
    mm_id = desk.opened()
    id = desk.started(mm_id)

    reply = desk.post(f"/matters/{mm_id}/sessions/{id}/hold", ending("failed") | changes)

    assert reply.status_code == 422
    assert field in reply.get_json()["fields"]


def test_minutes_are_read_by_few_and_every_reading_is_kept(desk: Desk) -> None:
    mm_id = desk.opened()
    session_id = desk.held(mm_id, "failed").get_json()["sessions"][0]["session_id"]
    path = f"/matters/{mm_id}/sessions/{session_id}/minutes"

    reply = desk.get(path)

    assert reply.get_json()["versions"][0]["views"] == {"applicant": "愿意", "respondent": "不同意"}
    assert [entry.action for entry in desk.all.audit.entries()] == ["minutes.read"]
    assert desk.get(path, "clerk").status_code == 403
    assert desk.get(f"/matters/{mm_id}/sessions/{ids.new()}/minutes").status_code == 404
    assert "水沟" not in desk.get(f"/matters/{mm_id}").get_data(as_text=True)


def test_late_minutes_are_added(desk: Desk) -> None:
    mm_id = desk.opened()
    session_id = desk.held(mm_id, "failed", minutes=None).get_json()["sessions"][0]["session_id"]

    reply = desk.post(f"/matters/{mm_id}/sessions/{session_id}/minutes", MINUTES)

    assert reply.get_json()["sessions"][0]["counts_as_attempt"] is True
    assert reply.get_json()["attempts"] == 1


def test_an_agreement_is_drafted_signed_and_in_force(desk: Desk) -> None:
    mm_id = desk.opened()
    desk.held(mm_id, "agreed")

    drafted = desk.post(f"/matters/{mm_id}/agreement", agreement()).get_json()
    some = desk.post(
        f"/matters/{mm_id}/agreement/signatures", {"signatures": signatures(desk.now)[:3]}
    ).get_json()
    done = desk.post(
        f"/matters/{mm_id}/agreement/signatures", {"signatures": signatures(desk.now)[3:]}
    ).get_json()

    assert drafted["agreement"]["missing_signatures"] == [WANG, LI, "mediator", "organisation"]
    assert (some["state"], some["agreement"]["missing_signatures"]) == ("agreed", ["organisation"])
    assert (done["state"], done["result"], done["agreement"]["state"]) == ("closed", "agreed", "effective")
    assert done["agreement"]["confirm_deadline"].startswith("2026-10-08T16:00")
    text = desk.get(f"/matters/{mm_id}/agreement").get_json()
    assert (text["responsibility"], text["items"][0]["what"]) == ("双方各半", "把水沟通开")


def test_an_oral_agreement_is_in_force_at_once(desk: Desk) -> None:
    mm_id = desk.opened()
    desk.held(mm_id, "agreed")

    done = desk.post(f"/matters/{mm_id}/agreement", agreement(form="oral", oral_yes=[WANG, LI])).get_json()

    assert (done["result"], done["agreement"]["form"]) == ("agreed", "oral")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"form": "sung"}, "form"),
        ({"items": []}, "items"),
        ({"items": [{"what": "通沟", "debtor_ref": LI, "way": "act", "due": "9月"}]}, "items.0.due"),
        ({"items": [{"what": "通沟", "debtor_ref": LI, "way": "act", "due": "9999-12-31"}]}, "items.0.due"),
        (
            {
                "items": [
                    {"what": "还钱", "debtor_ref": LI, "way": "payment", "due": "2026-09-30", "amount": -1}
                ]
            },
            "items.0.amount",
        ),
        ({"facts": ""}, "facts"),
    ],
)
def test_what_is_wrong_with_an_agreement_is_named(desk: Desk, changes: dict[str, Any], field: str) -> None:
    mm_id = desk.opened()
    desk.held(mm_id, "agreed")

    reply = desk.post(f"/matters/{mm_id}/agreement", agreement(**changes))

    assert reply.status_code == 422
    assert field in reply.get_json()["fields"]


@pytest.mark.requirement("COR-19")
def test_a_scan_without_its_hash_is_not_taken(desk: Desk) -> None:
    mm_id = desk.opened()
    desk.held(mm_id, "agreed")
    desk.post(f"/matters/{mm_id}/agreement", agreement())
    unhashed = [one | {"scan_hash": None} for one in signatures(desk.now)]
    garbled = [one | {"scan_hash": "abc"} for one in signatures(desk.now)]

    replies = [
        desk.post(f"/matters/{mm_id}/agreement/signatures", {"signatures": s}) for s in (unhashed, garbled)
    ]

    assert [reply.status_code for reply in replies] == [422, 422]
    assert replies[0].get_json()["code"] == "scan_missing"


def test_performance_and_breach_are_what_a_person_says(desk: Desk) -> None:
    mm_id = desk.in_force()
    done = {"done_at": desk.now.isoformat(), "proof_hash": HASH}

    unknown = desk.post(f"/matters/{mm_id}/agreement/items/7/performed", done)
    early = desk.post(f"/matters/{mm_id}/agreement/items/1/breached")
    performed = desk.post(f"/matters/{mm_id}/agreement/items/1/performed", done)

    assert unknown.status_code == 404
    assert early.get_json()["code"] == "not_due_yet"
    assert performed.get_json()["agreement"]["state"] == "performed"


@pytest.mark.requirement("COR-18")
def test_a_late_request_for_confirmation_is_taken_with_a_warning(desk: Desk) -> None:
    mm_id = desk.in_force()
    desk.wait(days=40)
    asked = {"court": "court", "applicants": [WANG, LI], "filed_at": desk.now.isoformat()}

    filed = desk.post(f"/matters/{mm_id}/agreement/confirmation", asked)
    decided = desk.post(
        f"/matters/{mm_id}/agreement/confirmation/decision",
        {"result": "confirmed", "decided_at": desk.now.isoformat()},
    )

    assert filed.status_code == 200
    assert "由法院决定" in filed.get_json()["agreement"]["warning"]
    assert decided.get_json()["agreement"]["filing"]["state"] == "confirmed"


def test_a_disputed_agreement_says_so(desk: Desk) -> None:
    mm_id = desk.in_force()

    reply = desk.post(f"/matters/{mm_id}/agreement/dispute")

    assert reply.get_json()["agreement"]["state"] == "disputed"
    assert desk.now == MONDAY + timedelta(hours=1)


@pytest.mark.requirement("MD-30")
def test_of_counselling_only_the_offer_and_the_answer_are_kept(desk: Desk) -> None:
    mm_id = desk.opened()
    offers = OFFERS | {"counselling": "accepted", "notes": "情绪低落"}

    held = desk.held(mm_id, "failed", offers=offers)
    wrong = desk.held(mm_id, "failed", offers=OFFERS | {"counselling": "情绪低落"})

    assert held.get_json()["sessions"][0]["offers"] == OFFERS | {"counselling": "accepted"}
    assert wrong.get_json()["fields"].keys() == {"offers.counselling"}


def test_the_package_for_the_court_is_one_answer(desk: Desk) -> None:
    mm_id = desk.in_force()

    package = desk.get(f"/matters/{mm_id}/agreement/confirmation/package").get_json()

    assert package["agreement"]["responsibility"] == "双方各半"
    assert [paper["code"] for paper in package["documents"] if not paper["present"] and paper["needed"]] == [
        "application", "identity",
    ]  # fmt: skip
    assert [entry.purpose for entry in desk.all.audit.entries()] == ["judicial_confirmation"]
