"""What feeds the services that are measured: an intake and a mediation that only tell, through real outboxes.

They use the suite's own stores and contracts, so that what arrives is exactly what the real ones would send.
As `bench.publishers` in a worker process the small intake's outbox is emptied by the suite's own loops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared import ids
from shared.aggregate import AggregateDocument, MongoStore
from shared.aggregate.held import Teller
from shared.bus.worker import Worker, on
from shared.clock import now
from shared.contracts.base import Event
from shared.contracts.intake import RegistrationAccepted
from shared.contracts.mediation import (
    MediationMatterClosed,
    MediationMatterOpened,
    MediationSessionFailed,
)
from shared.database import open_database
from shared.decision import Cause, Decision

VILLAGE = "990101101201"
COMMITTEE = "committee_101201"


@dataclass(frozen=True, kw_only=True)
class Told:
    """How often something was told of one registration or matter."""

    times: int = 0
    region: str = VILLAGE


class RegistrationDocument(AggregateDocument):
    """A registration of which only the outbox matters."""

    meta = {"collection": "told_registrations", "db_alias": "intake"}


class MatterDocument(AggregateDocument):
    """A matter of mediation of which only the outbox matters."""

    meta = {"collection": "told_matters", "db_alias": "mediation"}


Publisher = MongoStore[Told]


def intake() -> Publisher:
    """Tells of registrations."""
    open_database("intake")
    return MongoStore(Teller(service="intake", aggregate="registration"), RegistrationDocument, Told)


def mediation() -> Publisher:
    """Tells of matters."""
    open_database("mediation")
    return MongoStore(Teller(service="mediation", aggregate="matter"), MatterDocument, Told)


def tell(publisher: Publisher, id: str, event: Event) -> None:
    """One write: the event lies in the outbox."""

    def rule(told: Told | None) -> Decision[Told]:
        before = told or Told()
        return Decision(state=replace(before, times=before.times + 1), events=(event,))

    publisher.open(id, Cause(at=now()), rule)


def registration(number: int) -> RegistrationAccepted:
    """A quarrel between neighbours, just registered at the window."""
    return RegistrationAccepted(
        reg_id=ids.new(),
        case_id=ids.new(),
        case_no=f"990101-2026-{number:06d}",
        channel="window",
        matter_type="dispute",
        category="neighbour",
        region=VILLAGE,
        persons_band="2-4",
        received_at=now(),
        registered_at=now(),
        first_receiver="clerk",
        receiving_unit="centre_101",
        suggested_category="neighbour",
        suggested_complexity="general",
        suggested_by="keywords@1",
    )


def matter(mm_id: str, case_id: str) -> Sequence[Event]:
    """A mediation of a case from its opening over three rounds to its end without agreement."""
    rounds = [
        MediationSessionFailed(
            mm_id=mm_id,
            session_id=ids.new(),
            case_id=case_id,
            tier="village",
            counts_as_attempt=True,
            reason_code="no_agreement",
        )
        for _ in range(3)
    ]
    opened = MediationMatterOpened(mm_id=mm_id, case_id=case_id, kind="people", organisation=COMMITTEE)
    closed = MediationMatterClosed(mm_id=mm_id, case_id=case_id, result="failed", days=3)
    return (opened, *rounds, closed)


class Intake(Worker):
    """Empties the small intake's outbox."""

    service = "intake"

    @property
    def queue(self) -> str:
        """Not the real intake's: here nothing is heard."""
        return "bench.inbox"

    @on("nothing.ever")
    def nothing(self, event: Event, cause: Cause) -> None:
        """Never called."""


def workers() -> list[Worker]:
    """For the worker process."""
    return [Intake([intake()])]
