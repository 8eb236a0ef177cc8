"""What intake hears, and its one loop: imports on their way, and forgetting who asked too often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.intake.handlers import (
    covering,
    disclosing,
    erasing,
    files,
    hall,
    hearing,
    likeness,
    privacy,
    receiving,
    renewing,
    scanning,
)
from services.intake.handlers.importing import Importer
from services.intake.rules.standing import STATES
from services.intake.store import Stores, stores
from shared.aggregate import Store
from shared.aggregate.vessels import Vessel
from shared.bus.worker import Worker, every, on
from shared.clock import Clock, now
from shared.contracts import all as contracts
from shared.contracts.base import Event
from shared.contracts.delivery import (
    DeliveryConcluded,
    DeliveryFailed,
    DeliveryReturned,
    DeliverySent,
    DeliveryWithdrawn,
)
from shared.contracts.department import (
    DepartmentOffboarded,
    DepartmentOnboarded,
    DepartmentResumed,
    DepartmentSuspended,
)
from shared.contracts.grid import GridFindingReported
from shared.contracts.identity import AccountClosed
from shared.contracts.intake import RegistrationAnswered
from shared.contracts.merging import CaseUnmerged
from shared.contracts.report import ReportSent
from shared.contracts.request import RequestReturned, RequestSent, RequestServed
from shared.contracts.routing import CaseMerged
from shared.contracts.sla import SlaBreached
from shared.decision import Cause

__all__ = ["IntakeWorker", "contracts", "workers"]

ROUND = 2.0  # seconds; the right to work on imports lasts five
SKETCHING = 1.0  # seconds of a round
FORGET_AFTER = timedelta(hours=1)


class IntakeWorker(Worker):
    """The listener of intake."""

    service = "intake"

    def __init__(self, all: Stores, clock: Clock = now) -> None:
        kept = (all.registrations, all.imports, all.reveals, all.views, all.files, all.groups)
        shared = (all.agreements, all.disclosures, all.holdings, all.partners, all.requests, all.exports)
        super().__init__((*kept, *shared, *_hall(all)), clock)
        self.all, self.importer = all, Importer(all, clock)

    def vessels(self) -> list[Vessel]:
        """Registrations are marked as well as sealed; and there are pieces and files."""
        more = renewing.vessels(self.all)
        return [*more, *(one for one in super().vessels() if one.name not in {v.name for v in more})]

    @on(*STATES)
    def note(self, event: Event, cause: Cause) -> None:
        """How a case stands now. In any order: each copied field knows its place by itself."""
        hearing.note(self.all, event, cause)
        if isinstance(event, CaseMerged | CaseUnmerged):
            hearing.regroup(self.all, event, cause)

    @on(SlaBreached)
    def late(self, event: SlaBreached, cause: Cause) -> None:
        """A unit did not take its case in time; the first receiver is to know."""
        hearing.note_late(self.all, event, cause)

    @on(AccountClosed)
    def left(self, event: AccountClosed, cause: Cause) -> None:
        """Somebody left the service; their successor takes over."""
        hearing.inherit(self.all, event, cause)

    @on(GridFindingReported)
    def finding(self, event: GridFindingReported, cause: Cause) -> None:
        """A grid worker found something."""
        hearing.register_finding(self.all, event, cause)

    @on(
        DeliverySent,
        DeliveryReturned,
        DeliveryConcluded,
        DeliveryWithdrawn,
        DeliveryFailed,
        ReportSent,
        RequestSent,
        RequestReturned,
        RequestServed,
    )
    def handed_over(self, event: Event, cause: Cause) -> None:
        """Which unit has which case. In any order: what was begun or over stays so."""
        disclosing.note(self.all, event, cause)

    @on(DepartmentOnboarded, DepartmentSuspended, DepartmentResumed, DepartmentOffboarded, order="latest")
    def connected(self, event: disclosing.Connected, cause: Cause) -> None:
        """A unit that sharing agreements can be made with; whether its links open anything now."""
        disclosing.connected(self.all, event, cause)

    @every(0.5, alone=True)
    def bring_in(self) -> None:
        """Imports on their way, a short while each round, so that another replica can take over."""
        self.importer.work(ROUND)

    @on(RegistrationAnswered)
    def answered(self, event: RegistrationAnswered, cause: Cause) -> None:
        """Some of what was answered on the spot is drawn, to ask whether it was."""
        receiving.consider(self.all, event, cause)

    @every(60, alone=True)
    def look(self) -> None:
        """Papers that nobody has said that they have; centres that nobody leads tomorrow."""
        receiving.find_late(self.all, self.clock())
        hall.find_gaps(self.all, self.clock())

    @every(2, alone=True)
    def scan(self) -> None:
        """Files that wait for the virus scanner."""
        if ask := scanning.scanner():
            covering.scan(self.all, ask, self.clock())

    @every(10, alone=True)
    def sketch(self) -> None:
        """Sketches that a stopped process left out; all of them after a change of the key."""
        likeness.catch_up(self.all, self.clock(), SKETCHING)

    @every(3600, alone=True)
    def let_go(self) -> None:
        """Bytes that no file has named for thirty days."""
        files.collect(self.all, self.clock())

    @every(60, alone=True)
    def remind(self) -> None:
        """Requests about the own data whose time runs out."""
        privacy.remind(self.all, self.clock())

    @every(3600, alone=True)
    def make_nameless(self) -> None:
        """What the profile lets be kept no longer."""
        erasing.sweep(self.all, self.clock())

    @every(600, alone=True)
    def forget(self) -> None:
        """Who asked how often is nobody's business after an hour, nor are drafts whose days are over."""
        self.all.attempts.forget(self.clock() - FORGET_AFTER)
        self.all.drafts.forget(self.clock())


def _hall(all: Stores) -> tuple[Store[Any], ...]:
    return all.windows, all.tickets, all.receptions, all.duties, all.papers, all.spot_checks


def workers() -> list[Worker]:
    """For the worker process."""
    return [IntakeWorker(stores())]
