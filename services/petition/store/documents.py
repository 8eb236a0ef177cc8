"""How petitions lie in the database, and by what they are found. No index is keyed by a person (§3.9)."""

from __future__ import annotations

from shared.aggregate import AggregateDocument
from shared.aggregate.mongo import newest_first


class PetitionDocument(AggregateDocument):
    """A petition with its steps, limits and opinion."""

    SEALED = {"summary": "summary", "opinion.parts.*": "opinion.{key}"}

    meta = {
        "collection": "petitions",
        "db_alias": "petition",
        "indexes": ["state.case_id", "state.links.case_id", newest_first("state.received_at")],
    }


class PetitionViewDocument(AggregateDocument):
    """The copied fields of a case. MongoEngine knows documents by their class name alone: it is unique."""

    meta = {"collection": "views", "db_alias": "petition"}
