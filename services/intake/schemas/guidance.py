"""The bodies about guidance."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.intake.schemas.taken import CODE, NO_CONTROL, UNIT, Lenient


class GuidanceBody(Lenient):
    """What somebody wants: in words, by a category, or chosen from the list."""

    centre = fields.String(required=True, validate=UNIT)
    wish = fields.String(
        load_default="", validate=[validate.Length(max=500, error="不超过500字"), NO_CONTROL]
    )
    category = fields.String(validate=CODE)
    topic = fields.String(validate=CODE)


class GuidedWindow(Schema):
    """A window."""

    centre = fields.String(required=True)
    number = fields.Integer(required=True)
    title = fields.String(required=True)


class GuidanceAnswer(Schema):
    """The way: steps, papers, windows, roads that are open, rights. Never how it will end."""

    understood = fields.Boolean(required=True)
    topic = fields.String(allow_none=True)
    title = fields.String(allow_none=True)
    say = fields.String(required=True)
    emergency = fields.String(required=True)
    steps = fields.List(fields.String(), required=True)
    papers = fields.List(fields.String(), required=True)
    routes = fields.List(fields.String(), required=True)
    rights = fields.List(fields.String(), required=True)
    basis = fields.String(required=True)
    windows = fields.List(fields.Nested(GuidedWindow), required=True)
    nearest = fields.String(required=True)
    never = fields.String(required=True)


class TopicLine(Schema):
    """One thing to choose."""

    code = fields.String(required=True)
    title = fields.String(required=True)


class TopicList(Schema):
    """What the kiosk knows."""

    items = fields.List(fields.Nested(TopicLine), required=True)
    next = fields.String(allow_none=True)
