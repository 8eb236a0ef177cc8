"""The resident asks how the own matter stands: by code and phone tail, as JSON and on a page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.intake.store import Stores
from services.intake.worker import IntakeWorker
from shared import ids
from shared.contracts import base, wire
from shared.contracts.closing import CaseClosed
from shared.contracts.routing import CaseAccepted, CaseAssigned, CaseRegistered
from tests.api.intake.calls import register
from tests.api.intake.conftest import Watch
from tests.unit.intake.forms import NOW


def ask(client: FlaskClient, code: str, end: str = "0000") -> TestResponse:
    return client.post("/intake/query", json={"query_code": code, "phone_tail": end})


def told(case_id: str, event: base.Event, version: int) -> bytes:
    return wire.encode(
        wire.Envelope(
            id=ids.new(),
            source="/svc/routing/990101",
            type=f"{event.TYPE}.v1",
            subject=f"case/{case_id}",
            time=f"2026-03-10T0{version}:00:00.000Z",
            sequence=f"{version:010d}.00",
            regioncode="990101101201",
            data=base.dump(event),
        )
    )


def registered(made: TestResponse) -> CaseRegistered:
    given = made.get_json()
    return CaseRegistered(
        case_id=given["case_id"], case_no=given["case_no"], reg_id=given["reg_id"], channel="window",
        matter_type="dispute", category="neighbour", region="990101101201", tier="village", registered_at=NOW,
    )  # fmt: skip


def test_right_after_registration_the_matter_can_be_asked_for(client: FlaskClient) -> None:
    made = register(client)

    found = ask(client, made.get_json()["query_code"])

    assert found.status_code == 200
    assert found.get_json()["case_no"] == made.get_json()["case_no"]
    assert found.get_json()["words"] == "已登记，正在分清类别"
    assert found.get_json()["limits"] == made.get_json()["limits"]


def test_small_letters_and_spaces_do_not_matter(client: FlaskClient) -> None:
    made = register(client)

    assert ask(client, f" {made.get_json()['query_code'].lower()} ").status_code == 200


def test_every_wrong_pair_gets_the_same_sentence(client: FlaskClient) -> None:
    code = register(client).get_json()["query_code"]

    wrong = [ask(client, code, "1111"), ask(client, "ABCDEFGHJK"), ask(client, code, "")]

    assert {(reply.status_code, reply.text) for reply in wrong} == {(404, wrong[0].text)}


def test_the_eleventh_try_in_a_minute_has_to_wait(client: FlaskClient, watch: Watch) -> None:
    code = register(client).get_json()["query_code"]

    tries = [ask(client, code, "1111").status_code for _ in range(10)]

    assert tries == [404] * 10
    assert ask(client, code).status_code == 429
    watch.now += timedelta(minutes=1)
    assert ask(client, code).status_code == 200


def test_one_code_cannot_be_guessed_from_many_places(client: FlaskClient) -> None:
    code = register(client).get_json()["query_code"]
    places = [{"REMOTE_ADDR": f"10.0.0.{n}"} for n in range(12)]

    tries = [
        client.post("/intake/query", json={"query_code": code, "phone_tail": "1111"}, environ_base=place)
        for place in places
    ]

    assert [reply.status_code for reply in tries] == [404] * 10 + [429] * 2


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 2, 0, 1, 1)])
def test_the_answer_follows_the_case_in_whatever_order_it_is_told(
    client: FlaskClient, all: Stores, order: tuple[int, ...]
) -> None:
    made = register(client)
    case_id = made.get_json()["case_id"]
    due = NOW + timedelta(days=3)
    events = [
        told(case_id, registered(made), 1),
        told(case_id, CaseAssigned(case_id=case_id, lead_unit="police", tier="village", due_at=due), 2),
        told(case_id, CaseAccepted(case_id=case_id, unit="police", accepted_at=NOW), 3),
    ]

    for n in order:
        IntakeWorker(all).hear(events[n])

    found = ask(client, made.get_json()["query_code"]).get_json()
    assert (found["words"], found["unit"]) == ("承办单位已接件", "县公安局")
    assert found["due_at"].startswith("2026-03-13")
    assert found["since"].startswith("2026-03-10T03:00")


def test_a_closed_matter_names_no_limit_any_more(client: FlaskClient, all: Stores) -> None:
    made = register(client)
    closed = CaseClosed(
        case_id=made.get_json()["case_id"],
        outcome="settled",
        resolved_tier="village",
        registered_at=NOW,
        closed_at=NOW,
    )

    IntakeWorker(all).hear(told(made.get_json()["case_id"], closed, 9))

    found = ask(client, made.get_json()["query_code"]).get_json()
    assert (found["state"], found["limits"], found["due_at"]) == ("closed", [], None)


def test_the_page_works_without_script(client: FlaskClient) -> None:
    made = register(client)
    empty = client.get("/intake/query")

    code, here = made.get_json()["query_code"], {"Origin": "http://localhost"}
    found, wrong = (
        client.post("/intake/query/form", data={"query_code": code, "phone_tail": end}, headers=here)
        for end in ("0000", "9999")
    )

    assert empty.status_code == 200 and 'action="/intake/query/form"' in empty.text
    assert made.get_json()["case_no"] in found.text and "正在分清类别" in found.text
    assert wrong.status_code == 404 and "查询码或手机号后四位不对" in wrong.text
