"""How grid's aggregates lie in the database, and by what they are found."""

from __future__ import annotations

from shared.aggregate import AggregateDocument
from shared.aggregate.mongo import newest_first


class RegionDocument(AggregateDocument):
    """A region or grid; its code is its id, so that a subtree is a range of ids."""

    meta = {"collection": "regions", "db_alias": "grid"}


class FindingDocument(AggregateDocument):
    """A finding with its words sealed."""

    SEALED = {"text": "text"}

    meta = {
        "collection": "findings",
        "db_alias": "grid",
        "indexes": [newest_first("state.reported_at", "state.place")],
    }


class RegisteredDocument(AggregateDocument):
    """The case that a finding became."""

    meta = {"collection": "registered", "db_alias": "grid"}
