"""What identity decides: who may have an account, in which posts, and when it may be used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from services.identity.model import ADMINS, BESIDE_ADMIN, ROLES, Account, StandIn, Training
from shared.contracts.access import (
    AccessDeviceRejected,
    AccessLoginUnlocked,
    AccountLinked,
    AccountStandInEnded,
    AccountStandInNamed,
    AccountTrained,
    AccountUnlinked,
)
from shared.contracts.identity import (
    AccessLoginLocked,
    AccountChanged,
    AccountClosed,
    AccountOpened,
)
from shared.decision import Decision
from shared.errors import Illegal, Refused

LONGEST_STAND_IN = timedelta(days=180)


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


def close_account(
    account: Account, id: str, *, reason: str, by: str, successor: str = ""
) -> Decision[Account]:
    """The account may no longer sign in, and who takes over is on record.

    Raises Refused for one's own and for a successor who is the same person, Illegal when it is closed.
    """
    _open(account)
    if by == id:
        raise Refused("不能停用自己的账户", code="own_account")
    if successor == id:
        raise Refused("接替人不能是本人", code="own_successor", fields={"successor": ["不能是本人"]})
    told = AccountClosed(account_id=id, reason=reason, successor=successor or None)
    after = replace(account, active=False, successor=successor, stand_in=None)
    return Decision(state=after, events=(told,), reason=reason)


def name_stand_in(account: Account, id: str, stand_in: StandIn, now: datetime) -> Decision[Account] | None:
    """Somebody acts for the account's person while they are away. Raises Refused for impossible times."""
    _open(account)
    if set(account.roles) & ADMINS:
        raise Refused("管理员不能由他人代理，请另开账户", code="admin_stand_in")
    if stand_in.account == id:
        raise Refused("代理人不能是本人", code="own_stand_in", fields={"stand_in": ["不能是本人"]})
    if not max(stand_in.since, now) < stand_in.until <= stand_in.since + LONGEST_STAND_IN:
        said = f"应晚于开始时间和现在，最长 {LONGEST_STAND_IN.days} 天"
        raise Refused("代理时间不正确", code="stand_in_times", fields={"until": [said]})
    told = AccountStandInNamed(
        account_id=id, stand_in=stand_in.account, starts_at=stand_in.since, until=stand_in.until
    )
    after = replace(account, stand_in=stand_in)
    return None if after == account else Decision(state=after, events=(told,), reason="stand_in_named")


def end_stand_in(account: Account, id: str) -> Decision[Account] | None:
    """The person is back."""
    if account.stand_in is None:
        return None
    told = AccountStandInEnded(account_id=id, stand_in=account.stand_in.account)
    return Decision(state=replace(account, stand_in=None), events=(told,), reason="stand_in_ended")


def _lends(account: Account, now: datetime) -> bool:
    """Whether somebody stands in for this account now; nobody does for an administrator."""
    away = account.stand_in is not None and account.stand_in.since <= now < account.stand_in.until
    return account.active and away and not set(account.roles) & ADMINS


def train(account: Account, id: str, training: Training) -> Decision[Account] | None:
    """A training of the account's person is on record. Raises Refused for one's own word about oneself."""
    _open(account)
    if training.by == id:
        raise Refused("不能登记自己的培训", code="own_training")
    if training in account.trained:
        return None
    told = AccountTrained(account_id=id, topic=training.topic)
    after = replace(account, trained=(*account.trained, training))
    return Decision(state=after, events=(told,), reason="account_trained")


def acting_roles(own: Account, absent: Iterable[Account], now: datetime) -> tuple[str, ...]:
    """The posts somebody acts in: the own ones, and those of whom they stand in for today."""
    lent = [role for other in absent if _lends(other, now) for role in other.roles]
    return tuple(dict.fromkeys((*own.roles, *lent)))


def link(account: Account, id: str, subject: str) -> Decision[Account] | None:
    """Who the person is at the provider of the single sign-on. Raises Refused when it is somebody else."""
    _open(account)
    if account.external == subject:
        return None
    if account.external:
        raise Refused("这个账户已对应另一个统一身份", code="external_taken")
    told = AccountLinked(account_id=id)
    return Decision(state=replace(account, external=subject), events=(told,), reason="account_linked")


def unlink(account: Account, id: str) -> Decision[Account] | None:
    """The account belongs to nobody at the provider any more; the next sign-in there ties it again."""
    if not account.external:
        return None
    told = AccountUnlinked(account_id=id)
    return Decision(state=replace(account, external=""), events=(told,), reason="account_unlinked")


def turn_away(account: Account, id: str, reason: str) -> Decision[Account]:
    """Somebody with the right password came from a machine that is not registered: told, nothing else."""
    told = AccessDeviceRejected(account_id=id, reason=reason)
    return Decision(state=account, events=(told,), reason=reason)


def unlock(account: Account, id: str) -> Decision[Account] | None:
    """The account need not rest any longer."""
    if account.locked_until is None:
        return None
    told = AccessLoginUnlocked(account_id=id)
    return Decision(state=replace(account, locked_until=None), events=(told,), reason="unlocked")


def lock(account: Account, id: str, until: datetime, now: datetime) -> Decision[Account] | None:
    """Too many wrong passwords: the account rests."""
    if not account.active or locked(account, now):
        return None
    told = AccessLoginLocked(account_id=id, reason="failed_attempts", until=until)
    return Decision(state=replace(account, locked_until=until), events=(told,), reason="failed_attempts")


def locked(account: Account, now: datetime) -> bool:
    """Whether the account rests at this moment."""
    return account.locked_until is not None and now < account.locked_until


def may_sign_in(account: Account, now: datetime) -> bool:
    """Whether the account can be used at this moment."""
    return account.active and not locked(account, now)


def check_roles(roles: tuple[str, ...]) -> None:
    """Raises Refused for posts that do not exist, none at all, and two kinds of administrator in one hand."""
    unknown = sorted(set(roles) - ROLES)
    if unknown or not roles:
        sentence = f"没有这些岗位：{'、'.join(unknown)}" if unknown else "至少要有一个岗位"
        raise Refused("岗位不正确", code="roles_unknown", fields={"roles": [sentence]})
    if len(ADMINS & set(roles)) > 1:
        sentence = "系统管理、安全管理、审计管理三权分立，不能由一人兼任"
        raise Refused(sentence, code="roles_clash", fields={"roles": [sentence]})
    if ADMINS & set(roles) and set(roles) - ADMINS - BESIDE_ADMIN:
        sentence = "管理员不办案，也不看案件，不能兼任其他岗位"
        raise Refused(sentence, code="roles_clash", fields={"roles": [sentence]})


def _open(account: Account) -> None:
    if not account.active:
        raise Illegal("账户已停用", state="closed", allowed=[])
