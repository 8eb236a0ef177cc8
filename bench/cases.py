"""Cases that are led through routing by its own handlers, so that others have something real to follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bench.publishers import COMMITTEE, VILLAGE, Publisher, matter, registration, tell
from services.routing import handlers
from services.routing.model import commands as asks
from services.routing.store import Stores
from services.routing.worker import RoutingWorker
from shared import ids
from shared.clock import now
from shared.contracts.intake import RegistrationAccepted
from shared.decision import Actor, Cause

DISPATCHER = Actor(
    ref=ids.derived("bench", "dispatcher"), role="dispatcher", unit="centre_county", region="990101"
)
STAFF = Actor(ref=ids.derived("bench", "staff"), role="unit_staff", unit=COMMITTEE, region=VILLAGE)
SORTED = asks.Triage(matter_type="dispute", category="neighbour", complexity="general", willingness="both")
T = TypeVar("T")


def several(work: Callable[[T], object], things: Iterable[T]) -> None:
    """The same work on many things, several at once; raises the first error."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, things))


def registered(intake: Publisher, number: int) -> list[RegistrationAccepted]:
    """So many registrations whose events lie in intake's outbox."""
    made = [registration(n) for n in range(number)]
    several(lambda event: tell(intake, event.reg_id, event), made)
    return made


def handled(stores: Stores, case_ids: Sequence[str]) -> None:
    """Registered cases that are sorted, given to a committee, accepted and begun."""

    def order(case_id: str) -> None:
        for command, actor, ask in (
            ("triage", DISPATCHER, SORTED),
            ("assign", DISPATCHER, asks.Assign()),
            ("accept", STAFF, None),
            ("start", STAFF, None),
        ):
            handlers.order(stores, case_id, command, Cause(at=now(), actor=actor), ask)

    several(order, case_ids)


def mediated(mediation: Publisher, case_ids: Sequence[str]) -> dict[str, str]:
    """Cases with a matter each, whose five events lie in mediation's outbox. Gives case by matter."""
    matters = {ids.new(): case_id for case_id in case_ids}

    def story(mm_id: str) -> None:
        for event in matter(mm_id, matters[mm_id]):
            tell(mediation, mm_id, event)

    several(story, matters)
    return matters


def lived(stores: Stores, intake: Publisher, mediation: Publisher, number: int) -> list[str]:
    """Cases with all this behind them, heard by routing here in this process: everything told of them."""
    router, events = RoutingWorker(stores), registered(intake, number)
    case_ids = [event.case_id for event in events]
    several(lambda event: _hear(router, intake, event.reg_id), events)
    handled(stores, case_ids)
    several(lambda mm_id: _hear(router, mediation, mm_id), mediated(mediation, case_ids))
    return case_ids


def _hear(router: RoutingWorker, publisher: Publisher, id: str) -> None:
    for body in publisher.events_after(id, ""):
        router.hear(body, "x.events")
