"""Second factors, machines and sessions over HTTP: one's own, and what the security administrator decides."""

from __future__ import annotations

from typing import Any

from services.identity.api.people import mine
from services.identity.handlers import access, devices, factors
from services.identity.model.proof import Device, Session
from services.identity.pages.where import where
from services.identity.rules.devices import check_withdrawal
from services.identity.schemas import PageQuery
from services.identity.schemas.proving import (
    CodesAnswer,
    ConfirmRequest,
    DeviceAnswer,
    DeviceList,
    DeviceRequest,
    EnrolmentAnswer,
    InvitationAnswer,
    PasswordOnly,
    RemovalRequest,
    SessionList,
    WithdrawRequest,
)
from services.identity.store import Stores
from shared.aggregate import Held
from shared.errors import NotFound
from shared.web import answer, blueprint, caller, cause, here, in_scope, needs

proving = blueprint("proofs", "Second factors, machines and sessions")
GUARD = "sec_admin"


@proving.route("/factors/totp", methods=["POST"])
@needs()
@proving.arguments(PasswordOnly)
@proving.response(200, EnrolmentAnswer)
def enrol(asked: dict[str, Any]) -> Any:
    """Begin to use an authenticator; the secret counts when a first code of it is shown."""
    offered = factors.offer(here(Stores), caller().ref, asked["password"], cause())
    return {"ticket": offered.ticket, "secret": offered.secret, "address": offered.address}


@proving.route("/factors/totp/confirm", methods=["POST"])
@needs()
@proving.arguments(ConfirmRequest)
@proving.response(200, CodesAnswer)
def confirm(asked: dict[str, Any]) -> Any:
    """Show the first code; answers with the sheet of recovery codes, once."""
    sheet = factors.confirm(here(Stores), caller().ref, asked["ticket"], asked["code"], cause())
    return {"recovery_codes": sheet}


@proving.route("/factors/totp/remove", methods=["POST"])
@needs()
@proving.arguments(RemovalRequest)
@proving.response(204)
def remove(asked: dict[str, Any]) -> None:
    """Stop using the authenticator; takes the password and a code."""
    factors.remove(here(Stores), caller().ref, asked["password"], asked["code"], cause())


@proving.route("/accounts/<account_id>/factors/reset", methods=["POST"])
@needs(GUARD)
@proving.response(204)
def reset(account_id: str) -> None:
    """Take away the second factor of somebody who lost it; they sign in with the password and enrol anew."""
    factors.reset(here(Stores), mine(account_id), cause())


@proving.route("/devices/invitations", methods=["POST"])
@needs()
@proving.response(200, InvitationAnswer)
def invite() -> Any:
    """The question this machine's key must answer to be registered (WebAuthn creation options)."""
    invited = devices.invite(here(Stores), caller().ref, where().origin)
    return {"ticket": invited.ticket, "options": invited.options}


@proving.route("/devices", methods=["POST"])
@needs()
@proving.arguments(DeviceRequest)
@proving.response(201, DeviceAnswer)
def register(asked: dict[str, Any]) -> Any:
    """Register this machine: by its key, or by the certificate that the front door has checked.

    The first machine of an account counts at once; every other one waits for the security administrator.
    """
    stores, who, place = here(Stores), caller(), where()
    if asked["kind"] == "certificate":
        held = devices.certify(stores, who.ref, place.certificate, asked["label"], cause())
    else:
        held = devices.register(
            stores, who.ref, asked["ticket"], asked["credential"], asked["label"], place.origin, cause()
        )
    return answer(held, device(held))


@proving.route("/devices")
@needs()
@proving.response(200, DeviceList)
def own_devices() -> Any:
    """One's own machines."""
    return {"items": [row(held) for held in here(Stores).devices.of(caller().ref)], "next": None}


@proving.route("/devices/waiting")
@needs(GUARD)
@proving.arguments(PageQuery, location="query")
@proving.response(200, DeviceList)
def waiting(asked: dict[str, Any]) -> Any:
    """Machines of one's region that wait for approval."""
    found = here(Stores).devices.waiting(caller().region, after=asked["after"], limit=asked["limit"])
    return {
        "items": [row(held) for held in found],
        "next": found[-1].id if len(found) == asked["limit"] else None,
    }


@proving.route("/devices/<uuid:device_id>/approve", methods=["POST"])
@needs(GUARD)
@proving.response(200, DeviceAnswer)
def approve(device_id: Any) -> Any:
    """Register a waiting machine; the oldest one of the account makes room for it."""
    held = devices.approve(here(Stores), _seen(device_id), cause())
    return answer(held, device(held))


@proving.route("/devices/<uuid:device_id>/refuse", methods=["POST"])
@needs(GUARD)
@proving.response(200, DeviceAnswer)
def refuse(device_id: Any) -> Any:
    """Do not register a waiting machine."""
    held = devices.refuse(here(Stores), _seen(device_id), cause())
    return answer(held, device(held))


@proving.route("/devices/<uuid:device_id>/withdraw", methods=["POST"])
@needs()
@proving.arguments(WithdrawRequest)
@proving.response(200, DeviceAnswer)
def withdraw(asked: dict[str, Any], device_id: Any) -> Any:
    """A machine is lost or handed on: by its person, or by the security administrator."""
    stores, who = here(Stores), caller()
    found = stores.devices.load(str(device_id))
    check_withdrawal(found.state, who.actor, who.roles)
    if found.state.account != who.ref:
        in_scope(found.state.region)
    held = devices.withdraw(stores, found.id, cause(), asked["reason"])
    return answer(held, device(held))


@proving.route("/sessions")
@needs()
@proving.response(200, SessionList)
def own_sessions() -> Any:
    """Where and when one signed in."""
    return {"items": [session(each, caller().id) for each in here(Stores).sessions.of(caller().ref)]}


@proving.route("/accounts/<account_id>/sessions")
@needs(GUARD, "audit_admin")
@proving.response(200, SessionList)
def sessions_of(account_id: str) -> Any:
    """Where and when somebody of one's region signed in."""
    return {"items": [session(each) for each in here(Stores).sessions.of(mine(account_id))]}


@proving.route("/sessions/<uuid:session_id>/end", methods=["POST"])
@needs()
@proving.response(204)
def end(session_id: Any) -> None:
    """End a session: one's own anywhere, or one of somebody of the region. Says 404 for all others."""
    stores, who = here(Stores), caller()
    found = stores.sessions.find(str(session_id))
    if found is None or not (found.account == who.ref or GUARD in who.roles):
        raise NotFound("没有找到这次登录", code="session_not_found")
    if found.account != who.ref:
        mine(found.account)
    access.finish(stores, found.account, found.id, cause(), "ended")


def _seen(device_id: Any) -> str:
    held = here(Stores).devices.load(str(device_id))
    in_scope(held.state.region)
    return held.id


def row(held: Held[Device]) -> dict[str, Any]:
    """A machine in a list."""
    return {"id": held.id, "version": held.version} | device(held)


def device(held: Held[Device]) -> dict[str, Any]:
    """A machine as its person and administrators see it; its key is no secret, and is not shown."""
    d = held.state
    return {"account": d.account, "kind": d.kind, "label": d.label, "state": d.state, "asked_at": d.asked_at}


def session(found: Session, present: str = "") -> dict[str, Any]:
    """A sign-in in a list."""
    return {
        "id": found.id, "started_at": found.started_at, "seen_at": found.seen_at, "until": found.until,
        "machine": found.machine, "address": found.address, "proofs": list(found.proofs),
        "ended_at": found.ended_at, "why": found.why, "present": found.id == present,
    }  # fmt: skip
