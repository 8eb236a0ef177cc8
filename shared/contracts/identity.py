"""What identity tells: which accounts and units exist, in codes only. Names stay with identity."""

from __future__ import annotations

from shared.contracts.base import Event, event
from shared.contracts.fields import AccountKind, Code, Id, Instant, Region, Unit


@event("account.opened", by="identity", about="account")
class AccountOpened(Event):
    """A person, service or department may sign in, in these roles."""

    account_id: Id
    kind: AccountKind = "person"
    roles: tuple[Code, ...]
    unit: Unit | None = None
    region: Region


@event("account.changed", by="identity", about="account")
class AccountChanged(Event):
    """An account's roles, unit or region are different from now on."""

    account_id: Id
    roles: tuple[Code, ...]
    unit: Unit | None = None
    region: Region


@event("account.closed", by="identity", about="account", minor=1)
class AccountClosed(Event):
    """An account may no longer sign in; its person's open duties go to the successor, where one is named."""

    account_id: Id
    reason: Code
    successor: Id | None = None


@event("unit.opened", by="identity", about="unit")
class UnitOpened(Event):
    """A unit exists from now on."""

    unit: Unit
    kind: Code
    region: Region
    parent: Unit | None = None


@event("unit.changed", by="identity", about="unit")
class UnitChanged(Event):
    """A unit is of another kind, elsewhere, below another one, or no longer in service."""

    unit: Unit
    kind: Code
    region: Region
    parent: Unit | None = None
    active: bool = True


@event("access.login_locked", by="identity", about="account")
class AccessLoginLocked(Event):
    """Too many failed sign-ins; the account rests for a while."""

    account_id: Id
    reason: Code
    until: Instant | None = None
