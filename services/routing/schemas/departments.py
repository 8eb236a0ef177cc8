"""What is sent about departments, and what is answered: seats, connections, hand-overs."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from services.routing.model import department_asks as asks
from services.routing.model.department import WEEKDAYS, Checked, Seconded
from services.routing.schemas.answers import DeliveryRow, texts
from services.routing.schemas.requests import CODE, REF, REGION, UNIT, Body, code
from shared.contracts import department as told
from shared.contracts.fields import Whole
from shared.web import Answer

VERSION = Whole(r"^[a-z0-9@._-]{1,64}$", error="版本写法有误")
MODES = validate.OneOf(told.ResidencyMode.__args__, error="须是 resident、rotating 或 on_call")  # type: ignore[attr-defined]
LINKS = validate.OneOf(told.Link.__args__, error="须是 mailbox 或 desk")  # type: ignore[attr-defined]


def _codes(most: int, **more: Any) -> fields.List[Any]:
    return fields.List(fields.String(validate=CODE), validate=validate.Length(max=most), **more)


def _at(**more: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(**more)


def public_name(value: str) -> None:
    """A unit's public name is short."""
    if not 1 < len(value.strip()) <= 40:
        raise ValidationError("单位名称须为 2 至 40 字")


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


class PauseRequest(Body):
    """暂停或结束的理由。"""

    makes = asks.Pause
    reason = code()
    until = _at()
    security = fields.Boolean(load_default=False)


class CaseRequest(Schema):
    """为哪件事。"""

    case_id = fields.UUID(required=True)


class LinkRequest(Body):
    """接入申请。"""

    makes = asks.AskLink
    link = fields.String(required=True, validate=LINKS)
    region = fields.String(validate=REGION)
    name = fields.String(validate=public_name)
    kind = fields.String(validate=CODE)
    types = fields.List(fields.String(validate=VERSION), validate=validate.Length(min=1, max=10))
    window = fields.Integer(strict=True, validate=validate.Range(min=1, max=5_000))
    heartbeat_s = fields.Integer(strict=True, validate=validate.Range(min=5, max=600))


class CheckedRequest(Schema):
    """One case of the kit."""

    name = fields.String(required=True, validate=CODE)
    passed = fields.Boolean(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Checked:
        """The result."""
        return Checked(**data)


class ConformanceRequest(Body):
    """一致性检查报告。"""

    makes = asks.Conformance
    kit = fields.String(required=True, validate=VERSION)
    schema_versions = fields.List(
        fields.String(validate=VERSION), required=True, validate=validate.Length(max=40)
    )
    cases = fields.List(fields.Nested(CheckedRequest), required=True, validate=validate.Length(min=1, max=60))


class ClaimRequest(Schema):
    """领取口令。"""

    token = fields.String(required=True, validate=Whole(r"^[A-Za-z0-9_-]{20,100}$", error="链接有误"))


class ClaimAnswer(Schema):
    """The password, shown this once."""

    user = fields.String(required=True)
    password = fields.String(required=True)
    generation = fields.Integer(required=True)


class ConnectionAnswer(Schema):
    """How cases reach a department."""

    stage = fields.String(required=True)
    link = fields.String(required=True)
    types = texts()
    window = fields.Integer()
    heartbeat_s = fields.Integer()
    users = fields.Raw()
    failed_step = fields.String(allow_none=True)
    failed_reason = fields.String()
    reason = fields.String()
    until = fields.DateTime(allow_none=True)
    report = fields.Raw(allow_none=True)
    away = fields.Boolean()


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


class LifeAnswer(Schema):
    """The last signs of life."""

    liveness = fields.String(required=True)
    at = fields.DateTime(allow_none=True)
    version = fields.String()
    in_flight = fields.Integer()
    oldest_s = fields.Integer()
    consumers = fields.Integer()
    messages = fields.Integer()
    fault = fields.String()


class DepartmentAnswer(Answer):
    """A department: its seats, its connection, its signs of life."""

    department = fields.String(required=True)
    region = fields.String(required=True)
    name = fields.String()
    kind = fields.String()
    connection = fields.Nested(ConnectionAnswer, required=True)
    residencies = fields.List(fields.Nested(SeatAnswer), required=True)
    life = fields.Nested(LifeAnswer, required=True)


class DepartmentList(Schema):
    """All departments the caller may see."""

    items = fields.List(fields.Nested(DepartmentAnswer), required=True)
    next = fields.String(required=True, allow_none=True)


class ClaimLinkAnswer(DepartmentAnswer):
    """A claim link, shown this once."""

    url = fields.String(required=True)
    token = fields.String(required=True)
    expires_at = fields.DateTime(required=True)


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


class BoardQuery(Schema):
    """Which hops, and from where on."""

    region = fields.String(validate=REGION)
    department = fields.String(validate=UNIT)
    case_id = fields.UUID(load_default=None)
    stuck = fields.Boolean(load_default=False)
    limit = fields.Integer(validate=validate.Range(min=1, max=200), load_default=50)


class HopAnswer(DeliveryRow):
    """One hop of a case: where it is stuck, if it is, and since when."""

    stuck = fields.String(required=True, metadata={"description": "Empty, or where it hangs."})
    waiting_s = fields.Integer(required=True)
    concluded_at = fields.DateTime(allow_none=True)


class Board(Schema):
    """Hops, the stuck ones first, then the longest waiting."""

    items = fields.List(fields.Nested(HopAnswer), required=True)
    next = fields.String(required=True, allow_none=True)


class OutstandingAnswer(Schema):
    """What a department still owes, to compare with its own books."""

    department = fields.String(required=True)
    items = fields.List(fields.Nested(DeliveryRow), required=True)
