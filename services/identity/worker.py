"""What identity does in the background: its outboxes are emptied; it listens to nobody."""

from __future__ import annotations

from services.identity.store import stores
from shared.bus.worker import Worker


class IdentityWorker(Worker):
    """Tells what identity decided."""

    service = "identity"


def workers() -> list[Worker]:
    """The real worker."""
    kept = stores()
    return [IdentityWorker([kept.accounts, kept.units])]
