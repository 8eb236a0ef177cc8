"""Opening and ending matters over HTTP: what comes back, what is refused and in which words."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts import wire
from tests.api.mediation.calls import ELSEWHERE, Desk, body
from tests.signing import bearer, machine
from tests.unit.mediation.given import LI, MEDIATOR, VILLAGE, WANG


def told(desk: Desk) -> list[str]:
    return [wire.decode(entry["body"]).name for entry in desk.all.matters.outbox]  # type: ignore[attr-defined]


def test_a_matter_says_what_may_be_done_next_and_until_when(desk: Desk) -> None:
    reply = desk.open()

    assert (reply.status_code, reply.headers["ETag"]) == (201, '"1"')
    found = reply.get_json()
    assert (found["state"], found["tier"], found["case_no"]) == ("opened", "village", "990101-2026-000001")
    assert found["limit_due"].startswith("2026-10-07T16:00")
    assert "schedule" in found["allowed"] and "start" not in found["allowed"]
    assert told(desk) == ["mediation.matter_opened"]


def test_the_same_key_answers_the_same_matter(desk: Desk) -> None:
    first, again = desk.open(key="k"), desk.open(key="k")
    desk.held(first.get_json()["mm_id"], "declined", declined_by=[LI])
    later = desk.open(key="k")

    assert (first.status_code, again.status_code, later.status_code) == (201, 200, 200)
    assert again.get_json() == first.get_json()
    assert later.get_json()["mm_id"] == first.get_json()["mm_id"]


def test_the_same_key_with_another_body_is_refused(desk: Desk) -> None:
    desk.open(key="k")

    refused = desk.open(key="k", kind="judicial")

    assert (refused.status_code, refused.get_json()["code"]) == (422, "idempotency_key_reused")


def test_a_case_has_one_open_matter_at_a_time(desk: Desk) -> None:
    first = desk.opened()

    second = desk.open(key="another")

    assert (second.status_code, second.get_json()["code"]) == (409, "matter_is_open")
    assert second.get_json()["mm_id"] == first


def test_a_case_nobody_told_of_is_not_found(desk: Desk) -> None:
    reply = desk.open(case_id=ELSEWHERE)

    assert (reply.status_code, reply.get_json()["code"]) == (404, "case_not_found")


@pytest.mark.requirement("MD-01")
def test_a_refusal_answers_409_with_the_other_routes(desk: Desk) -> None:
    consents = body()["consents"]
    consents[1]["answer"] = "refused"

    reply = desk.open(consents=consents)

    assert (reply.status_code, reply.get_json()["code"]) == (409, "mediation_declined")
    assert {"code": "petition", "name": "信访程序"} in reply.get_json()["routes"]
    assert told(desk) == []


def test_a_refusal_later_ends_the_matter_and_names_the_routes(desk: Desk) -> None:
    mm_id = desk.opened()

    reply = desk.post(f"/matters/{mm_id}/consents", {"party_ref": LI, "answer": "refused"})

    assert (reply.status_code, reply.get_json()["result"]) == (200, "declined")
    assert reply.get_json()["routes_shown_at"] and len(reply.get_json()["routes"]) > 3
    again = desk.post(f"/matters/{mm_id}/sessions", {"start": desk.now.isoformat()})
    assert (again.status_code, again.get_json()["allowed"]) == (409, ["complain", "write_minutes"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"case_id": "not-an-id"}, "case_id"),
        ({"kind": "magic"}, "kind"),
        ({"linkage": "moon"}, "linkage"),
        ({"organisation": "No Such"}, "organisation"),
        ({"organisation": "committee_nowhere"}, "organisation"),
        ({"mediators": []}, "mediators"),
        ({"mediators": [{"ref": "张三"}]}, "mediators.0.ref"),
        ({"consents": []}, "consents"),
        ({"consents": [{"party_ref": WANG, "side": "friend"}]}, "consents.0.side"),
        ({"consents": "all"}, "consents"),
    ],
)
def test_what_is_wrong_is_named(desk: Desk, changes: dict[str, Any], field: str) -> None:
    reply = desk.open(**changes)

    assert reply.status_code == 422
    assert any(name == field for name in reply.get_json()["fields"]), reply.get_json()


@pytest.mark.requirement("MD-02")
def test_a_mediator_who_declares_nothing_is_not_taken(desk: Desk) -> None:
    reply = desk.open(mediators=[{"ref": MEDIATOR}])

    assert (reply.status_code, reply.get_json()["code"]) == (422, "conflict_not_declared")


def test_what_is_not_json_is_said_to_be_so(desk: Desk) -> None:
    broken = desk.client.post(
        "/mediation/matters", data=b"{", headers=desk.me() | {"Content-Type": "application/json"}
    )
    other = desk.client.post("/mediation/matters", data=b"a=b", headers=desk.me())

    assert (broken.status_code, other.status_code) == (400, 415)


def test_who_may_not_open_is_told_before_anything_is_read(desk: Desk) -> None:
    assert desk.client.post("/mediation/matters", json={}).status_code == 401
    assert desk.open(roles=("clerk",)).status_code == 403
    assert desk.client.post("/mediation/matters", json=body(), headers=machine()).status_code == 403


def test_another_township_sees_and_changes_nothing(desk: Desk) -> None:
    mm_id = desk.opened()
    elsewhere = {"region": "990101102"}

    assert desk.open(key="x", **elsewhere).status_code == 403
    assert desk.get(f"/matters/{mm_id}", **elsewhere).get_json()["code"] == "out_of_region"
    assert (
        desk.post(f"/matters/{mm_id}/close", {"result": "failed", "reason": "x"}, **elsewhere).status_code
        == 403
    )
    assert desk.get("/matters", **elsewhere).get_json() == {"items": [], "next": None}


def test_a_protected_matter_does_not_even_exist_for_others(desk: Desk) -> None:
    desk.know(case_id=ELSEWHERE, protected=True, category=None)
    mm_id = desk.opened(case_id=ELSEWHERE)

    assert desk.get(f"/matters/{mm_id}", region="990101102").status_code == 404


def test_a_stale_version_is_412_and_changes_nothing(desk: Desk) -> None:
    mm_id = desk.opened()
    desk.post(f"/matters/{mm_id}/consents", {"party_ref": LI, "answer": "agreed"})

    stale = desk.post(f"/matters/{mm_id}/sessions", {"start": desk.now.isoformat()}, match='"1"')

    assert (stale.status_code, stale.get_json()["version"]) == (412, 2)
    assert desk.get(f"/matters/{mm_id}").get_json()["sessions"] == []


def test_lists_are_by_case_state_and_region_newest_first_and_go_on(desk: Desk) -> None:
    ids = []
    for n in range(3):
        desk.know(case_id=f"{ELSEWHERE[:-1]}{n}", region=f"{VILLAGE[:-1]}{n}")
        ids.append(desk.opened(case_id=f"{ELSEWHERE[:-1]}{n}", region="990101"))
        desk.wait(minutes=1)

    first = desk.get("/matters?limit=2", region="990101").get_json()
    rest = desk.get(f"/matters?limit=2&after={first['next'].replace('+', '%2B')}", region="990101").get_json()

    assert [line["mm_id"] for line in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None
    one = desk.get(f"/matters?case_id={ELSEWHERE[:-1]}1", region="990101").get_json()["items"]
    assert [line["mm_id"] for line in one] == [ids[1]]
    assert desk.get("/matters?state=closed", region="990101").get_json()["items"] == []
    assert desk.get("/matters?state=nowhere").status_code == 422
    assert desk.get("/matters?after=nonsense").status_code == 400


def test_a_matter_is_ended_by_hand_with_its_record_complete(desk: Desk) -> None:
    mm_id = desk.opened()
    desk.held(mm_id, "failed", minutes=None)

    early = desk.post(f"/matters/{mm_id}/close", {"result": "failed", "reason": "no_agreement"})

    assert early.get_json()["missing"] == ["minutes", "routes_notice", "requests_answered"]
    assert desk.post(f"/matters/{mm_id}/close", {"result": "won", "reason": "x"}).status_code == 422


def test_more_time_is_asked_for_with_a_day(desk: Desk) -> None:
    mm_id = desk.opened()

    reply = desk.post(f"/matters/{mm_id}/extensions", {"until": "2026-10-20", "agreed_by": [WANG, LI]})

    assert reply.get_json()["limit_due"].startswith("2026-10-20T16:00")
    assert desk.post(f"/matters/{mm_id}/extensions", {"until": "soon"}).status_code == 422


def test_readers_read_and_do_not_write(desk: Desk) -> None:
    mm_id = desk.opened()

    for role in ("director", "clerk", "verifier", "unit_staff", "leader"):
        assert desk.get(f"/matters/{mm_id}", role).status_code == 200
        assert desk.post(f"/matters/{mm_id}/dispute", {}, roles=(role,)).status_code in (403, 404)
    nobody = desk.client.get(f"/mediation/matters/{mm_id}", headers=bearer("resident", region=VILLAGE))
    assert nobody.status_code == 403


def test_a_complaint_goes_past_the_mediator_to_those_above(desk: Desk) -> None:
    mm_id = desk.opened()
    path, text = f"/matters/{mm_id}/complaints", "只听一边的话"

    made = desk.post(path, {"mediator_ref": MEDIATOR, "about": "partial", "text": text}, roles=("clerk",))
    own = desk.client.post(
        f"/mediation{path}",
        json={"mediator_ref": MEDIATOR, "about": "partial", "text": text},
        headers=desk.me(),
    )
    clerk = bearer("clerk", region=VILLAGE)
    other = desk.client.post(
        f"/mediation{path}", json={"mediator_ref": MEDIATOR, "about": "partial", "text": text}, headers=clerk
    )

    assert (made.status_code, own.status_code, other.status_code) == (403, 403, 200)
    assert desk.get(path).status_code == 403
    assert desk.get(path, "director").get_json()["items"][0]["text"] == text
    assert text not in other.get_data(as_text=True)
