"""Accounts and their passwords: load, decide, save."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.identity import rules
from services.identity.handlers.units import unit_id
from services.identity.model import Account, StandIn, Training
from services.identity.model.proof import Credential
from services.identity.rules import names
from services.identity.rules import passwords as policy
from services.identity.store import Stores
from shared import ids, passwords, tokens
from shared.aggregate import Held
from shared.decision import SYSTEM, Actor, Cause
from shared.errors import Refused

FIRST = "admin"


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A new account, and its first password where we made it; it cannot be shown again."""

    held: Held[Account]
    first_password: str | None


def account_id(username: str) -> str:
    """The id of an account: one user name, one account."""
    return ids.derived("account", names.typed(username))


def username_of(stores: Stores, id: str) -> str:
    """The user name of an account."""
    return stores.accounts.load(id).state.username


def open_account(stores: Stores, asked: Account, password: str, cause: Cause) -> Opened:
    """Open an account with this first password, or with one that is made and shown once."""
    id = account_id(asked.username)
    stores.accounts.check_key(id, cause)
    first = password or passwords.one_time()
    if password:
        policy.check(asked.username, password, stores.policy.passwords)
    held = _entered(stores, id, asked, cause)
    created = stores.credentials.create(id, _credential(stores, first, must_change=True))
    note(stores, cause, "account_open", id)
    return Opened(held=held, first_password=first if created and not password else None)


def enrol(stores: Stores, asked: Account, cause: Cause) -> Held[Account]:
    """Open an account that nobody can sign in to until a first password is handed out."""
    held = _entered(stores, account_id(asked.username), asked, cause)
    note(stores, cause, "account_open", held.id)
    return held


def _entered(stores: Stores, id: str, asked: Account, cause: Cause) -> Held[Account]:
    _known_unit(stores, asked.unit, asked.region)
    rules.check_roles(asked.roles)
    _looks_like_nobody(stores, id, asked.username)
    return stores.accounts.open(id, cause, lambda state: rules.open_account(state, id, asked))


def change_account(
    stores: Stores, id: str, cause: Cause, *, roles: tuple[str, ...], unit: str, region: str
) -> Held[Account]:
    """Other posts, unit or region; whoever is signed in signs in again."""
    _known_unit(stores, unit, region)
    by = cause.actor.ref
    held = stores.accounts.change(
        id, cause, lambda a: rules.change_account(a, id, roles=roles, unit=unit, region=region, by=by)
    )
    end_session(stores, id, "account_changed")
    note(stores, cause, "account_change", id)
    return held


def close_account(stores: Stores, id: str, cause: Cause, reason: str, successor: str = "") -> Held[Account]:
    """The account may no longer sign in; its duties go to the successor.

    Raises Refused when the successor has no account that works, or sees less than the one who leaves.
    """
    if successor:
        _may_succeed(stores, id, successor, "successor")
    by = cause.actor.ref
    held = stores.accounts.change(
        id, cause, lambda a: rules.close_account(a, id, reason=reason, by=by, successor=successor)
    )
    end_session(stores, id, "account_closed")
    note(stores, cause, "account_close", id)
    return held


def _may_succeed(stores: Stores, id: str, other: str, field: str) -> None:
    leaving, taking = stores.accounts.load(id).state, stores.accounts.find(other)
    if taking is None or not taking.state.active:
        raise Refused("没有这个在用的账户", code="successor_unknown", fields={field: ["没有这个在用的账户"]})
    if not leaving.region.startswith(taking.state.region):
        said = "辖区应当包含原人员的辖区"
        raise Refused(said, code="successor_elsewhere", fields={field: [said]})


def name_stand_in(stores: Stores, id: str, stand_in: StandIn, cause: Cause) -> Held[Account]:
    """Somebody acts for the account's person while they are away."""
    _may_succeed(stores, id, stand_in.account, "stand_in")
    other = stores.accounts.load(stand_in.account).state
    rules.check_roles(tuple(dict.fromkeys((*other.roles, *stores.accounts.load(id).state.roles))))
    held = stores.accounts.change(
        id, cause, lambda account: rules.name_stand_in(account, id, stand_in, cause.at)
    )
    note(stores, cause, "stand_in_named", id)
    return held


def end_stand_in(stores: Stores, id: str, cause: Cause) -> Held[Account]:
    """The person is back."""
    held = stores.accounts.change(id, cause, lambda account: rules.end_stand_in(account, id))
    note(stores, cause, "stand_in_ended", id)
    return held


def train(stores: Stores, id: str, topic: str, on: str, cause: Cause) -> Held[Account]:
    """A training is on record; where the county asks for one, the account opens now."""
    training = Training(topic=topic, on=on, by=cause.actor.ref)
    held = stores.accounts.change(id, cause, lambda account: rules.train(account, id, training))
    note(stores, cause, "account_trained", id)
    return held


