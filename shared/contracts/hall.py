"""What the reception hall tells: queue tickets, windows, visits, papers handed over, spot checks, duty rota.

Nothing here names a person: a ticket is a number of the day, a receiver is a reference.
"""

from __future__ import annotations

from shared.contracts.base import Event, event
from shared.contracts.fields import (
    Code,
    Count,
    Id,
    Instant,
    Number,
    PersonsBand,
    Rating,
    Ref,
    Region,
    Unit,
)


@event("import.stopped", by="intake", about="import")
class ImportStopped(Event):
    """The rest of a file is gone; what was registered of it stays, the file is to be brought again."""

    import_id: Id
    handled: Count
    total: Count


@event("window.arranged", by="intake", about="window")
class WindowArranged(Event):
    """A window of a centre was set up or arranged anew: its zone and what can be done there."""

    window_id: Id
    centre: Unit
    number: Number
    zone: Code
    services: tuple[Code, ...]


@event("window.closed", by="intake", about="window")
class WindowClosed(Event):
    """A window is no longer used."""

    window_id: Id
    centre: Unit
    number: Number


@event("ticket.taken", by="intake", about="ticket")
class TicketTaken(Event):
    """Somebody drew a number and waits."""

    ticket_id: Id
    centre: Unit
    service: Code
    number: Number
    priority: bool = False


@event("ticket.called", by="intake", about="ticket")
class TicketCalled(Event):
    """A number was called to a window."""

    ticket_id: Id
    centre: Unit
    window: Number
    times: Number


@event("ticket.skipped", by="intake", about="ticket")
class TicketSkipped(Event):
    """A number was called and nobody came."""

    ticket_id: Id
    centre: Unit


@event("ticket.transferred", by="intake", about="ticket")
class TicketTransferred(Event):
    """Who holds the number goes on to another service, with the same number and first in line."""

    ticket_id: Id
    centre: Unit
    from_service: Code
    to_service: Code


@event("ticket.served", by="intake", about="ticket")
class TicketServed(Event):
    """Who held the number was received."""

    ticket_id: Id
    centre: Unit
    reg_id: Id | None = None


@event("reception.opened", by="intake", about="reception")
class ReceptionOpened(Event):
    """A visit is being received: by whom, and which leader is on duty."""

    reception_id: Id
    reg_id: Id
    case_id: Id
    receiver: Ref
    duty_leader: Ref | None = None
    persons_band: PersonsBand = "unknown"
    by_leader: bool = False


@event("reception.recorded", by="intake", about="reception")
class ReceptionRecorded(Event):
    """What was said at a visit and what was answered is written down."""

    reception_id: Id
    case_id: Id


@event("reception.closed", by="intake", about="reception")
class ReceptionClosed(Event):
    """A visit is over, its record complete."""

    reception_id: Id
    case_id: Id
    rating: Rating | None = None


@event("reception.erased", by="intake", about="reception")
class ReceptionErased(Event):
    """The words of a visit are gone, because their time was over or the person asked for it."""

    reception_id: Id
    case_id: Id
    reason: Code


@event("document.erased", by="intake", about="document")
class DocumentErased(Event):
    """The titles of papers are gone; that there were papers, and who had them, stays."""

    document_id: Id
    case_id: Id
    reason: Code


@event("registration.receiver_succeeded", by="intake", about="registration")
class RegistrationReceiverSucceeded(Event):
    """Somebody else answers for a matter from now on; who received it first stays on record."""

    reg_id: Id
    case_id: Id
    from_ref: Ref
    to_ref: Ref
    reason: Code


@event("registration.receiver_released", by="intake", about="registration")
class RegistrationReceiverReleased(Event):
    """The resident was answered; nobody has to follow the matter for them any longer."""

    reg_id: Id
    case_id: Id
    ref: Ref


@event("registration.receiver_bound", by="intake", about="registration")
class RegistrationReceiverBound(Event):
    """The matter is open again, and who answered for it last answers for it again."""

    reg_id: Id
    case_id: Id
    ref: Ref


@event("registration.zone_changed", by="intake", about="registration")
class RegistrationZoneChanged(Event):
    """The resident was led from one zone of the centre to another."""

    reg_id: Id
    case_id: Id
    from_zone: Code | None = None
    to_zone: Code


@event("registration.reported", by="intake", about="registration", minor=1)
class RegistrationReported(Event):
    """What the law makes report at once was reported to an authority; why is not told."""

    reg_id: Id
    case_id: Id
    authority: Code
    reported_at: Instant
    released: bool = False  # nothing is left to report, and a case has waited for that


@event("document.taken", by="intake", about="document")
class DocumentTaken(Event):
    """Papers were taken from a resident, against a receipt."""

    document_id: Id
    case_id: Id
    receipt_no: Number
    to_unit: Unit
    items: Count


@event("document.forwarded", by="intake", about="document")
class DocumentForwarded(Event):
    """Papers were handed on."""

    document_id: Id
    case_id: Id
    to_unit: Unit


@event("document.received", by="intake", about="document")
class DocumentReceived(Event):
    """Whom the papers were for has them."""

    document_id: Id
    case_id: Id
    unit: Unit


@event("document.overdue", by="intake", about="document")
class DocumentOverdue(Event):
    """Papers are on their way for more than a day and nobody says that they have them."""

    document_id: Id
    case_id: Id
    to_unit: Unit


@event("spot_check.drawn", by="intake", about="spot_check")
class SpotCheckDrawn(Event):
    """A matter answered on the spot is to be called back by somebody else."""

    check_id: Id
    reg_id: Id
    case_id: Id
    due_at: Instant


@event("spot_check.done", by="intake", about="spot_check")
class SpotCheckDone(Event):
    """The resident was asked: was it answered, how satisfied, how many places visited."""

    check_id: Id
    case_id: Id
    reached: bool
    answered: bool | None = None
    satisfied: Rating | None = None
    places_visited: Count | None = None
    reopened: bool = False


@event("duty.leader_set", by="intake", about="duty")
class DutyLeaderSet(Event):
    """Which leader receives residents at a centre on a day."""

    duty_id: Id
    centre: Unit
    region: Region
    starts_at: Instant
    leader: Ref


@event("duty.gap_found", by="intake", about="duty")
class DutyGapFound(Event):
    """Nobody leads at a centre tomorrow; reception goes on."""

    duty_id: Id
    centre: Unit
    region: Region
    starts_at: Instant
