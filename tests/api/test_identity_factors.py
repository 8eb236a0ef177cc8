"""The second factor: an authenticator's code, a sheet of codes, and what happens without them."""

from __future__ import annotations

from datetime import timedelta

from shared import tokens
from tests.api.identity_door import LI, PASSWORD, SAFE, Door, SecondFactor, house


def test_who_has_an_authenticator_is_asked_for_a_code() -> None:
    door = Door(house())
    totp, _ = door.enrol(door.token())
    door.house.now += timedelta(minutes=1)

    first = door.password()
    signed = door.second(first.json["ticket"], code=totp.at(door.house.now))

    assert (first.status_code, first.json["code"]) == (401, "second_factor_required")
    assert (first.json["methods"], "access_token" in first.json) == (["totp", "recovery"], False)
    assert tokens.verify(signed.json["access_token"]).roles == ("clerk", "mediator")
    assert door.house.stores.sessions.of(LI)[0].proofs == ("password", "totp")


def test_a_code_works_once_and_not_for_another_ticket() -> None:
    door = Door(house())
    totp, _ = door.enrol(door.token())
    door.house.now += timedelta(minutes=1)
    code = totp.at(door.house.now)
    door.second(door.password().json["ticket"], code=code)

    again = door.second(door.password().json["ticket"], code=code)
    nowhere = door.second("x" * 32, code=code)

    assert (again.status_code, again.json["code"]) == (401, "second_factor_wrong")
    assert nowhere.json["code"] == "second_step_over"


def test_a_telephone_half_a_minute_off_still_works_and_one_two_minutes_off_does_not() -> None:
    door = Door(house())
    totp, _ = door.enrol(door.token())
    door.house.now += timedelta(minutes=10)

    late = door.second(door.password().json["ticket"], code=totp.at(door.house.now - timedelta(seconds=30)))
    early = door.second(door.password().json["ticket"], code=totp.at(door.house.now + timedelta(seconds=30)))
    wrong = door.second(door.password().json["ticket"], code=totp.at(door.house.now - timedelta(minutes=2)))

    assert [r.status_code for r in (late, early, wrong)] == [200, 200, 401]


def test_each_code_of_the_sheet_works_once() -> None:
    door = Door(house())
    _, sheet = door.enrol(door.token())

    first = door.second(door.password().json["ticket"], code=sheet[0].upper())
    again = door.second(door.password().json["ticket"], code=sheet[0])
    other = door.second(door.password().json["ticket"], code=sheet[1])

    assert len(set(sheet)) == 10
    assert [r.status_code for r in (first, again, other)] == [200, 401, 200]
    kept = door.house.stores.credentials.find(LI)
    assert kept is not None
    assert len(kept.recovery) == 8
    assert not any(code.replace("-", "") in "".join(kept.recovery) for code in sheet)


def test_wrong_codes_lock_the_account_like_wrong_passwords() -> None:
    door = Door(house())
    totp, _ = door.enrol(door.token())
    door.house.now += timedelta(minutes=1)
    ticket = door.password().json["ticket"]

    for _ in range(5):
        door.second(ticket, code="000000")

    assert "access.login_locked" in door.house.told()
    assert door.second(ticket, code=totp.at(door.house.now)).status_code == 401
    assert door.password().json["code"] == "login_refused"


def test_a_second_step_waits_five_minutes() -> None:
    door = Door(house())
    totp, _ = door.enrol(door.token())
    ticket = door.password().json["ticket"]
    door.house.now += timedelta(minutes=6)

    late = door.second(ticket, code=totp.at(door.house.now))

    assert (late.status_code, late.json["code"]) == (401, "second_step_over")


def test_an_open_screen_is_not_enough_to_change_how_one_signs_in() -> None:
    door = Door(house())
    mine = door.token()

    without = door.post("/factors/totp", mine, {"password": "not-my-password"})
    totp, _ = door.enrol(mine)
    door.house.now += timedelta(minutes=1)
    twice = door.post("/factors/totp", mine, {"password": PASSWORD})
    removed = door.post("/factors/totp/remove", mine, {"password": PASSWORD, "code": "000000"})
    right = door.post("/factors/totp/remove", mine, {"password": PASSWORD, "code": totp.at(door.house.now)})

    assert [r.status_code for r in (without, twice, removed, right)] == [422, 409, 422, 204]
    assert door.password().status_code == 200


def test_where_the_county_asks_for_a_second_factor_nobody_works_without() -> None:
    door = Door(house(second_factor=SecondFactor(required_for=("clerk",))))

    first = door.password()
    bare = {"Authorization": f"Bearer {first.json['access_token']}"}
    refused = door.client.get("/identity/accounts", headers=bare)
    door.enrol(bare)
    renewed = door.post("/tokens/renew", bare)

    assert (first.json["todo"], tokens.verify(first.json["access_token"]).roles) == ("factor", ())
    assert refused.status_code == 403
    assert (renewed.json["todo"], tokens.verify(renewed.json["access_token"]).roles) == (
        "", ("clerk", "mediator"),
    )  # fmt: skip


def test_a_lost_telephone_is_for_the_security_administrator_of_the_region() -> None:
    door = Door(house())
    door.enrol(door.token())
    guard = door.token("sec.admin")

    own = door.post(f"/accounts/{LI}/factors/reset", guard)

    assert own.status_code == 204
    assert door.password().status_code == 200
    last = [entry.action for entry in door.house.stores.audit.entries()]
    assert "factor_reset" in last
    assert door.post(f"/accounts/{SAFE}/factors/reset", door.token()).status_code == 403


def test_the_secret_is_kept_sealed() -> None:
    door = Door(house())
    totp, _ = door.enrol(door.token())

    kept = door.house.stores.credentials.find(LI)

    assert kept is not None
    assert totp.secret.encode() not in kept.totp
    assert door.house.stores.sealer().open(kept.totp, owner=LI, field="totp") == totp.secret
