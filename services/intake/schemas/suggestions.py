"""What is asked of suggestions and what they answer."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.intake.model import words
from services.intake.schemas.taken import Lenient
from shared.contracts.fields import Whole
from shared.web import Answer

LONGEST = 20_000
REGION = Whole(r"\d{6}(\d{3}(\d{3}(\d{3}(\d{2})?)?)?)?", error="地区码不对")


def _told(description: str) -> dict[str, Any]:
    return {"metadata": {"description": description}}


class SuggestionBody(Lenient):
    """A text to be looked at. It is read and forgotten."""

    text = fields.String(
        required=True, validate=validate.Length(min=1, max=LONGEST, error="请填写1至20000字")
    )
    title = fields.String(load_default="", validate=validate.Length(max=300, error="标题不超过300字"))
    region = fields.String(required=True, validate=REGION)
    matter_type = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(list(words.MATTER_TYPES), error="没有这种事项类型"),
    )


class SuggestedCategory(Schema):
    """One category, how sure the suggestion is of it, and the words that decided."""

    category = fields.String(required=True)
    name = fields.String(required=True)
    confidence = fields.Integer(required=True, **_told("Per cent, measured (docs/triage.md)."))
    reasons = fields.List(fields.String(), required=True)


class SuggestionAnswer(Schema):
    """What the software suggests. Nothing of it is applied: a person chooses."""

    kind = fields.String(required=True, **_told("dispute or message: which categories were compared"))
    category = fields.String(required=True, allow_none=True, **_told("Empty where nothing is clear enough."))
    confidence = fields.Integer(required=True)
    candidates = fields.List(fields.Nested(SuggestedCategory), required=True)
    beside = fields.Nested(SuggestedCategory, required=True, allow_none=True)
    matter_type = fields.String(required=True, allow_none=True)
    complexity = fields.String(required=True, allow_none=True)
    tier = fields.String(required=True)
    unit = fields.String(required=True, allow_none=True)
    unit_name = fields.String(required=True)
    unit_reason = fields.String(required=True)
    flags = fields.List(fields.String(), required=True)
    by = fields.String(required=True)
    notice = fields.String(required=True)


class KeptAnswer(Schema):
    """What was suggested when the matter was taken in."""

    category = fields.String(allow_none=True)
    confidence = fields.Integer()
    others = fields.List(fields.String())
    matter_type = fields.String(allow_none=True)
    complexity = fields.String(allow_none=True)
    tier = fields.String()
    unit = fields.String(allow_none=True)
    by = fields.String()


class RegistrationSuggestion(Answer):
    """The suggestion beside the choice."""

    suggestion = fields.Nested(SuggestionAnswer, required=True)
    kept = fields.Nested(KeptAnswer, required=True, allow_none=True)
    chosen_category = fields.String(required=True, allow_none=True)
    chosen_matter_type = fields.String(required=True)
