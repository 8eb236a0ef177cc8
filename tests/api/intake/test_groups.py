"""What a clerk is shown of earlier matters, how many report one matter, and who says that it is a crowd."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from bench.invented import matter
from services.intake.handlers import hearing
from services.intake.store import Stores
from shared import ids
from shared.contracts.merging import CaseUnmerged
from shared.contracts.routing import CaseMerged
from shared.contracts.wire import Envelope
from shared.decision import Cause
from tests.api.intake.calls import clerk, register
from tests.signing import bearer
from tests.unit.intake.forms import NOW

NOISE = {
    "title": "青溪花园对面工地夜间施工扰民",
    "summary": "我住在青溪花园三栋，对面工地天天干到凌晨两点，打桩声音大得睡不着，老人受不了。",
    "category": None,
}
AGAIN = NOISE | {"summary": "对面工地又干到凌晨，我住在青溪花园三栋，打桩声音大得睡不着，孩子要上课。"}
DISPATCHER = bearer("dispatcher", region="990101")


def told(client: FlaskClient, n: int, **more: Any) -> Any:
    """Somebody reports the noise."""
    parties = [{"name": "某人", "phone": f"1390013{n:04d}"}]
    return register(client, **NOISE | {"parties": parties} | more).get_json()


def candidates(client: FlaskClient, reg_id: str, who: dict[str, str] | None = None) -> Any:
    """What may be the same."""
    return client.get(f"/intake/registrations/{reg_id}/candidates", headers=who or clerk())


def heard(all: Stores, event: Any, n: int) -> None:
    """Routing tells something about a case."""
    envelope = Envelope(
        id=ids.new(), source="/svc/routing/990101", type=f"{event.TYPE}.v1", subject=f"case/{event.case_id}",
        time="2026-03-10T02:30:00.000Z", sequence=f"{n:010d}.00", data={}, regioncode="990101101",
    )  # fmt: skip
    cause = Cause(at=NOW, heard=envelope, key=envelope.id)
    hearing.note(all, event, cause)
    if isinstance(event, CaseMerged | CaseUnmerged):
        hearing.regroup(all, event, cause)


@pytest.mark.requirement("IN-01")
def test_a_clerk_sees_earlier_matters_with_reasons_and_the_words_they_share(client: FlaskClient) -> None:
    first = told(client, 1)
    second = told(client, 2, **AGAIN)
    other = told(
        client, 3, title="松岭村水沟堵了", summary="水沟被人填了半截，一下雨水就往院子里灌，找了两回没人理。"
    )

    (shown,) = candidates(client, second["reg_id"]).get_json()["items"]

    assert (shown["case_no"], shown["case_id"]) == (first["case_no"], first["case_id"])
    assert shown["percent"] >= 72
    assert {"same_title", "same_place", "close_in_time"} <= set(shown["reasons"])
    assert any("青溪花园" in words for words in shown["shared"])
    assert candidates(client, other["reg_id"]).get_json()["items"] == []
    assert second["possible_duplicates"][0]["case_id"] == first["case_id"]


def test_that_they_were_shown_is_kept(client: FlaskClient, all: Stores) -> None:
    made = told(client, 1)

    candidates(client, made["reg_id"])

    assert "duplicates.shown" in [entry.action for entry in all.audit.entries()]


@pytest.mark.parametrize(
    ("who", "status"),
    [({}, 401), (bearer("unit_staff", unit="police"), 403), (bearer("clerk", region="990101102"), 403)],
)
def test_others_are_not_shown_them(client: FlaskClient, who: dict[str, str], status: int) -> None:
    made = told(client, 1)

    refused = client.get(f"/intake/registrations/{made['reg_id']}/candidates", headers=who)

    assert refused.status_code == status


def test_protected_matters_are_shown_to_who_may_read_them_only(client: FlaskClient) -> None:
    told(client, 1, confidentiality="complaint_protected")

    second = told(client, 2, **AGAIN)
    officer = bearer("duty_leader", region="990101101", unit="other_unit", ref=ids.new())

    assert candidates(client, second["reg_id"], officer).get_json()["items"] == []


def test_many_who_report_one_matter_are_one_group_and_a_person_decides(client: FlaskClient) -> None:
    made = [told(client, n) for n in range(6)]

    (group,) = client.get("/intake/groups?mass=proposed", headers=DISPATCHER).get_json()["items"]
    path = f"/intake/groups/{group['group_id']}"
    whole = client.get(path, headers=DISPATCHER).get_json()
    said = client.post(f"{path}/mass", json={"mass": True, "reason": "many_people"}, headers=DISPATCHER)
    again = client.post(f"{path}/mass", json={"mass": True, "reason": "many_people"}, headers=DISPATCHER)

    assert (group["members"], group["reporters"], group["case_no"]) == (6, 6, made[0]["case_no"])
    assert {one["case_no"] for one in whole["items"]} == {one["case_no"] for one in made}
    assert (said.status_code, said.get_json()["mass"]) == (200, "confirmed")
    assert (again.status_code, again.get_json()["state"]) == (409, "confirmed")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422), ({"mass": True}, 422), ({"mass": True, "reason": "few_people"}, 422),
        ({"mass": "perhaps", "reason": "other"}, 422), ({"mass": False, "reason": "because"}, 422),
    ],
)  # fmt: skip
def test_a_decision_needs_its_reason(client: FlaskClient, body: dict[str, Any], status: int) -> None:
    made = [told(client, n) for n in range(5)]

    refused = client.post(f"/intake/groups/{made[0]['reg_id']}/mass", json=body, headers=DISPATCHER)

    assert refused.status_code == status
    assert refused.get_json()["fields"]


def test_nobody_decides_what_nobody_asked_or_what_is_elsewhere(client: FlaskClient) -> None:
    made = [told(client, n) for n in range(2)]
    path = f"/intake/groups/{made[0]['reg_id']}/mass"
    said = {"mass": False, "reason": "other"}

    assert client.post(path, json=said, headers=DISPATCHER).status_code == 409
    assert client.post(path, json=said, headers=clerk()).status_code == 403
    assert client.post(path, json=said, headers=bearer("director", region="990102")).status_code == 403
    unknown = client.post(f"/intake/groups/{ids.new()}/mass", json=said, headers=DISPATCHER)
    assert unknown.status_code == 404


def test_the_list_goes_on_where_a_page_ended_and_shows_no_other_region(client: FlaskClient) -> None:
    for number in range(3):
        for n in range(2):
            told(client, n, title=matter(number).title, summary=matter(number).text)

    first = client.get("/intake/groups?limit=2", headers=DISPATCHER).get_json()
    rest = client.get(f"/intake/groups?limit=2&after={first['next']}", headers=DISPATCHER).get_json()
    elsewhere = client.get("/intake/groups", headers=bearer("dispatcher", region="990102")).get_json()
    wrong = client.get("/intake/groups?after=x&mass=maybe", headers=DISPATCHER)

    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    assert elsewhere["items"] == []
    assert wrong.status_code == 422


def test_the_old_number_of_a_merged_matter_shows_how_the_joint_one_stands(
    client: FlaskClient, all: Stores
) -> None:
    first, second = told(client, 1), told(client, 2)
    query = {"query_code": second["query_code"], "phone_tail": "0002"}

    heard(all, CaseMerged(case_id=second["case_id"], into_case_id=first["case_id"]), 2)
    merged = client.post("/intake/query", json=query).get_json()
    shown = candidates(client, second["reg_id"]).get_json()
    heard(
        all,
        CaseUnmerged(
            case_id=second["case_id"], from_case_id=first["case_id"], reason="other", state="triaged"
        ),
        3,
    )
    parted = client.post("/intake/query", json=query).get_json()

    assert (merged["case_no"], merged["state"]) == (second["case_no"], "merged")
    assert shown["group_id"] == first["reg_id"]
    assert parted["state"] == "triaged"
    assert candidates(client, second["reg_id"]).get_json()["group_id"] == second["reg_id"]
