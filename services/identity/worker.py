"""What identity does in the background: its outboxes are emptied; it follows departments' connections."""

from __future__ import annotations

from services.identity.handlers import departments, importing
from services.identity.store import Stores, stores
from shared.bus.worker import Worker, every, on
from shared.clock import Clock, now
from shared.contracts.all import about
from shared.contracts.base import Event
from shared.decision import Cause

SECONDS = 0.8


class IdentityWorker(Worker):
    """Tells what identity decided, and knows which departments' systems may sign in."""

    service = "identity"

    def __init__(self, all: Stores, clock: Clock = now) -> None:
        super().__init__(
            (
                all.accounts,
                all.units,
                all.departments,
                all.devices,
                all.cards,
                all.postings,
                all.wall,
                all.assignments,
                all.imports,
                all.rows,
            ),
            clock,
        )
        self.all = all

    @on(*about("department"), order="strict")
    def connected(self, event: Event | None, cause: Cause) -> None:
        """A password claimed, changed over, or good for nothing while the connection rests or is over."""
        departments.follow(self.all, event, cause)

    @every(1)
    def bring_in(self) -> None:
        """Rows of the organisation files that are not done; any replica goes on where another stopped."""
        importing.work(self.all, self.clock, SECONDS)


def workers() -> list[Worker]:
    """The real worker."""
    return [IdentityWorker(stores())]
