"""The bodies that petition takes."""

from __future__ import annotations

from typing import Any, get_args

from marshmallow import fields, post_load, validate

from services.petition.model import State, words
from services.petition.model import commands as asks
from services.petition.schemas import base
from services.petition.schemas.base import Lenient, one_of
from shared.contracts.fields import Channel


class RegisterSchema(Lenient):
    """A petition came in."""

    region = fields.String(required=True, validate=base.REGION)
    channel = fields.String(required=True, validate=validate.OneOf(get_args(Channel)))
    received_at = base.instant(required=True)
    legal_type = one_of(words.LEGAL_TYPES, load_default="appeal_request")
    route = one_of(words.ROUTES, load_default="petition_procedure")
    case_id = fields.UUID(load_default=None)
    summary = base.words()
    representatives = fields.Integer(strict=True, load_default=0, validate=validate.Range(min=0, max=1000))
    complained_units = fields.List(
        fields.String(validate=base.UNIT), load_default=list, validate=validate.Length(max=20)
    )
    simple = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Register:
        """The ask as a value."""
        case_id = data.pop("case_id")
        units = tuple(data.pop("complained_units"))
        return asks.Register(case_id=str(case_id) if case_id else None, complained_units=units, **data)


class SortSchema(Lenient):
    """Which kind in law, and which way."""

    legal_type = one_of(words.LEGAL_TYPES, required=True)
    route = one_of(words.ROUTES, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Sort:
        """The ask as a value."""
        return asks.Sort(**data)


class TransferSchema(Lenient):
    """To whom."""

    to_unit = fields.String(required=True, validate=base.UNIT)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Transfer:
        """The ask as a value."""
        return asks.Transfer(**data)


class NotifySchema(Lenient):
    """What the petitioner was told in writing."""

    accepted = fields.Boolean(required=True)
    how = one_of(words.NOTICES, required=True)
    notified_at = base.instant(load_default=None)
    reason = fields.String(validate=base.CODE)
    route = fields.String(validate=base.CODE)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Notify:
        """The ask as a value."""
        return asks.Notify(**data)


class AcceptSchema(Lenient):
    """Since when, and by which procedure."""

    accepted_at = base.instant(load_default=None)
    simple = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Accept:
        """The ask as a value."""
        return asks.Accept(**data)


class ExtendSchema(Lenient):
    """How much more time, and why."""

    days = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=1000))
    reason = fields.String(required=True, validate=base.CODE)
    petitioner_told = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Extend:
        """The ask as a value."""
        return asks.Extend(**data)


class PartsSchema(Lenient):
    """The five parts of a written opinion (条例 art. 32)."""

    request = base.words(required=True)
    facts = base.words(required=True)
    reasons = base.words(required=True)
    opinion = base.words(required=True)
    legal_basis = base.words(required=True)


class ServeSchema(Lenient):
    """The written opinion and how it reached the petitioner."""

    result = one_of(words.RESULTS, required=True)
    how = one_of(words.SERVICES, required=True)
    served_at = base.instant(load_default=None)
    parts = fields.Nested(PartsSchema, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Serve:
        """The ask as a value."""
        return asks.Serve(**data)


class ConcludeSchema(Lenient):
    """On what the end rests, and what the petitioner said about it."""

    basis = one_of(words.ENDS, required=True)
    satisfied = fields.Integer(strict=True, load_default=0, validate=validate.Range(min=0, max=5))
    remaining_hardship = fields.Boolean(load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Conclude:
        """The ask as a value."""
        return asks.Conclude(**data)


class ConfirmSchema(Lenient):
    """First or repeat."""

    kind = one_of(words.KINDS, required=True)
    repeat_of = fields.UUID(load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Confirm:
        """The ask as a value."""
        repeat_of = str(data["repeat_of"]) if data["repeat_of"] else None
        return asks.Confirm(kind=data["kind"], repeat_of=repeat_of)


class LinkSchema(Lenient):
    """Which case, and that a person says so."""

    case_id = fields.UUID(required=True)
    confirmed = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.LinkTo:
        """The ask as a value."""
        return asks.LinkTo(case_id=str(data["case_id"]), confirmed=data["confirmed"])


class VoidSchema(Lenient):
    """Why the entry is an error."""

    reason = fields.String(required=True, validate=base.CODE)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Void:
        """The ask as a value."""
        return asks.Void(**data)


class ListQuery(Lenient):
    """Which petitions."""

    case_id = fields.String(metadata={"description": "Its own case, or one it is linked to."})
    state = fields.String(validate=validate.OneOf([state.value for state in State]))
    unit = fields.String(validate=base.UNIT)
    after = fields.String(metadata={"description": "`next` of the page before."})
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
