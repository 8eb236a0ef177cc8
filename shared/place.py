"""Where a page of a list ended: the `next` that a caller gives back to get the page after it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from shared.errors import Malformed


class Place(NamedTuple):
    """The last thing seen of a list that is sorted by an instant, then by id."""

    at: datetime
    id: str

    def __str__(self) -> str:
        """In UTC with a Z: a plus would be read as a space by whoever puts it into an address as it is."""
        return f"{self.at.astimezone(UTC).isoformat().replace('+00:00', 'Z')}~{self.id}"


def place(cursor: str) -> Place | None:
    """The place that a cursor names; None for the beginning. Raises Malformed."""
    if not cursor:
        return None
    at, _, id = cursor.partition("~")
    try:
        found = datetime.fromisoformat(at)
        if found.tzinfo is None:
            raise ValueError("an instant without a zone")
        return Place(at=found.astimezone(UTC), id=id)
    except (ValueError, OverflowError) as error:
        raise Malformed("after 应为上一页给出的 next", code="bad_cursor") from error
