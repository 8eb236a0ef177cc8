"""A listener that mostly waits, as one does that asks another system: it shows how the bus itself scales.

A tenth of a second each, ten messages in hand: one replica can do a hundred a second, whatever the machine.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from shared.aggregate import AggregateDocument, MongoStore
from shared.aggregate.held import Teller
from shared.bus.worker import Worker, on
from shared.contracts.intake import RegistrationAccepted
from shared.database import open_database
from shared.decision import Cause, Decision

SECONDS = 0.1


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The events that were heard of one case."""

    ids: tuple[str, ...] = ()
    region: str = "990101"


class HeardDocument(AggregateDocument):
    """The same, stored."""

    meta = {"collection": "heard", "db_alias": "waiting"}


def store() -> MongoStore[Heard]:
    """What it heard."""
    open_database("waiting")
    return MongoStore(Teller(service="waiting", aggregate="heard"), HeardDocument, Heard, projection=True)


def heard(before: Heard | None, id: str) -> Decision[Heard]:
    """One more."""
    known = before or Heard()
    return Decision(state=replace(known, ids=(*known.ids, id)))


class Waiting(Worker):
    """Waits, then notes what it heard."""

    service = "waiting"

    @on(RegistrationAccepted)
    def registered(self, event: RegistrationAccepted, cause: Cause) -> None:
        """Wait as for an answer from elsewhere."""
        assert cause.heard is not None
        id = cause.heard.id
        time.sleep(SECONDS)
        self.stores[0].open(event.case_id, cause, lambda before: heard(before, id))


def workers() -> list[Worker]:
    """For the worker process."""
    return [Waiting([store()])]
