"""What routing tells about handing a case to one department, from the mailbox to the business answer."""

from __future__ import annotations

from typing import Literal

from shared.contracts.base import Event, event
from shared.contracts.fields import Code, Id, Instant, Number, Outcome, ReturnReason, Unit

Role = Literal["lead", "co"]


@event("delivery.queued", by="routing", about="delivery")
class DeliveryQueued(Event):
    """A department is to get the case; it is owed until the department answers."""

    delivery_id: Id
    case_id: Id
    department: Unit
    role: Role
    accept_by: Instant | None = None
    due_at: Instant | None = None


@event("delivery.sent", by="routing", about="delivery")
class DeliverySent(Event):
    """The case was put into the department's mailbox."""

    delivery_id: Id
    case_id: Id
    department: Unit
    attempt: Number
    sent_at: Instant


@event("delivery.received", by="routing", about="delivery")
class DeliveryReceived(Event):
    """The department's system has stored the case; nobody there has accepted it yet."""

    delivery_id: Id
    case_id: Id
    department: Unit
    received_at: Instant


@event("delivery.accepted", by="routing", about="delivery")
class DeliveryAccepted(Event):
    """The department took the case."""

    delivery_id: Id
    case_id: Id
    department: Unit
    accepted_at: Instant


@event("delivery.returned", by="routing", about="delivery")
class DeliveryReturned(Event):
    """The department gave the case back with one of the known reasons."""

    delivery_id: Id
    case_id: Id
    department: Unit
    reason: ReturnReason


@event("delivery.progressed", by="routing", about="delivery")
class DeliveryProgressed(Event):
    """The department reached a step on its own way."""

    delivery_id: Id
    case_id: Id
    department: Unit
    step: Code


@event("delivery.concluded", by="routing", about="delivery")
class DeliveryConcluded(Event):
    """The department finished its part with a result."""

    delivery_id: Id
    case_id: Id
    department: Unit
    outcome: Outcome
    concluded_at: Instant


@event("delivery.failed", by="routing", about="delivery")
class DeliveryFailed(Event):
    """The case cannot be handed over as it is; a person must look at it."""

    delivery_id: Id
    case_id: Id
    department: Unit
    reason: Code


@event("delivery.withdrawn", by="routing", about="delivery")
class DeliveryWithdrawn(Event):
    """The department no longer has to answer, because the case went another way."""

    delivery_id: Id
    case_id: Id
    department: Unit
    reason: Code


@event("delivery.link_sent", by="routing", about="delivery")
class DeliveryLinkSent(Event):
    """The link went by message to the unit's own contact; neither number nor text is told."""

    delivery_id: Id
    case_id: Id
    department: Unit
    number: Number
    sent_at: Instant


@event("delivery.link_issued", by="routing", about="delivery")
class DeliveryLinkIssued(Event):
    """A unit without a system may answer for this one case through a signed link, until it runs out."""

    delivery_id: Id
    case_id: Id
    department: Unit
    number: Number
    valid_until: Instant
