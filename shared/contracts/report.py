"""What routing tells about the copies of a case that platforms keep: owed, sent, taken, refused."""

from __future__ import annotations

from shared.contracts.base import Event, event
from shared.contracts.fields import Hash, Id, Instant, Number, ReturnReason, Unit


@event("report.queued", by="routing", about="report")
class ReportQueued(Event):
    """A platform's copy of the case is not as the case is; a report is owed."""

    report_id: Id
    case_id: Id
    department: Unit
    revision: Number


@event("report.sent", by="routing", about="report")
class ReportSent(Event):
    """The case as it stands was put into the platform's mailbox."""

    report_id: Id
    case_id: Id
    department: Unit
    revision: Number
    attempt: Number
    sent_at: Instant


@event("report.received", by="routing", about="report")
class ReportReceived(Event):
    """The platform's adapter has stored the report; the platform itself has said nothing yet."""

    report_id: Id
    case_id: Id
    department: Unit
    revision: Number
    received_at: Instant


@event("report.taken", by="routing", about="report")
class ReportTaken(Event):
    """The platform has the case as it was reported; its receipt is with the adapter, its hash is here."""

    report_id: Id
    case_id: Id
    department: Unit
    revision: Number
    receipt_hash: Hash | None = None
    reported_at: Instant


@event("report.refused", by="routing", about="report")
class ReportRefused(Event):
    """The platform did not take the record, and gave a reason; the case goes on."""

    report_id: Id
    case_id: Id
    department: Unit
    revision: Number
    reason: ReturnReason
