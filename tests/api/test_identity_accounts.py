"""Accounts and units: opened, changed and closed by administrators of their own region."""

from __future__ import annotations

from typing import Any

import pytest

from services.identity.handlers.accounts import account_id, first_administrator
from services.identity.store import memory_stores
from shared import passwords, tokens
from tests.api.identity_house import AT, LI, PASSWORD, House
from tests.signing import bearer

ADMIN = bearer("sys_admin", region="990101")
TOWNSHIP = bearer("sys_admin", region="990101101")
WANG = {
    "username": "wang.qiang",
    "name": "王强",
    "roles": ["grid_worker"],
    "unit": "centre_101",
    "region": "990101101201",
}


def open_wang(client: Any, headers: dict[str, str] = ADMIN, **more: Any) -> Any:
    return client.post("/identity/accounts", json=WANG | more, headers=headers)


def test_a_new_account_gets_a_password_that_is_shown_once(house: House, client: Any) -> None:
    reply = open_wang(client, ADMIN | {"Idempotency-Key": "k1"})
    again = open_wang(client, ADMIN | {"Idempotency-Key": "k1"})

    assert (reply.status_code, again.status_code) == (201, 201)
    assert again.json["id"] == reply.json["id"]
    assert "first_password" not in again.json
    kept = house.stores.credentials.find(reply.json["id"])
    assert kept is not None
    assert kept.must_change
    assert passwords.matches(kept.password, reply.json["first_password"])
    assert house.told()[-1] == "account.opened"


def test_the_same_key_for_another_account_or_unit_is_refused(client: Any) -> None:
    keyed = ADMIN | {"Idempotency-Key": "k1"}
    unit = {"code": "office_a", "name": "甲办", "kind": "department", "region": "990101"}
    open_wang(client, keyed)
    client.post("/identity/units", json=unit, headers=keyed)

    account = open_wang(client, keyed, username="wang.lin")
    other = client.post("/identity/units", json=unit | {"code": "office_b"}, headers=keyed)

    assert [reply.status_code for reply in (account, other)] == [422, 422]
    assert [reply.json["code"] for reply in (account, other)] == ["idempotency_key_reused"] * 2


def test_a_given_password_must_be_a_good_one(client: Any) -> None:
    assert open_wang(client, password="short").json["fields"]["password"][0] == "至少 10 个字符"
    assert open_wang(client, password="aaaaaaaaaaaa").status_code == 422
    assert open_wang(client, password="long-enough-for-wang").json.get("first_password") is None


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"username": "li.mei"}, "username_taken"),
        ({"roles": ["wizard"]}, "roles_unknown"),
        ({"roles": ["service"]}, "roles_unknown"),
        ({"roles": ["sys_admin", "audit_admin"]}, "roles_clash"),
        ({"unit": "no_such_unit"}, "unit_unknown"),
        ({"region": "990101102"}, "unit_elsewhere"),
        ({"username": "Wang Qiang"}, "invalid_fields"),
        ({"region": "99010"}, "invalid_fields"),
        ({"region": "990101101\n"}, "invalid_fields"),
        ({"region": "990101１０１"}, "invalid_fields"),
        ({"username": "wang.qiang\n"}, "invalid_fields"),
    ],
)
def test_an_account_that_does_not_hold_is_refused(client: Any, more: dict[str, Any], code: str) -> None:
    reply = open_wang(client, **more)

    assert (reply.status_code, reply.json["code"]) == (422, code)


def test_an_administrator_rules_only_the_own_region(client: Any) -> None:
    above = open_wang(client, TOWNSHIP, region="990101", unit="centre_county")
    beside = open_wang(client, bearer("sys_admin", region="990101102"))
    own = open_wang(client, TOWNSHIP)

    assert [r.status_code for r in (above, beside, own)] == [403, 403, 201]
    assert above.json["code"] == "out_of_region"


def test_other_posts_open_no_accounts(client: Any) -> None:
    assert open_wang(client, bearer("director")).status_code == 403


def test_the_list_shows_the_own_region_and_no_password(client: Any) -> None:
    open_wang(client)

    county = client.get("/identity/accounts", headers=ADMIN)
    village = client.get("/identity/accounts", headers=bearer("sys_admin", region="990101101201"))
    elsewhere = client.get("/identity/accounts?region=990102", headers=ADMIN)

    assert {item["username"] for item in county.json["items"]} == {"li.mei", "wang.qiang"}
    assert [item["username"] for item in village.json["items"]] == ["wang.qiang"]
    assert elsewhere.status_code == 403
    assert "argon2" not in county.text


def test_a_long_list_goes_on_where_it_stopped(client: Any) -> None:
    open_wang(client)

    first = client.get("/identity/accounts?limit=1", headers=ADMIN).json
    second = client.get(f"/identity/accounts?limit=1&after={first['next']}", headers=ADMIN).json
    third = client.get(f"/identity/accounts?limit=1&after={second['next']}", headers=ADMIN).json

    assert first["items"][0]["id"] != second["items"][0]["id"]
    assert third == {"items": [], "next": None}


