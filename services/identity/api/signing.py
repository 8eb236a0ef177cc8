"""Signing in over HTTP: tokens, the second step, and which sessions are over."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, jsonify
from flask import request as http

from services.identity.handlers import access, departments, machines
from services.identity.handlers.access import SignedIn
from services.identity.pages.where import where
from services.identity.schemas import TokenAnswer, TokenRequest
from services.identity.store import Stores
from shared.decision import Cause
from shared.profile import profile
from shared.settings import settings
from shared.web import blueprint, caller, here, needs, public, site
from shared.web.access import COOKIE, with_cookie

signing = blueprint("access", "Signing in, tokens and keys")


@signing.route("/tokens", methods=["POST"])
@public
@signing.arguments(TokenRequest)
@signing.response(200, TokenAnswer)
def sign_in(asked: dict[str, Any]) -> Any:
    """Sign in as a person, a service or a department.

    401 `second_factor_required` carries a ticket and the methods; grant `second_factor` goes on with it.
    """
    reply = _reply(_signed(asked))
    return with_cookie(reply, reply.json["access_token"]) if asked["cookie"] else reply


def _signed(asked: dict[str, Any]) -> SignedIn:
    stores, why = here(Stores), Cause(at=site().clock())
    if asked["grant"] == "password":
        place = where(browser=asked["cookie"])
        return access.sign_in(stores, asked["username"], asked["password"], place, why)
    if asked["grant"] == "second_factor":
        return access.second_step(
            stores, asked["ticket"], code=asked["code"], assertion=asked["assertion"],
            where=where(browser=asked["cookie"]), cause=why,
        )  # fmt: skip
    if asked.get("department"):
        county = profile().county6
        return SignedIn(
            claims=departments.sign_in(stores, asked["department"], asked["secret"], county, why.at)
        )
    return SignedIn(claims=machines.sign_in(stores, asked["service"], asked["secret"], why))


def _reply(signed: SignedIn) -> Any:
    return jsonify(
        access_token=access.token(signed.claims, signed.life),
        token_type="Bearer",  # noqa: S106  the name of the scheme
        expires_in=int(signed.life.total_seconds()),
        must_change_password=signed.todo == "password",
        todo=signed.todo,
    )


@signing.route("/tokens/renew", methods=["POST"])
@needs()
@signing.response(200, TokenAnswer)
def renew() -> Any:
    """A fresh token for the session one has; sets the cookie again when one came with it."""
    reply = _reply(access.renew(here(Stores), caller(), where(), Cause(at=site().clock())))
    return with_cookie(reply, reply.json["access_token"]) if COOKIE in http.cookies else reply


@signing.route("/sessions/ended")
@public
@signing.response(200)
def ended_sessions() -> Response:
    """Ids of sessions that ended while tokens of them may still be about; every service refuses those."""
    return jsonify({"sessions": here(Stores).credentials.ended()})


@signing.route("/.well-known/jwks.json")
@public
@signing.response(200)
def keys() -> Response:
    """The public keys that tokens are checked with."""
    return jsonify(json.loads(settings().secret("jwks.json")))
