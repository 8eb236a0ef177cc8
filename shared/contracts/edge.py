"""What travels between routing and the departments' own systems: asks out, answers and heartbeats back."""

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
    Number,
    Outcome,
    Path,
    PersonsBand,
    PublicFlag,
    Reference,
    Region,
    ReturnReason,
    Tier,
    Unit,
    Version,
)


@event("ask.handle_case", by="routing", about="delivery", minor=1)
class AskHandleCase(Event):
    """A department is asked to handle a case; names are claimed from the vault, not sent.

    `category` stays empty for a protected case. `dataref` is where the files of the case are listed for this
    department, each with a link of its own; files never travel in an event.
    """

    delivery_id: Id
    case_id: Id
    case_no: CaseNo
    department: Unit
    category: Code | None
    complexity: Complexity
    matter_type: MatterType
    tier: Tier
    region: Region
    persons_band: PersonsBand = "unknown"
    accept_by: Instant | None = None
    due_at: Instant | None = None
    flags: tuple[PublicFlag, ...] = ()
    dataref: Path | None = None


@event("ask.report_case", by="routing", about="report", minor=1)
class AskReportCase(Event):
    """A platform of other offices is told how a case stands, to keep its copy; nothing is to be handled.

    A higher `revision` says something newer of the same case. `delivery_id` is the report's own id.
    """

    delivery_id: Id
    case_id: Id
    case_no: CaseNo
    department: Unit
    revision: Number
    state: Code
    channel: Channel
    category: Code | None
    complexity: Complexity | None
    matter_type: MatterType
    tier: Tier
    region: Region
    persons_band: PersonsBand = "unknown"
    flags: tuple[PublicFlag, ...] = ()
    registered_at: Instant
    resolved_at: Instant | None = None
    lead_unit: Unit | None = None
    outcome: Outcome | None = None
    late: bool = False  # the time that the referring office gave is over


@event("ask.request_service", by="routing", about="request")
class AskRequestService(Event):
    """A department is asked for a service beside a case, which it does not handle; names are claimed.

    `asked_at` is when the parties asked, `due_at` until when they may. `delivery_id` is the request's own.
    """

    delivery_id: Id
    case_id: Id
    case_no: CaseNo
    department: Unit
    service: Code
    category: Code | None
    matter_type: MatterType
    tier: Tier
    region: Region
    agreement_id: Id | None = None
    target_region: Region | None = None
    asked_at: Instant
    due_at: Instant | None = None


@event("answer.received", by="department", about="delivery")
class AnswerReceived(Event):
    """The department's system has stored the ask."""

    delivery_id: Id


@event("answer.accepted", by="department", about="delivery")
class AnswerAccepted(Event):
    """The department takes the case."""

    delivery_id: Id
    accepted_at: Instant


@event("answer.returned", by="department", about="delivery")
class AnswerReturned(Event):
    """The department gives the case back."""

    delivery_id: Id
    reason: ReturnReason


@event("answer.progressed", by="department", about="delivery")
class AnswerProgressed(Event):
    """The department reached a step on its own way."""

    delivery_id: Id
    step: Code


@event("answer.concluded", by="department", about="delivery")
class AnswerConcluded(Event):
    """The department finished its part."""

    delivery_id: Id
    outcome: Outcome
    concluded_at: Instant


@event("answer.served", by="department", about="delivery")
class AnswerServed(Event):
    """A service beside a case came to its result, with the department's number and an appointment, if any."""

    delivery_id: Id
    result: Code
    reference: Reference | None = None
    meeting_at: Instant | None = None
    served_at: Instant


@event("answer.reported", by="department", about="delivery")
class AnswerReported(Event):
    """The platform has its copy of the case as it was reported; without a receipt it wanted none of it."""

    delivery_id: Id
    receipt_hash: Hash | None = None
    reported_at: Instant


@event("adapter.heartbeat", by="department", about="adapter")
class AdapterHeartbeat(Event):
    """A department's adapter is alive; how much it is working on, and since when the oldest waits."""

    department: Unit
    version: Version
    in_flight: Count
    oldest_s: Count


@event("gate.heartbeat", by="department", about="gate")
class GateHeartbeat(Event):
    """The gate before a department on a closed network: what waits there, and since when nothing came.

    `waiting` counts asks that the other side has not confirmed, `oldest_s` is the age of the oldest.
    `silent_s` is how long no sound bundle has come from there (empty: none ever), `expect_s` how often one
    should. `missing` counts bundles that did not come, `refused` files that were refused within a day.
    """

    department: Unit
    waiting: Count
    oldest_s: Count
    silent_s: Count | None = None
    expect_s: Number
    missing: Count = 0
    refused: Count = 0
