"""What petition hears, and its one loop: the legal limits."""

from __future__ import annotations

from services.petition.handlers import hearing, time
from services.petition.handlers.hearing import Heard
from services.petition.rules.standing import COPIED
from services.petition.store import Stores, stores
from shared.bus.worker import Worker, every, on
from shared.clock import Clock, now
from shared.decision import Cause


class PetitionWorker(Worker):
    """The listener of petition."""

    service = "petition"

    def __init__(self, all: Stores, clock: Clock = now) -> None:
        super().__init__((all.petitions, all.views), clock)
        self.all = all

    @on(*COPIED)
    def note(self, event: Heard, cause: Cause) -> None:
        """A matter was registered, or sorted anew. In any order: the newest wins, field by field."""
        hearing.note(self.all, event, cause)

    @every(1)
    def tick(self) -> None:
        """Limits that have come."""
        time.tick(self.all, self.clock())


def workers() -> list[Worker]:
    """For the worker process."""
    return [PetitionWorker(stores())]
