"""What petition does with what it hears: a matter that is a petition becomes one here, once."""

from __future__ import annotations

from dataclasses import replace

from services.petition.handlers.acting import act, by, of_case, open_
from services.petition.model import CaseView
from services.petition.rules import registering, relating, standing
from services.petition.store import Stores
from shared.contracts.base import Event
from shared.contracts.intake import RegistrationAccepted
from shared.contracts.routing import CaseRegistered, CaseTriaged
from shared.decision import SYSTEM, Cause

Heard = RegistrationAccepted | CaseRegistered | CaseTriaged


def note(all: Stores, event: Heard, cause: Cause) -> None:
    """Copy what an event says about its case, and register the petition that it is."""
    view = _copied(all, event, cause)
    machine = replace(cause, actor=SYSTEM)
    ask = registering.of_case(view, by(all, machine))
    pet_id = of_case(view.case_id)
    if ask is not None:
        open_(all, pet_id, ask, machine)
    if view.protected and all.petitions.find(pet_id) is not None:
        act(all, pet_id, replace(machine, key="", heard=None), relating.protect)


def _copied(all: Stores, event: Event, cause: Cause) -> CaseView:
    heard = cause.heard
    assert heard is not None
    id: str = event.case_id  # type: ignore[attr-defined]  # each of them is about a case
    held = all.views.open(
        id,
        cause,
        lambda view: standing.noted(
            view, event, case_id=id, region=heard.regioncode, sequence=heard.sequence
        ),
    )
    return held.state
