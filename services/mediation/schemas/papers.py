"""The bodies that mediation gives about agreements and what goes to the court."""

from __future__ import annotations

from marshmallow import Schema, fields

from shared.web import Answer


class ItemAnswer(Schema):
    """An item of an agreement; its words only where the words were asked for."""

    no = fields.Integer(required=True)
    what = fields.String()
    place = fields.String()
    debtor_ref = fields.String(required=True)
    way = fields.String(required=True)
    amount = fields.Integer()
    due_at = fields.DateTime(required=True)
    done_at = fields.DateTime(allow_none=True)
    breached_at = fields.DateTime(allow_none=True)


class SignatureAnswer(Schema):
    """A signature."""

    signer = fields.String(required=True)
    role = fields.String(required=True)
    how = fields.String(required=True)
    signed_at = fields.DateTime(required=True)
    scan_hash = fields.String()


class FilingAnswer(Schema):
    """A request for confirmation."""

    state = fields.String(required=True)
    court = fields.String(required=True)
    applicants = fields.List(fields.String())
    filed_at = fields.DateTime(required=True)
    materials = fields.List(fields.String())
    days_late = fields.Integer()
    result = fields.String()
    decided_at = fields.DateTime(allow_none=True)


class AgreementAnswer(Schema):
    """An agreement."""

    agr_id = fields.String(required=True)
    form = fields.String(required=True)
    state = fields.String(required=True)
    drafted_at = fields.DateTime()
    facts = fields.String()
    responsibility = fields.String()
    effective_at = fields.DateTime(allow_none=True)
    confirm_deadline = fields.DateTime(allow_none=True)
    total_amount = fields.Integer()
    items = fields.List(fields.Nested(ItemAnswer))
    signatures = fields.List(fields.Nested(SignatureAnswer))
    missing_signatures = fields.List(fields.String())
    filing = fields.Nested(FilingAnswer, allow_none=True)
    warning = fields.String()


class AgreementTextAnswer(Answer, AgreementAnswer):
    """An agreement in words."""


class DocumentAnswer(Schema):
    """A document of the package for the court."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    present = fields.Boolean(required=True)
    needed = fields.Boolean(required=True)


class ProofAnswer(Schema):
    """That this organisation led the mediation."""

    organisation = fields.String(required=True)
    mediators = fields.List(fields.String(), required=True)
    sessions = fields.List(fields.String(), required=True)
    effective_at = fields.DateTime(required=True)


class PackageAnswer(Answer):
    """What the parties bring to the court to have their agreement confirmed; made for printing."""

    deadline = fields.DateTime(required=True)
    warning = fields.String(required=True)
    applicants = fields.List(fields.String(), required=True)
    proof = fields.Nested(ProofAnswer, required=True)
    documents = fields.List(fields.Nested(DocumentAnswer), required=True)
    agreement = fields.Nested(AgreementAnswer, required=True)
