"""The bodies that mediation gives."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.mediation.model.states import State
from services.mediation.schemas.base import Lenient
from services.mediation.schemas.papers import AgreementAnswer
from shared.web import Answer


class PartyAnswer(Schema):
    """A party."""

    party_ref = fields.String(required=True)
    side = fields.String(required=True)
    consent = fields.String(required=True)
    how = fields.String()
    asked_at = fields.DateTime(allow_none=True)


class MediatorAnswer(Schema):
    """A mediator."""

    ref = fields.String(required=True)
    interest = fields.String(required=True)
    chosen_by = fields.String(required=True)
    may_sit = fields.Boolean(required=True)


class NoticeAnswer(Schema):
    """An invitation."""

    at = fields.DateTime(required=True)
    how = fields.String(required=True)


class PresenceAnswer(Schema):
    """Who came."""

    party_ref = fields.String(required=True)
    present = fields.Boolean(required=True)
    notices = fields.List(fields.Nested(NoticeAnswer))


class SessionAnswer(Schema):
    """A sitting."""

    session_id = fields.String(required=True)
    seq = fields.Integer(required=True)
    tier = fields.String(required=True)
    panel = fields.List(fields.String())
    mode = fields.String(required=True)
    planned_start = fields.DateTime(required=True)
    planned_end = fields.DateTime(allow_none=True)
    agreed_by = fields.List(fields.String())
    place_cell = fields.String()
    place_kind = fields.String(allow_none=True)
    room = fields.String()
    video_link = fields.String()
    started_at = fields.DateTime(allow_none=True)
    ended_at = fields.DateTime(allow_none=True)
    recorded = fields.Boolean()
    attendance = fields.List(fields.Nested(PresenceAnswer))
    officials_absent = fields.List(fields.String())
    means = fields.List(fields.String())
    offers = fields.Dict(keys=fields.String(), values=fields.String())
    outcome = fields.String(allow_none=True)
    reason = fields.String()
    counts_as_attempt = fields.Boolean(required=True)
    counts_reason = fields.String()
    minutes_versions = fields.Integer()


class ClockAnswer(Schema):
    """A limit."""

    kind = fields.String(required=True)
    start_at = fields.DateTime(required=True)
    due_at = fields.DateTime(required=True)
    state = fields.String(required=True)
    stopped_at = fields.DateTime(allow_none=True)
    extended = fields.Boolean()
    provisional = fields.Boolean()
    basis = fields.String()


class MatterAnswer(Answer):
    """A matter for those who work on it."""

    mm_id = fields.String(required=True)
    case_id = fields.String(required=True)
    case_no = fields.String(required=True)
    region = fields.String(required=True)
    tier = fields.String(required=True)
    kind = fields.String(required=True)
    linkage = fields.String(required=True)
    linkage_stage = fields.String()
    organisation = fields.String(required=True)
    category = fields.String(allow_none=True)
    protected = fields.Boolean()
    state = fields.String(required=True)
    allowed = fields.List(fields.String(), required=True)
    opened_at = fields.DateTime(required=True)
    limit_due = fields.DateTime(allow_none=True)
    closed_at = fields.DateTime(allow_none=True)
    result = fields.String(allow_none=True)
    close_reason = fields.String()
    routes_shown_at = fields.DateTime(allow_none=True)
    routes = fields.List(fields.Dict(keys=fields.String(), values=fields.String()))
    attempts = fields.Integer(required=True)
    parties = fields.List(fields.Nested(PartyAnswer))
    panel = fields.List(fields.Nested(MediatorAnswer))
    sessions = fields.List(fields.Nested(SessionAnswer))
    session_id = fields.String(metadata={"description": "The sitting that this request made."})
    clocks = fields.List(fields.Nested(ClockAnswer))
    agreement = fields.Nested(AgreementAnswer, allow_none=True)


class LineAnswer(Schema):
    """One line of a list."""

    mm_id = fields.String(required=True)
    case_id = fields.String(required=True)
    case_no = fields.String(required=True)
    region = fields.String(required=True)
    tier = fields.String(required=True)
    kind = fields.String(required=True)
    linkage = fields.String(required=True)
    organisation = fields.String(required=True)
    category = fields.String(allow_none=True)
    state = fields.String(required=True)
    opened_at = fields.DateTime(required=True)
    closed_at = fields.DateTime(allow_none=True)
    result = fields.String(allow_none=True)
    attempts = fields.Integer(required=True)
    version = fields.Integer(required=True)


class MatterList(Schema):
    """A page of matters, newest first."""

    items = fields.List(fields.Nested(LineAnswer), required=True)
    next = fields.String(allow_none=True)


class ListQuery(Lenient):
    """Which matters."""

    case_id = fields.String()
    state = fields.String(validate=validate.OneOf([state.value for state in State]))
    after = fields.String(metadata={"description": "`next` of the page before."})
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class MinutesVersion(Schema):
    """One version of the record of a sitting."""

    at = fields.DateTime(required=True)
    by = fields.String(required=True)
    facts = fields.String(required=True)
    law = fields.String(required=True)
    proposals = fields.String(required=True)
    views = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class MinutesAnswer(Answer):
    """The record of a sitting in words, newest version first."""

    session_id = fields.String(required=True)
    versions = fields.List(fields.Nested(MinutesVersion), required=True)


class ComplaintAnswer(Schema):
    """A complaint in words."""

    mediator_ref = fields.String(required=True)
    about = fields.String(required=True)
    at = fields.DateTime(required=True)
    text = fields.String(required=True)


class ComplaintsAnswer(Answer):
    """The complaints about the mediators of a matter."""

    items = fields.List(fields.Nested(ComplaintAnswer), required=True)