def test_other_posts_mean_another_token(house: House, client: Any) -> None:
    signed = client.post(
        "/identity/tokens", json={"grant": "password", "username": "li.mei", "password": PASSWORD}
    )
    body = {"roles": ["mediator"], "unit": "centre_101", "region": "990101101"}

    reply = client.post(f"/identity/accounts/{LI}/change", json=body, headers=ADMIN)
    old = client.get("/identity/units", headers={"Authorization": f"Bearer {signed.json['access_token']}"})

    assert (reply.json["roles"], reply.json["version"]) == (["mediator"], 2)
    assert (old.status_code, old.json["code"]) == (401, "session_ended")
    assert house.told()[-1] == "account.changed"


def test_nobody_changes_or_closes_the_own_account(client: Any) -> None:
    myself = bearer("sys_admin", ref=LI, region="990101")
    body = {"roles": ["director"], "unit": "centre_101", "region": "990101101"}

    change = client.post(f"/identity/accounts/{LI}/change", json=body, headers=myself)
    close = client.post(f"/identity/accounts/{LI}/close", json={}, headers=myself)

    assert change.json["code"] == close.json["code"] == "own_account"


def test_a_closed_account_signs_in_no_more(house: House, client: Any) -> None:
    closed = client.post(f"/identity/accounts/{LI}/close", json={"reason": "moved"}, headers=ADMIN)
    again = client.post(f"/identity/accounts/{LI}/close", json={}, headers=ADMIN)
    signed = client.post(
        "/identity/tokens", json={"grant": "password", "username": "li.mei", "password": PASSWORD}
    )

    assert closed.json["active"] is False
    assert (again.status_code, again.json["state"]) == (409, "closed")
    assert (signed.status_code, signed.json["code"]) == (401, "login_refused")
    assert house.told()[-1] == "account.closed"


def test_an_old_version_is_412(client: Any) -> None:
    stale = client.post(f"/identity/accounts/{LI}/close", json={}, headers=ADMIN | {"If-Match": '"7"'})

    assert stale.status_code == 412


def test_an_unknown_account_is_404(client: Any) -> None:
    reply = client.post("/identity/accounts/nobody/close", json={}, headers=ADMIN)

    assert (reply.status_code, reply.json["code"]) == (404, "account_not_found")


def test_a_forgotten_password_is_replaced_by_one_for_one_time(house: House, client: Any) -> None:
    reply = client.post(f"/identity/accounts/{LI}/password", json={}, headers=TOWNSHIP)

    kept = house.stores.credentials.find(LI)
    assert kept is not None
    assert kept.must_change
    assert passwords.matches(kept.password, reply.json["first_password"])


def test_only_oneself_or_an_administrator_sets_a_password(client: Any) -> None:
    other = client.post(f"/identity/accounts/{LI}/password", json={}, headers=bearer("director"))
    wrong = client.post(
        f"/identity/accounts/{LI}/password",
        json={"old_password": "wrong", "new_password": "my-own-password"},
        headers=bearer("clerk", ref=LI),
    )
    right = client.post(
        f"/identity/accounts/{LI}/password",
        json={"old_password": PASSWORD, "new_password": "my-own-password"},
        headers=bearer("clerk", ref=LI),
    )

    assert [r.status_code for r in (other, wrong, right)] == [403, 422, 200]


def test_a_change_whose_answer_was_lost_can_be_asked_for_again(house: House, client: Any) -> None:
    ask = {"old_password": PASSWORD, "new_password": "my-own-password"}
    first, again = (
        client.post(f"/identity/accounts/{LI}/password", json=ask, headers=bearer("clerk", ref=LI))
        for _ in range(2)
    )

    assert (first.status_code, again.status_code) == (200, 200)
    kept = house.stores.credentials.find(LI)
    assert kept is not None
    assert passwords.matches(kept.password, "my-own-password")


def test_every_change_is_written_into_the_trail(house: House, client: Any) -> None:
    open_wang(client)

    entry = list(house.stores.audit.entries())[-1]
    assert (entry.action, entry.object, entry.role) == (
        "account_open",
        f"account/{account_id('wang.qiang')}",
        "sys_admin",
    )


def test_the_first_administrator_exists_only_where_nobody_else_does(house: House) -> None:
    empty = memory_stores()

    assert first_administrator(empty, "first-admin-for-tests", "990101", AT)
    assert not first_administrator(empty, "another-password", "990101", AT)
    assert not first_administrator(house.stores, "first-admin-for-tests", "990101", AT)
    kept = empty.credentials.find(account_id("admin"))
    assert kept is not None
    assert passwords.matches(kept.password, "first-admin-for-tests")


def test_a_token_of_a_service_opens_no_account(client: Any) -> None:
    body = {"grant": "client_credentials", "service": "routing", "secret": "secret-of-routing"}
    token = client.post("/identity/tokens", json=body).json["access_token"]

    assert open_wang(client, {"Authorization": f"Bearer {token}"}).status_code == 403
    assert tokens.verify(token).kind == "service"


def test_a_platforms_program_lists_mediators_and_nothing_more_of_them(client: Any) -> None:
    opened = client.post(
        "/identity/accounts",
        headers=ADMIN,
        json=WANG | {"username": "mediator9", "roles": ["mediator"]},
    ).json

    found = client.get("/identity/mediators?limit=200", headers=bearer("service", region="990101")).json

    (row,) = [row for row in found["items"] if row["id"] == opened["id"]]
    assert set(row) == {"id", "name", "unit", "region"}
    assert client.get("/identity/mediators", headers=bearer("grid_worker")).status_code == 403
