"""Signing in on a page: user name and password, the second step, another password, signing out."""

from __future__ import annotations

import json
from typing import Any

from flask import make_response, redirect, render_template, request

from services.identity.handlers import access, accounts
from services.identity.handlers.access import MoreNeeded, SignedIn
from services.identity.model import PASSWORD_LONGEST
from services.identity.pages.frame import HOME, SIGN_IN, home, views, wanted
from services.identity.pages.where import where
from services.identity.store import Stores
from shared.decision import Cause
from shared.errors import Forbidden, Refused, Unauthorised
from shared.settings import settings
from shared.web import caller, cause, here, needs, public, site, visitor
from shared.web.access import from_own_page, with_cookie, without_cookie

LONGEST_ASSERTION = 16_000


@views.get("/sign-in")
@public
def sign_in_form() -> Any:
    """The form; who is signed in already goes on."""
    here_already = visitor()
    if here_already and here_already.roles:
        return redirect(home(here_already, "", wanted()))
    return _form()


@views.post("/sign-in")
@public
def sign_in() -> Any:
    """Check the form; a wrong one comes back with a sentence, a right one may lead to a second step."""
    from_own_page()
    username, password = request.form.get("username", "")[:64], request.form.get("password", "")
    if len(password) > PASSWORD_LONGEST:
        return _form(username, access.REFUSED), 401
    try:
        signed = access.sign_in(here(Stores), username, password, where(browser=True), _cause())
    except MoreNeeded as more:
        return second_form(more)
    except (Unauthorised, Forbidden) as refused:
        return _form(username, refused.message), refused.status
    return entered(signed, wanted())


@views.post("/sign-in/second")
@public
def second_step() -> Any:
    """The second step; a wrong code may be tried again, a key's answer only from the start."""
    from_own_page()
    ticket, code = request.form.get("ticket", "")[:64], request.form.get("code", "")[:32]
    try:
        signed = access.second_step(
            here(Stores), ticket, code=code, assertion=_assertion(), where=where(browser=True), cause=_cause()
        )
    except MoreNeeded as more:
        return second_form(more)
    except (Unauthorised, Forbidden) as refused:
        again = refused.code == "second_factor_wrong" and code
        return _code_form(ticket, refused.message) if again else (_form("", refused.message), refused.status)
    return entered(signed, wanted())


def entered(signed: SignedIn, asked: str) -> Any:
    """Go where the person wants to, with the session in a cookie."""
    reply = make_response(redirect(home(signed.claims, signed.todo, asked), 303))
    return with_cookie(reply, access.token(signed.claims, signed.life))


def second_form(more: MoreNeeded) -> Any:
    """What to show for the second step."""
    details: Any = more.details
    options = json.dumps(details["options"]) if "options" in details else ""
    return _second(details["ticket"], details["methods"], options, ""), 401


def _code_form(ticket: str, message: str) -> Any:
    return _second(ticket, ["totp", "recovery"], "", message), 401


def _second(ticket: str, methods: list[str], options: str, message: str) -> str:
    return render_template(
        "identity/second.html",
        ticket=ticket,
        methods=methods,
        options=options,
        message=message,
        next=wanted(),
    )


def _assertion() -> dict[str, Any] | None:
    sent = request.form.get("assertion", "")
    if not sent or len(sent) > LONGEST_ASSERTION:
        return None
    try:
        found = json.loads(sent)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


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
    old, new, again = (request.form.get(n, "")[:1000] for n in ("old_password", "new_password", "again"))
    if new != again:
        return _password({"again": ["两次输入的新密码不一致"]}), 422
    try:
        accounts.change_own_password(stores, who.ref, cause(), old=old, new=new)
    except Refused as refused:
        return _password(refused.fields), 422
    return entered(access.renew(stores, who, where(), _cause()), HOME)


@views.post("/sign-out")
@public
def sign_out() -> Any:
    """End the session and forget the cookie."""
    who = visitor()
    if who is not None:
        access.sign_out(here(Stores), who, _cause())
    return without_cookie(make_response(redirect(SIGN_IN, 303)))


def _cause() -> Cause:
    return Cause(at=site().clock())


def _form(username: str = "", message: str = "") -> str:
    single = bool(settings().oidc_issuer)
    return render_template(
        "identity/sign_in.html", username=username, message=message, next=wanted(), single=single
    )


def _password(errors: Any) -> str:
    first, policy = not caller().roles, here(Stores).policy.passwords
    return render_template("identity/password.html", errors=errors, policy=policy, first=first)
