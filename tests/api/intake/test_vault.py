"""The vault over HTTP: who is shown what, for which purpose, and what is kept of it."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.intake.model import CaseView
from services.intake.store import Stores
from shared import ids
from shared.clock import now
from shared.contracts import wire
from shared.decision import Cause, Decision
from tests.api.intake.calls import VILLAGE, clerk, register
from tests.signing import bearer, machine
from tests.unit.intake.forms import ID_NUMBER, PHONE


def reveal(client: FlaskClient, made: TestResponse, headers: dict[str, str], **more: Any) -> TestResponse:
    given = {
        "party_ref": ids.derived("party", made.get_json()["reg_id"], "0"),
        "case_id": made.get_json()["case_id"],
        "fields": ["phone", "id_no"],
        "purpose": "contact",
    }
    return client.post("/intake/vault/reveal", json=given | more, headers=headers)


def told(all: Stores) -> list[str]:
    return [wire.decode(entry["body"]).name for entry in all.reveals.outbox]  # type: ignore[attr-defined]


def assigned(all: Stores, case_id: str, unit: str) -> None:
    view = CaseView(case_id=case_id, region=VILLAGE, unit=unit, state="assigned")
    all.views.open(case_id, Cause(at=now()), lambda before: Decision(state=view))


def test_a_stated_purpose_shows_the_fields_once_and_is_kept(client: FlaskClient, all: Stores) -> None:
    made = register(client)

    shown = reveal(client, made, clerk())

    assert shown.get_json()["values"] == {"phone": PHONE, "id_no": ID_NUMBER}
    assert told(all) == ["privacy.reveal_granted"]
    kept = all.reveals.load(shown.get_json()["id"])
    assert (kept.state.purpose, kept.state.fields) == ("contact", ("phone", "id_no"))
    assert PHONE not in repr(kept)


def test_every_reveal_stands_in_the_trail_that_nobody_can_alter(client: FlaskClient, all: Stores) -> None:
    made = register(client)

    reveal(client, made, clerk())
    reveal(client, made, bearer("leader"))

    assert [(e.action, e.purpose, e.result) for e in all.audit.entries()] == [
        ("vault.reveal", "contact", "ok"),
        ("vault.reveal", "contact", "role_missing"),
    ]


@pytest.mark.parametrize(
    ("more", "path"),
    [({"purpose": "curiosity"}, "purpose"), ({"fields": ["salary"]}, "fields"), ({"fields": []}, "fields")],
)
def test_a_purpose_and_the_fields_come_from_a_list(
    client: FlaskClient, more: dict[str, Any], path: str
) -> None:
    refused = reveal(client, register(client), clerk(), **more)

    assert (refused.status_code, list(refused.get_json()["fields"])) == (422, [path])


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        (bearer("leader"), "role_missing"),
        (bearer("clerk", region="990101102", unit="centre_102"), "out_of_region"),
        (bearer("unit_staff", unit="police"), "not_on_case"),
    ],
)
def test_who_has_no_business_with_it_is_denied_and_that_is_told(
    client: FlaskClient, all: Stores, headers: dict[str, str], reason: str
) -> None:
    denied = reveal(client, register(client), headers)

    assert (denied.status_code, denied.get_json()["code"]) == (403, reason)
    assert told(all) == ["privacy.reveal_denied"]


def test_a_party_of_another_case_is_not_shown(client: FlaskClient) -> None:
    denied = reveal(client, register(client), clerk(), case_id=ids.new())

    assert (denied.status_code, denied.get_json()["code"]) == (403, "other_case")
    assert reveal(client, register(client), clerk(), party_ref=ids.new()).status_code == 404


def test_the_unit_that_has_the_case_may_see_its_parties(client: FlaskClient, all: Stores) -> None:
    made = register(client)
    assigned(all, made.get_json()["case_id"], "police")

    assert reveal(client, made, bearer("unit_staff", unit="police")).status_code == 200
    assert reveal(client, made, machine("mediation")).status_code == 200


def test_the_unit_complained_about_does_not_learn_that_there_is_a_complaint(
    client: FlaskClient, all: Stores
) -> None:
    made = register(client, confidentiality="complaint_protected", units_involved=["police"])
    assigned(all, made.get_json()["case_id"], "police")
    theirs = bearer("unit_staff", "dispatcher", unit="police")

    assert reveal(client, made, theirs).status_code == 404
    assert client.get(f"/intake/registrations/{made.get_json()['reg_id']}", headers=theirs).status_code == 404
    assert client.get("/intake/registrations", headers=theirs).get_json()["items"] == []
    assert (
        client.get(
            f"/intake/registrations/{made.get_json()['reg_id']}", headers=bearer("director")
        ).status_code
        == 200
    )


def test_a_protected_matter_is_for_few_eyes(client: FlaskClient) -> None:
    made = register(client, parties=[{"name": "甲", "minor_u14": True}])
    record = f"/intake/registrations/{made.get_json()['reg_id']}"

    assert (
        client.get(
            record, headers=bearer("mediator", region="990101101", unit="committee_101202")
        ).status_code
        == 404
    )
    assert client.get(record, headers=bearer("dispatcher")).status_code == 200


def test_a_granted_reveal_is_not_repeated_for_who_may_no_longer_see_it(
    client: FlaskClient, all: Stores
) -> None:
    made, who, key = register(client), ids.derived("tests", "mover"), {"Idempotency-Key": "again"}
    reveal(client, made, bearer("clerk", ref=who, region="990101") | key)

    refused = reveal(client, made, bearer("clerk", ref=who, region="990101102", unit="centre_102") | key)

    assert (refused.status_code, refused.get_json()["code"]) == (403, "out_of_region")
    assert [entry.result for entry in all.audit.entries()] == ["ok", "out_of_region"]
