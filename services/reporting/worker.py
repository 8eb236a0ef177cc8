"""What reporting hears: everything that is told of a case, in turn."""

from __future__ import annotations

from services.reporting.handlers.following import follow_case, follow_petition
from services.reporting.store import SERVICE, Stores, stores
from shared.bus.worker import Worker, on
from shared.clock import Clock, now
from shared.contracts.all import about
from shared.contracts.base import Event
from shared.contracts.groups import GroupMassDecided, GroupMassProposed
from shared.contracts.intake import (
    FileAttached,
    PrivacyRevealDenied,
    PrivacyRevealGranted,
    VaultDisclosed,
)
from shared.decision import Cause


class ReportingWorker(Worker):
    """The listener of reporting."""

    service = SERVICE

    def __init__(self, all: Stores, clock: Clock = now) -> None:
        super().__init__((all.rows, all.petitions), clock)
        self.all = all

    @on(
        *about("registration"),
        PrivacyRevealGranted,
        PrivacyRevealDenied,
        VaultDisclosed,
        FileAttached,
        GroupMassProposed,
        GroupMassDecided,
    )
    def told_by_intake(self, event: Event | None, cause: Cause) -> None:
        """A matter came in, or somebody looked at what is sealed. The stream does not begin with the case."""
        follow_case(self.all, event, cause)

    @on(*about("case"), order="strict")
    def told_by_routing(self, event: Event | None, cause: Cause) -> None:
        """Where the case is, its clocks, supervision and whistles: one stream, so one method."""
        follow_case(self.all, event, cause)

    @on(*about("delivery"), order="strict")
    def handed_over(self, event: Event | None, cause: Cause) -> None:
        """The way into a department's mailbox and back."""
        follow_case(self.all, event, cause)

    @on(*about("request"), order="strict")
    def asked(self, event: Event | None, cause: Cause) -> None:
        """Services asked of departments beside a case."""
        follow_case(self.all, event, cause)

    @on(*about("report"), order="strict")
    def reported(self, event: Event | None, cause: Cause) -> None:
        """The copies of the case that platforms keep."""
        follow_case(self.all, event, cause)

    @on(*about("matter"), order="strict")
    def mediated(self, event: Event | None, cause: Cause) -> None:
        """Sittings and agreements."""
        follow_case(self.all, event, cause)

    @on(*about("petition"), order="strict")
    def petitioned(self, event: Event | None, cause: Cause) -> None:
        """A petition, which may come to belong to a case later."""
        follow_petition(self.all, event, cause)

    @on(
        "import.#",
        "account.#",
        "unit.#",
        "access.#",
        "device.#",
        "card.#",
        "posting.#",
        "sheet.#",
        "assignment.#",
        "privacy.#",
        "region.#",
        "grid.#",
        "department.#",
        "sharing.#",
        "vault.#",
        "file.#",
        "window.#",
        "ticket.#",
        "reception.#",
        "document.#",
        "spot_check.#",
        "duty.#",
        "group.#",
    )
    def told_of_other_things(self, event: Event | None, cause: Cause) -> None:
        """Of these no row is kept; they are heard so that none ever lies in the park as unroutable."""


def workers() -> list[Worker]:
    """For the worker process."""
    return [ReportingWorker(stores())]
