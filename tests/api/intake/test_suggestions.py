"""Suggestions over HTTP: shown with reasons, kept beside the choice, applied by nobody, never in the way."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from services.intake.handlers import suggesting
from services.intake.store import Stores
from shared.contracts import wire
from tests.api.intake.calls import VILLAGE, clerk, register
from tests.signing import bearer

WAGES = "老板拖欠工资四个月，工友们要讨薪，双方谈不拢"


def ask(client: FlaskClient, **body: Any) -> Any:
    """A clerk asks what a text may be."""
    return client.post("/intake/suggestions", json={"text": WAGES, "region": VILLAGE} | body, headers=clerk())


def told(all: Stores) -> list[Any]:
    """What intake has told so far."""
    return [wire.decode(bytes(one["body"])) for one in all.registrations.outbox]  # type: ignore[attr-defined]


def test_a_clerk_sees_category_words_unit_and_how_sure_it_is(client: FlaskClient, all: Stores) -> None:
    reply = ask(client, matter_type="dispute")

    found = reply.get_json()
    assert (reply.status_code, found["category"], found["unit"]) == (200, "labour_wages", "committee_101201")
    assert found["candidates"][0]["name"] == "拖欠农民工工资纠纷"
    assert set(found["candidates"][0]["reasons"]) & {"拖欠工资", "讨薪"}
    assert 0 < found["candidates"][0]["confidence"] < 100 and found["notice"]
    assert told(all) == []


@pytest.mark.requirement("IN-25")
def test_what_a_person_chose_stands_and_the_suggestion_is_kept_beside_it(
    client: FlaskClient, all: Stores
) -> None:
    made = register(client, summary=WAGES, category="contract").get_json()

    seen = client.get(f"/intake/registrations/{made['reg_id']}/suggestion", headers=clerk()).get_json()

    state = all.registrations.load(made["reg_id"]).state
    assert (state.category, state.suggested and state.suggested.category) == ("contract", "labour_wages")
    assert (seen["chosen_category"], seen["kept"]["category"]) == ("contract", "labour_wages")
    assert seen["suggestion"]["candidates"][0]["reasons"]
    assert seen["kept"].keys().isdisjoint({"reasons", "text", "words"})


def test_events_carry_the_codes_of_a_suggestion_and_none_of_its_words(
    client: FlaskClient, all: Stores
) -> None:
    register(client, summary=WAGES)

    (accepted,) = [e.data for e in told(all) if e.name == "registration.accepted"]
    assert accepted["suggested_category"] == "labour_wages"
    assert accepted["suggested_by"].startswith("words@")
    assert not any("工资" in str(value) for value in accepted.values())


def test_of_a_protected_matter_nothing_is_told(client: FlaskClient, all: Stores) -> None:
    register(client, summary=WAGES, confidentiality="complaint_protected")

    (accepted,) = [e.data for e in told(all) if e.name == "registration.accepted"]
    assert accepted["suggested_category"] is None and accepted["suggested_by"] is None


@pytest.mark.requirement("IN-25")
def test_a_suggestion_that_fails_never_keeps_a_matter_from_being_taken_in(
    client: FlaskClient, all: Stores, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*args: Any) -> Any:
        raise RuntimeError(WAGES)

    monkeypatch.setattr(suggesting, "suggestion", broken)

    reply = register(client, summary=WAGES)

    assert reply.status_code == 201
    assert all.registrations.load(reply.get_json()["reg_id"]).state.suggested is None
    assert WAGES not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "长" * 20_001}, "text"),
        ({"region": "99"}, "region"),
        ({"matter_type": "war"}, "matter_type"),
        ({"title": "题" * 301}, "title"),
    ],
)
def test_bad_input_is_refused_by_field(client: FlaskClient, body: dict[str, Any], field: str) -> None:
    reply = ask(client, **body)

    assert reply.status_code == 422
    assert field in str(reply.get_json())


def test_other_languages_and_pictures_get_no_suggestion(client: FlaskClient) -> None:
    for text in ("😀😀😀", "Hello, my neighbour is loud", "\x00\x01"):
        reply = ask(client, text=text)
        assert (reply.status_code, reply.get_json()["category"]) == (200, None)


def test_only_those_who_sort_may_ask_and_only_for_their_region(client: FlaskClient) -> None:
    stranger = bearer("mediator", region="990101101", unit="centre_101")
    body = {"text": WAGES, "region": VILLAGE}

    assert client.post("/intake/suggestions", json=body, headers=stranger).status_code == 403
    assert client.post("/intake/suggestions", json=body).status_code == 401
    assert ask(client, region="990101102").status_code == 403


def test_the_registering_page_shows_candidates_beside_the_choice_and_chooses_nothing(
    client: FlaskClient, all: Stores
) -> None:
    given = {"summary": WAGES, "region": VILLAGE, "matter_type": "dispute", "applicant_name": "甲某某"}

    page = client.post("/intake/register/suggestion", data=given, headers=clerk()).get_data(as_text=True)
    empty = client.post("/intake/register/suggestion", data={}, headers=clerk()).get_data(as_text=True)
    form = client.get("/intake/register", headers=clerk()).get_data(as_text=True)

    assert "拖欠农民工工资纠纷（把握约" in page and "仅供参考" in page
    assert "看不出类别" in empty
    assert "看看分类建议" in form
    assert told(all) == []
