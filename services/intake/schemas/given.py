"""The bodies that intake gives."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from services.intake.schemas.taken import RefusalSchema
from shared.web import Answer


def _told(description: str) -> dict[str, Any]:
    return {"metadata": {"description": description}}


class SimilarAnswer(Schema):
    """An earlier matter that looks the same."""

    case_no = fields.String(required=True)
    category = fields.String(allow_none=True)
    case_id = fields.String(**_told("What it would be merged into."))
    reg_id = fields.String()
    registered_at = fields.DateTime(allow_none=True)
    percent = fields.Integer(allow_none=True, **_told("How sure it is, by the words alone."))
    reasons = fields.List(
        fields.String(),
        **_told("same_text, near_text, part_of, same_title, same_person, same_place, close_in_time"),
    )


class RegisteredAnswer(Answer):
    """What the resident leaves with."""

    reg_id = fields.String(required=True)
    case_id = fields.String(required=True)
    case_no = fields.String(required=True)
    query_code = fields.String(required=True)
    state = fields.String(required=True)
    first_receiver = fields.String(required=True)
    registered_at = fields.DateTime(required=True)
    possible_duplicates = fields.List(fields.Nested(SimilarAnswer))
    not_given = fields.List(fields.String())
    attachments = fields.List(fields.String(), **_told("Fields whose whole text is kept as an attachment."))
    limits = fields.List(fields.String(), **_told("What the resident is told about time."))
    notice = fields.String(allow_none=True, **_told("What to do at once in an emergency."))


class PartyAnswer(Schema):
    """A party with masked numbers."""

    party_ref = fields.String(required=True)
    role = fields.String(required=True)
    kind = fields.String(required=True)
    masked = fields.Dict(keys=fields.String(), values=fields.String())
    minor_u14 = fields.Boolean()
    away = fields.Boolean()
    language = fields.String()
    access_needs = fields.List(fields.String())


class HandlingSchema(Schema):
    """How its case stands, as last told, and when that was: shown though the others do not answer."""

    state = fields.String(required=True)
    words = fields.String(required=True)
    unit = fields.String(allow_none=True)
    due_at = fields.DateTime(allow_none=True)
    since = fields.DateTime(required=True)


class RegistrationAnswer(RegisteredAnswer):
    """A registration for those who work on it; numbers are masked also inside its texts."""

    region = fields.String(required=True)
    channel = fields.String(required=True)
    matter_type = fields.String(required=True)
    category = fields.String(allow_none=True)
    protected = fields.Boolean(required=True)
    emergency = fields.Boolean(required=True)
    title = fields.String()
    summary = fields.String()
    requests = fields.List(fields.String())
    place = fields.String()
    answer = fields.String()
    refusal = fields.Nested(RefusalSchema, allow_none=True)
    parties = fields.List(fields.Nested(PartyAnswer))
    received_at = fields.DateTime()
    discovered_at = fields.DateTime(allow_none=True)
    external_ref = fields.String()
    persons_band = fields.String()
    units_involved = fields.List(fields.String())
    out_of_hours = fields.Boolean()
    discovery_gap_hours = fields.Float(
        allow_none=True, **_told("From discovery to registration; null when nobody said when it was found.")
    )
    handling = fields.Nested(HandlingSchema)


class ListedRegistration(Schema):
    """One line of a list: codes and times, no words."""

    reg_id = fields.String(required=True)
    case_id = fields.String(required=True)
    case_no = fields.String(required=True)
    state = fields.String(required=True)
    channel = fields.String(required=True)
    matter_type = fields.String(required=True)
    category = fields.String(allow_none=True)
    region = fields.String(required=True)
    external_ref = fields.String()
    registered_at = fields.DateTime(required=True)
    version = fields.Integer(required=True)


class RegistrationList(Schema):
    """A page of registrations, newest first."""

    items = fields.List(fields.Nested(ListedRegistration), required=True)
    next = fields.String(allow_none=True)


class WaitingReveal(Answer):
    """A look above the limit that waits for a second person; not what it would show."""

    case_id = fields.String(required=True)
    party_id = fields.String(required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields", attribute="fields")
    purpose = fields.String(required=True)
    asked_by = fields.String(required=True)
    asked_role = fields.String(required=True)
    asked_unit = fields.String(required=True)
    asked_at = fields.DateTime(required=True)
    granted = fields.Boolean(required=True)
    approved_by = fields.String()


class WaitingReveals(Schema):
    """The looks that wait."""

    items = fields.List(fields.Nested(WaitingReveal), required=True)
    next = fields.String(allow_none=True)


class RevealAnswer(Answer):
    """The fields in words, once."""

    values = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    purpose = fields.String(required=True)


class LookSchema(Schema):
    """Who was given the parties' own data, when and what for."""

    unit = fields.String(required=True)
    post = fields.String(required=True, **_told("The post of the person, or that it was a system."))
    at = fields.DateTime(required=True)
    purpose = fields.String(required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields", attribute="fields")


class StandingAnswer(Schema):
    """How the matter stands."""

    case_no = fields.String(required=True)
    state = fields.String(required=True)
    words = fields.String(required=True)
    next_step = fields.String(required=True)
    since = fields.DateTime(required=True)
    unit = fields.String(allow_none=True)
    due_at = fields.DateTime(allow_none=True)
    limits = fields.List(fields.String(), required=True)
    looks = fields.List(fields.Nested(LookSchema), required=True)
