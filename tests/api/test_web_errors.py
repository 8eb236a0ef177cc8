"""Every way a request can fail has one shape: a code for programs, a Chinese sentence for people."""

from __future__ import annotations

import logging
from io import BytesIO
from typing import Any

import pytest
from flask import Blueprint, request
from marshmallow import Schema, fields, validate
from pymongo.errors import ServerSelectionTimeoutError

from shared.contracts.wire import Leak
from shared.errors import Illegal, Malformed, NotFound, Refused, Retry, Unavailable
from shared.web import blueprint, make_app, needs, public, takes
from tests.signing import bearer


class PartySchema(Schema):
    name = fields.String(required=True, validate=validate.Length(max=5))


class MatterSchema(Schema):
    title = fields.String(required=True)
    persons = fields.Integer(validate=validate.Range(min=1))
    parties = fields.List(fields.Nested(PartySchema))


class SearchSchema(Schema):
    limit = fields.Integer(required=True)


NUMBER = b'{"title": "x", "persons": ' + b"9" * 5000 + b"}"
PROBLEMS: dict[str, Exception] = {
    "malformed": Malformed("看不懂"),
    "absent": NotFound("没有这件事", code="case_not_found"),
    "illegal": Illegal("已经办结", state="closed", allowed=["reopen"]),
    "refused": Refused("还差一次调解", code="ladder_not_satisfied", fields={"tier": ["还差一次"]}, done=2),
    "unavailable": Unavailable("保险库没有回应"),
    "busy": Retry("busy"),
    "database": ServerSelectionTimeoutError("no primary"),
    "half": UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    "leak": Leak("petition.extended.v1 carries personal data or text"),
    "fault": ZeroDivisionError("王小明 13800138000"),
}

blp = blueprint("matters", "Matters for tests")


@blp.route("/matters", methods=["POST"])
@blp.arguments(MatterSchema)
@needs("clerk")
def add(matter: dict[str, Any]) -> dict[str, Any]:
    return {"title": matter["title"]}


@blp.route("/matters")
@blp.arguments(SearchSchema, location="query")
@needs("clerk")
def search(wanted: dict[str, Any]) -> dict[str, Any]:
    return {"limit": wanted["limit"]}


@blp.route("/problems/<kind>")
@public
def problem(kind: str) -> dict[str, Any]:
    raise PROBLEMS[kind]


@blp.route("/files", methods=["POST"])
@needs("clerk")
@takes("multipart/form-data", limit=400 * 1024)
def upload() -> dict[str, Any]:
    return {"size": len(request.files["file"].read())}


@pytest.fixture
def client() -> Any:
    return make_app("intake", [blp], stores=None).test_client()


@pytest.fixture
def clerk() -> dict[str, str]:
    return bearer("clerk")


@pytest.mark.parametrize(
    "body",
    [b'{"title":', b"[" * 100_000, b'{"title": "\\ud800"}', b'{"persons": NaN}', b"\xff", b"{}}", NUMBER],
)
def test_broken_json_is_400(client: Any, clerk: dict[str, str], body: bytes) -> None:
    for more in ({}, {"Idempotency-Key": "k"}):
        reply = client.post(
            "/intake/matters", data=body, content_type="application/json", headers=clerk | more
        )

        assert (reply.status_code, reply.json["code"]) == (400, "malformed")


def test_wrong_fields_are_422_with_their_paths_and_chinese_sentences(
    client: Any, clerk: dict[str, str]
) -> None:
    body = {"persons": 0, "parties": [{"name": "甲"}, {"name": "一二三四五六"}], "more": 1}

    reply = client.post("/intake/matters", json=body, headers=clerk)

    assert (reply.status_code, reply.json["code"]) == (422, "invalid_fields")
    assert reply.json["fields"] == {
        "title": ["必须填写"],
        "persons": ["不能小于 1"],
        "parties.1.name": ["长度至多 5"],
        "more": ["没有这个字段"],
    }


def test_wrong_search_words_are_422_too(client: Any, clerk: dict[str, str]) -> None:
    reply = client.get("/intake/matters?limit=many", headers=clerk)

    assert reply.json["fields"] == {"limit": ["应为整数"]}


