"""How mediation's aggregates lie in the database, and by what they are found."""

from __future__ import annotations

from shared.aggregate import AggregateDocument
from shared.aggregate.mongo import newest_first


class MatterDocument(AggregateDocument):
    """A matter with its sittings, minutes and agreement: one document, so that one write makes it durable."""

    SEALED = {
        "linkage_ref": "linkage_ref",
        "sessions.*.minutes.*.facts": "{session_id}.facts",
        "sessions.*.minutes.*.law": "{session_id}.law",
        "sessions.*.minutes.*.proposals": "{session_id}.proposals",
        "sessions.*.minutes.*.views.*": "{session_id}.views.{key}",
        "agreement.facts": "{agr_id}.facts",
        "agreement.responsibility": "{agr_id}.responsibility",
        "agreement.items.*.what": "{agr_id}.item.{no}.what",
        "agreement.items.*.place": "{agr_id}.item.{no}.place",
        "complaints.*.text": "complaint.{n}",
    }

    meta = {
        "collection": "matters",
        "db_alias": "mediation",
        "indexes": ["state.case_id", newest_first("state.opened_at")],
    }


class MediationViewDocument(AggregateDocument):
    """The copied fields of a case. MongoEngine knows documents by their class name alone: it is unique."""

    meta = {"collection": "views", "db_alias": "mediation"}
