"""Suggestions for clerks and dispatchers: what a matter may be, with reasons; a person chooses."""

from __future__ import annotations

from typing import Any

from services.intake.handlers import answers, suggesting
from services.intake.rules.revealing import READERS
from services.intake.schemas.suggestions import RegistrationSuggestion, SuggestionAnswer, SuggestionBody
from services.intake.store import Stores
from shared.web import answer, blueprint, caller, here, in_scope, needs, record

ASKERS = ("clerk", "dispatcher", "director", "guide", "grid_worker", "service")
blp = blueprint("suggestions", "What a matter may be; a person chooses")


@blp.route("/suggestions", methods=["POST"])
@needs(*ASKERS)
@blp.arguments(SuggestionBody)
@blp.response(200, SuggestionAnswer)
def suggest(asked: dict[str, Any]) -> Any:
    """What a text may be about, how sure that is, and the words that decided. The text is not kept."""
    in_scope(asked["region"], field="region")
    found = suggesting.suggest(asked["title"], asked["text"], asked["region"], asked["matter_type"])
    return answers.suggestion(found)


@blp.route("/registrations/<uuid:id>/suggestion")
@needs(*READERS)
@blp.response(200, RegistrationSuggestion)
def suggestion(id: Any) -> Any:
    """The suggestion for a matter that was taken in, beside what a person chose; that it was read is kept."""
    all = here(Stores)
    shown = suggesting.for_registration(all, str(id), caller().actor, caller().roles)
    record(all.audit, "registration.read", f"registration/{shown.held.id}", purpose="handling")
    state = shown.held.state
    body = {
        "suggestion": answers.suggestion(shown.suggestion),
        "kept": shown.kept,
        "chosen_category": state.category,
        "chosen_matter_type": state.matter_type,
    }
    return answer(shown.held, body)
