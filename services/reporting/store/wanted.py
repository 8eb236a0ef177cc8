"""What is asked of the rows: which ones, counted by what, from where on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from services.reporting.model import ENDED, Row
from services.reporting.store.documents import EPOCH

Dimension = Literal["state", "region", "category", "tier", "day", "department"]
FIELD: Mapping[str, str] = {
    "state": "state",
    "region": "region",
    "category": "category",
    "tier": "tier",
    "day": "registered_day",
    "department": "lead_unit",
}
LEVELS = (6, 9, 12, 15, 17)  # digits of county, township, village, grid, micro grid
END = ":"  # sorts after every digit: a subtree is the stretch from its code to its code with this


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which cases. `mine`: only those that a unit has or had; `protected`: the protected ones too.

    `not_about`: no list shows this unit what people complain about it for; numbers count it all the same.
    """

    region: str
    states: tuple[str, ...] = ()
    category: str = ""
    tier: str = ""
    department: str = ""
    first_day: str = ""
    last_day: str = ""
    open: bool | None = None
    late: bool = False
    mine: str = ""
    protected: bool = True
    not_about: str = ""

    def listing(self) -> dict[str, Any]:
        """The query of a list."""
        return self.query() | ({"state.kept_from": {"$ne": self.not_about}} if self.not_about else {})

    def query(self) -> dict[str, Any]:
        """The same as a query of the database that counts."""
        found: dict[str, Any] = {
            "state.region": {"$gte": self.region, "$lt": self.region + END},
            "state.state": self._states(),
        }
        for name in ("category", "tier", "department"):
            if value := getattr(self, name):
                found[f"state.{FIELD[name]}"] = value
        if days := self._days():
            found["state.registered_day"] = days
        if self.late:
            found["state.late_since"] = {"$gt": EPOCH}
        if self.mine:
            found["state.units"] = self.mine
        return found if self.protected else found | {"state.protected": False}

    def _states(self) -> dict[str, Any]:
        if self.states:
            return {"$in": list(self.states)}
        if self.open is None:
            return {"$gt": ""}
        return {"$nin": ["", *ENDED]} if self.open else {"$in": list(ENDED)}

    def _days(self) -> dict[str, str]:
        ends = {"$gte": self.first_day, "$lte": self.last_day}
        return {operator: day for operator, day in ends.items() if day}

    def fits(self, row: Row) -> bool:
        """Whether a row is meant; the same as the query."""
        return (
            bool(row.state)
            and row.region.startswith(self.region)
            and (not self.states or row.state in self.states)
            and (bool(self.states) or self.open in (None, row.state not in ENDED))
            and (not self.category or row.category == self.category)
            and (not self.tier or row.tier == self.tier)
            and (not self.department or row.lead_unit == self.department)
            and (not self.first_day or row.registered_day >= self.first_day)
            and (not self.last_day or row.registered_day <= self.last_day)
            and (not self.late or row.late_since is not None)
            and (not self.mine or self.mine in row.units)
            and (self.protected or not row.protected)
            and not (self.not_about and self.not_about in row.kept_from)
        )


@dataclass(frozen=True, kw_only=True)
class Since:
    """What happened from an instant on."""

    registered: int
    ended: int


def digits_below(region: str) -> int:
    """How many digits a region has whose regions are counted below this one."""
    return next((level for level in LEVELS if level > len(region)), LEVELS[-1])
