"""What grid hears: which case each of its findings became."""

from __future__ import annotations

from services.grid.handlers import finding
from services.grid.store import Stores, stores
from shared.bus.worker import Worker, on
from shared.clock import Clock, now
from shared.contracts.intake import RegistrationAccepted
from shared.decision import Cause


class GridWorker(Worker):
    """The listener of grid."""

    service = "grid"

    def __init__(self, all: Stores, clock: Clock = now) -> None:
        super().__init__((all.regions, all.findings, all.cases), clock)
        self.all = all

    @on(RegistrationAccepted)
    def registered(self, event: RegistrationAccepted, cause: Cause) -> None:
        """A matter was registered, perhaps from a finding. In any order: each is told once."""
        finding.registered(self.all, event, cause)


def workers() -> list[Worker]:
    """For the worker process."""
    return [GridWorker(stores())]
