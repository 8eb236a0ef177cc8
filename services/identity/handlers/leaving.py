"""Somebody leaves: the account is closed, its machines are free, and who takes over is on record (COR-09)."""

from __future__ import annotations

from services.identity.handlers import accounts, devices
from services.identity.model import Account
from services.identity.store import Stores
from shared.aggregate import Held
from shared.decision import Cause


def leave(stores: Stores, id: str, cause: Cause, reason: str, successor: str) -> Held[Account]:
    """Close the account; what it answers for goes to the successor, as those who hear of it decide."""
    held = accounts.close_account(stores, id, cause, reason, successor)
    devices.release(stores, id, cause)
    return held
