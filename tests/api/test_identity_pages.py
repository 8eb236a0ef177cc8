"""The pages of identity: signing in and out with a cookie, changing one's password."""

from __future__ import annotations

from typing import Any

import pytest

from services.identity.handlers.access import REFUSED
from shared import tokens
from shared.errors import Unauthorised
from tests.api.identity_house import AT, LI, ORIGIN, PASSWORD, House, hashed


def test_the_page_signs_in_with_a_cookie_no_script_can_read(client: Any) -> None:
    form = {"username": "li.mei", "password": PASSWORD, "next": "/routing/cases?tier=county"}

    reply = client.post("/identity/sign-in", data=form, headers=ORIGIN)

    cookie = reply.headers["Set-Cookie"]
    assert (reply.status_code, reply.location) == (303, "/routing/cases?tier=county")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))


def test_the_page_says_in_one_sentence_that_it_did_not_work(client: Any) -> None:
    form = {"username": "li.mei", "password": "wrong", "next": "/x"}

    reply = client.post("/identity/sign-in", data=form, headers=ORIGIN)

    assert reply.status_code == 401
    assert REFUSED in reply.text
    assert 'value="li.mei"' in reply.text
    assert "wrong" not in reply.text


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere/", "//elsewhere", "/\\elsewhere", "javascript:x", "/identity/sign-in", ""]
)
def test_the_page_leads_nowhere_else(client: Any, wanted: str) -> None:
    form = {"username": "li.mei", "password": PASSWORD, "next": wanted}

    reply = client.post("/identity/sign-in", data=form, headers=ORIGIN)

    assert reply.location == "/reporting/board"


def test_a_form_from_elsewhere_signs_nobody_in(client: Any) -> None:
    form = {"username": "li.mei", "password": PASSWORD}

    reply = client.post("/identity/sign-in", data=form, headers={"Origin": "http://elsewhere"})

    assert reply.status_code == 403
    assert "Set-Cookie" not in reply.headers


def test_signing_out_ends_the_session_for_good(client: Any) -> None:
    client.post("/identity/sign-in", data={"username": "li.mei", "password": PASSWORD}, headers=ORIGIN)
    kept = client.get_cookie("yz").value

    reply = client.post("/identity/sign-out", headers=ORIGIN)

    assert (reply.status_code, reply.location) == (303, "/identity/sign-in")
    assert client.get_cookie("yz") is None
    with pytest.raises(Unauthorised, match="已退出"):
        tokens.verify(kept)


def test_who_has_a_one_time_password_must_change_it_first(house: House, client: Any) -> None:
    house.stores.credentials.set_password(LI, hashed("once-only-password"), must_change=True, at=AT)

    form = {"username": "li.mei", "password": "once-only-password"}
    first = client.post("/identity/sign-in", data=form, headers=ORIGIN)
    page = client.get("/identity/password").text
    change = {
        "old_password": "once-only-password",
        "new_password": "my-own-password",
        "again": "my-own-password",
    }
    done = client.post("/identity/password", data=change, headers=ORIGIN)

    assert first.location == "/identity/password"
    assert "一次性密码" in page
    assert (done.status_code, done.location) == (303, "/reporting/board")
    assert tokens.verify(client.get_cookie("yz").value).roles == ("clerk", "mediator")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"old_password": "wrong", "new_password": "my-own-password"}, "不正确"),
        ({"old_password": PASSWORD, "new_password": "short"}, "至少 10 个字符"),
        ({"old_password": PASSWORD, "new_password": "my-name-is-li.mei"}, "不能包含用户名"),
        ({"old_password": PASSWORD, "new_password": PASSWORD}, "与原密码相同"),
        (
            {"old_password": PASSWORD, "new_password": "my-own-password", "again": "other"},
            "两次输入的新密码不一致",
        ),
    ],
)
def test_a_wrong_change_of_password_says_what_to_mend(
    client: Any, change: dict[str, str], sentence: str
) -> None:
    client.post("/identity/sign-in", data={"username": "li.mei", "password": PASSWORD}, headers=ORIGIN)

    form = {"again": change["new_password"]} | change
    reply = client.post("/identity/password", data=form, headers=ORIGIN)

    assert reply.status_code == 422
    assert sentence in reply.text
    assert change["new_password"] not in reply.text
