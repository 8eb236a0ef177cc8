"""Bodies about who mediates with whom: opening a matter, consent, the panel, more time, the end."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from services.mediation.model import Mediator, Party, words
from services.mediation.model import commands as asks
from services.mediation.schemas import base
from services.mediation.schemas.base import Lenient, one_of

KINDS = {
    "people": "人民调解",
    "judicial": "司法调解",
    "administrative": "行政调解",
    "industry": "行业性专业性调解",
}
TIERS = {"village": "村（社区）", "township": "乡镇（街道）", "county": "县", "county_leader": "县领导"}
LINKAGES = {
    "none": "无",
    "court": "诉调",
    "police": "警调",
    "government": "政调",
    "procuratorate": "检调",
    "petition": "访调",
}


class PartySchema(Lenient):
    """A party and whether it wants to mediate."""

    party_ref = base.party(required=True)
    side = one_of(words.SIDES, required=True)
    answer = one_of(words.CONSENTS, load_default="unasked")
    how = one_of(words.WAYS_TO_SAY, load_default="oral")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Party:
        """The party as a value."""
        return Party(party_ref=data["party_ref"], side=data["side"], consent=data["answer"], how=data["how"])


class MediatorSchema(Lenient):
    """A mediator and what they declare; not declaring is refused by the rule."""

    ref = base.staff(required=True)
    interest = one_of(words.INTERESTS)
    chosen_by = one_of(words.CHOSEN_BY, load_default="organisation")
    both_agreed_in_writing = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Mediator:
        """The mediator as a value."""
        return Mediator(waived=data.pop("both_agreed_in_writing"), **{"interest": ""} | data)


class OpenSchema(Lenient):
    """Begin to mediate a case."""

    case_id = fields.UUID(required=True)
    tier = one_of(TIERS, required=True)
    kind = one_of(KINDS, load_default="people")
    linkage = one_of(LINKAGES, load_default=None)
    linkage_stage = one_of(words.LINKAGE_STAGES, load_default="")
    linkage_ref = base.short(100)
    organisation = fields.String(required=True, validate=base.UNIT)
    mediators = fields.List(
        fields.Nested(MediatorSchema), required=True, validate=validate.Length(min=1, max=20)
    )
    consents = fields.List(fields.Nested(PartySchema), required=True, validate=validate.Length(min=1, max=50))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Open:
        """The ask as a value."""
        data["case_id"] = str(data["case_id"])
        return asks.Open(parties=tuple(data.pop("consents")), **base.tuples(data))


class ConsentSchema(Lenient):
    """A party says whether it wants to mediate."""

    party_ref = base.party(required=True)
    answer = one_of(words.CONSENTS, required=True)
    how = one_of(words.WAYS_TO_SAY, load_default="oral")
    side = one_of(words.SIDES)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Consent:
        """The ask as a value."""
        return asks.Consent(**data)


class ConflictSchema(Lenient):
    """A mediator declares an interest."""

    mediator_ref = base.staff(required=True)
    interest = one_of(words.INTERESTS, required=True)
    both_agreed_in_writing = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Conflict:
        """The ask as a value."""
        return asks.Conflict(waived=data.pop("both_agreed_in_writing"), **data)


class ExtendSchema(Lenient):
    """All sides agree to more time."""

    until = base.day(required=True)
    agreed_by = base.parties()

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Extend:
        """The ask as a value."""
        return asks.Extend(day=data["until"], agreed_by=tuple(data["agreed_by"]))


class CloseSchema(Lenient):
    """End a matter without an agreement."""

    result = one_of(words.CLOSE_REASONS, required=True)
    reason = fields.String(required=True, validate=base.CODE)
    routes_shown = fields.Boolean(load_default=False)
    requests_answered = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Close:
        """The ask as a value."""
        return asks.Close(**data)


class ComplainSchema(Lenient):
    """Somebody complains about a mediator."""

    mediator_ref = base.staff(required=True)
    about = one_of(words.MISCONDUCT, required=True)
    text = base.words(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Complain:
        """The ask as a value."""
        return asks.Complain(**data)
