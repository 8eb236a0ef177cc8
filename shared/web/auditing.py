"""The audit trail over HTTP: the auditor reads it, nobody writes it, and that it was read is written down."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from shared.audit import Head, Trail, Wanted, verify
from shared.audit.anchors import Anchors
from shared.profile import profile
from shared.settings import settings
from shared.web.access import in_scope, needs
from shared.web.documentation import Views, blueprint
from shared.web.request import record

AUDITORS = ("audit_admin",)


class AuditQuery(Schema):
    """Which entries, newest first."""

    class Meta:
        unknown = EXCLUDE

    actor = fields.String(load_default="", validate=validate.Length(max=64))
    action = fields.String(load_default="", validate=validate.Length(max=64))
    object_ = fields.String(
        load_default="", validate=validate.Length(max=120), data_key="object", attribute="object"
    )
    case = fields.String(load_default="", validate=validate.Length(max=64))
    result = fields.String(load_default="", validate=validate.Length(max=64))
    since = fields.AwareDateTime(load_default=None, metadata={"description": "From this instant on."})
    until = fields.AwareDateTime(load_default=None, metadata={"description": "Before this instant."})
    before = fields.Integer(load_default=0, validate=validate.Range(min=0, max=10**12))
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=500))


class EntryAnswer(Schema):
    """One entry: references and codes, never a name."""

    n = fields.Integer(required=True)
    at = fields.DateTime(required=True)
    actor = fields.String(required=True)
    role = fields.String(required=True)
    action = fields.String(required=True)
    object_ = fields.String(required=True, data_key="object", attribute="object")
    case = fields.String(required=True)
    purpose = fields.String(required=True)
    result = fields.String(required=True)
    device = fields.String(required=True)
    hash = fields.String(required=True)
    prev_hash = fields.String(required=True)


class EntryList(Schema):
    """A page of the trail; `next` is the `before` of the next one."""

    items = fields.List(fields.Nested(EntryAnswer), required=True)
    next = fields.Integer(allow_none=True, required=True)


class StandAnswer(Schema):
    """Whether the trail is whole, how far it reaches, and if not: which entry is wrong, and how."""

    whole = fields.Boolean(required=True)
    chain = fields.String(required=True)
    n = fields.Integer(required=True)
    hash = fields.String(required=True)
    kind = fields.String(allow_none=True)
    why = fields.String(allow_none=True)


def auditing(trail: Trail) -> Views:
    """The addresses of one service's trail."""
    blp = blueprint("audit", "The audit trail: who looked, who changed, why")

    @blp.route("/audit")
    @needs(*AUDITORS)
    @blp.arguments(AuditQuery, location="query")
    @blp.response(200, EntryList)
    def listed(query: dict[str, Any]) -> dict[str, Any]:
        """Entries, newest first. A trail is the whole county's, and so is its auditor."""
        in_scope(profile().county6)
        limit = query.pop("limit")
        found = trail.listed(Wanted(**query), limit + 1)
        record(trail, "audit.read", f"audit/{trail.chain}", purpose="audit")
        return {"items": found[:limit], "next": found[limit - 1].n if len(found) > limit else None}

    @blp.route("/audit/verification", methods=["POST"])
    @needs(*AUDITORS)
    @blp.response(200, StandAnswer)
    def verified() -> dict[str, Any]:
        """Go through the whole trail, and compare it with the heads that were written down outside."""
        in_scope(profile().county6)
        found = verify(trail.entries(), Anchors(settings().anchors).of(trail.chain))
        record(trail, "audit.verify", f"audit/{trail.chain}", purpose="audit", result=_result(found))
        if found is None:
            return {"whole": True, "chain": trail.chain, "n": 0, "hash": ""}
        return {"hash": ""} | vars(found) | {"whole": isinstance(found, Head)}

    return blp


def _result(found: object) -> str:
    return "ok" if found is None or isinstance(found, Head) else "broken"
