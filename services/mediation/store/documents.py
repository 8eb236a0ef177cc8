"""How mediation's aggregates lie in the database, and by what they are found."""

from __future__ import annotations

from shared.aggregate import AggregateDocument


class MatterDocument(AggregateDocument):
    """A matter with its sittings, minutes and agreement: one document, so that one write makes it durable."""

    meta = {
        "collection": "matters",
        "db_alias": "mediation",
        "indexes": ["state.case_id", ("state.region", "-state.opened_at")],
    }


class ViewDocument(AggregateDocument):
    """The copied fields of a case."""

    meta = {"collection": "views", "db_alias": "mediation"}
