"""Departments' own systems: signing in over HTTPS, and what routing tells of their connections."""

from __future__ import annotations

from datetime import datetime

from services.identity.rules import departments as rules
from services.identity.store import Stores
from shared import ids, passwords, tokens
from shared.contracts.base import Event
from shared.decision import Actor, Cause
from shared.errors import Unauthorised
from shared.settings import settings
from shared.tokens import Claims

SUSPENDED = "贵单位的接入已暂停或已断开，请与中心联系"


def follow(stores: Stores, told: Event | None, cause: Cause) -> None:
    """Keep what a connection's event says of its passwords; tokens that are to end, end."""
    assert cause.heard is not None
    id, region = cause.heard.subject.partition("/")[2], cause.heard.regioncode
    fresh = ids.derived("department_session", id, cause.heard.id)
    held = stores.departments.open(id, cause, lambda access: rules.follow(access, told, id, region, fresh))
    if ended := held.state.ended:  # again with each event: a crash may have come between
        stores.credentials.end_session(ended)
        tokens.end_sessions([ended])


def sign_in(stores: Stores, unit: str, secret: str, county: str, at: datetime) -> Claims:
    """The claims of a department's own system. Raises Unauthorised: wrong name or secret, or it rests."""
    held = stores.departments.find(unit)
    access = held.state if held else rules.declared(unit, county)
    if not rules.proves(access, at, secret, _deployed(unit), passwords.verifier):
        _note(stores, "unknown", at, "refused")
        raise Unauthorised("名称或密钥不正确", code="login_refused")
    if not access.open:
        _note(stores, unit, at, "suspended")
        raise Unauthorised(SUSPENDED, code="department_suspended")
    return Claims(
        ref=f"dept_{unit}", roles=("department",), unit=unit, region=county, kind="department",
        id=access.session or ids.new(),
    )  # fmt: skip


def _deployed(unit: str) -> str:
    try:
        return settings().secret(f"dept_{unit}")
    except FileNotFoundError:
        return ""


def _note(stores: Stores, unit: str, at: datetime, result: str) -> None:
    who = Actor(ref=f"dept_{unit}" if unit != "unknown" else unit, role="department")
    stores.audit.append(who, "machine_sign_in", f"department/{unit}", at=at, result=result)