def test_a_stranger_learns_nothing_about_the_body(client: Any) -> None:
    assert client.post("/intake/matters", json={}).status_code == 401


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("malformed", 400, {"code": "malformed", "message": "看不懂"}),
        ("absent", 404, {"code": "case_not_found", "message": "没有这件事"}),
        (
            "illegal",
            409,
            {"code": "illegal_transition", "message": "已经办结", "state": "closed", "allowed": ["reopen"]},
        ),
        (
            "refused",
            422,
            {
                "code": "ladder_not_satisfied",
                "message": "还差一次调解",
                "fields": {"tier": ["还差一次"]},
                "done": 2,
            },
        ),
        ("unavailable", 503, {"code": "unavailable", "message": "保险库没有回应"}),
        ("busy", 503, {"code": "busy", "message": "系统繁忙，请稍后再试"}),
        ("database", 503, {"code": "busy", "message": "系统繁忙，请稍后再试"}),
    ],
)
def test_every_problem_has_its_status(client: Any, kind: str, status: int, body: dict[str, Any]) -> None:
    reply = client.get(f"/intake/problems/{kind}")

    assert (reply.status_code, reply.json) == (status, body)
    assert ("Retry-After" in reply.headers) == (status == 503)


def test_half_a_character_is_422(client: Any) -> None:
    assert client.get("/intake/problems/half").json["code"] == "unstorable"


def test_a_number_of_a_person_where_a_code_belongs_is_422(client: Any) -> None:
    reply = client.get("/intake/problems/leak")

    assert (reply.status_code, reply.json["code"]) == (422, "personal_data_in_code")


def test_a_fault_gives_an_id_and_logs_no_message(client: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        reply = client.get("/intake/problems/fault")

    logged = caplog.records[-1].__dict__
    assert (reply.status_code, reply.json["code"]) == (500, "internal_error")
    assert logged["error_id"] == reply.json["error_id"]
    assert "13800138000" not in reply.text + str(logged)


def test_an_unknown_address_is_404_and_a_wrong_method_405(client: Any) -> None:
    unknown = client.get("/intake/nothing")
    wrong = client.delete("/intake/matters")
    trace = client.open("/intake/matters", method="TRACE")

    assert (unknown.status_code, unknown.json["code"]) == (404, "not_found")
    assert (wrong.status_code, trace.status_code) == (405, 405)
    assert trace.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_more_than_256_kilobytes_is_413(client: Any, clerk: dict[str, str]) -> None:
    reply = client.post("/intake/matters", json={"title": "长" * 100_000}, headers=clerk)

    assert (reply.status_code, reply.json["code"]) == (413, "too_large")


def test_an_upload_may_be_larger_where_the_view_says_so(client: Any, clerk: dict[str, str]) -> None:
    def send(size: int) -> Any:
        file = (BytesIO(b"x" * size), "scan.jpg")
        return client.post("/intake/files", data={"file": file}, headers=clerk)

    assert send(300_000).json == {"size": 300_000}
    assert send(450_000).status_code == 413


def test_a_body_of_another_type_is_415(client: Any, clerk: dict[str, str]) -> None:
    reply = client.post("/intake/matters", data="title=x", content_type="text/plain", headers=clerk)

    assert (reply.status_code, reply.json["code"]) == (415, "unsupported_type")


def test_a_page_fails_with_a_page() -> None:
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/board", "board", needs("leader")(lambda: "x"))
    client = make_app("reporting", [], pages=[pages], stores=None).test_client()

    reply = client.get("/reporting/board", headers=bearer("clerk"))

    assert reply.status_code == 403
    assert "没有权限" in reply.text
    assert "您的岗位没有此项权限" in reply.text


def test_a_browser_that_is_lost_gets_a_page(client: Any) -> None:
    reply = client.get("/intake/nothing", headers={"Accept": "text/html"})

    assert reply.status_code == 404
    assert reply.mimetype == "text/html"


def test_every_answer_is_guarded(client: Any) -> None:
    reply = client.get("/intake/problems/absent")

    policy = reply.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'")
    assert "unsafe" not in policy
    assert "Strict-Transport-Security" not in reply.headers
    assert reply.headers["Cache-Control"] == "no-store"
