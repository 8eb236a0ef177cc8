"""What became of suggestions: kept or changed, counted from the rows themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from services.reporting.model import Row


@dataclass(frozen=True, kw_only=True)
class Review:
    """So many cases in which people dealt with the suggestion in the same way."""

    kept: tuple[str, ...]
    changed: tuple[str, ...]
    suggested: str | None
    chosen: str | None
    count: int


STEPS: list[dict[str, Any]] = [
    {
        "$group": {
            "_id": {
                "kept": "$state.suggestion_kept",
                "changed": "$state.suggestion_changed",
                "suggested": "$state.suggested_category",
                "chosen": "$state.category",
            },
            "count": {"$sum": 1},
        }
    }
]
"""How the database counts them."""


def of_groups(found: Iterable[dict[str, Any]]) -> list[Review]:
    """What the database counted."""
    return _ordered(
        Review(
            kept=tuple(one["_id"]["kept"]),
            changed=tuple(one["_id"]["changed"]),
            suggested=one["_id"].get("suggested"),
            chosen=one["_id"].get("chosen"),
            count=one["count"],
        )
        for one in found
    )


def of_rows(rows: Iterable[Row]) -> list[Review]:
    """The same from rows in memory."""
    counted = Counter(
        (row.suggestion_kept, row.suggestion_changed, row.suggested_category, row.category) for row in rows
    )
    names = ("kept", "changed", "suggested", "chosen")
    return _ordered(
        Review(**dict(zip(names, key, strict=True)), count=n)  # type: ignore[arg-type]
        for key, n in counted.items()
    )


def _ordered(reviews: Iterable[Review]) -> list[Review]:
    return sorted(
        reviews, key=lambda one: (-one.count, one.kept, one.changed, str(one.suggested), str(one.chosen))
    )