def unlock(stores: Stores, id: str, cause: Cause) -> Held[Account]:
    """The account need not rest any longer; how often it rested is forgotten too."""
    held = stores.accounts.change(id, cause, lambda account: rules.unlock(account, id))
    stores.credentials.forgive(id)
    note(stores, cause, "login_unlocked", id)
    return held


def unlink(stores: Stores, id: str, cause: Cause) -> Held[Account]:
    """The account belongs to nobody of the single sign-on any more."""
    held = stores.accounts.change(id, cause, lambda account: rules.unlink(account, id))
    note(stores, cause, "account_unlinked", id)
    return held


def change_own_password(stores: Stores, id: str, cause: Cause, *, old: str, new: str) -> None:
    """Another password, by its person, who must know the old one; asked again, it is changed already."""
    account = stores.accounts.load(id).state
    kept = stores.credentials.find(id)
    known, wanted = kept.password if kept else "", policy.normal(new)
    if kept is None or not passwords.matches(known, policy.normal(old)):
        if kept and not kept.must_change and passwords.matches(known, wanted):
            return
        note(stores, cause, "password_change", id, result="refused")
        raise Refused("原密码不正确", code="wrong_password", fields={"old_password": ["不正确"]})
    _other_than_before(stores, kept, policy.normal(old), wanted)
    policy.check(account.username, new, stores.policy.passwords, "new_password")
    earlier = (known, *kept.earlier)[: stores.policy.passwords.history]
    stores.credentials.set_password(
        id, passwords.hashed(wanted), must_change=False, at=stores.desk(), earlier=earlier
    )
    note(stores, cause, "password_change", id)


def _other_than_before(stores: Stores, kept: Credential, old: str, new: str) -> None:
    if old == new:
        raise Refused("新旧密码不能相同", code="weak_password", fields={"new_password": ["与原密码相同"]})
    used = kept.earlier[: stores.policy.passwords.history]
    if any(passwords.matches(each, new) for each in used):
        said = f"不能用最近 {len(used)} 次用过的密码"
        raise Refused("密码不符合要求", code="weak_password", fields={"new_password": [said]})


def reset_password(stores: Stores, id: str, cause: Cause) -> str:
    """A one-time password for somebody who forgot theirs; it must be changed at the next sign-in."""
    stores.accounts.load(id)
    kept = stores.credentials.find(id)
    first = passwords.one_time()
    earlier = (kept.password, *kept.earlier)[: stores.policy.passwords.history] if kept else ()
    if kept is None:
        stores.credentials.create(id, _credential(stores, first, must_change=True))
    else:
        stores.credentials.set_password(
            id, passwords.hashed(first), must_change=True, at=stores.desk(), earlier=earlier
        )
    end_session(stores, id, "password_reset")
    note(stores, cause, "password_reset", id)
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
    _looks_like_nobody(stores, id, FIRST)
    credential = _credential(stores, password, must_change=False)
    return stores.credentials.create(id, credential)


def _known_unit(stores: Stores, code: str, region: str) -> None:
    unit = stores.units.find(unit_id(code))
    if unit is None or not unit.state.active:
        raise Refused("没有这个单位", code="unit_unknown", fields={"unit": ["没有这个单位"]})
    if not region.startswith(unit.state.region):
        raise Refused("地区不属于这个单位", code="unit_elsewhere", fields={"region": ["不属于这个单位"]})


def _looks_like_nobody(stores: Stores, id: str, username: str) -> None:
    if not stores.steps.claim(names.looks(username), id):
        said = "与已有的用户名看起来太像（如 l 与 1、o 与 0）"
        raise Refused("这个用户名容易与别人混淆", code="username_alike", fields={"username": [said]})


def _credential(stores: Stores, password: str, *, must_change: bool) -> Credential:
    kept = passwords.hashed(policy.normal(password))
    return Credential(password=kept, must_change=must_change, changed_at=stores.desk())


def end_session(stores: Stores, id: str, why: str) -> None:
    """Whoever is signed in to the account is so no longer."""
    ended = stores.credentials.end(id)
    if ended:
        tokens.end_sessions([ended])
        stores.sessions.finish(ended, stores.desk(), why)


def person(id: str) -> Actor:
    """Somebody at the door, who has no post before they are let in."""
    return Actor(ref=id, role="visitor")


def note(stores: Stores, cause: Cause, action: str, id: str, result: str = "ok") -> None:
    """Write it into the trail."""
    stores.audit.append(cause.actor, action, f"account/{id}", at=cause.at, result=result)
