"""Bodies about the agreement: its words, signatures, performance and confirmation."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from services.mediation.model import Signature, words
from services.mediation.model import commands as asks
from services.mediation.schemas import base
from services.mediation.schemas.base import Lenient, one_of

FORMS = {"written": "书面", "oral": "口头"}


class PromiseSchema(Lenient):
    """One item."""

    what = base.words(required=True)
    debtor_ref = base.party(required=True)
    way = one_of(words.WAYS_TO_PERFORM, required=True)
    due = base.day(required=True)
    place = base.short(300)
    amount = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0, max=1_000_000_000))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Promise:
        """The item as a value."""
        return asks.Promise(day=data.pop("due"), **data)


class DraftSchema(Lenient):
    """The words of an agreement."""

    form = one_of(FORMS, load_default="written")
    facts = base.words(required=True)
    responsibility = base.words(required=True)
    items = fields.List(fields.Nested(PromiseSchema), required=True, validate=validate.Length(min=1, max=50))
    oral_yes = base.parties()

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Draft:
        """The ask as a value."""
        return asks.Draft(promises=tuple(data.pop("items")), **base.tuples(data))


class SignatureSchema(Lenient):
    """One signature."""

    signer = base.staff(required=True)
    role = one_of(words.SIGNERS, required=True)
    how = one_of(words.SIGNATURES, required=True)
    signed_at = base.instant(required=True)
    scan_hash = fields.String(validate=base.SHA256)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Signature:
        """The signature as a value."""
        return Signature(**data)


class SignSchema(Lenient):
    """Signatures on the agreement."""

    signatures = fields.List(
        fields.Nested(SignatureSchema), required=True, validate=validate.Length(min=1, max=60)
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.Sign:
        """The ask as a value."""
        return asks.Sign(**base.tuples(data))


class PerformSchema(Lenient):
    """An item was done."""

    done_at = base.instant(required=True)
    proof_hash = fields.String(validate=base.SHA256)


class FileSchema(Lenient):
    """A joint request to a court."""

    court = fields.String(required=True, validate=base.UNIT)
    applicants = base.parties()
    filed_at = base.instant(required=True)
    materials = fields.List(fields.String(validate=base.CODE), load_default=list)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.File:
        """The ask as a value."""
        return asks.File(**base.tuples(data))


class CourtDecisionSchema(Lenient):
    """What the court decided."""

    result = one_of(words.COURT_RESULTS, required=True)
    decided_at = base.instant(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> asks.CourtDecision:
        """The ask as a value."""
        return asks.CourtDecision(**data)
