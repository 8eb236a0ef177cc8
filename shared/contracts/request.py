"""What routing tells about services asked of departments beside a case: asked, sent, answered, served."""

from __future__ import annotations

from shared.contracts.base import Event, event
from shared.contracts.fields import Code, Id, Instant, Number, Reference, ReturnReason, Unit


@event("request.queued", by="routing", about="request")
class RequestQueued(Event):
    """A department is to be asked for a service: to confirm, to file, to serve papers, to help."""

    request_id: Id
    case_id: Id
    department: Unit
    service: Code
    agreement_id: Id | None = None
    due_at: Instant | None = None


@event("request.sent", by="routing", about="request")
class RequestSent(Event):
    """The request was put into the department's mailbox."""

    request_id: Id
    case_id: Id
    department: Unit
    service: Code
    attempt: Number
    sent_at: Instant


@event("request.received", by="routing", about="request")
class RequestReceived(Event):
    """The department's system has stored the request."""

    request_id: Id
    case_id: Id
    department: Unit
    service: Code
    received_at: Instant


@event("request.accepted", by="routing", about="request")
class RequestAccepted(Event):
    """The department took the request up."""

    request_id: Id
    case_id: Id
    department: Unit
    service: Code
    accepted_at: Instant


@event("request.progressed", by="routing", about="request")
class RequestProgressed(Event):
    """The department reached a step on its way."""

    request_id: Id
    case_id: Id
    department: Unit
    service: Code
    step: Code


@event("request.returned", by="routing", about="request")
class RequestReturned(Event):
    """The department gave the request back with one of the known reasons."""

    request_id: Id
    case_id: Id
    department: Unit
    service: Code
    reason: ReturnReason


@event("request.served", by="routing", about="request")
class RequestServed(Event):
    """The service came to its result, with the department's own number and when somebody is to come."""

    request_id: Id
    case_id: Id
    department: Unit
    service: Code
    result: Code
    agreement_id: Id | None = None
    reference: Reference | None = None
    meeting_at: Instant | None = None
    served_at: Instant
