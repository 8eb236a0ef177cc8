"""The addresses of identity for programs."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, jsonify
from flask import request as http

from services.identity import pages
from services.identity.handlers import access, accounts, departments, units
from services.identity.handlers.start import prepared
from services.identity.model import ACCESS, Account, Unit
from services.identity.schemas import (
    AccountAnswer,
    AccountList,
    AccountRequest,
    ChangeRequest,
    CloseRequest,
    MediatorList,
    PageQuery,
    PasswordAnswer,
    PasswordRequest,
    TokenAnswer,
    TokenRequest,
    UnitAnswer,
    UnitList,
    UnitPlace,
    UnitRequest,
)
from services.identity.store import SERVICE, Stores
from shared.aggregate import Held
from shared.errors import Forbidden
from shared.profile import profile
from shared.settings import settings
from shared.tokens import Claims
from shared.web import answer, blueprint, caller, cause, here, in_scope, make_app, needs, public, site
from shared.web.access import COOKIE, with_cookie

SEES = ("sys_admin", "sec_admin", "audit_admin", "director")

signing = blueprint("access", "Signing in, tokens and keys")
people = blueprint("accounts", "Accounts of staff")
bodies = blueprint("units", "Units that staff belong to")


@signing.route("/tokens", methods=["POST"])
@public
@signing.arguments(TokenRequest)
@signing.response(200, TokenAnswer)
def sign_in(asked: dict[str, Any]) -> Any:
    """Sign in as a person, a service or a department."""
    claims = _claims(asked)
    reply = _token(claims)
    return with_cookie(reply, reply.json["access_token"]) if asked["cookie"] else reply


def _claims(asked: dict[str, Any]) -> Claims:
    stores, at = here(Stores), site().clock()
    if asked["grant"] == "password":
        return access.sign_in(stores, asked["username"], asked["password"], at)
    if asked.get("department"):
        return departments.sign_in(stores, asked["department"], asked["secret"], profile().county6, at)
    return access.machine(stores, asked["service"], asked["secret"], at)


def _token(claims: Claims) -> Any:
    return jsonify(
        access_token=access.token(claims),
        token_type="Bearer",  # noqa: S106  the name of the scheme
        expires_in=int(ACCESS.total_seconds()),
        must_change_password=claims.kind == "person" and not claims.roles,
    )


@signing.route("/tokens/renew", methods=["POST"])
@needs()
@signing.response(200, TokenAnswer)
def renew() -> Any:
    """A fresh token for the session one has; sets the cookie again when one came with it."""
    reply = _token(access.renew(here(Stores), caller(), site().clock()))
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


@people.route("/accounts", methods=["POST"])
@needs("sys_admin")
@people.arguments(AccountRequest)
@people.response(201, AccountAnswer)
def open_account(asked: dict[str, Any]) -> Any:
    """Open an account; without a password one is made and shown once."""
    in_scope(asked["region"], field="region")
    why = cause()
    password = asked.pop("password")
    account = Account(opened_at=why.at, **(asked | {"roles": tuple(asked["roles"])}))
    opened = accounts.open_account(here(Stores), account, password, why)
    shown = {"first_password": opened.first_password} if opened.first_password else {}
    return answer(opened.held, _account(opened.held) | shown)


@people.route("/accounts")
@needs(*SEES)
@people.arguments(PageQuery, location="query")
@people.response(200, AccountList)
def list_accounts(asked: dict[str, Any]) -> Any:
    """The accounts of one's own region."""
    found = here(Stores).accounts.within(
        _subtree(asked["region"]), after=asked["after"], limit=asked["limit"]
    )
    return {"items": [_row(held, _account(held)) for held in found], "next": _next(found, asked["limit"])}


@people.route("/mediators")
@needs("service", *SEES)
@people.arguments(PageQuery, location="query")
@people.response(200, MediatorList)
def list_mediators(asked: dict[str, Any]) -> Any:
    """Mediators in office, for the registers of other platforms: name, unit and region, nothing else."""
    found = here(Stores).accounts.within(
        _subtree(asked["region"]), after=asked["after"], limit=asked["limit"]
    )
    in_office = [h for h in found if h.state.active and "mediator" in h.state.roles]
    items = [
        {"id": h.id, "name": h.state.name, "unit": h.state.unit, "region": h.state.region} for h in in_office
    ]
    return {"items": items, "next": _next(found, asked["limit"])}


