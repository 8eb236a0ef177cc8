"""The HTTP bodies about tasks and guidance."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.identity.model.assignment import TAGS
from services.identity.schemas.organisation import CODE, OPTIONAL_CODE
from shared.contracts.fields import Whole
from shared.web import Answer

OWNER = Whole(r"^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?$", error="应为账户编号")

TAG = validate.OneOf(["", *TAGS], error="应为 " + "、".join(f"{code} {name}" for code, name in TAGS.items()))


class AssignmentRequest(Schema):
    """What is given to which unit; a task has an owner and a day."""

    kind = fields.String(required=True, validate=validate.OneOf(["task", "guidance"]))
    unit = fields.String(required=True, validate=CODE)
    text = fields.String(required=True, validate=validate.Length(min=1, max=2000))
    due_on = fields.Date(load_default=None, allow_none=True)
    owner = fields.String(load_default="", validate=OWNER)
    tag = fields.String(load_default="", validate=TAG)


class AssignmentQuery(Schema):
    """Of which unit, and of which kind of joint work."""

    unit = fields.String(load_default="", validate=OPTIONAL_CODE)
    tag = fields.String(load_default="", validate=TAG)


class AssignmentAnswer(Answer):
    """A task or guidance, and what became of it."""

    kind = fields.String()
    from_unit = fields.String()
    unit = fields.String()
    text = fields.String()
    given_at = fields.AwareDateTime()
    due_on = fields.String()
    owner = fields.String()
    tag = fields.String()
    acknowledged_at = fields.AwareDateTime(allow_none=True)
    done_at = fields.AwareDateTime(allow_none=True)
    late = fields.Boolean()


class AssignmentList(Schema):
    """What a unit was given."""

    items = fields.List(fields.Nested(AssignmentAnswer), required=True)
