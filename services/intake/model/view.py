"""The few fields of a case that intake copies from events, to tell residents how their matter stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """One case as it was last told; each copied field keeps the place in the order it was told at."""

    case_id: str
    region: str
    state: str = "registered"
    state_at: datetime | None = None
    unit: str | None = None
    co_units: tuple[str, ...] = ()
    due_at: datetime | None = None
    merged_into: str | None = None  # the case that it is handled with, as one matter
    late_pickup: str = ""  # sequence of the newest word that the unit did not take it in time
    told: str = ""  # sequence of the newest event that set the state
    told_unit: str = ""  # and of the newest that set the unit

    @property
    def waits_too_long(self) -> bool:
        """Whether the unit that has it now should have taken it already."""
        return self.state == "assigned" and self.late_pickup > self.told

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit that works on the case."""
        return tuple(unit for unit in (self.unit, *self.co_units) if unit)