@people.route("/accounts/<account_id>/change", methods=["POST"])
@needs("sys_admin")
@people.arguments(ChangeRequest)
@people.response(200, AccountAnswer)
def change_account(asked: dict[str, Any], account_id: str) -> Any:
    """Give an account other posts, another unit or region."""
    in_scope(asked["region"], field="region")
    held = accounts.change_account(
        here(Stores), _mine(account_id), cause(),
        roles=tuple(asked["roles"]), unit=asked["unit"], region=asked["region"],
    )  # fmt: skip
    return answer(held, _account(held))


@people.route("/accounts/<account_id>/close", methods=["POST"])
@needs("sys_admin")
@people.arguments(CloseRequest)
@people.response(200, AccountAnswer)
def close_account(asked: dict[str, Any], account_id: str) -> Any:
    """Close an account; its person is signed out."""
    held = accounts.close_account(here(Stores), _mine(account_id), cause(), asked["reason"])
    return answer(held, _account(held))


@people.route("/accounts/<account_id>/password", methods=["POST"])
@needs()
@people.arguments(PasswordRequest)
@people.response(200, PasswordAnswer)
def password(asked: dict[str, Any], account_id: str) -> Any:
    """Change one's own password, or give somebody of one's region a one-time password."""
    stores, who = here(Stores), caller()
    if account_id == who.ref:
        old, new = asked["old_password"], asked["new_password"]
        accounts.change_own_password(stores, who.ref, cause(), old=old, new=new)
        return {"first_password": None}
    if "sys_admin" not in who.roles:
        raise Forbidden("只能修改自己的密码", code="role_missing")
    return {"first_password": accounts.reset_password(stores, _mine(account_id), cause())}


@bodies.route("/units", methods=["POST"])
@needs("sys_admin")
@bodies.arguments(UnitRequest)
@bodies.response(201, UnitAnswer)
def open_unit(asked: dict[str, Any]) -> Any:
    """Add a unit that the profile does not list."""
    in_scope(asked["region"], field="region")
    held = units.open_unit(here(Stores), Unit(**asked), cause())
    return answer(held, _unit(held))


@bodies.route("/units")
@needs()
@bodies.arguments(PageQuery, location="query")
@bodies.response(200, UnitList)
def list_units(asked: dict[str, Any]) -> Any:
    """The units of a region; everybody may know which units there are."""
    found = here(Stores).units.within(asked["region"], after=asked["after"], limit=asked["limit"])
    return {"items": [_row(held, _unit(held)) for held in found], "next": _next(found, asked["limit"])}


@bodies.route("/units/<code>")
@needs()
@bodies.response(200, UnitPlace)
def show_unit(code: str) -> Any:
    """A unit, who is above it and who works beside it."""
    place = units.place(here(Stores), code)
    around = {"above": place.above, "beside": place.beside}
    return answer(
        place.unit, _unit(place.unit) | {k: [_row(h, _unit(h)) for h in v] for k, v in around.items()}
    )


def _mine(account_id: str) -> str:
    """The id of an account inside the caller's region."""
    in_scope(here(Stores).accounts.load(account_id).state.region)
    return account_id


def _subtree(asked: str) -> str:
    """The region to list: the asked one if it is the caller's, else the caller's own."""
    if not asked:
        return caller().region
    in_scope(asked, field="region")
    return asked


def _row(held: Held[Any], body: dict[str, Any]) -> dict[str, Any]:
    return {"id": held.id, "version": held.version} | body


def _next(found: list[Held[Any]], limit: int) -> str | None:
    return found[-1].id if len(found) == limit else None


def _account(held: Held[Account]) -> dict[str, Any]:
    a = held.state
    return {"username": a.username, "name": a.name, "roles": list(a.roles), "unit": a.unit,
            "region": a.region, "active": a.active, "locked_until": a.locked_until}  # fmt: skip


def _unit(held: Held[Unit]) -> dict[str, Any]:
    u = held.state
    return {"code": u.code, "name": u.name, "kind": u.kind, "region": u.region, "parent": u.parent,
            "active": u.active}  # fmt: skip


def create_app(stores: Stores | None = None) -> Flask:
    """The web application of identity."""
    return make_app(
        SERVICE,
        [signing, people, bodies],
        pages=[pages.views],
        stores=stores or prepared(),
        title="一站 身份与权限",
    )
