"""Signing in with the county's single sign-on: out to its page, and back again."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from flask import make_response, redirect, render_template, request

from services.identity.handlers import access, upstream
from services.identity.handlers.access import MoreNeeded
from services.identity.pages.frame import home, views, wanted
from services.identity.pages.signing import second_form
from services.identity.pages.where import where
from services.identity.store import Stores
from shared.decision import Cause
from shared.errors import Malformed
from shared.web import here, public, site
from shared.web.access import with_cookie

COOKIE = "yz_upstream"  # Lax: the browser comes back from another site


@views.get("/upstream")
@public
def go() -> Any:
    """To the provider, with a state that belongs to this browser alone."""
    stores, browser = here(Stores), secrets.token_urlsafe(32)
    address, _ = upstream.begin(stores, upstream.provider(), wanted(), _mark(browser))
    reply = make_response(redirect(address, 303))
    reply.set_cookie(
        COOKIE, browser, max_age=600, path="/identity/upstream", httponly=True, samesite="Lax",
        secure=request.is_secure,
    )  # fmt: skip
    return reply


@views.get("/upstream/back")
@public
def back() -> Any:
    """From the provider: a session, and a page of ours that leads on (a redirect would still be theirs)."""
    state, code = request.args.get("state", "")[:128], request.args.get("code", "")[:4096]
    if not state or not code:
        raise Malformed("统一身份认证没有返回结果，请重新登录", code="upstream_refused")
    try:
        found = upstream.finish(
            here(Stores), upstream.provider(), state=state, code=code,
            browser=_mark(request.cookies.get(COOKIE, "")), where=where(browser=True),
            cause=Cause(at=site().clock()),
        )  # fmt: skip
    except MoreNeeded as more:
        return second_form(more)
    signed = found.signed
    page = render_template("identity/onward.html", address=home(signed.claims, signed.todo, found.wanted))
    reply = with_cookie(make_response(page), access.token(signed.claims, signed.life))
    reply.delete_cookie(COOKIE, path="/identity/upstream")
    return reply


def _mark(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest() if browser else ""
