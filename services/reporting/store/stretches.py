"""How long matters took from step to step: counted from the rows themselves, in seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.reporting.model import Row

ENDS: Mapping[str, tuple[str, str]] = {
    "register": ("discovered_at", "registered_at"),
    "assign": ("registered_at", "assigned_at"),
    "accept": ("assigned_at", "accepted_at"),
    "resolve": ("accepted_at", "resolved_at"),
    "whole": ("registered_at", "resolved_at"),
}
"""The instants between which each stretch lies; a case that has only one of them is not counted in it."""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One stretch of the way: how many cases have it behind them, their mean and the longest of them."""

    name: str
    cases: int
    mean: int | None
    longest: int | None


def _sums(name: str) -> dict[str, Any]:
    took = f"${name}"
    counted = {"$cond": [{"$gt": [took, None]}, 1, 0]}
    return {f"{name}_n": {"$sum": counted}, f"{name}_mean": {"$avg": took}, f"{name}_most": {"$max": took}}


STEPS: list[dict[str, Any]] = [
    {"$project": {name: {"$subtract": [f"$state.{b}", f"$state.{a}"]} for name, (a, b) in ENDS.items()}},
    {"$group": {"_id": None} | {key: way for name in ENDS for key, way in _sums(name).items()}},
]
"""How the database counts them; the difference of two instants is in milliseconds there."""


def of_groups(found: Iterable[Mapping[str, Any]]) -> list[Stretch]:
    """What the database counted."""
    sums = next(iter(found), {})
    return [
        Stretch(
            name=name,
            cases=sums.get(f"{name}_n", 0),
            mean=_seconds(sums.get(f"{name}_mean")),
            longest=_seconds(sums.get(f"{name}_most")),
        )
        for name in ENDS
    ]


def _seconds(milliseconds: float | None) -> int | None:
    return None if milliseconds is None else round(milliseconds / 1000)


def of_rows(rows: Iterable[Row]) -> list[Stretch]:
    """The same from rows in memory."""
    known = list(rows)
    return [
        _stretch(name, [took for row in known if (took := _took(row, name)) is not None]) for name in ENDS
    ]


def _took(row: Row, name: str) -> float | None:
    begin, end = (getattr(row, field) for field in ENDS[name])
    return (end - begin).total_seconds() if begin and end else None


def _stretch(name: str, times: list[float]) -> Stretch:
    mean = round(sum(times) / len(times)) if times else None
    return Stretch(name=name, cases=len(times), mean=mean, longest=round(max(times)) if times else None)
