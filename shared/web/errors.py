"""Every error becomes an answer here, once: JSON for programs, a Chinese page for people (DOMAIN 3.10)."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, make_response, redirect, render_template, request
from pymongo.errors import ConnectionFailure, WTimeoutError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from shared import ids
from shared.contracts.wire import Leak
from shared.errors import InfrastructureDown, Problem, Retry
from shared.web.site import for_people, site
from shared.web.words import in_chinese

log = logging.getLogger(__name__)

SIGN_IN = "/identity/sign-in"
_WORDS = {
    400: ("malformed", "请求内容无法读取"),
    404: ("not_found", "没有找到这个地址"),
    405: ("method_not_allowed", "这个地址不支持该操作"),
    413: ("too_large", "内容超过上限"),
    415: ("unsupported_type", "不支持这种内容类型"),
    422: ("invalid_fields", "填写的内容有误，请按提示修改"),
}
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,47}|[0-9]{1,4}")
_TITLES = {
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    409: "当前状态下不能这样办理",
    412: "内容已被他人修改",
    422: "不能这样办理",
    503: "系统暂时繁忙",
}


def register(app: Flask) -> None:
    """Let every error of the application end here."""
    app.register_error_handler(Problem, of_problem)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unexpected)
    for kind in (ConnectionFailure, WTimeoutError, InfrastructureDown, Retry):
        app.register_error_handler(kind, _busy)
    app.register_error_handler(UnicodeEncodeError, _unstorable)
    app.register_error_handler(OverflowError, _unstorable)
    app.register_error_handler(Leak, _leaking)


def of_problem(problem: Problem) -> Response:
    """A refusal as an answer."""
    if problem.status == 401 and for_people():
        return _to_sign_in()
    fields = {"fields": problem.fields} if problem.fields else {}
    reply = _reply(problem.status, problem.code, problem.message, fields | problem.details)
    if problem.status == 401:
        reply.headers["WWW-Authenticate"] = "Bearer"
    if problem.status == 503:
        reply.headers["Retry-After"] = "5"
    return reply


def _of_http(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    code, message = _WORDS.get(error.code, ("http_error", "请求无法完成"))
    data: Mapping[str, Any] = getattr(error, "data", None) or {}
    fields = dict(_flat(data.get("messages", {}))) if error.code == 422 else {}
    reply = _reply(error.code, code, message, {"fields": fields} if fields else {})
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        reply.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return reply


def _flat(messages: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, list[str]]]:
    """Field paths such as `parties.0.name` with their sentences; the place (json, query) is left out.

    A key that is no field of ours is not said back: somebody may have put a name there.
    """
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flat(inner, (*path, str(key) if _FIELD.fullmatch(str(key)) else "?"))
    else:
        sentences = messages if isinstance(messages, list) else [messages]
        yield ".".join(path[1:]) or "_schema", [in_chinese(str(sentence)) for sentence in sentences]


def _unstorable(error: Exception) -> Response:
    """Half a character, or a number no database holds: valid JSON all the same."""
    return _reply(422, "unstorable", "含有无法保存的字符或数字", {})


def _leaking(error: Exception) -> Response:
    """Somebody put a number of a person where a code belongs; it went nowhere."""
    log.warning("an event would have carried personal data", extra={"service": site().service})
    return _reply(422, "personal_data_in_code", "代码栏里不能填电话、证件号或文字", {})


def _busy(error: Exception) -> Response:
    log.warning("cannot answer now", extra={"service": site().service, "error": type(error).__name__})
    reply = _reply(503, "busy", "系统繁忙，请稍后再试", {})
    reply.headers["Retry-After"] = "1" if isinstance(error, Retry) else "5"
    return reply


def _unexpected(error: Exception) -> Response:
    """A fault of ours: an id for the person, the place for us; never the message, it may hold a name."""
    error_id = ids.new()
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    extra = {"service": site().service, "error_id": error_id, "error": type(error).__name__, "where": where}
    log.error("request failed", extra=extra)
    return _reply(500, "internal_error", "系统出错，请把编号告诉管理员", {"error_id": error_id})


def _reply(status: int, code: str, message: str, more: Mapping[str, Any]) -> Response:
    if for_people():
        title = _TITLES.get(status, "出错了")
        page = render_template("error.html", status=status, title=title, message=message, more=more)
        return make_response(page, status)
    return make_response(jsonify({**more, "code": code, "message": message}), status)


def _to_sign_in() -> Response:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    where = f"{SIGN_IN}?{urlencode({'next': wanted})}" if wanted else SIGN_IN
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": SIGN_IN})
    return make_response(redirect(where))
