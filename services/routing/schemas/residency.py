"""What is sent about seats at a centre, and what is answered."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.routing.model import department_asks as asks
from services.routing.model.department import WEEKDAYS, Seconded
from services.routing.schemas.answers import texts
from services.routing.schemas.requests import CODE, REF, UNIT, Body, code
from shared.contracts import department as told

MODES = validate.OneOf(told.ResidencyMode.__args__, error="须是 resident、rotating 或 on_call")  # type: ignore[attr-defined]


def _codes(most: int, **more: Any) -> fields.List[Any]:
    return fields.List(fields.String(validate=CODE), validate=validate.Length(max=most), **more)


def _at(**more: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(**more)


class StaffRequest(Schema):
    """Somebody seconded, by reference."""

    ref = fields.String(required=True, validate=REF)
    authority = _codes(20, load_default=())

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Seconded:
        """The seconded."""
        return Seconded(ref=data["ref"], authority=tuple(data["authority"]))


class ChangeSeatRequest(Body):
    """入驻变更。"""

    makes: type[Any] = asks.ChangeSeat
    mode = fields.String(validate=MODES)
    windows = _codes(20)
    categories = _codes(40)
    staff = fields.List(fields.Nested(StaffRequest), validate=validate.Length(max=50))
    days = fields.List(fields.String(validate=validate.OneOf(WEEKDAYS)), validate=validate.Length(max=7))


class SeatRequest(ChangeSeatRequest):
    """入驻申请。"""

    makes = asks.AskSeat
    centre = fields.String(required=True, validate=UNIT)
    mode = fields.String(required=True, validate=MODES)
    since = _at()
    until = _at()


class LeaveRequest(Body):
    """请假、顶班。"""

    makes = asks.AskLeave
    ref = fields.String(required=True, validate=REF)
    since = _at(required=True)
    until = _at(required=True)
    stand_in = fields.String(validate=REF)


class CaseRequest(Schema):
    """为哪件事。"""

    case_id = fields.UUID(required=True)


class PresentQuery(Schema):
    """Who is to be found at a centre, at an instant, for a category."""

    centre = fields.String(required=True, validate=UNIT)
    at = _at(load_default=None)
    category = fields.String(validate=CODE)


class PresentAnswer(Schema):
    """One unit that is to be found there."""

    department = fields.String(required=True)
    mode = fields.String(required=True)
    windows = texts()
    people = texts()


class PresentList(Schema):
    """Who is to be found there."""

    items = fields.List(fields.Nested(PresentAnswer), required=True)


class PauseRequest(Body):
    """暂停或结束的理由。"""

    makes = asks.Pause
    reason = code()
    until = _at()
    security = fields.Boolean(load_default=False)


class SeatAnswer(Schema):
    """Seats at one centre."""

    centre = fields.String(required=True)
    mode = fields.String(required=True)
    seat = fields.String(required=True)
    windows = texts()
    categories = texts()
    staff = fields.Raw()
    days = texts()
    leaves = fields.Raw()
    calls = fields.Raw()
    since = fields.DateTime()
    until = fields.DateTime(allow_none=True)
    there = fields.Boolean()
    people = texts()
