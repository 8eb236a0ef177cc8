"""What is sent about departments, and what is answered: seats, connections, hand-overs."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from services.routing.model import department_asks as asks
from services.routing.model.department import Checked
from services.routing.schemas.answers import DeliveryRow, texts
from services.routing.schemas.requests import CODE, REGION, UNIT, Body
from services.routing.schemas.residency import SeatAnswer
from shared.contracts import department as told
from shared.contracts.fields import Whole
from shared.web import Answer

VERSION = Whole(r"^[a-z0-9@._-]{1,64}$", error="版本写法有误")
CONTACT = Whole(r"^\+?[0-9][0-9-]{4,19}$", error="应为电话号码")
LINKS = validate.OneOf(told.Link.__args__, error="须是 mailbox 或 desk")  # type: ignore[attr-defined]


def public_name(value: str) -> None:
    """A unit's public name is short."""
    if not 1 < len(value.strip()) <= 40:
        raise ValidationError("单位名称须为 2 至 40 字")


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
    contact = fields.String(validate=CONTACT)


class CheckedRequest(Schema):
    """One case of the kit; what else the kit writes about it is left out."""

    class Meta:
        unknown = EXCLUDE

    name = fields.String(required=True, validate=CODE)
    passed = fields.Boolean(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Checked:
        """The result."""
        return Checked(**data)


class ConformanceRequest(Body):
    """一致性检查报告：检查程序写出的文件可以原样提交。"""

    class Meta:
        unknown = EXCLUDE

    makes = asks.Conformance
    department = fields.String(validate=UNIT)
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


class GateAnswer(Schema):
    """The gate before a department on a closed network."""

    at = fields.DateTime(required=True)
    waiting = fields.Integer(required=True)
    oldest_s = fields.Integer(required=True)
    silent_s = fields.Integer(allow_none=True)
    expect_s = fields.Integer(required=True)
    missing = fields.Integer(required=True)
    refused = fields.Integer(required=True)


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
    gate = fields.Nested(GateAnswer, allow_none=True)


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


class BoardQuery(Schema):
    """Which hops, and from where on."""

    region = fields.String(validate=REGION)
    department = fields.String(validate=UNIT)
    case_id = fields.UUID(load_default=None)
    stuck = fields.Boolean(load_default=False)
    after = fields.String(load_default="", validate=validate.Length(max=120))
    limit = fields.Integer(validate=validate.Range(min=1, max=200), load_default=50)


class HopAnswer(DeliveryRow):
    """One hop of a case: where it is stuck, if it is, and since when."""

    stuck = fields.String(required=True, metadata={"description": "Empty, or where it hangs."})
    at_gate = fields.Boolean(
        required=True, metadata={"description": "It lies at a gate to a closed network, or crosses it."}
    )
    waiting_s = fields.Integer(required=True)
    concluded_at = fields.DateTime(allow_none=True)


class Board(Schema):
    """Hops, the stuck ones first, then the longest waiting."""

    items = fields.List(fields.Nested(HopAnswer), required=True)
    next = fields.String(required=True, allow_none=True)


class ExportedRow(Schema):
    """One message as it lay in the mailbox."""

    type = fields.String(required=True)
    event_id = fields.String(required=True)
    at = fields.DateTime(required=True, metadata={"description": "When it was taken out."})
    event = fields.Raw(required=True)


class ExportList(Schema):
    """What was left over in the mailbox of a department that left."""

    department = fields.String(required=True)
    items = fields.List(fields.Nested(ExportedRow), required=True)


class OutstandingAnswer(Schema):
    """What a department still owes, to compare with its own books."""

    department = fields.String(required=True)
    items = fields.List(fields.Nested(DeliveryRow), required=True)
