"""What is sent and answered about sharing agreements and disclosures to departments."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.intake.rules.sharing import Want
from services.intake.schemas.taken import CODE, NO_CONTROL, REGION, UNIT, Lenient
from shared.clock import CHINA
from shared.web.documentation import Answer

BASIS = validate.Regexp(
    r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^[a-z][a-z0-9_.]{0,47}$",
    error="应为共享协议编号或法律依据代码",
)


class DisclosureBody(Lenient):
    """A department's own system asks for fields of the parties of a case."""

    recipient_unit = fields.String(required=True, validate=UNIT)
    case_id = fields.UUID(required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields", validate=validate.Length(max=20))
    purpose = fields.String(required=True, validate=validate.Length(max=48))
    basis = fields.String(required=True, validate=BASIS)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Want:
        """The ask as a value."""
        asked = tuple(dict.fromkeys(data.pop("fields_")))
        return Want(**(data | {"case_id": str(data["case_id"]), "fields": asked}))


class PartyGiven(Schema):
    """One party with what was asked for."""

    party_ref = fields.String(required=True)
    role = fields.String(required=True)
    kind = fields.String(required=True)
    values = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class ReceiptSchema(Schema):
    """What was given out, when and on what basis; the department keeps it."""

    receipt_id = fields.String(required=True)
    at = fields.DateTime(required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields", attribute="fields")
    purpose = fields.String(required=True)
    agreement_id = fields.String(required=True)
    legal_basis = fields.String(required=True)


class DisclosureAnswer(Answer):
    """The fields in words, once, with the receipt."""

    receipt_id = fields.String(required=True)
    disclosed_at = fields.DateTime(required=True)
    delivery_id = fields.String(required=True)
    recipient_unit = fields.String(required=True)
    fields_ = fields.Raw(
        required=True, data_key="fields", attribute="fields",
        metadata={"description": "The same by field: {field: {party_ref: value}}."},
    )  # fmt: skip
    receipt = fields.Nested(ReceiptSchema, required=True)
    parties = fields.List(fields.Nested(PartyGiven), required=True)


class AgreementBody(Lenient):
    """A sharing agreement: to whom, which fields, what for, on what basis, from when until when."""

    region = fields.String(required=True, validate=REGION)
    unit = fields.String(required=True, validate=UNIT)
    purpose = fields.String(required=True, validate=validate.Length(max=48))
    fields_ = fields.List(fields.String(), required=True, data_key="fields", validate=validate.Length(max=20))
    legal_basis = fields.String(required=True, validate=CODE)
    reference = fields.String(load_default="", validate=[validate.Length(max=60), NO_CONTROL])
    valid_from = fields.AwareDateTime(required=True, default_timezone=CHINA)
    valid_until = fields.AwareDateTime(required=True, default_timezone=CHINA)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Its terms."""
        asked = tuple(dict.fromkeys(data.pop("fields_")))
        return data | {"fields": asked}


class EndBody(Lenient):
    """Why an agreement ends before its time."""

    reason = fields.String(required=True, validate=CODE)


class AgreementAnswer(Answer):
    """A sharing agreement."""

    agreement_id = fields.String(required=True)
    region = fields.String(required=True)
    unit = fields.String(required=True)
    purpose = fields.String(required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields", attribute="fields")
    legal_basis = fields.String(required=True)
    reference = fields.String()
    valid_from = fields.DateTime(required=True)
    valid_until = fields.DateTime(required=True)
    ended_at = fields.DateTime(allow_none=True)
    in_force = fields.Boolean(required=True)


class AgreementQuery(Lenient):
    """Whose agreements."""

    unit = fields.String(required=True, validate=UNIT)


class AgreementList(Schema):
    """The agreements of a unit."""

    items = fields.List(fields.Nested(AgreementAnswer), required=True)
    next = fields.String(allow_none=True)
