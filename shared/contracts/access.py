"""What identity tells about how people may sign in: machines, stand-ins, single sign-on. Never a name."""

from __future__ import annotations

from shared.contracts.base import Event, event
from shared.contracts.fields import Code, Id, Instant


@event("access.login_unlocked", by="identity", about="account")
class AccessLoginUnlocked(Event):
    """An administrator let an account sign in again before its rest was over."""

    account_id: Id


@event("access.device_rejected", by="identity", about="account")
class AccessDeviceRejected(Event):
    """Somebody with the right password came from a machine that is not registered for the account."""

    account_id: Id
    reason: Code


@event("account.stand_in_named", by="identity", about="account")
class AccountStandInNamed(Event):
    """Somebody acts for an account's person while they are away."""

    account_id: Id
    stand_in: Id
    starts_at: Instant
    until: Instant


@event("account.stand_in_ended", by="identity", about="account")
class AccountStandInEnded(Event):
    """The person is back; nobody acts for them any longer."""

    account_id: Id
    stand_in: Id


@event("account.trained", by="identity", about="account")
class AccountTrained(Event):
    """A training of an account's person is on record."""

    account_id: Id
    topic: Code


@event("account.linked", by="identity", about="account")
class AccountLinked(Event):
    """An account belongs to one person of the county's single sign-on."""

    account_id: Id


@event("account.unlinked", by="identity", about="account")
class AccountUnlinked(Event):
    """An account belongs to nobody of the single sign-on any more."""

    account_id: Id


@event("device.requested", by="identity", about="device")
class DeviceRequested(Event):
    """A machine asks to be registered for an account, and waits for an administrator."""

    device_id: Id
    account_id: Id
    kind: Code


@event("device.bound", by="identity", about="device")
class DeviceBound(Event):
    """An account may be used on this machine."""

    device_id: Id
    account_id: Id
    kind: Code


@event("device.refused", by="identity", about="device")
class DeviceRefused(Event):
    """An administrator does not register a machine."""

    device_id: Id
    account_id: Id


@event("device.withdrawn", by="identity", about="device")
class DeviceWithdrawn(Event):
    """An account may no longer be used on this machine."""

    device_id: Id
    account_id: Id
    reason: Code
