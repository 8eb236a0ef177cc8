"""A list leaves the system only when another person allows it; it is marked, counted and written down."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from services.intake.store import Stores
from tests.api.intake.calls import register
from tests.api.intake.conftest import Watch
from tests.signing import bearer
from tests.unit.intake.forms import NOW, PHONE

ASKER = bearer("clerk", region="990101", unit="centre_county")
BOSS = bearer("director", region="990101", unit="centre_county", ref="01900000-0000-7000-8000-0000000000b0")
TERMS = {
    "region": "990101",
    "from": (NOW - timedelta(days=30)).isoformat(),
    "until": (NOW + timedelta(days=1)).isoformat(),
    "purpose": "case_review",
    "personal": True,
}


def ask(client: FlaskClient, **more: Any) -> TestResponse:
    return client.post("/intake/exports", json=TERMS | more, headers=ASKER)


def decide(
    client: FlaskClient, asked: TestResponse, headers: dict[str, str], granted: bool = True
) -> TestResponse:
    address = f"/intake/exports/{asked.get_json()['id']}/decide"
    return client.post(address, json={"granted": granted}, headers=headers)


def take(client: FlaskClient, asked: TestResponse, headers: dict[str, str] = ASKER) -> TestResponse:
    return client.post(f"/intake/exports/{asked.get_json()['id']}/file", headers=headers)


def rows(taken: TestResponse) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(taken.data)).get_sheet_by_index(0).to_python()


@pytest.mark.requirement("XS-02")
def test_a_list_is_allowed_by_another_person_marked_counted_and_written_down(
    client: FlaskClient, all: Stores
) -> None:
    made = register(client).get_json()
    register(client, confidentiality="complaint_protected", summary="检举某单位收费的事情，请保密。")
    asked = ask(client)

    early, own = take(client, asked), decide(client, asked, ASKER)
    decide(client, asked, BOSS)
    taken = take(client, asked)

    assert early.status_code == 403 and own.status_code == 403
    (mark, *_), header, *found = rows(taken)
    assert asked.get_json()["id"] in mark and "第1次" in mark
    assert header[-1] == "水印" and [row[-1] for row in found] == [mark]
    assert found[0][0] == made["case_no"] and PHONE in found[0]
    assert [(e.action, e.result) for e in all.audit.entries()] == [
        ("export.ask", "ok"), ("export.decide", "granted"), ("export.take", "rows_1"),
    ]  # fmt: skip
    assert all.exports.load(asked.get_json()["id"]).state.taken == 1


def test_without_a_reason_for_it_a_list_holds_nobody(client: FlaskClient) -> None:
    register(client)
    refused, asked = ask(client, purpose="statistics"), ask(client, purpose="statistics", personal=False)
    decide(client, asked, BOSS)

    found = rows(take(client, asked))

    assert (refused.status_code, list(refused.get_json()["fields"])) == (422, ["personal"])
    assert PHONE not in repr(found) and "甲某某" not in repr(found)


def test_a_file_is_fetched_by_whoever_asked_three_times_within_a_day(
    client: FlaskClient, watch: Watch
) -> None:
    register(client)
    asked = ask(client)
    decide(client, asked, BOSS)

    stranger = take(
        client, asked, bearer("clerk", region="990101", ref="01900000-0000-7000-8000-0000000000c1")
    )
    answers = [take(client, asked).status_code for _ in range(4)]
    other = ask(client)
    decide(client, other, BOSS)
    watch.now += timedelta(hours=25)

    assert (stranger.status_code, answers) == (403, [200, 200, 200, 403])
    assert take(client, other).get_json()["code"] == "export_expired"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"purpose": "curiosity"}, "purpose"),
        ({"until": TERMS["from"]}, "until"),
        ({"until": (NOW + timedelta(days=800)).isoformat()}, "until"),
        ({"region": "x"}, "region"),
    ],
)
def test_a_list_that_makes_no_sense_is_refused_by_field(
    client: FlaskClient, more: dict[str, Any], field: str
) -> None:
    refused = ask(client, **more)

    assert (refused.status_code, list(refused.get_json()["fields"])) == (422, [field])


def test_what_was_not_allowed_stays_inside(client: FlaskClient) -> None:
    asked = ask(client)

    decide(client, asked, BOSS, granted=False)

    assert take(client, asked).get_json()["code"] == "not_granted"
    assert decide(client, asked, BOSS).status_code == 409


def test_the_resident_reads_that_the_own_name_left_in_a_list(client: FlaskClient) -> None:
    made = register(client).get_json()
    asked = ask(client)
    decide(client, asked, BOSS)
    proof = {"query_code": made["query_code"], "phone_tail": PHONE[-4:]}
    before = client.post("/intake/query", json=proof).get_json()["looks"]

    take(client, asked)

    (look,) = client.post("/intake/query", json=proof).get_json()["looks"]
    assert (
        before == []
        and look["purpose"] == "案卷评查（导出名单）"
        and look["fields"] == ["姓名或名称", "电话"]
    )
