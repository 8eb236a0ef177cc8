"""The audit trail over HTTP: the auditor reads and verifies it; nobody else; and that too is written down."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from services.intake.api import create_app
from services.intake.store import Stores, memory_stores
from shared.audit import MemoryTrail
from tests.api.intake.calls import clerk, register
from tests.api.intake.test_vault import reveal
from tests.signing import bearer

AUDITOR = bearer("audit_admin", region="990101")


@pytest.fixture
def all() -> Stores:
    return memory_stores()


@pytest.fixture
def client(all: Stores) -> FlaskClient:
    return create_app(all).test_client()


@pytest.mark.requirement("XS-02")
def test_the_auditor_finds_who_looked_at_a_case_and_why(client: FlaskClient) -> None:
    made = register(client)
    reveal(client, made, clerk())

    found = client.get("/intake/audit?action=vault.reveal", headers=AUDITOR).get_json()["items"]

    (one,) = found
    assert (one["purpose"], one["result"], one["case"]) == ("contact", "ok", made.get_json()["case_id"])
    assert one["actor"] and one["role"] == "clerk" and one["hash"]
    again = client.get("/intake/audit", headers=AUDITOR).get_json()["items"]
    assert again[0]["action"] == "audit.read"


def test_nobody_but_the_auditor_reads_it_and_nobody_writes_it(client: FlaskClient) -> None:
    others = [bearer(role, region="990101") for role in ("director", "sys_admin", "sec_admin", "clerk")]

    assert {client.get("/intake/audit", headers=who).status_code for who in others} == {403}
    assert client.get("/intake/audit").status_code == 401
    for method in (client.post, client.put, client.delete, client.patch):
        assert method("/intake/audit", headers=AUDITOR).status_code == 405


def test_pages_go_on_where_they_stopped(client: FlaskClient, all: Stores) -> None:
    made = register(client)
    for _ in range(5):
        reveal(client, made, clerk())

    first = client.get("/intake/audit?limit=2&action=vault.reveal", headers=AUDITOR).get_json()
    address = f"/intake/audit?limit=9&action=vault.reveal&before={first['next']}"
    rest = client.get(address, headers=AUDITOR).get_json()

    assert len(first["items"]) == 2 and len(rest["items"]) == 3 and rest["next"] is None
    assert first["items"][-1]["n"] > rest["items"][0]["n"]


def test_the_verification_names_the_entry_that_was_changed(client: FlaskClient, all: Stores) -> None:
    made = register(client)
    for _ in range(3):
        reveal(client, made, clerk())
    whole = client.post("/intake/audit/verification", headers=AUDITOR).get_json()
    assert isinstance(all.audit, MemoryTrail)
    all.audit.kept[2] = replace(all.audit.kept[2], actor="nobody")

    broken = client.post("/intake/audit/verification", headers=AUDITOR).get_json()

    assert (whole["whole"], broken["whole"], broken["n"], broken["kind"]) == (True, False, 2, "changed")


def test_a_question_that_cannot_be_read_is_answered_by_field(client: FlaskClient) -> None:
    wrong = client.get("/intake/audit?since=yesterday&limit=0", headers=AUDITOR)

    assert (wrong.status_code, sorted(wrong.get_json()["fields"])) == (422, ["limit", "since"])
