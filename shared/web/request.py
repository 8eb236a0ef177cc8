"""From a request to a cause, and from an aggregate to an answer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from flask import request

from shared import ids
from shared.aggregate.held import Held
from shared.audit import Trail
from shared.decision import Cause
from shared.errors import Malformed
from shared.tokens import Claims
from shared.web.access import FORMS, caller
from shared.web.body import canonical
from shared.web.site import site

_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_VERSION = re.compile(r'(?:W/)?"?(\d{1,9})"?')
_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
_TRACE = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def cause() -> Cause:
    """Why this request changes something: when, who, under which key, against which version.

    Raises Malformed when Idempotency-Key or If-Match cannot be read.
    """
    who = caller()
    key = _key(who)
    return Cause(
        at=site().clock(),
        actor=who.actor,
        key=key,
        digest=_digest() if key else "",
        expected=_expected(),
        correlation=_header("X-Correlation-Id", _ID) or ids.new(),
        traceparent=_header("traceparent", _TRACE),
    )


def _key(who: Claims) -> str:
    """The caller's key, told apart from the same key of others and at other addresses."""
    given = request.headers.get("Idempotency-Key", "")
    if not given:
        return ""
    if not _KEY.fullmatch(given):
        raise Malformed("Idempotency-Key 应为 1 至 128 个可见字符", code="bad_idempotency_key")
    parts = "\n".join((who.ref, request.method, request.path, given))
    return hashlib.sha256(parts.encode()).hexdigest()[:40]


def _digest() -> str:
    if request.mimetype in FORMS:
        return _form_digest()
    return hashlib.sha256(canonical()).hexdigest()


def _form_digest() -> str:
    digest = hashlib.sha256(repr(sorted(request.form.items(multi=True))).encode())
    for name, file in sorted(request.files.items(multi=True), key=lambda item: item[0]):
        digest.update(repr((name, file.filename)).encode())
        digest.update(file.stream.read())
        file.stream.seek(0)
    return digest.hexdigest()


def _expected() -> int | None:
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        return None
    found = _VERSION.fullmatch(given)
    if not found:
        raise Malformed("If-Match 应为一个版本号", code="bad_if_match")
    return int(found[1])


def _header(name: str, pattern: re.Pattern[str]) -> str:
    given = request.headers.get(name, "")
    return given if pattern.fullmatch(given) else ""


def record(trail: Trail, action: str, object: str, *, purpose: str = "", result: str = "ok") -> None:
    """Write what the caller does into the service's audit trail."""
    trail.append(caller().actor, action, object, at=site().clock(), purpose=purpose, result=result)


def answer(
    held: Held[Any], body: Mapping[str, Any] | None = None, status: int | None = None
) -> tuple[Any, ...]:
    """What a view returns about an aggregate: id, version and body, with the version as ETag.

    Without a status, the one of `@blp.response` holds.
    """
    full = {"id": held.id, "version": held.version} | dict(body or {})
    headers = {"ETag": f'"{held.version}"'}
    return (full, headers) if status is None else (full, status, headers)
