"""One's own security 账户安全: the second factor, the machines, the sign-ins."""

from __future__ import annotations

from typing import Any

import segno
from flask import redirect, render_template, request

from services.identity.handlers import access, devices, factors
from services.identity.pages.frame import SECURITY, views
from services.identity.pages.signing import entered
from services.identity.pages.where import where
from services.identity.rules.devices import check_withdrawal
from services.identity.store import Stores
from shared.decision import Cause
from shared.errors import Forbidden, Illegal, NotFound, Refused
from shared.web import caller, cause, here, needs, site

SHOWN = 10  # sign-ins


@views.get("/security")
@needs()
def overview() -> Any:
    """What proves that I am who I say, and where I am signed in."""
    return _page({})


@views.post("/security/totp")
@needs()
def enrol() -> Any:
    """Begin with an authenticator: the picture to photograph."""
    try:
        offered = factors.offer(here(Stores), caller().ref, _sent("password"), cause())
    except (Refused, Illegal) as refused:
        return _page(refused.fields or {"password": [refused.message]}), refused.status
    return _enrolment(offered.ticket, offered.secret, offered.address, {})


@views.post("/security/totp/confirm")
@needs()
def confirm() -> Any:
    """The first code; then the sheet of codes, once."""
    stores, who = here(Stores), caller()
    secret, address = _sent("secret"), _sent("address")
    try:
        sheet = factors.confirm(stores, who.ref, _sent("ticket"), _sent("code"), cause())
    except Refused as refused:
        if refused.code == "code_wrong":
            return _enrolment(_sent("ticket"), secret, address, refused.fields), 422
        return _page({"password": [refused.message]}), 422
    reply = entered(access.renew(stores, who, where(), Cause(at=site().clock())), SECURITY)
    reply.status_code, reply.data = 200, render_template("identity/codes.html", codes=sheet).encode()
    del reply.headers["Location"]
    return reply


@views.post("/security/totp/remove")
@needs()
def remove() -> Any:
    """Stop using the authenticator."""
    try:
        factors.remove(here(Stores), caller().ref, _sent("password"), _sent("code"), cause())
    except Refused as refused:
        return _page(refused.fields), 422
    return redirect(SECURITY, 303)


@views.post("/security/devices/<uuid:device_id>/withdraw")
@needs()
def withdraw(device_id: Any) -> Any:
    """I do not use this machine any longer."""
    stores, who = here(Stores), caller()
    held = stores.devices.load(str(device_id))
    check_withdrawal(held.state, who.actor if who.roles else _nobody(), ())
    devices.withdraw(stores, held.id, cause(), "handed_on")
    return redirect(SECURITY, 303)


@views.post("/security/sessions/<uuid:session_id>/end")
@needs()
def end(session_id: Any) -> Any:
    """End a sign-in of mine."""
    stores, who = here(Stores), caller()
    found = stores.sessions.find(str(session_id))
    if found is None or found.account != who.ref:
        raise NotFound("没有找到这次登录", code="session_not_found")
    access.finish(stores, who.ref, found.id, cause(), "ended")
    return redirect(SECURITY, 303)


def _nobody() -> Any:
    raise Forbidden("请先完成登录的各个步骤", code="role_missing")


def _sent(name: str) -> str:
    return request.form.get(name, "")[:500]


def _enrolment(ticket: str, secret: str, address: str, errors: Any) -> str:
    picture = (
        segno.make(address, micro=False).svg_data_uri(scale=5) if address.startswith("otpauth://") else ""
    )
    return render_template(
        "identity/enrol.html", ticket=ticket, secret=secret, address=address, picture=picture, errors=errors
    )


def _page(errors: Any) -> str:
    stores, who = here(Stores), caller()
    kept = stores.credentials.find(who.ref)
    return render_template(
        "identity/security.html",
        errors=errors,
        enrolled=bool(kept and kept.totp),
        codes_left=len(kept.recovery) if kept else 0,
        machines=stores.devices.of(who.ref),
        sessions=stores.sessions.of(who.ref, SHOWN),
        present=who.id,
        certificate=bool(where().certificate),
        first=not who.roles,
    )
