"""Sessions: where somebody is signed in, how they end, and tokens that are good nowhere else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared import tokens
from shared.errors import Unauthorised
from tests.api.identity_door import LI, PASSWORD, Door, house
from tests.api.identity_house import ORIGIN
from tests.signing import bearer


def test_a_session_ends_when_nobody_works_in_it() -> None:
    door = Door(house())
    head = door.token()
    for _ in range(3):
        door.house.now += timedelta(minutes=29)
        assert door.post("/tokens/renew", head).status_code == 200
    door.house.now += timedelta(minutes=30)

    idle = door.post("/tokens/renew", head)

    assert (idle.status_code, idle.json["code"]) == (401, "session_ended")
    assert door.house.stores.sessions.of(LI)[0].why == "idle"


def test_a_session_ends_after_twelve_hours_however_busy_and_its_last_token_with_it() -> None:
    door = Door(house())
    head = door.token()
    lives = []
    for _ in range(36):
        door.house.now += timedelta(minutes=20)
        renewed = door.post("/tokens/renew", head)
        lives.append(renewed.json.get("expires_in"))

    assert lives[:34] == [1800] * 34
    assert lives[34:] == [1200, None]
    assert door.house.stores.sessions.of(LI)[0].why == "absolute_limit"


def test_everybody_sees_and_ends_the_own_sessions_and_nobody_elses() -> None:
    door = Door(house())
    head = door.token()
    listed = door.client.get("/identity/sessions", headers=head).json["items"]
    id = listed[0]["id"]

    stranger = door.post(f"/sessions/{id}/end", bearer("clerk"))
    ended = door.post(f"/sessions/{id}/end", head)
    after = door.client.get("/identity/sessions", headers=head)

    assert [(row["present"], row["proofs"]) for row in listed] == [(True, ["password"])]
    assert (stranger.status_code, ended.status_code) == (404, 204)
    assert (after.status_code, after.json["code"]) == (401, "session_ended")
    assert id in door.client.get("/identity/sessions/ended").json["sessions"]


def test_the_security_administrator_ends_a_session_of_the_own_region() -> None:
    door = Door(house())
    head = door.token()
    id = door.house.stores.sessions.of(LI)[0].id

    elsewhere = door.post(f"/sessions/{id}/end", bearer("sec_admin", region="990102"))
    here = door.post(f"/sessions/{id}/end", bearer("sec_admin"))

    assert (elsewhere.status_code, here.status_code) == (403, 204)
    with pytest.raises(Unauthorised):
        tokens.verify(head["Authorization"].removeprefix("Bearer "))


def test_the_token_of_an_ended_session_is_refused_and_cannot_be_renewed() -> None:
    door = Door(house())
    old = door.token()
    new = door.token()

    refused = [door.client.get("/identity/sessions", headers=old), door.post("/tokens/renew", old)]

    assert {(r.status_code, r.json["code"]) for r in refused} == {(401, "session_ended")}
    assert door.post("/tokens/renew", new).status_code == 200


def test_a_browsers_token_is_good_in_that_browser_only() -> None:
    door = Door(house())
    form = {"username": "li.mei", "password": PASSWORD}
    door.client.post("/identity/sign-in", data=form, headers=ORIGIN)
    stolen = door.client.get_cookie("yz").value

    here = door.client.get("/identity/sessions")
    thief: Any = door.house.client()
    header = thief.get("/identity/sessions", headers={"Authorization": f"Bearer {stolen}"})
    thief.set_cookie("yz", stolen)
    cookie = thief.get("/identity/sessions")
    thief.set_cookie("yz_device", "a-guessed-secret-of-more-than-32-letters")
    guessed = thief.get("/identity/sessions")

    assert here.status_code == 200
    assert [r.status_code for r in (header, cookie, guessed)] == [401, 401, 401]
    assert header.json["code"] == "token_elsewhere"


def test_a_program_may_bind_its_token_to_a_secret_of_its_own() -> None:
    door = Door(house(), headers={"X-Device-Key": "k" * 40})
    head = door.token()

    with_it = door.client.get("/identity/sessions", headers=head)
    without = door.client.get("/identity/sessions", headers={"Authorization": head["Authorization"]})

    assert (with_it.status_code, without.status_code) == (200, 401)


def test_changed_posts_and_a_new_password_end_the_session() -> None:
    door = Door(house())
    body = {"roles": ["mediator"], "unit": "centre_101", "region": "990101101"}
    first = door.token()
    door.post(f"/accounts/{LI}/change", bearer("sys_admin"), body)
    changed = door.client.get("/identity/sessions", headers=first)
    second = door.token()
    door.post(f"/accounts/{LI}/password", bearer("sys_admin"))

    reset = door.client.get("/identity/sessions", headers=second)

    assert [changed.json["code"], reset.json["code"]] == ["session_ended"] * 2
    assert {s.why for s in door.house.stores.sessions.of(LI)} == {"account_changed", "password_reset"}
