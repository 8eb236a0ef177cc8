"""The HTTP bodies about the organisation."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.identity.model.organisation import GROWTH, Contract, Facility, Seat
from shared.contracts.fields import Whole
from shared.web import Answer

CODE = Whole(r"^[a-z][a-z0-9_]{1,31}$", error="小写字母开头的代码")
NAME = validate.Length(min=1, max=60)
ID = Whole(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", error="应为账户编号")
OPTIONAL_CODE = Whole(r"^([a-z][a-z0-9_]{1,31})?$", error="小写字母开头的代码")
LARGEST_PHOTO = 120_000  # characters of base64: a passport picture


class FacilityBody(Schema):
    """Something a centre has, in one of its zones."""

    zone = fields.String(required=True, validate=CODE)
    name = fields.String(required=True, validate=NAME)
    count = fields.Integer(load_default=1, validate=validate.Range(min=1, max=10_000))

    @post_load
    def made(self, data: dict[str, Any], **_: Any) -> Facility:
        return Facility(**data)


class SeatBody(Schema):
    """A desk, and the unit that sits at it."""

    desk = fields.String(required=True, validate=NAME)
    unit = fields.String(required=True, validate=CODE)

    @post_load
    def made(self, data: dict[str, Any], **_: Any) -> Seat:
        return Seat(**data)


class ContractBody(Schema):
    """A service bought from a social force."""

    provider = fields.String(required=True, validate=CODE)
    service = fields.String(required=True, validate=CODE)
    since = fields.Date(required=True)
    until = fields.Date(required=True)
    yuan = fields.Integer(load_default=0, validate=validate.Range(min=0, max=1_000_000_000))

    @post_load
    def made(self, data: dict[str, Any], **_: Any) -> Contract:
        return Contract(**(data | {"since": str(data["since"]), "until": str(data["until"])}))


class CardRequest(Schema):
    """A unit's card: what is left out is empty."""

    hosted_by = fields.String(load_default="", validate=OPTIONAL_CODE)
    composed_of = fields.List(fields.String(validate=CODE), load_default=[], validate=validate.Length(max=10))
    population = fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(min=0, max=100_000_000)
    )
    area_km2 = fields.Float(load_default=None, allow_none=True, validate=validate.Range(min=0, max=1_000_000))
    size_class = fields.String(load_default="", validate=validate.Length(max=20))
    facilities = fields.List(fields.Nested(FacilityBody), load_default=[], validate=validate.Length(max=200))
    checklist = fields.List(fields.String(validate=CODE), load_default=[], validate=validate.Length(max=20))
    seats = fields.List(fields.Nested(SeatBody), load_default=[], validate=validate.Length(max=200))

    growth = fields.String(load_default="", validate=validate.OneOf(GROWTH))
    contracts = fields.List(fields.Nested(ContractBody), load_default=[], validate=validate.Length(max=200))

    @post_load
    def made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        lists = ("composed_of", "facilities", "checklist", "seats", "contracts")
        return {name: tuple(value) if name in lists else value for name, value in data.items()}


class NameRequest(Schema):
    """Another name, and the day from which it holds."""

    name = fields.String(required=True, validate=NAME)
    since = fields.Date(required=True)


class MergeRequest(Schema):
    """Into which unit, and on which day."""

    into = fields.String(required=True, validate=CODE)
    on = fields.Date(required=True)


class DayQuery(Schema):
    """As it was on a day."""

    on = fields.Date(load_default=None)


class NamedSince(Schema):
    """A name and the day from which it held."""

    name = fields.String()
    since = fields.String()


class MergedOn(Schema):
    """A unit that went into this one, and when."""

    unit = fields.String()
    on = fields.String()


class CardAnswer(Answer):
    """A unit's card, with the name it had on the day asked for."""

    unit = fields.String()
    name = fields.String()
    hosted_by = fields.String()
    composed_of = fields.List(fields.String())
    population = fields.Integer(allow_none=True)
    area_km2 = fields.Float(allow_none=True)
    size_class = fields.String()
    facilities = fields.List(fields.Dict())
    checklist = fields.List(fields.String())
    seats = fields.List(fields.Dict())
    growth = fields.String()
    contracts = fields.List(fields.Dict())
    names = fields.List(fields.Nested(NamedSince))
    predecessors = fields.List(fields.Nested(MergedOn))
    merged_into = fields.String()
    merged_on = fields.String()


class PostingRequest(Schema):
    """Who holds which post at the unit, from which day on."""

    post = fields.String(required=True, validate=CODE)
    account = fields.String(required=True, validate=ID)
    since = fields.Date(required=True)
    office = fields.String(load_default="", validate=OPTIONAL_CODE)
    full_time = fields.Boolean(load_default=False)
    responsibility = fields.String(load_default="", validate=validate.OneOf(["", "first", "main"]))


class EndRequest(Schema):
    """The first day on which the post is held no longer."""

    until = fields.Date(required=True)


class PostingAnswer(Answer):
    """Who holds a post, and what the county's settings say it answers for."""

    unit = fields.String()
    post = fields.String()
    title = fields.String()
    duty = fields.String()
    account = fields.String()
    since = fields.String()
    until = fields.String()
    office = fields.String()
    full_time = fields.Boolean()
    responsibility = fields.String()


class PostingList(Schema):
    """Postings of a unit."""

    items = fields.List(fields.Nested(PostingAnswer), required=True)


class ReadinessAnswer(Schema):
    """Whether a centre is ready, and what it is not ready without."""

    ready = fields.Boolean(required=True)
    missing = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class KindAnswer(Schema):
    """A kind of unit: its code, what it is called, which forces it counts as."""

    kind = fields.String(required=True)
    name = fields.String(required=True)
    groups = fields.List(fields.String(), required=True)


class KindList(Schema):
    """Every kind."""

    items = fields.List(fields.Nested(KindAnswer), required=True)


class SocialAnswer(Answer):
    """A social organisation and how far it has come."""

    code = fields.String()
    name = fields.String()
    region = fields.String()
    growth = fields.String()


class SocialList(Schema):
    """Some social organisations, and where the next ones begin."""

    items = fields.List(fields.Nested(SocialAnswer), required=True)
    next = fields.String(allow_none=True)


class WallRequest(Schema):
    """What may hang on the wall about oneself: a contact, and a picture if one likes."""

    contact = fields.String(required=True, validate=validate.Length(min=1, max=60))
    photo = fields.String(
        load_default="", validate=validate.Length(max=LARGEST_PHOTO),
        metadata={"description": "A small PNG or JPEG, base64."},
    )  # fmt: skip


class WallAnswer(Answer):
    """What hangs on the wall about oneself."""

    contact = fields.String()
    photo = fields.Boolean()
    agreed_at = fields.String()
