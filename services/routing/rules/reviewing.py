"""What became of a suggestion when a person decided: kept or changed, part by part, to be counted."""

from __future__ import annotations

from collections.abc import Mapping

from services.routing.model import Case
from services.routing.rules.shown import shown_category
from shared.contracts.base import Event
from shared.contracts.suggestion import CaseSuggestionReviewed

SORTED = ("category", "complexity", "matter_type", "tier")
GIVEN = ("unit",)


def reviewed(case: Case, parts: tuple[str, ...]) -> tuple[Event, ...]:
    """What to tell of a case that a person has just sorted or assigned, if something was suggested."""
    found = case.suggestion
    if found is None or not found.by:
        return ()
    chosen: Mapping[str, str | None] = {
        "category": case.category,
        "complexity": case.complexity,
        "matter_type": case.matter_type,
        "tier": case.tier,
        "unit": case.lead_unit,
    }
    suggested = {part: value for part in parts if (value := getattr(found, part)) is not None}
    kept = tuple(part for part, value in suggested.items() if value == chosen[part])
    event = CaseSuggestionReviewed(
        case_id=case.case_id,
        suggested_by=found.by,
        confidence=found.confidence,
        kept=kept,
        changed=tuple(part for part in suggested if part not in kept),
        suggested_category=None if case.protected else found.category,
        category=shown_category(case),
    )
    return (event,) if suggested else ()
