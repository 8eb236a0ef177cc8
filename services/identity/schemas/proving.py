"""The HTTP bodies about second factors, machines and sessions."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.identity.model import PASSWORD_LONGEST
from shared.web import Answer

PASSWORD = validate.Length(max=PASSWORD_LONGEST)
TICKET = validate.Length(min=16, max=64)
CODE = validate.Length(min=6, max=32)


class PasswordOnly(Schema):
    """The password again, so that nobody at an open screen changes how one signs in."""

    password = fields.String(required=True, validate=PASSWORD)


class EnrolmentAnswer(Schema):
    """What to put into the authenticator, and the ticket to confirm it with."""

    ticket = fields.String(required=True)
    secret = fields.String(required=True)
    address = fields.String(
        required=True, metadata={"description": "otpauth:// address for a square picture."}
    )


class ConfirmRequest(Schema):
    """A first code of the new authenticator."""

    ticket = fields.String(required=True, validate=TICKET)
    code = fields.String(required=True, validate=CODE)


class CodesAnswer(Schema):
    """Codes for when the telephone is lost; each works once, and they are shown once."""

    recovery_codes = fields.List(fields.String(), required=True)


class RemovalRequest(PasswordOnly):
    """The password and a code."""

    code = fields.String(required=True, validate=CODE)


class InvitationAnswer(Schema):
    """A question for the machine's key."""

    ticket = fields.String(required=True)
    options = fields.Dict(required=True, metadata={"description": "PublicKeyCredentialCreationOptionsJSON"})


class DeviceRequest(Schema):
    """A machine to be registered, and what people call it."""

    kind = fields.String(load_default="webauthn", validate=validate.OneOf(["webauthn", "certificate"]))
    label = fields.String(required=True, validate=validate.Length(min=1, max=40))
    ticket = fields.String(load_default="", validate=validate.Length(max=64))
    credential = fields.Dict(load_default=None, allow_none=True)

    @validates_schema
    def whole(self, data: dict[str, Any], **_: Any) -> None:
        """Raises ValidationError when a key comes without ticket or answer."""
        if data["kind"] == "webauthn":
            missing = {name: ["必须填写"] for name in ("ticket", "credential") if not data.get(name)}
            if missing:
                raise ValidationError(missing)


class WithdrawRequest(Schema):
    """Why an account may no longer be used on a machine."""

    reason = fields.String(
        load_default="lost", validate=validate.OneOf(["lost", "broken", "handed_on", "replaced", "misuse"])
    )


class DeviceAnswer(Answer):
    """A machine of an account."""

    account = fields.String()
    kind = fields.String()
    label = fields.String()
    state = fields.String()
    asked_at = fields.AwareDateTime()


class DeviceList(Schema):
    """Some machines, and where the next ones begin."""

    items = fields.List(fields.Nested(DeviceAnswer), required=True)
    next = fields.String(allow_none=True)


class SessionAnswer(Schema):
    """One sign-in."""

    id = fields.String(required=True)
    started_at = fields.AwareDateTime()
    seen_at = fields.AwareDateTime()
    until = fields.AwareDateTime()
    machine = fields.String()
    address = fields.String()
    proofs = fields.List(fields.String())
    ended_at = fields.AwareDateTime(allow_none=True)
    why = fields.String()
    present = fields.Boolean()


class SessionList(Schema):
    """The latest sign-ins, the last one first."""

    items = fields.List(fields.Nested(SessionAnswer), required=True)
