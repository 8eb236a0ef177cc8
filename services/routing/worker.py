"""What routing listens to, and what it does again and again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from services.routing import handlers
from services.routing.handlers import (
    answering,
    departments,
    mailbox,
    merging,
    messages,
    provisioning,
    reports,
    requests,
)
from services.routing.store import Stores, stores
from shared.bus.api import Management
from shared.bus.mailboxes import Mailboxes, RealMailboxes
from shared.bus.names import BEATS, GATEWAY
from shared.bus.worker import Worker, every, on
from shared.clock import Clock, now
from shared.contracts import closing, routing, sla
from shared.contracts import merging as merged
from shared.contracts.all import about
from shared.contracts.base import Event
from shared.contracts.edge import AdapterHeartbeat, GateHeartbeat
from shared.contracts.groups import GroupMassDecided
from shared.contracts.hall import RegistrationReported
from shared.contracts.intake import RegistrationAccepted
from shared.decision import Cause
from shared.messages import Outlet
from shared.messages import outlet as message_outlet
from shared.settings import settings

MOVES: Sequence[type[Event]] = (
    routing.CaseAssigned,
    routing.CaseReturned,
    routing.CaseTransferred,
    routing.CaseEscalated,
    closing.CaseResolved,
    closing.CaseReferredOut,
    closing.CaseWithdrawn,
    closing.CaseClosed,
    closing.CaseRelapsed,
)  # after each of these a department may owe an answer, or no longer owe one

CHANGES: Sequence[type[Event]] = (
    routing.CaseRegistered,
    routing.CaseTriaged,
    routing.CaseNotAccepted,
    routing.CaseMerged,
    merged.CaseUnmerged,
    merged.CaseJoined,
    merged.CaseParted,
    routing.CaseAccepted,
    routing.CaseHandlingStarted,
    routing.CaseMediationOpened,
    routing.CaseMediationClosed,
    routing.CaseAgreementReached,
    routing.CaseEscalationRequested,
    routing.CaseNoted,
    sla.SlaBreached,
    closing.CaseSuspended,
    closing.CaseResumed,
    closing.CaseVerified,
    closing.CaseReopenedForRework,
)  # beside the moves: after each of these a platform's copy is not as the case is


class RoutingWorker(Worker):
    """Follows registrations, mediation, deliveries, and its own cases."""

    service = "routing"

    def __init__(
        self,
        all: Stores,
        clock: Clock = now,
        mailboxes: Mailboxes | None = None,
        outlet: Outlet | None = None,
    ) -> None:
        super().__init__([all.cases, all.deliveries, all.departments, all.reports, all.requests], clock)
        self.all, self.mailboxes, self.outlet = all, mailboxes, outlet

    @on(RegistrationAccepted)
    def accepted(self, event: RegistrationAccepted, cause: Cause) -> None:
        """A registration becomes a case."""
        handlers.register(self.all, event, cause)

    @on(RegistrationReported)
    def reported(self, event: RegistrationReported, cause: Cause) -> None:
        """What the law makes report first was reported."""
        handlers.reported(self.all, event, cause)

    @on(*about("matter"), order="strict")
    def mediated(self, event: Event | None, cause: Cause) -> None:
        """Rounds, agreements and refusals move a case."""
        handlers.mediated(self.all, event, cause)
        requests.filed(self.all, event, cause)

    @on(*MOVES)
    def moved(self, event: Event, cause: Cause) -> None:
        """A case that was assigned or taken away is handed over or withdrawn."""
        handlers.keep_in_step(self.all, cause)
        reports.keep(self.all, cause)

    @on(*CHANGES)
    def changed(self, event: Event, cause: Cause) -> None:
        """A platform that keeps a copy of the case is to hear how it stands now."""
        reports.keep(self.all, cause)
        merging.follow(self.all, event, cause)

    @on(GroupMassDecided)
    def decided(self, event: GroupMassDecided, cause: Cause) -> None:
        """A person saw a crowd behind a matter, or saw that there is none."""
        merging.decided(self.all, event, cause)

    @on(*about("delivery"), order="strict")
    def handed_over(self, event: Event | None, cause: Cause) -> None:
        """What a department answered moves its case."""
        handlers.handed_over(self.all, event, cause)

    @every(1)
    def tick(self) -> None:
        """Reminders, breaches, ends of rests."""
        handlers.tick(self.all, self.clock())

    @every(0.5, alone=True)
    def dispatch(self) -> None:
        """Fill the departments' mailboxes up to their windows."""
        handlers.dispatch(self.all, self.clock())
        reports.dispatch(self.all, self.clock())
        requests.dispatch(self.all, self.clock())

    @every(60, alone=True)
    def tidy(self) -> None:
        """Empty mailboxes at the broker whose units fetch their mail over HTTPS or work by hand."""
        if settings().amqp_api:
            mailbox.tidy(self.all, Management(settings().amqp_api), self.clock())

    @every(60, alone=True)
    def declare(self) -> None:
        """Departments and seats of the county's file that are not known yet."""
        departments.declare(self.all, self.clock())

    @every(2, alone=True)
    def send_links(self) -> None:
        """Links of units without a system go out by message, where there is an outlet."""
        if self.outlet:
            messages.send_links(self.all, self.outlet, self.clock())

    @every(5, alone=True)
    def awaken(self) -> None:
        """Rests that were to last until now."""
        departments.awaken(self.all, self.clock())

    @every(3, alone=True)
    def provision(self) -> None:
        """Bring the broker into line with the departments."""
        if self.mailboxes:
            provisioning.reconcile(self.all, self.mailboxes, self.clock())

    @every(30, alone=True)
    def look(self) -> None:
        """Who is alive; and what they should have had long ago is sent again."""
        if self.mailboxes:
            provisioning.look(self.all, self.mailboxes, self.clock())
            provisioning.send_again(self.all, self.clock())


class Gateway(Worker):
    """Stands at the edge: takes departments' answers and believes only the outlet they came through."""

    service = "routing"
    vhost: ClassVar[str] = "edge"

    def __init__(self, all: Stores, clock: Clock = now) -> None:
        super().__init__((), clock)  # the outboxes are emptied by RoutingWorker
        self.all = all

    @property
    def queue(self) -> str:
        """The queue of all answers."""
        return GATEWAY

    @on("answer.#")
    def answered(self, event: Event | None, cause: Cause) -> None:
        """A department answered: to a hand-over, to how a case stands, or to a request for a service."""
        answering.answered(self.all, event, cause)


class Beats(Worker):
    """Takes the heartbeats of departments' systems; losing some is no harm."""

    service = "routing"
    vhost: ClassVar[str] = "edge"

    def __init__(self, all: Stores, clock: Clock = now) -> None:
        super().__init__((), clock)
        self.all = all

    @property
    def queue(self) -> str:
        """The queue of all heartbeats."""
        return BEATS

    @on(AdapterHeartbeat)
    def beaten(self, event: AdapterHeartbeat, cause: Cause) -> None:
        """A department's system is alive."""
        provisioning.beaten(self.all, event, cause)

    @on(GateHeartbeat)
    def ferried(self, event: GateHeartbeat, cause: Cause) -> None:
        """The gate before a department on a closed network works."""
        provisioning.ferried(self.all, event, cause)


def workers() -> list[Worker]:
    """The real workers."""
    all, given = stores(), settings()
    mailboxes = RealMailboxes(Management(given.amqp_api), given.edge_vhost) if given.amqp_api else None
    return [RoutingWorker(all, mailboxes=mailboxes, outlet=message_outlet()), Gateway(all), Beats(all)]
