"""What intake tells about people's rights over their data: requests, corrections, lists taken out."""

from __future__ import annotations

from shared.contracts.base import Event, event
from shared.contracts.fields import Code, Count, Id, Instant, Number


@event("privacy.request_received", by="intake", about="privacy_request")
class PrivacyRequestReceived(Event):
    """Somebody asks for a copy, a correction or the removal of the own data; an answer is due."""

    request_id: Id
    case_id: Id
    kind: Code
    due_at: Instant


@event("privacy.request_reminded", by="intake", about="privacy_request")
class PrivacyRequestReminded(Event):
    """So much of the time for an answer has gone; from a hundred on it is late."""

    request_id: Id
    case_id: Id
    pct: Number
    due_at: Instant


@event("privacy.request_closed", by="intake", about="privacy_request")
class PrivacyRequestClosed(Event):
    """The request was granted, or refused for a reason that the person was told."""

    request_id: Id
    case_id: Id
    kind: Code
    result: Code
    reason: Code | None = None
    late: bool = False
    closed_at: Instant


@event("privacy.copy_collected", by="intake", about="privacy_request")
class PrivacyCopyCollected(Event):
    """The person took the copy of the own data."""

    request_id: Id
    case_id: Id


@event("registration.corrected", by="intake", about="registration")
class RegistrationCorrected(Event):
    """Fields of a party were put right at the person's own request."""

    reg_id: Id
    case_id: Id
    field_codes: tuple[Code, ...]


@event("registration.anonymised", by="intake", about="registration")
class RegistrationAnonymised(Event):
    """Nothing personal is left of a registration; what remains can be counted and no more."""

    reg_id: Id
    case_id: Id
    reason: Code


@event("file.erased", by="intake", about="file")
class FileErased(Event):
    """The bytes and the name of a file are gone for good."""

    file_id: Id
    case_id: Id
    reason: Code


@event("privacy.export_requested", by="intake", about="export")
class PrivacyExportRequested(Event):
    """Somebody wants a list taken out of the system."""

    export_id: Id
    purpose: Code
    personal: bool


@event("privacy.export_decided", by="intake", about="export")
class PrivacyExportDecided(Event):
    """Another person allowed the list, or did not."""

    export_id: Id
    granted: bool


@event("privacy.export_taken", by="intake", about="export")
class PrivacyExportTaken(Event):
    """The list left the system, with so many rows and a watermark."""

    export_id: Id
    rows: Count
    time_no: Number
