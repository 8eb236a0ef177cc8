"""Bodies about a sitting: fixing, starting and ending it, and its minutes."""

from __future__ import annotations

from typing import Any, get_args

from marshmallow import fields, post_load, validate

from services.mediation.model import Notice, OfficialPresence, Presence, words
from services.mediation.model import commands as asks
from services.mediation.schemas import base
from services.mediation.schemas.base import Lenient, one_of
from shared.contracts.fields import PlaceKind

MODES = {"centre": "到中心", "home_visit": "上门调", "on_site": "流动调", "online": "线上调"}
OUTCOMES = {
    "agreed": "达成一致",
    "partial": "部分一致",
    "failed": "未达成一致",
    "adjourned": "择日再调",
    "interrupted": "中断",
    "not_held": "未开成",
    "declined": "不愿调解",
}
NOTICES = {
    "phone": "电话",
    "written": "书面",
    "visit": "上门",
    "message": "短信",
    "online": "线上",
    "oral": "当面",
}


class ScheduleSchema(Lenient):
    """Fix a sitting."""

    mode = one_of(MODES, load_default="centre")
    start = base.instant(required=True)
    end = base.instant(load_default=None)
    agreed_by = base.parties()
    place_cell = fields.String(validate=base.CELL)
    place_kind = fields.String(validate=validate.OneOf(get_args(PlaceKind)), load_default=None)
    room = fields.String(validate=base.CODE)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Schedule:
        """The ask as a value."""
        return asks.Schedule(**base.tuples(data))


class StartSchema(Lenient):
    """Open the sitting."""

    rights_notice = fields.Boolean(load_default=False)
    identity_checked = fields.Boolean(load_default=False)
    recorded = fields.Boolean(load_default=False)
    recording_agreed_by = base.parties()

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Start:
        """The ask as a value."""
        return asks.Start(**base.tuples(data))


class NoticeSchema(Lenient):
    """An invitation to the sitting."""

    at = base.instant(required=True)
    how = one_of(NOTICES, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Notice:
        """The notice as a value."""
        return Notice(**data)


class PresenceSchema(Lenient):
    """Whether a party came."""

    party_ref = base.party(required=True)
    present = fields.Boolean(required=True)
    notices = fields.List(fields.Nested(NoticeSchema), load_default=list, validate=validate.Length(max=20))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Presence:
        """The presence as a value."""
        return Presence(**base.tuples(data))


class OfficialSchema(Lenient):
    """Whether an official came."""

    role = fields.String(required=True, validate=base.CODE)
    present = fields.Boolean(required=True)
    excused = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> OfficialPresence:
        """The presence as a value."""
        return OfficialPresence(**data)


class ViewsSchema(Lenient):
    """What each side said."""

    applicant = base.words(required=True)
    respondent = base.words(required=True)
    third = base.words()


class MinutesSchema(Lenient):
    """The record of a sitting."""

    facts = base.words(required=True)
    law = base.words(required=True)
    proposals = base.words(required=True)
    views = fields.Nested(ViewsSchema, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.WriteMinutes:
        """The ask as a value."""
        return asks.WriteMinutes(**data)


class OffersSchema(Lenient):
    """Further help that was offered, and what the parties said."""

    legal_service = one_of(words.ANSWERS, required=True)
    legal_aid = one_of(words.ANSWERS, required=True)
    judicial_confirmation = one_of(words.ANSWERS, required=True)
    counselling = one_of(words.COUNSELLING)


class HoldSchema(Lenient):
    """How the sitting ended."""

    outcome = one_of(OUTCOMES, required=True)
    attendance = fields.List(
        fields.Nested(PresenceSchema), load_default=list, validate=validate.Length(max=50)
    )
    officials = fields.List(
        fields.Nested(OfficialSchema), load_default=list, validate=validate.Length(max=20)
    )
    means = fields.List(
        fields.String(validate=base.CODE), load_default=list, validate=validate.Length(max=20)
    )
    offers = fields.Nested(OffersSchema, load_default=dict)
    declined_by = base.parties()
    dropped_minutes = fields.Integer(strict=True, validate=validate.Range(min=0, max=1440))
    reason = fields.String(validate=base.CODE)
    minutes = fields.Nested(MinutesSchema, load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Hold:
        """The ask as a value."""
        return asks.Hold(**base.tuples(data))
