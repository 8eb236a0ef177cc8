"""How a department's system signs in to the broker: a link that gives a password once, users in turns."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.routing.model.department import BrokerUser, Claim, Department, Slot, Stage
from services.routing.rules.by import By
from services.routing.rules.connection import kept, refuse
from shared.contracts.department import DepartmentAccessChanged
from shared.decision import Decision
from shared.errors import Refused

CLAIM_LIFE = timedelta(hours=24)
OVERLAP = timedelta(hours=24)  # both users work so long after a change-over


def offer(department: Department, token_hash: str, by: By) -> Decision[Department]:
    """A link that gives the password of the newest user, once, within a day."""
    user = _newest(department)
    if user.deployed:
        raise Refused("这个账号的口令由部署方保管，请先轮换", code="password_deployed")
    until = by.at + CLAIM_LIFE
    claim = Claim(token_hash=token_hash, slot=user.slot, generation=user.generation, expires_at=until)
    told = _access(department, "link_made", user, until)
    return Decision(state=kept(department, claim=claim), events=(told,), reason="生成一次性领取链接")


def claimed(
    department: Department, token_hash: str, password_hash: str, verifier: str, by: By
) -> Decision[Department]:
    """The link was used: it is dead; the broker is to know the password's hash, identity its verifier."""
    claim = department.connection.claim
    if claim is None or claim.token_hash != token_hash or claim.expires_at <= by.at:
        raise Refused("链接无效、已用过或已过期", code="claim_not_valid")
    user = replace(_newest(department), password_hash=password_hash)
    after = kept(department, claim=None, users=(*department.connection.users[:-1], user))
    return Decision(
        state=after, events=(_access(department, "claimed", user, verifier=verifier),), reason="口令已领取"
    )


def rotate(department: Department, by: By) -> Decision[Department]:
    """The other user of the pair takes over; the present one ends a day later, or at once if shut out.

    Raises Refused while the newest password waits for its owner and the one before it still serves: turning
    once more would take away the only password that the department has.
    """
    old = _newest(department)
    if not _is_known(old) and any(_is_known(user) for user in working_users(department, by.at)):
        raise Refused("新账号的口令还没有领取，请先领取再轮换", code="password_not_claimed")
    slot: Slot = "b" if old.slot == "a" else "a"
    new = BrokerUser(slot=slot, generation=old.generation + 1)
    until = by.at if department.connection.secure else by.at + OVERLAP
    users = (new,) if department.connection.secure else (replace(old, ends_at=until), new)
    told = _access(department, "rotated", new, until)
    return Decision(state=kept(department, users=users, claim=None), events=(told,), reason="轮换账号")


def working_users(department: Department, at: datetime) -> tuple[BrokerUser, ...]:
    """The users that shall exist at an instant; none from a suspension for security until it is resumed."""
    link = department.connection
    if link.secure:
        return ()
    return tuple(user for user in link.users if user.ends_at is None or user.ends_at > at)


def _is_known(user: BrokerUser) -> bool:
    """Whether the department has its password."""
    return user.deployed or bool(user.password_hash)


def _newest(department: Department) -> BrokerUser:
    link = department.connection
    if not link.users or link.stage in (Stage.REQUESTED, Stage.LEAVING, Stage.OFFBOARDED):
        refuse(department, link.stage)
    return link.users[-1]


def _access(
    department: Department, what: Any, user: BrokerUser, until: datetime | None = None, verifier: str = ""
) -> DepartmentAccessChanged:
    return DepartmentAccessChanged(
        department=department.department, what=what, user=user.slot, generation=user.generation, until=until,
        verifier=verifier or None,
    )  # fmt: skip
