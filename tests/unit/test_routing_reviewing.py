"""What became of a suggestion is told when a person decides: codes only, so that overrides can be counted."""

from __future__ import annotations

from typing import Any

from services.routing.model import Case
from services.routing.rules.reviewing import GIVEN, SORTED, reviewed
from shared.contracts.suggestion import CaseSuggestionReviewed
from tests import routing_given as given


def suggested(**more: Any) -> Case:
    """A case for which something was suggested."""
    told = {
        "category": None,
        "suggested_category": "contract",
        "suggested_complexity": "general",
        "suggested_matter_type": "dispute",
        "suggested_confidence": 71,
        "suggested_by": "words@2",
    }
    return given.registered(**(told | more))


def the_event(case: Case, parts: tuple[str, ...]) -> CaseSuggestionReviewed:
    (event,) = reviewed(case, parts)
    assert isinstance(event, CaseSuggestionReviewed)
    return event


def test_parts_that_a_person_chose_otherwise_are_told_as_changed() -> None:
    from dataclasses import replace

    case = replace(suggested(), category="neighbour", complexity="general", matter_type="dispute")

    event = the_event(case, SORTED)

    assert (event.kept, event.changed) == (("complexity", "matter_type", "tier"), ("category",))
    assert (event.suggested_category, event.category, event.confidence) == ("contract", "neighbour", 71)


def test_the_unit_is_compared_when_it_is_given() -> None:
    from dataclasses import replace

    case = suggested(suggested_unit="court")

    assert the_event(replace(case, lead_unit="court"), GIVEN).kept == ("unit",)
    assert the_event(replace(case, lead_unit="police"), GIVEN).changed == ("unit",)


def test_where_nothing_was_suggested_nothing_is_told() -> None:
    assert reviewed(given.registered(), SORTED) == ()


def test_the_categories_of_a_protected_matter_stay_unsaid() -> None:
    from dataclasses import replace

    event = the_event(replace(suggested(), category="neighbour", protected=True), SORTED)

    assert (event.suggested_category, event.category) == (None, None)
    assert event.changed == ("category", "complexity")
