"""One matter at the window: what was said, how it stands now and since when, who answers for it (IN-06)."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from services.intake.handlers import answers, desk, vault
from services.intake.handlers.policy import policy
from services.intake.model.words import CHANNELS, MATTER_TYPES
from services.intake.pages.base import pages
from services.intake.rules.revealing import READERS
from services.intake.store import Stores
from shared.web import caller, here, needs, record, site


@pages.get("/registrations/<uuid:id>/page")
@needs(*READERS)
def matter(id: Any) -> ResponseReturnValue:
    """The record, masked, with the last that was told of its case and the time of that: never blank."""
    all, who = here(Stores), caller()
    held = vault.readable(all, str(id), who.actor, who.roles)
    record(all.audit, "registration.read", f"registration/{held.id}", purpose="handling")
    known = policy(held.state.region, site().clock())
    said = answers.registration(held.state, known, all.sealer, who.roles)
    return render_template(
        "intake/matter.html",
        said=said | answers.handling(held.state, vault.view(all, held.state), known),
        duty=desk.duty(all, held.id, who.actor, who.roles).duty,
        channels=CHANNELS,
        types=MATTER_TYPES,
        categories=known.categories,
    )
