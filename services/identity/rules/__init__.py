"""What identity decides: who may have an account, in which posts, and when it may be used."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from services.identity.model import ADMINS, CENTRE, FAILURES, LOCK, PASSWORD_LENGTH, ROLES, Account, Unit
from shared.contracts.identity import (
    AccessLoginLocked,
    AccountChanged,
    AccountClosed,
    AccountOpened,
    UnitChanged,
    UnitOpened,
)
from shared.decision import Decision
from shared.errors import Illegal, Refused


def open_account(state: Account | None, id: str, asked: Account) -> Decision[Account]:
    """A new account. Raises Refused when the user name is taken or the posts do not go together."""
    if state is not None:
        raise Refused("这个用户名已被使用", code="username_taken", fields={"username": ["已被使用"]})
    check_roles(asked.roles)
    told = AccountOpened(account_id=id, roles=asked.roles, unit=asked.unit, region=asked.region)
    return Decision(state=asked, events=(told,), reason="account_opened")


def change_account(
    account: Account, id: str, *, roles: tuple[str, ...], unit: str, region: str, by: str
) -> Decision[Account] | None:
    """Other posts, another unit or region. Raises Refused for one's own account and posts that clash."""
    _open(account)
    if by == id:
        raise Refused("不能修改自己的岗位", code="own_account")
    check_roles(roles)
    after = replace(account, roles=roles, unit=unit, region=region)
    told = AccountChanged(account_id=id, roles=roles, unit=unit, region=region)
    return None if after == account else Decision(state=after, events=(told,), reason="account_changed")


def close_account(account: Account, id: str, *, reason: str, by: str) -> Decision[Account]:
    """The account may no longer sign in. Raises Refused for one's own, Illegal when it is closed already."""
    _open(account)
    if by == id:
        raise Refused("不能停用自己的账户", code="own_account")
    told = AccountClosed(account_id=id, reason=reason)
    return Decision(state=replace(account, active=False), events=(told,), reason=reason)


def lock(account: Account, id: str, now: datetime) -> Decision[Account] | None:
    """Too many wrong passwords: the account rests."""
    if not account.active or locked(account, now):
        return None
    until = now + LOCK
    told = AccessLoginLocked(account_id=id, reason="failed_attempts", until=until)
    return Decision(state=replace(account, locked_until=until), events=(told,), reason="failed_attempts")


def locked(account: Account, now: datetime) -> bool:
    """Whether the account rests at this moment."""
    return account.locked_until is not None and now < account.locked_until


def may_sign_in(account: Account, now: datetime) -> bool:
    """Whether the account can be used at this moment."""
    return account.active and not locked(account, now)


def too_many(failures: int) -> bool:
    """Whether so many wrong passwords in a row lock the account."""
    return failures >= FAILURES


def check_roles(roles: tuple[str, ...]) -> None:
    """Raises Refused for posts that do not exist, none at all, and two kinds of administrator in one hand."""
    unknown = sorted(set(roles) - ROLES)
    if unknown or not roles:
        sentence = f"没有这些岗位：{'、'.join(unknown)}" if unknown else "至少要有一个岗位"
        raise Refused("岗位不正确", code="roles_unknown", fields={"roles": [sentence]})
    if len(ADMINS & set(roles)) > 1:
        sentence = "系统管理、安全管理、审计管理三权分立，不能由一人兼任"
        raise Refused(sentence, code="roles_clash", fields={"roles": [sentence]})


def check_password(username: str, password: str, field: str = "password") -> None:
    """Raises Refused when the password is short, contains the user name, or repeats too few characters."""
    faults = []
    if len(password) < PASSWORD_LENGTH:
        faults.append(f"至少 {PASSWORD_LENGTH} 个字符")
    if username and username.casefold() in password.casefold():
        faults.append("不能包含用户名")
    if len(set(password)) < 5:
        faults.append("太简单，至少要有五种不同的字符")
    if faults:
        raise Refused("密码不符合要求", code="weak_password", fields={field: faults})


def list_unit(state: Unit | None, asked: Unit) -> Decision[Unit] | None:
    """The unit as the profile or an administrator has it: new, different, or as it was."""
    if state == asked:
        return None
    parent = asked.parent or None
    if state is None:
        opened = UnitOpened(unit=asked.code, kind=asked.kind, region=asked.region, parent=parent)
        return Decision(state=asked, events=(opened,), reason="unit_opened")
    changed = UnitChanged(
        unit=asked.code, kind=asked.kind, region=asked.region, parent=parent, active=asked.active
    )
    return Decision(state=asked, events=(changed,), reason="unit_changed")


def new_unit(state: Unit | None, asked: Unit) -> Decision[Unit] | None:
    """A unit that must not be there yet. Raises Refused when its code is taken."""
    if state is not None:
        raise Refused("这个单位代码已被使用", code="unit_taken", fields={"code": ["已被使用"]})
    return list_unit(None, asked)


def superior(unit: Unit, units: Iterable[Unit]) -> Unit | None:
    """The unit above: the parent that is named, else the centre of the place or of the place around it."""
    others = [other for other in units if other.active and other.code != unit.code]
    if unit.parent:
        return next((other for other in others if other.code == unit.parent), None)
    centres = [
        other for other in others
        if other.kind == CENTRE and unit.region.startswith(other.region)
        and not (unit.kind == CENTRE and other.region == unit.region)
    ]  # fmt: skip
    return max(centres, key=lambda centre: len(centre.region), default=None)


def above(unit: Unit, units: Collection[Unit]) -> list[Unit]:
    """Every unit above this one, the nearest first; a circle of parents ends where it closes."""
    found: list[Unit] = []
    higher = superior(unit, units)
    while higher is not None and higher not in found:
        found.append(higher)
        higher = superior(higher, units)
    return found


def beside(unit: Unit, units: Collection[Unit]) -> list[Unit]:
    """The units that work next to this one, under the same unit."""
    higher = superior(unit, units)
    return [u for u in units if u.active and u.code != unit.code and superior(u, units) == higher]


def _open(account: Account) -> None:
    if not account.active:
        raise Illegal("账户已停用", state="closed", allowed=[])
