"""Accounts and their passwords: load, decide, save."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.identity import rules
from services.identity.handlers.units import unit_id
from services.identity.model import Account, Credential
from services.identity.store import Stores
from shared import ids, passwords, tokens
from shared.aggregate import Held
from shared.decision import SYSTEM, Cause
from shared.errors import Refused

FIRST = "admin"


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A new account, and its first password where we made it; it cannot be shown again."""

    held: Held[Account]
    first_password: str | None


def account_id(username: str) -> str:
    """The id of an account: one user name, one account."""
    return ids.derived("account", username.strip().casefold())


def open_account(stores: Stores, asked: Account, password: str, cause: Cause) -> Opened:
    """Open an account with this first password, or with one that is made and shown once."""
    id = account_id(asked.username)
    stores.accounts.check_key(id, cause)
    first = password or passwords.one_time()
    if password:
        rules.check_password(asked.username, password)
    _known_unit(stores, asked.unit, asked.region)
    held = stores.accounts.open(id, cause, lambda state: rules.open_account(state, id, asked))
    credential = Credential(password=passwords.hashed(first), must_change=True, changed_at=cause.at)
    created = stores.credentials.create(id, credential)
    _note(stores, cause, "account_open", id)
    return Opened(held=held, first_password=first if created and not password else None)


def change_account(
    stores: Stores, id: str, cause: Cause, *, roles: tuple[str, ...], unit: str, region: str
) -> Held[Account]:
    """Other posts, unit or region; whoever is signed in signs in again."""
    _known_unit(stores, unit, region)
    by = cause.actor.ref
    held = stores.accounts.change(
        id, cause, lambda a: rules.change_account(a, id, roles=roles, unit=unit, region=region, by=by)
    )
    _end(stores, id)
    _note(stores, cause, "account_change", id)
    return held


def close_account(stores: Stores, id: str, cause: Cause, reason: str) -> Held[Account]:
    """The account may no longer sign in."""
    by = cause.actor.ref
    held = stores.accounts.change(
        id, cause, lambda account: rules.close_account(account, id, reason=reason, by=by)
    )
    _end(stores, id)
    _note(stores, cause, "account_close", id)
    return held


def change_own_password(stores: Stores, id: str, cause: Cause, *, old: str, new: str) -> None:
    """Another password, by its person, who must know the old one; asked again, it is changed already."""
    account = stores.accounts.load(id).state
    kept = stores.credentials.find(id)
    known = kept.password if kept else ""
    if not passwords.matches(known, old):
        if kept and not kept.must_change and passwords.matches(known, new):
            return
        _note(stores, cause, "password_change", id, result="refused")
        raise Refused("原密码不正确", code="wrong_password", fields={"old_password": ["不正确"]})
    if old == new:
        raise Refused("新旧密码不能相同", code="weak_password", fields={"new_password": ["与原密码相同"]})
    rules.check_password(account.username, new, "new_password")
    stores.credentials.set_password(id, passwords.hashed(new), must_change=False, at=cause.at)
    _note(stores, cause, "password_change", id)


def reset_password(stores: Stores, id: str, cause: Cause) -> str:
    """A one-time password for somebody who forgot theirs; it must be changed at the next sign-in."""
    stores.accounts.load(id)
    first = passwords.one_time()
    stores.credentials.set_password(id, passwords.hashed(first), must_change=True, at=cause.at)
    _end(stores, id)
    _note(stores, cause, "password_reset", id)
    return first


def first_administrator(stores: Stores, password: str, region: str, at: datetime) -> bool:
    """The account that opens all others, if there is no account yet."""
    id = account_id(FIRST)
    others = stores.accounts.within("", limit=1) and not stores.accounts.find(id)
    if others or stores.credentials.find(id):
        return False
    asked = Account(
        username=FIRST,
        name="系统管理员",
        roles=("sys_admin",),
        unit="centre_county",
        region=region,
        opened_at=at,
    )
    cause = Cause(at=at, actor=SYSTEM, key="first")
    stores.accounts.open(id, cause, lambda state: rules.open_account(state, id, asked))
    credential = Credential(password=passwords.hashed(password), must_change=False, changed_at=at)
    return stores.credentials.create(id, credential)


def _known_unit(stores: Stores, code: str, region: str) -> None:
    unit = stores.units.find(unit_id(code))
    if unit is None or not unit.state.active:
        raise Refused("没有这个单位", code="unit_unknown", fields={"unit": ["没有这个单位"]})
    if not region.startswith(unit.state.region):
        raise Refused("地区不属于这个单位", code="unit_elsewhere", fields={"region": ["不属于这个单位"]})


def _end(stores: Stores, id: str) -> None:
    ended = stores.credentials.end(id)
    if ended:
        tokens.end_sessions([ended])


def _note(stores: Stores, cause: Cause, action: str, id: str, result: str = "ok") -> None:
    stores.audit.append(cause.actor, action, f"account/{id}", at=cause.at, result=result)
