"""The HTTP bodies of identity."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.identity.model import PASSWORD_LONGEST
from shared.contracts.fields import Whole
from shared.web import Answer

_USERNAME = Whole(r"^[a-z][a-z0-9._-]{2,31}$", error="小写字母开头，3 至 32 位字母、数字或 . _ -")
_CODE = Whole(r"^[a-z][a-z0-9_]{1,31}$", error="小写字母开头的代码")
_REGION = Whole(r"^[0-9]{6}([0-9]{3}([0-9]{3}([0-9]{3}([0-9]{2})?)?)?)?$", error="应为 6 至 17 位地区码")
_PASSWORD = validate.Length(max=PASSWORD_LONGEST)
_ID = Whole(r"^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?$", error="应为账户编号")
_NEED = {
    "password": ("username", "password"),
    "second_factor": ("ticket",),
    "client_credentials": ("secret",),
}


class TokenRequest(Schema):
    """A person's user name and password, or the name and secret of a service or department."""

    grant = fields.String(required=True, validate=validate.OneOf(sorted(_NEED)))
    username = fields.String(validate=validate.Length(max=64))
    password = fields.String(validate=_PASSWORD)
    cookie = fields.Boolean(load_default=False, metadata={"description": "Also set the cookie for pages."})
    service = fields.String(validate=_CODE)
    department = fields.String(validate=_CODE)
    secret = fields.String(validate=_PASSWORD)
    ticket = fields.String(validate=validate.Length(max=64))
    code = fields.String(load_default="", validate=validate.Length(max=32))
    assertion = fields.Dict(
        load_default=None, allow_none=True,
        metadata={"description": "What the machine's key answered (WebAuthn AuthenticationResponseJSON)."},
    )  # fmt: skip

    @validates_schema
    def whole(self, data: dict[str, Any], **_: Any) -> None:
        """Raises ValidationError naming what the grant needs and is not there."""
        missing = {name: ["必须填写"] for name in _NEED[data["grant"]] if not data.get(name)}
        if data["grant"] == "client_credentials" and not (data.get("service") or data.get("department")):
            missing["service"] = ["必须填写"]
        if data["grant"] == "second_factor" and not (data["code"] or data["assertion"]):
            missing["code"] = ["必须填写"]
        if missing:
            raise ValidationError(missing)


class TokenAnswer(Schema):
    """A token, and for how many seconds it holds."""

    access_token = fields.String(required=True)
    token_type = fields.String(required=True)
    expires_in = fields.Integer(required=True)
    must_change_password = fields.Boolean(required=True)
    todo = fields.String(
        required=True,
        metadata={"description": "What must be set up before posts are given: password, factor, device."},
    )


class AccountRequest(Schema):
    """A new account."""

    username = fields.String(required=True, validate=_USERNAME)
    name = fields.String(required=True, validate=validate.Length(min=1, max=40))
    roles = fields.List(fields.String(validate=_CODE), required=True, validate=validate.Length(min=1, max=10))
    unit = fields.String(required=True, validate=_CODE)
    region = fields.String(required=True, validate=_REGION)
    password = fields.String(load_default="", validate=_PASSWORD)


class ChangeRequest(Schema):
    """Other posts, another unit or region."""

    roles = fields.List(fields.String(validate=_CODE), required=True, validate=validate.Length(min=1, max=10))
    unit = fields.String(required=True, validate=_CODE)
    region = fields.String(required=True, validate=_REGION)


class CloseRequest(Schema):
    """Why an account is closed."""

    reason = fields.String(load_default="left", validate=validate.OneOf(["left", "moved", "misuse", "error"]))
    successor = fields.String(
        load_default="", validate=_ID,
        metadata={"description": "The account that takes over this person's open duties."},
    )  # fmt: skip


class StandInRequest(Schema):
    """Who acts for somebody who is away, and for how long."""

    stand_in = fields.String(required=True, validate=_ID)
    starts_at = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(required=True)


class TrainingRequest(Schema):
    """In what somebody was trained, and on which day."""

    topic = fields.String(required=True, validate=_CODE)
    on = fields.Date(required=True)


class PasswordRequest(Schema):
    """One's own password: the old and the new one. For somebody else: nothing, it is made."""

    old_password = fields.String(load_default="", validate=_PASSWORD)
    new_password = fields.String(load_default="", validate=_PASSWORD)


class AccountAnswer(Answer):
    """An account as administrators see it."""

    username = fields.String()
    name = fields.String()
    roles = fields.List(fields.String())
    unit = fields.String()
    region = fields.String()
    active = fields.Boolean()
    locked_until = fields.AwareDateTime(allow_none=True)
    successor = fields.String()
    stand_in = fields.String(allow_none=True)
    stand_in_until = fields.AwareDateTime(allow_none=True)
    single_sign_on = fields.Boolean()
    trained = fields.List(fields.String())
    first_password = fields.String(metadata={"description": "Shown once; changed at the first sign-in."})


class PasswordAnswer(Schema):
    """The one-time password, when one was made."""

    first_password = fields.String(allow_none=True)


class UnitRequest(Schema):
    """A new unit."""

    code = fields.String(required=True, validate=_CODE)
    name = fields.String(required=True, validate=validate.Length(min=1, max=60))
    kind = fields.String(required=True, validate=_CODE)
    region = fields.String(required=True, validate=_REGION)
    parent = fields.String(load_default="", validate=Whole(r"^([a-z][a-z0-9_]{1,31})?$"))


class UnitAnswer(Answer):
    """A unit."""

    code = fields.String()
    name = fields.String()
    kind = fields.String()
    region = fields.String()
    parent = fields.String()
    active = fields.Boolean()


class UnitPlace(UnitAnswer):
    """A unit, the units above it (the nearest first), and those that work beside it."""

    above = fields.List(fields.Nested(UnitAnswer))
    beside = fields.List(fields.Nested(UnitAnswer))


class PageQuery(Schema):
    """Which part of a list."""

    region = fields.String(load_default="", validate=Whole(r"^[0-9]{0,17}$"))
    after = fields.String(load_default="", validate=validate.Length(max=64))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class UnitQuery(PageQuery):
    """Which units: of a kind, or of a group of kinds (forces, co-builders …)."""

    kind = fields.String(load_default="", validate=validate.Length(max=32))
    group = fields.String(load_default="", validate=validate.Length(max=32))


class AccountList(Schema):
    """Some accounts, and where the next ones begin."""

    items = fields.List(fields.Nested(AccountAnswer))
    next = fields.String(allow_none=True)


class Mediator(Schema):
    """A mediator as a platform that keeps the register of mediators knows one."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    region = fields.String(required=True)


class MediatorList(Schema):
    """Some mediators, and where the next ones begin; a page may hold fewer than were asked for."""

    items = fields.List(fields.Nested(Mediator))
    next = fields.String(allow_none=True)


class UnitList(Schema):
    """Some units, and where the next ones begin."""

    items = fields.List(fields.Nested(UnitAnswer))
    next = fields.String(allow_none=True)


class MemberAnswer(UnitAnswer):
    """A member unit: the committee of its own (empty: none), and how many mediators are stationed there."""

    committee = fields.String(required=True)
    stationed_mediators = fields.Integer(required=True)


class MemberList(Schema):
    """Some member units, and where the next ones begin."""

    items = fields.List(fields.Nested(MemberAnswer), required=True)
    next = fields.String(allow_none=True)
