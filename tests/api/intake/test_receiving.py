"""Visits end with a record, papers are never lost, some of what was answered at once is asked about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.intake.handlers import erasing, receiving
from services.intake.store import Stores
from services.intake.worker import IntakeWorker
from shared import ids
from shared.bus.memory import MemoryBus
from shared.contracts import wire
from shared.decision import Cause
from shared.profile import profile
from tests.api.intake.calls import CLERK, clerk, register
from tests.api.intake.conftest import Watch
from tests.signing import bearer

RECORD = {
    "matter": "水沟堵了", "requests": "疏通", "answer": "三日内派人去看",
    "received_at": "2026-03-10T10:20:00+08:00",
}  # fmt: skip
BUREAU = bearer("unit_staff", unit="housing", region="990101")
VERIFIER = bearer("verifier", region="990101101", unit="centre_101")


def visit(client: FlaskClient, **more: Any) -> Any:
    reg_id = register(client, channel="visit", persons_involved=1, **more).get_json()["reg_id"]
    return client.post("/intake/receptions", json={"reg_id": reg_id}, headers=clerk())


def on(client: FlaskClient, begun: Any, step: str, body: Any, method: str = "post") -> Any:
    path = f"/intake/receptions/{begun.get_json()['id']}/{step}"
    return getattr(client, method)(path, json=body, headers=clerk())


@pytest.mark.requirement("IN-10")
def test_a_visit_ends_only_with_a_record_of_what_was_said_and_answered(
    client: FlaskClient, all: Stores
) -> None:
    begun = visit(client)

    without = on(client, begun, "close", {})
    half = on(client, begun, "record", RECORD | {"answer": " "}, "put")
    early = on(client, begun, "record", RECORD | {"received_at": "2026-03-11T10:20:00+08:00"}, "put")
    written = on(client, begun, "record", RECORD, "put")
    ended = on(client, begun, "close", {"rating": 5, "comment": "态度好"})
    again = on(client, begun, "record", RECORD, "put")

    assert (without.status_code, without.get_json()["code"]) == (422, "reception_record_missing")
    assert (half.status_code, list(half.get_json()["fields"]), early.status_code) == (422, ["answer"], 422)
    assert written.get_json()["recorded"] and written.get_json()["receiver"] == CLERK
    assert (ended.get_json()["state"], ended.get_json()["rating"], again.status_code) == ("closed", 5, 409)
    kept = all.receptions.load(begun.get_json()["id"]).state
    assert kept.said and b"\xe6\xb0\xb4" not in kept.said.matter and "水沟" not in repr(kept)
    told = [wire.decode(entry["body"]).data for entry in all.receptions.outbox]  # type: ignore[attr-defined]
    assert not any("水沟" in str(data) for data in told)


def test_who_may_not_see_a_matter_receives_no_visit_of_it(client: FlaskClient) -> None:
    begun = visit(client, confidentiality="complaint_protected", units_involved=["housing"])
    id = begun.get_json()["id"]

    refused = client.get(f"/intake/receptions/{id}", headers=BUREAU)

    assert refused.status_code == 404


@pytest.mark.parametrize("rating", [0, 6, "good"])
def test_a_rating_is_from_one_to_five(client: FlaskClient, rating: Any) -> None:
    begun = visit(client)
    on(client, begun, "record", RECORD, "put")

    assert on(client, begun, "close", {"rating": rating}).status_code == 422


def papers(client: FlaskClient, **headers: str) -> Any:
    reg_id = register(client).get_json()["reg_id"]
    body = {"to_unit": "housing", "items": [{"title": "甲某某的房产证", "copies": 2}, {"title": "照片"}]}
    return client.post(f"/intake/registrations/{reg_id}/papers", json=body, headers=clerk() | headers)


def step(client: FlaskClient, taken: Any, name: str, who: dict[str, str]) -> Any:
    return client.post(f"/intake/papers/{taken.get_json()['id']}/{name}", headers=who)


@pytest.mark.requirement("IN-28")
def test_papers_have_a_receipt_each_step_is_kept_and_after_a_day_somebody_is_told(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    taken = papers(client)
    forwarded = step(client, taken, "forward", clerk())
    watch.now += timedelta(hours=23)
    early = receiving.find_late(all, watch.now)
    watch.now += timedelta(hours=2)
    late, again = receiving.find_late(all, watch.now), receiving.find_late(all, watch.now)
    listed = client.get(f"/intake/registrations/{taken.get_json()['reg_id']}/papers", headers=clerk())
    by_stranger = step(client, taken, "receive", bearer("unit_staff", unit="police", region="990101"))
    received = step(client, taken, "receive", BUREAU)
    twice = step(client, taken, "receive", BUREAU)

    answer = taken.get_json()
    assert (answer["receipt_no"], answer["items"][0]["title"]) == (1, "甲某某的房产证")
    assert forwarded.get_json()["state"] == "forwarded" and (early, late, again) == (0, 1, 0)
    assert listed.get_json()["items"][0]["overdue"] is True
    assert (by_stranger.status_code, received.get_json()["state"], twice.status_code) == (
        403,
        "received",
        409,
    )
    told = [wire.decode(entry["body"]) for entry in all.papers.outbox]  # type: ignore[attr-defined]
    assert [event.name for event in told] == [
        "document.taken", "document.forwarded", "document.overdue", "document.received",
    ]  # fmt: skip
    assert not any("房产证" in str(event.data) for event in told)


def test_the_same_key_makes_one_receipt(client: FlaskClient, all: Stores) -> None:
    reg_id = register(client).get_json()["reg_id"]
    body = {"to_unit": "housing", "items": [{"title": "照片"}]}
    headers = clerk() | {"Idempotency-Key": "once"}

    made = [
        client.post(f"/intake/registrations/{reg_id}/papers", json=body, headers=headers).get_json()
        for _ in range(2)
    ]

    assert made[0]["receipt_no"] == made[1]["receipt_no"] and len(all.papers.having(reg_id=reg_id)) == 1


def test_papers_for_nobody_are_refused(client: FlaskClient) -> None:
    reg_id = register(client).get_json()["reg_id"]
    address = f"/intake/registrations/{reg_id}/papers"

    nobody = client.post(address, json={"to_unit": "nobody", "items": [{"title": "照片"}]}, headers=clerk())
    nothing = client.post(address, json={"to_unit": "housing", "items": []}, headers=clerk())

    assert (nobody.status_code, nothing.status_code) == (422, 422)


def answered(client: FlaskClient, all: Stores, watch: Watch, count: int = 60) -> list[str]:
    """Matters that were answered on the spot, and what was drawn of them."""
    for n in range(count):
        summary = f"第{n}个问题：怎样申请公租房，要带哪些材料？"
        assert (
            register(client, matter_type="consult", summary=summary, answer="当场说明了流程").status_code
            == 201
        )
    MemoryBus([IntakeWorker(all, watch)], copies=2, shuffle=7).settle()
    return [held.id for held in all.spot_checks.all()]  # type: ignore[attr-defined]


def asked(client: FlaskClient, id: str, who: dict[str, str] | None = None, **body: Any) -> Any:
    return client.post(f"/intake/spot-checks/{id}", json=body, headers=who or VERIFIER)


@pytest.mark.requirement("IN-24")
def test_what_is_answered_on_the_spot_opens_no_case_and_a_share_of_it_is_asked_about(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    empty = register(client, answer=" ")
    drawn = answered(client, all, watch)

    waiting = client.get("/intake/spot-checks", headers=VERIFIER).get_json()["items"]
    own = client.get("/intake/spot-checks", headers=clerk()).get_json()["items"]
    good = asked(client, drawn[0], reached=True, answered=True, satisfied=5, places_visited=1)

    assert (empty.status_code, profile().callback.sample_instant) == (422, 0.2)
    assert 4 <= len(drawn) <= 22 and len(waiting) == len(drawn) and own == []
    assert good.get_json()["done_at"] and good.get_json()["places_visited"] == 1
    told = [wire.decode(e["body"]).name for e in all.registrations.outbox]  # type: ignore[attr-defined]
    assert "registration.accepted" not in told
    assert len(client.get("/intake/spot-checks", headers=VERIFIER).get_json()["items"]) == len(drawn) - 1


def test_who_answered_does_not_ask_and_three_tries_are_enough(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    drawn = answered(client, all, watch)

    own = asked(client, drawn[0], clerk(), reached=True, answered=True)
    unsaid = asked(client, drawn[0], reached=True)
    tries = [asked(client, drawn[0], reached=False).get_json()["done_at"] for _ in range(3)]
    over = asked(client, drawn[0], reached=True, answered=True)
    stranger = bearer("verifier", region="990101102", unit="centre_102")

    assert (own.status_code, unsaid.status_code, over.status_code) == (403, 422, 409)
    assert tries[:2] == [None, None] and tries[2]
    assert asked(client, drawn[1], stranger, reached=True, answered=True).status_code == 404


def test_what_was_not_answered_after_all_is_handled_under_the_number_it_has(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    drawn = answered(client, all, watch)
    check = all.spot_checks.load(drawn[0]).state

    asked(client, drawn[0], reached=True, answered=False, satisfied=1)

    state = all.registrations.load(check.reg_id).state
    (told,) = [wire.decode(e["body"]) for e in all.registrations.outbox]  # type: ignore[attr-defined]
    assert (state.state, state.case_no, state.answerable) == ("registered", check.case_no, CLERK)
    assert (told.name, told.data["case_id"]) == ("registration.accepted", check.case_id)
    assert asked(client, ids.new(), reached=False).status_code == 404


def test_when_a_matter_is_made_nameless_the_words_of_visits_and_papers_go_too(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    begun = visit(client, answer="当场说明了")
    on(client, begun, "record", RECORD, "put")
    reg_id = begun.get_json()["reg_id"]
    body = {"to_unit": "housing", "items": [{"title": "甲某某的房产证"}]}
    taken = client.post(f"/intake/registrations/{reg_id}/papers", json=body, headers=clerk()).get_json()

    erasing.anonymise(all, reg_id, "retention", Cause(at=watch.now))
    again = erasing.anonymise(all, reg_id, "retention", Cause(at=watch.now))

    said = all.receptions.load(begun.get_json()["id"]).state.said
    assert said and (said.matter, said.requests, said.answer, again) == (b"", b"", b"", False)
    assert [item.title for item in all.papers.load(taken["id"]).state.items] == [b""]
    listed = client.get(f"/intake/registrations/{reg_id}/papers", headers=clerk())
    (bundle,) = listed.get_json()["items"]
    assert (bundle["items"][0]["title"], bundle["receipt_no"]) == ("", 1)
