"""Matters that look like one: candidates for one registration, groups, and what a person says of a crowd."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.intake.rules.likeness.grouping import REASONS
from services.intake.schemas.given import SimilarAnswer
from services.intake.schemas.taken import Lenient
from shared.web import Answer


def _told(description: str) -> dict[str, Any]:
    return {"metadata": {"description": description}}


class CandidateAnswer(SimilarAnswer):
    """An earlier matter that may be the same, and how its case stands."""

    state = fields.String(
        required=True, **_told("How its case stands; merged ones name the case they joined.")
    )
    merged_into = fields.String(allow_none=True)
    shared = fields.List(fields.String(), **_told("Words of this registration that the earlier one has too."))


class CandidateList(Schema):
    """At most ten, the surest first."""

    items = fields.List(fields.Nested(CandidateAnswer), required=True)
    group_id = fields.String(allow_none=True, **_told("The group it is counted in."))


class GroupAnswer(Answer):
    """Matters that look like one: how many, and how many people report them."""

    group_id = fields.String(required=True)
    case_id = fields.String(required=True, **_told("The first of them, which the others may be merged into."))
    case_no = fields.String(required=True)
    region = fields.String(required=True)
    members = fields.Integer(required=True)
    reporters = fields.Integer(required=True, **_told("People, each counted once."))
    began_at = fields.DateTime(required=True)
    grown_at = fields.DateTime(required=True)
    mass = fields.String(required=True, **_told("none, proposed (somebody should say), confirmed, declined"))
    decided_at = fields.DateTime(allow_none=True)


class MemberAnswer(Schema):
    """One matter of a group."""

    reg_id = fields.String(required=True)
    case_id = fields.String(required=True)
    case_no = fields.String(required=True)
    registered_at = fields.DateTime(required=True)
    state = fields.String(required=True)
    merged_into = fields.String(allow_none=True)


class WholeGroupAnswer(GroupAnswer):
    """A group with its newest members."""

    items = fields.List(fields.Nested(MemberAnswer), required=True)


class GroupList(Schema):
    """A page of groups, the last grown first."""

    items = fields.List(fields.Nested(GroupAnswer), required=True)
    next = fields.String(allow_none=True)


class GroupQuery(Lenient):
    """Which groups."""

    mass = fields.String(
        load_default="", validate=validate.OneOf(["", "none", "proposed", "confirmed", "declined"])
    )
    after = fields.String(load_default="", **_told("`next` of the page before."))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class MassBody(Lenient):
    """What a person says about a crowd."""

    mass = fields.Boolean(required=True)
    reason = fields.String(
        required=True,
        validate=validate.OneOf(
            [code for codes in REASONS.values() for code in codes], error="不在可选范围内"
        ),
    )
