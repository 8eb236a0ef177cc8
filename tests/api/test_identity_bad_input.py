"""What strangers try at the door: guessing, look-alike names, endless passwords, clocks that are wrong."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Any

import pytest

from services.identity.handlers.accounts import account_id
from tests.api.identity_door import LI, PASSWORD, Door, Lockout, house
from tests.api.test_identity_accounts import open_wang
from tests.signing import bearer


def wrong(door: Door, times: int = 5) -> None:
    for n in range(times):
        door.password(password=f"guess-number-{n}")


def test_guessing_makes_the_account_rest_longer_each_time_until_somebody_signs_in() -> None:
    door = Door(house(lockout=Lockout(longest=timedelta(hours=1))))
    rests = []
    for _ in range(4):
        wrong(door)
        until = door.house.stores.accounts.load(LI).state.locked_until
        assert until is not None
        rests.append((until - door.house.now) / timedelta(minutes=1))
        assert door.password().status_code == 401
        door.house.now = until

    assert rests == [15, 30, 60, 60]
    assert door.password().status_code == 200
    wrong(door)
    again = door.house.stores.accounts.load(LI).state.locked_until
    assert again == door.house.now + timedelta(minutes=15)


def test_who_is_signed_in_goes_on_working_while_strangers_guess() -> None:
    door = Door(house())
    head = door.token()

    wrong(door)

    assert door.post("/tokens/renew", head).status_code == 200


def test_the_security_administrator_lets_somebody_in_before_the_rest_is_over() -> None:
    door = Door(house())
    wrong(door)

    other = door.post(f"/accounts/{LI}/unlock", bearer("sys_admin"))
    freed = door.post(f"/accounts/{LI}/unlock", door.token("sec.admin"))

    assert (other.status_code, freed.json["locked_until"]) == (403, None)
    assert door.password().status_code == 200
    assert "access.login_unlocked" in door.house.told()


def test_nothing_tells_a_stranger_which_names_exist() -> None:
    door = Door(house())

    answers = [door.password("li.mei", "wrong-password"), door.password("nobody.here", "wrong-password")]

    assert len({(r.status_code, r.text) for r in answers}) == 1


@pytest.mark.parametrize("length", [129, 100_000])
def test_an_endless_password_is_refused_before_it_costs_anything(length: int) -> None:
    door = Door(house())

    program = door.password(password="x" * length)
    page = door.client.post(
        "/identity/sign-in", data={"username": "li.mei", "password": "x" * length},
        headers={"Origin": "http://localhost"},
    )  # fmt: skip

    assert (program.status_code, page.status_code) == (422, 401)
    kept = door.house.stores.credentials.find(LI)
    assert kept is not None
    assert kept.failures == 0


def test_a_body_past_the_limit_is_413() -> None:
    door = Door(house())

    assert door.password(password="x" * 300_000).status_code == 413


def test_a_password_of_any_script_works_however_the_keyboard_composes_it() -> None:
    door = Door(house())
    new = "晨雾é之后看山️".replace("️", "") + "🍵青茶"
    mine = bearer("clerk", ref=LI)
    body = {"old_password": PASSWORD, "new_password": unicodedata.normalize("NFC", new)}
    changed = door.post(f"/accounts/{LI}/password", mine, body)

    composed = door.password(password=unicodedata.normalize("NFD", new))
    spaced = door.password(password=new + " ")

    assert (changed.status_code, composed.status_code, spaced.status_code) == (200, 200, 401)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "至少 10 个字符"),
        ("li.mei-is-me-2026", "不能包含用户名"),
        ("ababababab", "太简单"),
        ("1234567890", "连续"),
        ("jihgfedcba", "连续"),
        ("Passw0rd2026", "太常见"),
        ("password123456", "太常见"),
        ("green\u200btea-at-ten", "控制字符"),
        ("green\ttea-at-ten", "控制字符"),
        (PASSWORD, "与原密码相同"),
    ],
)
def test_a_bad_password_says_what_is_wrong_with_it(password: str, sentence: str) -> None:
    door = Door(house())

    reply = door.post(
        f"/accounts/{LI}/password",
        bearer("clerk", ref=LI),
        {"old_password": PASSWORD, "new_password": password},
    )

    assert (reply.status_code, reply.json["code"]) == (422, "weak_password")
    assert any(sentence in said for said in reply.json["fields"]["new_password"])


def test_half_a_character_is_422_and_not_a_fault() -> None:
    door = Door(house())
    raw = '{"grant":"password","username":"li.mei","password":"\\ud800abcdefghij"}'

    reply = door.client.post("/identity/tokens", data=raw, content_type="application/json")

    assert reply.status_code in (400, 401, 422)


def test_earlier_passwords_do_not_come_again() -> None:
    door = Door(house())
    mine, words = bearer("clerk", ref=LI), ["green-tea-at-ten", "green-tea-at-noon", "black-tea-at-six"]
    for old, new in zip([PASSWORD, *words], words, strict=False):
        body = {"old_password": old, "new_password": new}
        assert door.post(f"/accounts/{LI}/password", mine, body).status_code == 200

    back = door.post(f"/accounts/{LI}/password", mine, {"old_password": words[-1], "new_password": PASSWORD})

    assert (back.status_code, back.json["code"]) == (422, "weak_password")


def test_a_password_of_ninety_days_only_opens_the_way_to_another_one() -> None:
    door = Door(house())
    door.house.now += timedelta(days=90)

    old = door.password()
    head = {"Authorization": f"Bearer {old.json['access_token']}"}
    body = {"old_password": PASSWORD, "new_password": "black-tea-at-noon"}
    changed = door.post(f"/accounts/{LI}/password", head, body)

    assert (old.json["todo"], old.json["must_change_password"]) == ("password", True)
    assert changed.status_code == 200
    assert door.password(password="black-tea-at-noon").json["todo"] == ""


@pytest.mark.parametrize("typed", ["ＬＩ．ＭＥＩ", "Li.Mei", " li.mei "])
def test_a_chinese_keyboard_types_the_same_name(typed: str) -> None:
    assert Door(house()).password(typed).status_code == 200


@pytest.mark.parametrize("typed", ["lі.mei", "li.meí", "li.mei\u0000", "li.mei\u200b"])
def test_a_name_of_other_letters_that_look_alike_is_another_name(typed: str) -> None:
    assert Door(house()).password(typed).status_code == 401


@pytest.mark.parametrize("alike", ["wang.qlang", "wang_qiang", "wang.q1ang", "vvang.qiang"])
def test_no_two_accounts_look_the_same(client: Any, alike: str) -> None:
    assert open_wang(client).status_code == 201

    reply = open_wang(client, username=alike)

    assert (reply.status_code, reply.json["code"]) == (422, "username_alike")
    assert open_wang(client, username="wang.li").status_code == 201
    assert account_id("wang.li") != account_id(alike)


def test_a_clock_that_is_wrong_cannot_keep_a_session_alive() -> None:
    door = Door(house())
    head = door.token()
    door.house.now -= timedelta(hours=3)
    back = door.post("/tokens/renew", head)
    door.house.now += timedelta(hours=3, minutes=31)

    assert back.status_code == 200
    assert door.post("/tokens/renew", head).status_code == 401
