"""What the desk does beside a matter: reports that come first, 首问负责, zones."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from services.intake.handlers import hearing
from services.intake.store import Stores
from shared import ids
from shared.contracts import wire
from shared.contracts.closing import CaseRelapsed, CaseResolved
from shared.contracts.routing import CaseHandlingStarted
from shared.contracts.wire import Envelope
from shared.decision import Cause
from tests.api.intake.calls import CLERK, clerk, register
from tests.signing import bearer, machine
from tests.unit.intake.forms import NOW, PHONE

CALLED = {
    "of": "emergency",
    "authority": "police_110",
    "at": "2026-03-10T10:25:00+08:00",
    "reference": "JQ88",
}
OTHER = ids.derived("tests", "other clerk")


def told(all: Stores) -> list[str]:
    return [wire.decode(entry["body"]).name for entry in all.registrations.outbox]  # type: ignore[attr-defined]


@pytest.mark.requirement("IN-34")
def test_an_emergency_is_reported_first_and_the_clerk_reads_whom_to_call(
    client: FlaskClient, all: Stores
) -> None:
    refused = register(client, emergency=True)
    wrong = register(client, emergency=True, reports=[CALLED | {"authority": "education"}])
    made = register(client, emergency=True, reports=[CALLED])

    assert (refused.status_code, refused.get_json()["code"]) == (422, "report_first")
    assert "110" in refused.get_json()["fields"]["reports"][0] and refused.get_json()["due"] == ["emergency"]
    assert wrong.status_code == 422 and all.registrations.all()[0].id == made.get_json()["reg_id"]  # type: ignore[attr-defined]
    kept = all.registrations.load(made.get_json()["reg_id"]).state
    assert (kept.desk.reports[0].reference, kept.desk.reports[0].by) == ("JQ88", CLERK)
    assert kept.desk.reports_due == ()


@pytest.mark.parametrize("harm", ["minor_harm", "dv"])
def test_harm_to_those_who_cannot_help_themselves_is_reported_before_anything_else(
    client: FlaskClient, all: Stores, harm: str
) -> None:
    refused = register(client, harm=[harm])
    made = register(client, harm=[harm], reports=[CALLED | {"of": harm}])

    assert (refused.status_code, refused.get_json()["due"]) == (422, [harm])
    kept = all.registrations.load(made.get_json()["reg_id"]).state
    assert kept.protected
    bodies = [entry["body"] for entry in all.registrations.outbox]  # type: ignore[attr-defined]
    assert all_quiet(bodies, harm)


def all_quiet(bodies: list[bytes], word: str) -> bool:
    """No event says what happened to whom."""
    return not any(word.encode() in body for body in bodies)


def test_what_a_machine_brings_waits_for_the_report_of_who_answers_for_it(
    client: FlaskClient, all: Stores
) -> None:
    brought = client.post(
        "/intake/registrations",
        json={
            "channel": "hotline12345", "region": "990101101201", "external_ref": "20260310-1",
            "emergency": True, "summary": "有人持刀在院坝里吵",
            "parties": [{"role": "applicant", "name": "甲某某"}],
        },
        headers=machine("hotline"),
    ).get_json()  # fmt: skip
    address = f"/intake/registrations/{brought['reg_id']}/reports"

    before = all.registrations.load(brought["reg_id"]).state.desk.reports_due
    made = client.post(address, json=CALLED, headers=clerk())
    again = client.post(address, json=CALLED, headers=clerk())
    other = client.post(address, json=CALLED | {"of": "dv"}, headers=clerk())

    assert before == ("emergency",)
    assert (made.status_code, made.get_json()["reports_due"]) == (200, [])
    assert (again.status_code, other.status_code) == (409, 422)
    assert told(all)[-1] == "registration.reported"


def succession(client: FlaskClient, reg_id: str, to: str = OTHER, **headers: Any) -> Any:
    path = f"/intake/registrations/{reg_id}/succession"
    return client.post(path, json={"to": to, "reason": "left"}, headers=headers.get("who") or clerk())


@pytest.mark.requirement("IN-22")
def test_the_first_receiver_is_never_replaced_and_a_successor_is_added(
    client: FlaskClient, all: Stores
) -> None:
    reg_id = register(client).get_json()["reg_id"]
    path = f"/intake/registrations/{reg_id}/first-receiver"

    replaced = client.put(path, json={"to": OTHER, "reason": "left"}, headers=clerk())
    made = succession(client, reg_id)
    blank = succession(client, reg_id, "")

    assert (replaced.status_code, replaced.get_json()["allowed"]) == (409, ["succession"])
    answer = made.get_json()
    assert (answer["first_receiver"], answer["answerable"]) == (CLERK, OTHER)
    assert [(s["from_ref"], s["to_ref"], s["by"]) for s in answer["successions"]] == [(CLERK, OTHER, CLERK)]
    assert blank.status_code == 422


def test_only_who_answers_now_or_a_dispatcher_hands_the_duty_on(client: FlaskClient) -> None:
    reg_id = register(client).get_json()["reg_id"]
    stranger = bearer("clerk", ref=OTHER, region="990101101", unit="centre_101")

    refused = succession(client, reg_id, who=stranger)
    same = succession(client, reg_id, CLERK)
    by_dispatcher = succession(client, reg_id, "window_clerk.centre_101", who=bearer("dispatcher"))

    assert (refused.status_code, same.status_code, by_dispatcher.status_code) == (403, 422, 200)


def case_event(event: Any, sequence: int) -> Cause:
    heard = Envelope(
        id=ids.new(),
        source="/svc/routing/990101",
        type=f"{event.TYPE}.v1",
        subject="case/x",
        time="2026-03-10T02:30:00.000Z",
        sequence=f"{sequence:010d}.00",
        data={},
        regioncode="990101101201",
    )
    return Cause(at=NOW, key=heard.id, heard=heard)


@pytest.mark.requirement("COR-09")
def test_the_duty_ends_when_the_resident_is_answered_and_comes_back_with_a_relapse(
    client: FlaskClient, all: Stores
) -> None:
    made = register(client).get_json()
    succession(client, made["reg_id"])
    other = bearer("clerk", ref=OTHER, region="990101101", unit="centre_101")
    resolved = CaseResolved(case_id=made["case_id"], outcome="settled", tier="village", days=1)
    relapsed = CaseRelapsed(case_id=made["case_id"], relapse_count=1)

    follows = client.get("/intake/answering", headers=other).get_json()["items"]
    hearing.note(all, resolved, case_event(resolved, 5))
    hearing.note(all, resolved, case_event(resolved, 5))
    over = client.get(f"/intake/registrations/{made['reg_id']}/answerable", headers=other).get_json()
    free = client.get("/intake/answering", headers=other).get_json()["items"]
    hearing.note(all, relapsed, case_event(relapsed, 6))
    back = client.get("/intake/answering", headers=other).get_json()["items"]

    assert [one["case_no"] for one in follows] == [made["case_no"]] == [one["case_no"] for one in back]
    assert (over["lasts"], free) == (False, [])
    kinds = [name for name in told(all) if "receiver" in name]
    assert kinds[:3] == [
        "registration.receiver_succeeded", "registration.receiver_released", "registration.receiver_bound",
    ]  # fmt: skip


@pytest.mark.requirement("IN-20")
def test_going_to_another_zone_is_a_step_of_the_matter_and_an_unknown_zone_is_refused(
    client: FlaskClient, all: Stores
) -> None:
    reg_id = register(client, zone="reception").get_json()["reg_id"]
    path = f"/intake/registrations/{reg_id}/zone"

    same = client.post(path, json={"zone": "reception"}, headers=clerk())
    unknown = client.post(path, json={"zone": "kitchen"}, headers=clerk())
    led = client.post(path, json={"zone": "mediation"}, headers=clerk())

    assert (same.status_code, unknown.status_code, led.status_code) == (422, 422, 200)
    assert led.get_json()["zone"] == "mediation"
    assert told(all)[-1] == "registration.zone_changed"


@pytest.mark.requirement("IN-06")
def test_the_window_shows_how_a_matter_stands_with_the_time_though_nobody_else_answers(
    client: FlaskClient, all: Stores
) -> None:
    made = register(client).get_json()
    path = f"/intake/registrations/{made['reg_id']}"
    started = CaseHandlingStarted(case_id=made["case_id"], unit="housing")

    before = client.get(path, headers=clerk()).get_json()["handling"]
    hearing.note(all, started, case_event(started, 4))
    after = client.get(path, headers=clerk()).get_json()["handling"]
    page = client.get(f"{path}/page", headers=clerk()).get_data(as_text=True)

    assert (before["state"], before["since"]) == ("registered", made["registered_at"])
    assert (after["state"], after["words"]) == ("handling", "正在办理")
    assert after["since"].startswith("2026-03-10T02:30")
    assert "正在办理" in page and "这是 2026-03-10 10:30 的情况" in page and PHONE not in page


@pytest.mark.requirement("IN-32")
def test_the_time_from_discovery_to_registration_is_reported_and_cannot_run_backwards(
    client: FlaskClient,
) -> None:
    found = register(client, discovered_at="2026-03-08T10:30:00+08:00").get_json()["reg_id"]
    unsaid = register(client, summary="路灯坏了三个月，老人晚上出门摔跤。").get_json()["reg_id"]

    later = register(client, discovered_at="2026-03-11T10:30:00+08:00")

    gaps = [
        client.get(f"/intake/registrations/{id}", headers=clerk()).get_json()["discovery_gap_hours"]
        for id in (found, unsaid)
    ]
    assert (gaps, later.status_code) == ([48.0, None], 422)
    assert list(later.get_json()["fields"]) == ["discovered_at"]
