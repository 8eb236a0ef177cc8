"""Which category a court's cause of action 案由 belongs to, by a table that a county can change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Causes:
    """Whole names first, then the parts of names in the order of the table."""

    exact: Mapping[str, str]
    contains: tuple[tuple[str, tuple[str, ...]], ...]
    ends: tuple[str, ...]

    def category(self, cause: str) -> str | None:
        """The category of a cause of action; None for what is no cause of action at all."""
        if known := self.exact.get(cause):
            return known
        for category, parts in self.contains:
            if any(part in cause for part in parts):
                return category
        return OTHER if cause.endswith(self.ends) else None


def causes(table: Mapping[str, Any]) -> Causes:
    """The table as it lies in the file."""
    rows = ((str(category), tuple(parts)) for row in table["contains"] for category, parts in row.items())
    return Causes(exact=dict(table["exact"]), contains=tuple(rows), ends=tuple(table["ends"]))
