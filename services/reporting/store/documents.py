"""How the rows lie in the database, and by what they are found."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from shared.aggregate import AggregateDocument

CUBE = (
    "state.region", "state.state", "state.category", "state.tier", "state.lead_unit", "state.registered_day",
    "state.late_since", "state.protected",
)  # fmt: skip
"""All that cases are counted and filtered by, in one index: a count never opens a row."""


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # before every instant of a case


def _by_time(name: str, field: str, direction: str = "") -> dict[str, Any]:
    """An index of the rows that have this time, in its order."""
    fields = [f"{direction}{field}", f"{direction}id", "state.region", "state.state", "state.lead_unit"]
    return {"name": name, "fields": fields, "partialFilterExpression": {field: {"$gt": EPOCH}}}


class CaseRowDocument(AggregateDocument):
    """A case."""

    meta: ClassVar[dict[str, Any]] = {
        "collection": "rows",
        "db_alias": "reporting",
        "indexes": [
            {"fields": list(CUBE), "name": "cube"},
            "state.case_no",
            _by_time("registered", "state.registered_at", "-"),
            _by_time("ended", "state.closed_at", "-"),
            _by_time("next_due", "state.next_due"),
            _by_time("late", "state.late_since"),
            _by_time("moved", "state.moved_at", "-"),
            {
                "name": "sittings",
                "fields": ["state.sittings_open", "state.region", "state.state"],
                "partialFilterExpression": {"state.sittings_open": {"$gt": 0}},
            },
            "state.units",
            {
                "name": "reviewed",
                "fields": ["state.suggested_by", "state.region", "state.state"],
                "partialFilterExpression": {"state.suggested_by": {"$gt": ""}},
            },
        ],
    }


class CaseRowAgain(AggregateDocument):
    """A case as it is counted again; forgotten afterwards."""

    meta: ClassVar[dict[str, Any]] = {"collection": "rows_again", "db_alias": "reporting"}


class PetitionRowAgain(AggregateDocument):
    """A petition as it is counted again."""

    meta: ClassVar[dict[str, Any]] = {"collection": "petitions_again", "db_alias": "reporting"}


class PetitionRowDocument(AggregateDocument):
    """A petition."""

    meta: ClassVar[dict[str, Any]] = {
        "collection": "petitions",
        "db_alias": "reporting",
        "indexes": ["state.case_id", "state.links", ("state.region", "state.state")],
    }
