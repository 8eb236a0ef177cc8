"""Looks at sealed fields above a person's limit: a second person agrees, then they are shown."""

from __future__ import annotations

from typing import Any

from services.intake import schemas
from services.intake.handlers import vault
from services.intake.model.reveal import APPROVERS
from services.intake.store import Stores
from shared.web import answer, blueprint, caller, cause, here, needs, site

blp = blueprint("reveals", "Looks at sealed fields that need a second person")


@blp.route("/vault/reveals")
@needs(*APPROVERS)
@blp.response(200, schemas.WaitingReveals)
def waiting() -> Any:
    """The looks of the caller's region that wait for a second person."""
    found = vault.waiting(here(Stores), caller().actor, caller().roles, site().clock())
    items = [vars(held.state) | {"id": held.id, "version": held.version} for held in found]
    return {"items": items, "next": None}


@blp.route("/vault/reveals/<uuid:id>/approve", methods=["POST"])
@needs(*APPROVERS)
@blp.response(200, schemas.WaitingReveal)
def approve(id: Any) -> Any:
    """Agree to somebody else's look; it may then be shown for an hour."""
    held = vault.approve(here(Stores), str(id), cause(), caller().roles)
    return answer(held, vars(held.state))


@blp.route("/vault/reveals/<uuid:id>/show", methods=["POST"])
@needs()
@blp.response(200, schemas.RevealAnswer)
def show(id: Any) -> Any:
    """The fields in words, for whoever asked, after a second person agreed."""
    shown = vault.show(here(Stores), str(id), cause(), caller().roles)
    return answer(shown.held, {"values": shown.values, "purpose": shown.held.state.purpose})
