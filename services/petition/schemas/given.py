"""The bodies that petition gives."""

from __future__ import annotations

from marshmallow import Schema, fields

from shared.web import Answer


class ClockAnswer(Schema):
    """A legal limit."""

    kind = fields.String(required=True)
    start_at = fields.DateTime(required=True)
    due_at = fields.DateTime(required=True)
    state = fields.String(required=True)
    stopped_at = fields.DateTime(allow_none=True)
    extended = fields.Boolean()
    provisional = fields.Boolean()
    basis = fields.String()


class StepAnswer(Schema):
    """A step that was taken."""

    at = fields.DateTime(required=True)
    step = fields.String(required=True)
    by = fields.String(required=True)
    role = fields.String(required=True)
    unit = fields.String()
    tier = fields.String()


class OpinionAnswer(Schema):
    """The written opinion without its words."""

    result = fields.String(required=True)
    served_at = fields.DateTime(required=True)
    how = fields.String(required=True)
    review_by = fields.DateTime(required=True)


class ExtensionAnswer(Schema):
    """More time."""

    days = fields.Integer(required=True)
    reason = fields.String(required=True)
    approved_by = fields.String(required=True)
    told_at = fields.DateTime(required=True)


class LinkAnswer(Schema):
    """A case that a person linked."""

    case_id = fields.String(required=True)
    by = fields.String(required=True)
    role = fields.String(required=True)
    at = fields.DateTime(required=True)


class CallBackAnswer(Schema):
    """What the petitioner said in the end."""

    at = fields.DateTime(required=True)
    satisfied = fields.Integer(required=True)
    remaining_hardship = fields.Boolean(required=True)


class VoidAskedAnswer(Schema):
    """Somebody says that the entry is an error."""

    by = fields.String(required=True)
    at = fields.DateTime(required=True)
    reason = fields.String(required=True)


class LineAnswer(Schema):
    """One line of a list."""

    pet_id = fields.String(required=True)
    case_id = fields.String(allow_none=True)
    case_no = fields.String()
    region = fields.String(required=True)
    channel = fields.String(required=True)
    legal_type = fields.String(required=True)
    state = fields.String(required=True)
    unit = fields.String(required=True)
    first_or_repeat = fields.String()
    received_at = fields.DateTime(required=True)
    first_due = fields.DateTime(allow_none=True)
    concluded_at = fields.DateTime(allow_none=True)
    version = fields.Integer(required=True)


class PetitionList(Schema):
    """A page of petitions, newest first."""

    items = fields.List(fields.Nested(LineAnswer), required=True)
    next = fields.String(allow_none=True)


class PetitionAnswer(Answer):
    """A petition for those who work on it."""

    pet_id = fields.String(required=True)
    case_id = fields.String(allow_none=True)
    case_no = fields.String()
    region = fields.String(required=True)
    channel = fields.String(required=True)
    legal_type = fields.String(required=True)
    route = fields.String(required=True)
    state = fields.String(required=True)
    allowed = fields.List(fields.String(), required=True)
    unit = fields.String(required=True)
    protected = fields.Boolean()
    simple = fields.Boolean()
    representatives = fields.Integer()
    first_or_repeat = fields.String()
    repeat_of = fields.String(allow_none=True)
    received_at = fields.DateTime(required=True)
    registered_at = fields.DateTime(required=True)
    transferred_at = fields.DateTime(allow_none=True)
    notified_at = fields.DateTime(allow_none=True)
    notified_how = fields.String()
    refusal = fields.String()
    refusal_route = fields.String()
    accepted_at = fields.DateTime(allow_none=True)
    extension = fields.Nested(ExtensionAnswer, allow_none=True)
    opinion = fields.Nested(OpinionAnswer, allow_none=True)
    callback = fields.Nested(CallBackAnswer, allow_none=True)
    concluded_at = fields.DateTime(allow_none=True)
    basis = fields.String()
    links = fields.List(fields.Nested(LinkAnswer))
    void_asked = fields.Nested(VoidAskedAnswer, allow_none=True)
    clocks = fields.List(fields.Nested(ClockAnswer))
    first_due = fields.DateTime(allow_none=True)
    steps = fields.List(fields.Nested(StepAnswer))


class TextsAnswer(Answer):
    """The words of a petition."""

    summary = fields.String(required=True)
    opinion = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
