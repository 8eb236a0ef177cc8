"""How intake's aggregates lie in the database, and by what they are found."""

from __future__ import annotations

from typing import Any

from services.intake.model.words import PERSONAL
from shared.aggregate import AggregateDocument
from shared.aggregate.mongo import newest_first


def _only_text(field: str) -> dict[str, Any]:
    return {"partialFilterExpression": {field: {"$type": "string"}}}


class RegistrationDocument(AggregateDocument):
    """A registration with its sealed parties: one document, so that one write makes all of it durable."""

    SEALED = {
        **{field: field for field in ("query_code", "summary", "title", "place", "answer")},
        **{f"parties.*.{field}": f"{{party_id}}.{field}" for field in PERSONAL},
        "requests.*": "request.{n}",
        "attachments.*.content": "attachment.{field}",
    }

    meta = {
        "collection": "registrations",
        "db_alias": "intake",
        "indexes": [
            {"fields": ["state.case_no"], "unique": True},
            {"fields": ["state.case_id"], "unique": True},
            {"fields": ["state.request_key"], "unique": True, **_only_text("state.request_key")},
            "state.query_marks",
            "state.person_marks",
            "state.text_mark",
            ("state.answerable", "state.registered_at"),
            "state.parties.party_id",
            newest_first("state.registered_at"),
        ],
    }


class ImportDocument(AggregateDocument):
    """A file on its way in."""

    SEALED = {"file_name": "file_name"}

    meta = {
        "collection": "imports",
        "db_alias": "intake",
        "indexes": [
            "state.state",
            "-state.created_at",
            # one key makes one import; the second field only keeps it apart from an index of older versions
            {"fields": ["inbox.k", "schema"], "unique": True, **_only_text("inbox.k")},
        ],
    }


class PartnerDocument(AggregateDocument):
    """A unit that was connected at run time."""

    meta = {"collection": "partners", "db_alias": "intake", "indexes": ["inbox.k"]}


class RevealDocument(AggregateDocument):
    """Who was shown what, and why."""

    meta = {
        "collection": "reveals",
        "db_alias": "intake",
        "indexes": ["state.case_id", "state.reg_id", "state.reason"],
    }


class PrivacyRequestDocument(AggregateDocument):
    """What somebody asks about the own data."""

    SEALED = {"value": "value", "words": "words"}

    meta = {
        "collection": "privacy_requests",
        "db_alias": "intake",
        "indexes": ["state.reg_id", "state.state", newest_first("state.asked_at")],
    }


class ExportDocument(AggregateDocument):
    """A list that somebody wants taken out."""

    meta = {"collection": "exports", "db_alias": "intake", "indexes": [newest_first("state.asked_at")]}


class ViewDocument(AggregateDocument):
    """The copied fields of a case."""

    meta = {"collection": "views", "db_alias": "intake"}


class AgreementDocument(AggregateDocument):
    """A sharing agreement."""

    meta = {"collection": "agreements", "db_alias": "intake", "indexes": ["state.unit"]}


class DisclosureDocument(AggregateDocument):
    """What a department was given of a case."""

    meta = {"collection": "disclosures", "db_alias": "intake", "indexes": ["state.case_id"]}


class HoldingDocument(AggregateDocument):
    """Which unit was handed which case."""

    meta = {"collection": "holdings", "db_alias": "intake", "indexes": [("state.case_id", "state.unit")]}


class FileDocument(AggregateDocument):
    """A file of a case, without its bytes."""

    SEALED = {"name": "name"}

    meta = {
        "collection": "case_files",
        "db_alias": "intake",
        "indexes": ["state.reg_id", "state.case_id", "state.sha256", "state.scan", "state.thumbnail"],
    }


class GroupDocument(AggregateDocument):
    """Matters that look like one: counts and codes, and the id of the first."""

    meta = {"collection": "groups", "db_alias": "intake", "indexes": [newest_first("state.grown_at")]}
