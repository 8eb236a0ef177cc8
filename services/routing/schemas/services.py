"""Bodies about services asked of departments beside a case."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from services.routing.model.request import SERVICES, OpenRequest
from services.routing.schemas.requests import REGION, UNIT
from shared.web import Answer

_LISTED = "、".join(f"{code} {word}" for code, word in SERVICES.items())


class ServiceBody(Schema):
    """Ask a department for a service; which one offers it is known, unless it is to be a certain one."""

    class Meta:
        unknown = EXCLUDE

    service = fields.String(
        required=True, validate=validate.OneOf(list(SERVICES), error=f"没有这项服务。可用的有：{_LISTED}")
    )
    department = fields.String(validate=UNIT)
    target_region = fields.String(load_default=None, allow_none=True, validate=REGION)
    consented = fields.Boolean(
        load_default=False,
        metadata={"description": "The recipient agreed to e-service and confirmed an address; else paper."},
    )
    joint = fields.Boolean(
        load_default=False, metadata={"description": "Both parties ask for the confirmation together."}
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> OpenRequest:
        """The ask as a value."""
        return OpenRequest(**data)


class ServiceAnswer(Answer):
    """A request and what came of it; `reference` and `meeting_at` are the department's."""

    case_id = fields.String(required=True)
    case_no = fields.String(required=True)
    department = fields.String(required=True)
    service = fields.String(required=True)
    stage = fields.String(required=True)
    asked_at = fields.DateTime(required=True)
    due_at = fields.DateTime(allow_none=True)
    sent_at = fields.DateTime(allow_none=True)
    received_at = fields.DateTime(allow_none=True)
    accepted_at = fields.DateTime(allow_none=True)
    steps = fields.List(fields.String())
    returned_reason = fields.String()
    result = fields.String()
    reference = fields.String()
    meeting_at = fields.DateTime(allow_none=True)
    served_at = fields.DateTime(allow_none=True)


class ServiceList(Schema):
    """The services asked for beside one case, the oldest first."""

    items = fields.List(fields.Nested(ServiceAnswer), required=True)
    next = fields.String(required=True, allow_none=True)
