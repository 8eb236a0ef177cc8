"""The pages of identity: signing in, changing one's password, signing out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request

from services.identity.handlers import access, accounts
from services.identity.model import PASSWORD_LENGTH
from services.identity.store import Stores
from shared.errors import Refused, Unauthorised
from shared.web import caller, cause, here, needs, public, site, visitor
from shared.web.access import from_own_page, with_cookie, without_cookie

HOME = "/reporting/board"
SIGN_IN = "/identity/sign-in"

views = Blueprint("pages", __name__, template_folder="templates")


@views.get("/sign-in")
@public
def sign_in_form() -> Any:
    """The form; who is signed in already goes on."""
    here_already = visitor()
    if here_already and here_already.roles:
        return redirect(_next())
    return _form()


@views.post("/sign-in")
@public
def sign_in() -> Any:
    """Check the form; a wrong one comes back with a sentence."""
    from_own_page()
    username, password = request.form.get("username", ""), request.form.get("password", "")
    try:
        claims = access.sign_in(here(Stores), username[:64], password[:128], site().clock())
    except Unauthorised as refused:
        return _form(username, refused.message), 401
    where = _next() if claims.roles else "/identity/password"
    return with_cookie(make_response(redirect(where, 303)), access.token(claims))


@views.get("/password")
@needs()
def password_form() -> Any:
    """The form for another password."""
    return _password({})


@views.post("/password")
@needs()
def change_password() -> Any:
    """Change one's own password, then go on with all posts."""
    stores, who = here(Stores), caller()
    old, new, again = (request.form.get(n, "")[:128] for n in ("old_password", "new_password", "again"))
    if new != again:
        return _password({"again": ["两次输入的新密码不一致"]}), 422
    try:
        accounts.change_own_password(stores, who.ref, cause(), old=old, new=new)
    except Refused as refused:
        return _password(refused.fields), 422
    fresh = access.renew(stores, who, site().clock())
    return with_cookie(make_response(redirect(HOME, 303)), access.token(fresh))


@views.post("/sign-out")
@public
def sign_out() -> Any:
    """End the session and forget the cookie."""
    who = visitor()
    if who is not None:
        access.sign_out(here(Stores), who, site().clock())
    return without_cookie(make_response(redirect(SIGN_IN, 303)))


def _form(username: str = "", message: str = "") -> str:
    return render_template("identity/sign_in.html", username=username, message=message, next=_next())


def _password(errors: Any) -> str:
    first = not caller().roles
    return render_template("identity/password.html", errors=errors, length=PASSWORD_LENGTH, first=first)


def _next() -> str:
    """Where to go afterwards: an address of ours, never somebody else's."""
    wanted = request.values.get("next", "")
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\", SIGN_IN))
    return wanted if ours and "\\" not in wanted and wanted.isprintable() else HOME
