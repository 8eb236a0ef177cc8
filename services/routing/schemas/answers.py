"""What routing answers: a case with its clocks and what may be done with it, lists, the timeline."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from shared.web import Answer


def texts(**more: Any) -> fields.List[Any]:
    """Several codes."""
    return fields.List(fields.String(), **more)


class OwnerAnswer(Schema):
    """Who answers for the case now."""

    post = fields.String(required=True)
    unit = fields.String(required=True)
    ref = fields.String(required=True)


class ClockAnswer(Schema):
    """One clock: what it measures, until when, and on what that rests."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    start_at = fields.DateTime(required=True)
    due_at = fields.DateTime(required=True)
    stopped_at = fields.DateTime(allow_none=True)
    state = fields.String(required=True)
    late = fields.Boolean(required=True)
    provisional = fields.Boolean(required=True)
    extended = fields.Boolean(required=True)
    basis = fields.String(required=True)


class TurnAnswer(Schema):
    """One unit's turn with the case."""

    n = fields.Integer(required=True)
    tier = fields.String(required=True)
    unit = fields.String(required=True)
    co_units = texts()
    reason = fields.String()
    basis = fields.String()
    assigned_at = fields.DateTime()
    accepted_at = fields.DateTime(allow_none=True)
    arrived_at = fields.DateTime(allow_none=True)
    ended = fields.String()
    ended_at = fields.DateTime(allow_none=True)
    return_reason = fields.String()


class CaseRow(Answer):
    """A case in a list."""

    case_no = fields.String(required=True)
    state = fields.String(required=True)
    region = fields.String(required=True)
    tier = fields.String(required=True)
    matter_type = fields.String(required=True)
    category = fields.String(allow_none=True)
    complexity = fields.String(allow_none=True)
    flags = texts()
    protected = fields.Boolean()
    lead_unit = fields.String()
    owner = fields.Nested(OwnerAnswer)
    registered_at = fields.DateTime()
    first_due = fields.DateTime(allow_none=True)
    late = fields.Boolean()


class Suggested(Schema):
    """What the software suggested when the matter was taken in; codes only, and a person decides."""

    category = fields.String(allow_none=True)
    confidence = fields.Integer(allow_none=True, metadata={"description": "Per cent."})
    others = texts()
    complexity = fields.String(allow_none=True)
    matter_type = fields.String(allow_none=True)
    tier = fields.String()
    unit = fields.String(allow_none=True)
    by = fields.String(metadata={"description": "Empty: nothing was suggested, this is the clerk's choice."})


class CaseAnswer(CaseRow):
    """A case with all that is known of it here."""

    channel = fields.String()
    grid_id = fields.String(allow_none=True)
    persons_band = fields.String()
    willingness = fields.String()
    tier_origin = fields.String()
    resident_waiting = fields.Boolean()
    report_due = fields.Boolean()
    first_receiver = fields.String()
    co_units = texts()
    clocks = fields.List(fields.Nested(ClockAnswer))
    allowed = texts(metadata={"description": "What the caller may do with it now."})
    assignments = fields.List(fields.Nested(TurnAnswer))
    suggestion = fields.Nested(Suggested, allow_none=True)
    suggestion_reasons = fields.String(
        metadata={"description": "Where the words that decided are shown: in intake, which has the text."}
    )
    return_request = fields.Raw(allow_none=True)
    suspension = fields.Raw(allow_none=True)
    mediation = fields.Raw(allow_none=True)
    agreement = fields.Raw(allow_none=True)
    attempts = fields.Dict()
    needed = fields.Integer(metadata={"description": "Failed rounds that this tier must have tried."})
    escalations = fields.Raw()
    whistles = fields.Raw()
    proposals = fields.Raw()
    callbacks = fields.Raw()
    closures = fields.Integer(metadata={"description": "How often it was resolved."})
    outcome = fields.String(allow_none=True)
    resolved_at = fields.DateTime(allow_none=True)
    closed_at = fields.DateTime(allow_none=True)
    merged_into = fields.String(allow_none=True)
    joined = fields.Raw(metadata={"description": "Cases that are the same matter and were merged here."})
    relapse_count = fields.Integer()
    profile_version = fields.String()


class CaseList(Schema):
    """A page of cases."""

    items = fields.List(fields.Nested(CaseRow), required=True)
    next = fields.String(required=True, allow_none=True)


class FactAnswer(Schema):
    """One fact that was told."""

    type = fields.String(required=True)
    data = fields.Dict(required=True)


class StepAnswer(Schema):
    """One step of a case: who (by post), when, why, and what was told."""

    version = fields.Integer(required=True)
    at = fields.DateTime(required=True)
    role = fields.String(required=True)
    unit = fields.String(required=True)
    reason = fields.String(required=True)
    events = fields.List(fields.Nested(FactAnswer), required=True)


class Timeline(Schema):
    """Everything that happened to a case, in order."""

    items = fields.List(fields.Nested(StepAnswer), required=True)


class DeliveryRow(Answer):
    """A hand-over to a department."""

    case_id = fields.String(required=True)
    case_no = fields.String(required=True)
    department = fields.String(required=True)
    stage = fields.String(required=True)
    region = fields.String()
    queued_at = fields.DateTime()
    sent_at = fields.DateTime(allow_none=True)
    received_at = fields.DateTime(allow_none=True)
    accepted_at = fields.DateTime(allow_none=True)
    accept_by = fields.DateTime(allow_none=True)
    due_at = fields.DateTime(allow_none=True)
    sent_n = fields.Integer()
    steps = texts()
    returned_reason = fields.String()
    outcome = fields.String(allow_none=True)
    late = fields.Integer()


class DeliveryList(Schema):
    """A page of hand-overs, the longest waiting first."""

    items = fields.List(fields.Nested(DeliveryRow), required=True)
    next = fields.String(required=True, allow_none=True)
