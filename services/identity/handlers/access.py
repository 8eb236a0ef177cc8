"""Signing in and out: who gets a token, and which tokens end before their time."""

from __future__ import annotations

import secrets
from datetime import datetime

from services.identity import rules
from services.identity.handlers.accounts import account_id
from services.identity.handlers.units import unit_id
from services.identity.model import ACCESS, Account
from services.identity.store import Stores
from shared import ids, passwords, tokens
from shared.aggregate import Held
from shared.decision import Actor, Cause
from shared.errors import Unauthorised
from shared.settings import settings
from shared.tokens import Claims

REFUSED = "用户名或密码不正确，或账户暂时不能登录；连续输错五次，账户停用十五分钟"
UNKNOWN = "unknown"


def sign_in(stores: Stores, username: str, password: str, at: datetime) -> Claims:
    """The claims of the person, whose earlier session ends.

    Raises Unauthorised without saying what was wrong: the name, the password, or the account.
    """
    id = account_id(username)
    held, kept = stores.accounts.find(id), stores.credentials.find(id)
    right = passwords.matches(kept.password if kept else "", password)
    if held is None or kept is None or not right or not rules.may_sign_in(held.state, at):
        _refuse(stores, id, held, at, wrong=not right)
        raise Unauthorised(REFUSED, code="login_refused")
    session = ids.new()
    ended = stores.credentials.admit(id, session)
    if ended:
        tokens.end_sessions([ended])
        _note(stores, id, "session_replaced", at)
    _note(stores, id, "sign_in", at)
    return _claims(stores, held, session, must_change=kept.must_change)


def _refuse(stores: Stores, id: str, held: Held[Account] | None, at: datetime, *, wrong: bool) -> None:
    _note(stores, id if held else UNKNOWN, "sign_in", at, result="refused")
    if not wrong or held is None or not rules.may_sign_in(held.state, at):
        return
    if rules.too_many(stores.credentials.failed(id)):
        cause = Cause(at=at, actor=_person(id))
        stores.accounts.change(id, cause, lambda account: rules.lock(account, id, at))
        stores.credentials.forgive(id)
        _note(stores, id, "login_locked", at)


def renew(stores: Stores, claims: Claims, at: datetime) -> Claims:
    """Fresh claims for a session that is still the account's own, with the posts it has now."""
    held, kept = stores.accounts.find(claims.ref), stores.credentials.find(claims.ref)
    if held is None or kept is None or kept.session != claims.id or not rules.may_sign_in(held.state, at):
        raise Unauthorised("登录已失效，请重新登录", code="session_ended")
    return _claims(stores, held, claims.id, must_change=kept.must_change)


def sign_out(stores: Stores, claims: Claims, at: datetime) -> None:
    """The session ends; tokens of it are refused from now on."""
    kept = stores.credentials.find(claims.ref)
    if kept is not None and kept.session == claims.id:
        stores.credentials.end(claims.ref)
        tokens.end_sessions([claims.id])
        _note(stores, claims.ref, "sign_out", at)


def machine(stores: Stores, service: str, secret: str, at: datetime) -> Claims:
    """The claims of one of our own services. Raises Unauthorised for a wrong name or secret."""
    _check_secret(stores, f"service_{service}", secret, at)
    return Claims(ref=service, roles=("service",), kind="service")


def token(claims: Claims) -> str:
    """The signed token of these claims."""
    return tokens.issue(settings().secret("identity_key.pem"), claims, ACCESS)


def _check_secret(stores: Stores, name: str, given: str, at: datetime) -> None:
    try:
        kept = settings().secret(name)
    except FileNotFoundError:
        kept = ""
    if not kept or not secrets.compare_digest(kept.encode(), given.encode()):
        _note(stores, UNKNOWN, "machine_sign_in", at, result="refused")
        raise Unauthorised("名称或密钥不正确", code="login_refused")


def _claims(stores: Stores, held: Held[Account], session: str, *, must_change: bool) -> Claims:
    """Whoever must change the password first may do nothing else: a token without posts."""
    account = held.state
    unit = stores.units.find(unit_id(account.unit))
    return Claims(
        ref=held.id,
        roles=() if must_change else account.roles,
        region=account.region,
        unit=account.unit,
        id=session,
        name=account.name,
        unit_name=unit.state.name if unit else "",
    )


def _person(id: str) -> Actor:
    return Actor(ref=id, role="visitor")


def _note(stores: Stores, id: str, action: str, at: datetime, result: str = "ok") -> None:
    stores.audit.append(_person(id), action, f"account/{id}", at=at, result=result)
