"""What mediation hears, and its one loop: the limits of matters and the days of agreements."""

from __future__ import annotations

from services.mediation.handlers import hearing, time
from services.mediation.rules.standing import STATES
from services.mediation.store import Stores, stores
from shared.bus.worker import Worker, every, on
from shared.clock import Clock, now
from shared.contracts.base import Event
from shared.contracts.request import RequestServed
from shared.decision import Cause


class MediationWorker(Worker):
    """The listener of mediation."""

    service = "mediation"

    def __init__(self, all: Stores, clock: Clock = now) -> None:
        super().__init__((all.matters, all.views), clock)
        self.all = all

    @on(*STATES)
    def note(self, event: Event, cause: Cause) -> None:
        """How a case stands now. In any order: each copied field knows its place by itself."""
        hearing.note(self.all, event, cause)

    @on(RequestServed)
    def ruled(self, event: RequestServed, cause: Cause) -> None:
        """What a court decided about an agreement it was asked online to confirm."""
        hearing.ruled(self.all, event, cause)

    @every(1)
    def tick(self) -> None:
        """Limits and days that have come."""
        time.tick(self.all, self.clock())


def workers() -> list[Worker]:
    """For the worker process."""
    return [MediationWorker(stores())]
