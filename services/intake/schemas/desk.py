"""The bodies about what the desk does beside a matter."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.intake.model import words
from services.intake.model.desk import SUCCESSIONS
from services.intake.schemas.taken import REFERENCE, Lenient, one_of
from shared.web import Answer


class SuccessionBody(Lenient):
    """Who answers from now on, and why."""

    to = fields.String(required=True, validate=REFERENCE)
    reason = fields.String(required=True, validate=one_of(SUCCESSIONS))


class ZoneBody(Lenient):
    """The zone that the resident is led to."""

    zone = fields.String(required=True, validate=one_of(words.ZONES))


class SuccessionAnswer(Schema):
    """One hand-over of the duty."""

    from_ref = fields.String(required=True)
    to_ref = fields.String(required=True)
    reason = fields.String(required=True)
    at = fields.DateTime(required=True)
    by = fields.String(required=True)


class AnswerableAnswer(Answer):
    """Who received first, who answers now, and until when that duty lasts."""

    reg_id = fields.String(required=True)
    case_id = fields.String(required=True)
    case_no = fields.String(required=True)
    registered_at = fields.DateTime(required=True)
    first_receiver = fields.String(required=True)
    answerable = fields.String(required=True)
    lasts = fields.Boolean(required=True)
    until = fields.DateTime(allow_none=True)
    successions = fields.List(fields.Nested(SuccessionAnswer), required=True)
    pickup_late = fields.Boolean(
        required=True, metadata={"description": "The unit should have taken the case already."}
    )


class AnswerableList(Schema):
    """What somebody still answers for, the oldest first."""

    items = fields.List(fields.Nested(AnswerableAnswer), required=True)
    next = fields.String(allow_none=True)


class DeskReportAnswer(Schema):
    """A report to an authority."""

    of = fields.String(required=True)
    authority = fields.String(required=True)
    at = fields.DateTime(required=True)
    reference = fields.String()


class DeskAnswer(Answer):
    """What the desk noted beside a matter."""

    reg_id = fields.String(required=True)
    reports = fields.List(fields.Nested(DeskReportAnswer), required=True)
    reports_due = fields.List(fields.String(), required=True)
    zone = fields.String(allow_none=True)
