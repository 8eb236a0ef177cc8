"""What became of a suggestion when a person decided: codes only, so that overrides can be counted."""

from __future__ import annotations

from shared.contracts.base import Event, event
from shared.contracts.fields import Code, Count, Id, Version


@event("case.suggestion_reviewed", by="routing", about="case")
class CaseSuggestionReviewed(Event):
    """A person sorted or assigned a case: these parts of the suggestion were kept, those changed.

    Parts are category, complexity, matter_type, tier, unit. The categories stay empty for a protected matter.
    """

    case_id: Id
    suggested_by: Version
    confidence: Count | None = None
    kept: tuple[Code, ...] = ()
    changed: tuple[Code, ...] = ()
    suggested_category: Code | None = None
    category: Code | None = None
