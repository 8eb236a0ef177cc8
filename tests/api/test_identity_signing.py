"""Signing in: nobody learns what was wrong, too many tries rest the account, one session at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.identity.handlers.access import REFUSED
from shared import tokens
from shared.errors import Unauthorised
from tests.api.identity_house import AT, LI, PASSWORD, House
from tests.signing import bearer, secrets_folder


def sign_in(client: Any, password: str = PASSWORD, username: str = "li.mei", **more: Any) -> Any:
    body = {"grant": "password", "username": username, "password": password} | more
    return client.post("/identity/tokens", json=body)


def test_a_token_says_who_and_how_far_but_events_and_history_do_not_name(house: House, client: Any) -> None:
    reply = sign_in(client)

    claims = tokens.verify(reply.json["access_token"])
    assert (claims.ref, claims.roles, claims.region) == (LI, ("clerk", "mediator"), "990101101")
    assert (claims.name, claims.unit_name) == ("李梅", "松岚镇中心")
    assert reply.json["expires_in"] == 1800
    assert "李梅" not in str(vars(house.stores.accounts)["outbox"])


def test_nobody_learns_what_was_wrong(house: House, client: Any) -> None:
    wrong_password = sign_in(client, "not the password")
    wrong_name = sign_in(client, username="nobody")

    assert wrong_password.status_code == wrong_name.status_code == 401
    assert wrong_password.json == wrong_name.json == {"code": "login_refused", "message": REFUSED}


def test_five_wrong_passwords_rest_the_account_for_fifteen_minutes(house: House, client: Any) -> None:
    for _ in range(5):
        sign_in(client, "not the password")

    house.now = AT + timedelta(minutes=14)
    resting = sign_in(client)
    house.now = AT + timedelta(minutes=15)
    rested = sign_in(client)

    assert (resting.status_code, rested.status_code) == (401, 200)
    assert resting.json["code"] == "login_refused"
    assert house.told()[-1] == "access.login_locked"
    assert house.told().count("access.login_locked") == 1


def test_a_right_password_forgives_the_wrong_ones_before(house: House, client: Any) -> None:
    for _ in range(2):
        for _ in range(4):
            sign_in(client, "not the password")
        assert sign_in(client).status_code == 200

    assert "access.login_locked" not in house.told()


def test_a_second_sign_in_ends_the_first_and_both_are_written_down(house: House, client: Any) -> None:
    first = sign_in(client).json["access_token"]
    second = sign_in(client).json["access_token"]

    with pytest.raises(Unauthorised, match="别处登录"):
        tokens.verify(first)
    assert tokens.verify(second).ref == LI
    assert len(client.get("/identity/sessions/ended").json["sessions"]) == 1
    actions = [entry.action for entry in house.stores.audit.entries()]
    assert actions[-3:] == ["sign_in", "session_replaced", "sign_in"]


def test_a_session_is_renewed_while_it_is_the_accounts_own(client: Any) -> None:
    token = sign_in(client).json["access_token"]

    renewed = client.post("/identity/tokens/renew", headers={"Authorization": f"Bearer {token}"})

    assert tokens.verify(renewed.json["access_token"]).id == tokens.verify(token).id


def test_a_foreign_session_is_not_renewed(client: Any) -> None:
    reply = client.post("/identity/tokens/renew", headers=bearer("clerk", ref=LI))

    assert (reply.status_code, reply.json["code"]) == (401, "session_ended")


def test_a_service_signs_in_with_its_secret(client: Any) -> None:
    body = {"grant": "client_credentials", "service": "routing", "secret": "secret-of-routing"}

    claims = tokens.verify(client.post("/identity/tokens", json=body).json["access_token"])

    assert (claims.ref, claims.roles, claims.kind) == ("routing", ("service",), "service")


@pytest.mark.parametrize(
    "body",
    [
        {"service": "routing", "secret": "wrong"},
        {"service": "nobody", "secret": "wrong"},
        {"department": "court", "secret": "wrong"},
    ],
)
def test_a_wrong_secret_is_refused(client: Any, body: dict[str, str]) -> None:
    reply = client.post("/identity/tokens", json={"grant": "client_credentials"} | body)

    assert (reply.status_code, reply.json["code"]) == (401, "login_refused")


def test_a_department_sees_its_county_only(client: Any) -> None:
    (secrets_folder() / "dept_court").write_text("secret-of-court\n")
    body = {"grant": "client_credentials", "department": "court", "secret": "secret-of-court"}

    claims = tokens.verify(client.post("/identity/tokens", json=body).json["access_token"])

    assert (claims.roles, claims.unit, claims.kind) == (("department",), "court", "department")
    assert claims.sees("990101101")
    assert not claims.sees("990102")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"grant": "password", "username": "li.mei"}, "password"),
        ({"grant": "client_credentials", "secret": "x"}, "service"),
        ({"grant": "client_credentials", "service": "../first_admin", "secret": "x"}, "service"),
        ({"grant": "magic"}, "grant"),
        ({}, "grant"),
    ],
)
def test_a_request_that_is_not_whole_names_the_field(client: Any, body: dict[str, str], field: str) -> None:
    reply = client.post("/identity/tokens", json=body)

    assert reply.status_code == 422
    assert field in reply.json["fields"]


def test_the_public_keys_are_public(client: Any) -> None:
    found = client.get("/identity/.well-known/jwks.json").json

    assert [key["crv"] for key in found["keys"]] == ["Ed25519"]
    assert "d" not in found["keys"][0]
