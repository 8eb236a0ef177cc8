"""Who gets in: tokens, roles, regions, cookies, and nothing by oversight."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Blueprint

from shared.web import blueprint, caller, in_scope, make_app, needs, public
from tests.signing import bearer, machine, pem, token

blp = blueprint("things", "Things for tests")


@blp.route("/whoami")
@needs()
def whoami() -> dict[str, Any]:
    return {"ref": caller().ref, "role": caller().role, "region": caller().region}


@blp.route("/desk", methods=["POST"])
@needs("dispatcher", "director")
def desk() -> dict[str, Any]:
    return {"role": caller().role}


@blp.route("/places/<region>")
@needs("clerk", "service")
def place(region: str) -> dict[str, Any]:
    in_scope(region, protected=region.endswith("9"))
    return {"region": region}


@blp.route("/open")
@public
def for_all() -> dict[str, Any]:
    return {"open": True}


@pytest.fixture
def client() -> Any:
    return make_app("intake", [blp], stores=None).test_client()


def test_without_a_token_only_public_addresses_answer(client: Any) -> None:
    assert client.get("/intake/open").status_code == 200

    refused = client.get("/intake/whoami")

    assert (refused.status_code, refused.json["code"]) == (401, "unauthorised")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_a_signed_in_caller_is_known_by_reference(client: Any) -> None:
    reply = client.get("/intake/whoami", headers=bearer("clerk", region="990101101"))

    assert reply.json["role"] == "clerk"
    assert reply.json["region"] == "990101101"


def test_an_expired_token_is_refused_in_chinese(client: Any) -> None:
    headers = {"Authorization": f"Bearer {token('clerk', ttl=-1)}"}

    refused = client.get("/intake/whoami", headers=headers)

    assert refused.status_code == 401
    assert refused.json == {"code": "token_expired", "message": "登录已过期，请重新登录"}


@pytest.mark.parametrize("given", ["Bearer nonsense", "Bearer a.b.c", "Basic YTpi", "Bearer"])
def test_what_is_no_token_of_ours_is_refused(client: Any, given: str) -> None:
    assert client.get("/intake/whoami", headers={"Authorization": given}).status_code == 401


def test_a_token_signed_by_another_key_is_refused(client: Any) -> None:
    forged = token("sys_admin", key=pem(Ed25519PrivateKey.generate()))

    refused = client.get("/intake/whoami", headers={"Authorization": f"Bearer {forged}"})

    assert refused.json["code"] == "token_invalid"


def test_a_missing_role_is_refused(client: Any) -> None:
    refused = client.post("/intake/desk", headers=bearer("mediator"))

    assert (refused.status_code, refused.json["code"]) == (403, "role_missing")


def test_one_acts_in_the_first_role_the_view_asks_for(client: Any) -> None:
    reply = client.post("/intake/desk", headers=bearer("mediator", "director"))

    assert reply.json == {"role": "director"}


@pytest.mark.parametrize(
    ("own", "asked", "status"),
    [
        ("990101", "990101101", 200),
        ("990101101", "990101101201", 200),
        ("990101101", "990101102", 403),
        ("990101101", "990101", 403),
        ("", "990101", 403),
        ("990101101", "990102109", 404),
    ],
)
def test_scope_is_the_own_region_subtree(client: Any, own: str, asked: str, status: int) -> None:
    reply = client.get(f"/intake/places/{asked}", headers=bearer("clerk", region=own))

    assert reply.status_code == status


def test_a_machine_of_ours_sees_every_region(client: Any) -> None:
    assert client.get("/intake/places/990101", headers=machine()).status_code == 200


def test_a_cookie_signs_in_but_changes_nothing_from_elsewhere(client: Any) -> None:
    client.set_cookie("yz", token("director"))

    read = client.get("/intake/whoami")
    foreign = client.post("/intake/desk", headers={"Origin": "http://elsewhere"})
    silent = client.post("/intake/desk")
    cross = client.post("/intake/desk", headers={"Sec-Fetch-Site": "same-site"})
    own = client.post("/intake/desk", headers={"Origin": "http://localhost"})
    fetched = client.post("/intake/desk", headers={"Sec-Fetch-Site": "same-origin"})

    assert read.status_code == own.status_code == fetched.status_code == 200
    assert [r.status_code for r in (foreign, silent, cross)] == [403, 403, 403]
    assert foreign.json["code"] == "foreign_origin"


def test_a_dead_cookie_does_not_close_public_addresses(client: Any) -> None:
    client.set_cookie("yz", token("director", ttl=-1))

    assert client.get("/intake/open").status_code == 200
    assert client.get("/intake/whoami").status_code == 401


def test_a_view_that_says_nothing_about_access_stops_the_service() -> None:
    silent = blueprint("silent", "A view by oversight")
    silent.route("/secret")(lambda: {"x": 1})

    with pytest.raises(RuntimeError, match="GET /intake/secret"):
        make_app("intake", [silent], stores=None)


def test_a_page_that_says_nothing_about_access_stops_the_service() -> None:
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/board", "board", lambda: "x")

    with pytest.raises(RuntimeError, match="GET /reporting/board"):
        make_app("reporting", [], pages=[pages], stores=None)


def test_a_visitor_who_is_not_signed_in_is_led_to_the_sign_in_page() -> None:
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/board", "board", needs()(lambda: "x"))
    client = make_app("reporting", [], pages=[pages], stores=None).test_client()

    reply = client.get("/reporting/board?tier=county")

    assert reply.status_code == 302
    assert reply.location == "/identity/sign-in?next=%2Freporting%2Fboard%3Ftier%3Dcounty"
