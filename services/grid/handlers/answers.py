"""What grid answers: regions and findings as codes and times; the words of one finding where it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from services.grid.handlers.importing import Outcome
from services.grid.model import LENGTHS, Finding, Region, Registered
from services.grid.store import Stores
from shared.aggregate import Held
from shared.place import Place

_FINDING = (
    "finding_id", "kind", "urgency", "region", "place", "category", "place_kind", "persons_band",
    "found_at", "reported_at", "reporter",
)  # fmt: skip
_CASE = ("case_id", "case_no", "registered_at")


def imported(outcome: Outcome) -> dict[str, Any]:
    """What became of a file."""
    return asdict(outcome)


def region(state: Region) -> dict[str, Any]:
    """A region with its former names."""
    return asdict(state) | {"code": state.region}


def regions(found: Sequence[Held[Region]], limit: int) -> dict[str, Any]:
    """A page of regions; `found` holds one more when there is a next page."""
    shown = found[:limit]
    items = [region(held.state) | {"id": held.id, "version": held.version} for held in shown]
    return {"items": items, "next": shown[-1].id if len(found) > limit else None}


def located(found: dict[str, Region]) -> dict[str, Any]:
    """The regions that a code lies in, null where the map has none."""
    return {level: region(found[level]) if level in found else None for level in LENGTHS}


def finding(all: Stores, held: Held[Finding]) -> dict[str, Any]:
    """A finding with its words."""
    case = all.cases.find(held.id)
    words = all.sealer.open(held.state.text, owner=held.id, field="text")
    return _line(held.state, case.state if case else None) | {"text": words}


def findings(all: Stores, found: Sequence[Held[Finding]], limit: int) -> dict[str, Any]:
    """A page of findings without their words; `found` holds one more when there is a next page."""
    shown = found[:limit]
    cases = all.cases.several([held.id for held in shown])
    items = [
        _line(held.state, cases.get(held.id)) | {"id": held.id, "version": held.version} for held in shown
    ]
    last = shown[-1] if len(found) > limit else None
    return {"items": items, "next": str(Place(at=last.state.reported_at, id=last.id)) if last else None}


def _line(state: Finding, case: Registered | None) -> dict[str, Any]:
    line = {name: getattr(state, name) for name in _FINDING}
    return line | {name: getattr(case, name, None) for name in _CASE}
