"""What intake tells: what came in, what was registered, and who was shown a sealed field."""

from __future__ import annotations

from shared.contracts.base import Event, event
from shared.contracts.fields import (
    CaseNo,
    Channel,
    Code,
    Complexity,
    Count,
    Hash,
    Id,
    Instant,
    MatterType,
    Outcome,
    PersonsBand,
    PlaceKind,
    PublicFlag,
    Ref,
    Region,
    Tier,
    Unit,
    Version,
)


@event("registration.received", by="intake", about="registration", minor=1)
class RegistrationReceived(Event):
    """Something reached the centre and is being registered."""

    reg_id: Id
    channel: Channel
    matter_type: MatterType
    external_ref_hash: Hash | None = None
    case_id: Id | None = None


@event("registration.rejected_input", by="intake", about="import")
class RegistrationRejectedInput(Event):
    """A message from another platform could not be read and was kept aside with its faults."""

    import_id: Id
    channel: Channel
    error_codes: tuple[Code, ...]


@event("registration.accepted", by="intake", about="registration", minor=2)
class RegistrationAccepted(Event):
    """A matter was registered and left with its case number; routing opens the case from this.

    `category` stays empty for a protected matter. Suggestions are never applied by themselves.
    """

    reg_id: Id
    case_id: Id
    case_no: CaseNo
    channel: Channel
    matter_type: MatterType
    category: Code | None
    region: Region
    grid_id: Region | None = None
    place_kind: PlaceKind | None = None
    persons_band: PersonsBand = "unknown"
    flags: tuple[PublicFlag, ...] = ()
    protected: bool = False
    emergency: bool = False
    resident_waiting: bool = False
    discovered_at: Instant | None = None
    received_at: Instant
    registered_at: Instant
    first_receiver: Ref | None = None
    receiving_unit: Unit | None = None
    finding_id: Id | None = None
    referred: bool = False  # by another office, under its own number
    linkage_stage: Code | None = None
    suggested_category: Code | None = None
    suggested_complexity: Complexity | None = None
    suggested_unit: Unit | None = None
    suggested_by: Version | None = None
    suggested_matter_type: MatterType | None = None
    suggested_tier: Tier | None = None
    suggested_confidence: Count | None = None
    suggested_others: tuple[Code, ...] = ()
    report_due: bool = False  # the law makes report something first; what it is, is not told


@event("registration.answered", by="intake", about="registration")
class RegistrationAnswered(Event):
    """The resident was answered on the spot; nothing is left to be handled."""

    reg_id: Id
    case_id: Id | None = None
    case_no: CaseNo | None = None
    channel: Channel
    matter_type: MatterType
    region: Region
    outcome: Outcome = "answered"
    received_at: Instant
    answered_at: Instant


@event("registration.not_accepted", by="intake", about="registration")
class RegistrationNotAccepted(Event):
    """The law leaves the matter to another road; it was registered, and the resident was told which one."""

    reg_id: Id
    case_id: Id
    case_no: CaseNo
    channel: Channel
    matter_type: MatterType
    region: Region
    reason: Code
    route: Code
    received_at: Instant
    registered_at: Instant


@event("import.started", by="intake", about="import")
class ImportStarted(Event):
    """A file of matters from another system was taken; its rows are being registered."""

    import_id: Id
    total: Count


@event("import.progressed", by="intake", about="import")
class ImportProgressed(Event):
    """So many rows of a file have their answer."""

    import_id: Id
    handled: Count
    total: Count


@event("import.finished", by="intake", about="import")
class ImportFinished(Event):
    """Every row of a file is registered or kept aside with its faults."""

    import_id: Id
    total: Count
    accepted: Count
    duplicates: Count
    repeated: Count
    rejected: Count


@event("privacy.reveal_granted", by="intake", about="reveal")
class PrivacyRevealGranted(Event):
    """Somebody was shown sealed fields of a case, once, for a stated purpose."""

    reveal_id: Id
    case_id: Id
    purpose: Code
    field_codes: tuple[Code, ...]
    recipient_unit: Unit | None = None
    legal_basis: Code | None = None


@event("privacy.reveal_denied", by="intake", about="reveal")
class PrivacyRevealDenied(Event):
    """Somebody asked for sealed fields of a case and did not get them."""

    reveal_id: Id
    case_id: Id
    purpose: Code
    field_codes: tuple[Code, ...]
    reason: Code
    recipient_unit: Unit | None = None


@event("sharing.agreed", by="intake", about="sharing")
class SharingAgreed(Event):
    """A unit may be given these sealed fields for this purpose, on this basis, within this time (XE-08)."""

    agreement_id: Id
    unit: Unit
    purpose: Code
    field_codes: tuple[Code, ...]
    legal_basis: Code
    valid_from: Instant
    valid_until: Instant


@event("sharing.ended", by="intake", about="sharing")
class SharingEnded(Event):
    """A sharing agreement was ended before its time."""

    agreement_id: Id
    unit: Unit
    reason: Code


@event("vault.disclosed", by="intake", about="disclosure")
class VaultDisclosed(Event):
    """A department that works on a case was given sealed fields of its parties, once, with a receipt."""

    receipt_id: Id
    case_id: Id
    delivery_id: Id
    recipient_unit: Unit
    purpose: Code
    field_codes: tuple[Code, ...]
    agreement_id: Id
    legal_basis: Code
    disclosed_at: Instant


@event("file.attached", by="intake", about="file")
class FileAttached(Event):
    """A file was attached to a case: its hash, size and kind. Its name and bytes are claimed, not sent."""

    file_id: Id
    case_id: Id
    sha256: Hash
    size: Count
    kind: Code
