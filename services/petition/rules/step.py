"""One step of a petition along its table: may it be made, by this unit, and what is noted of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.petition.model import Petition, State, Taken
from services.petition.model.states import must_allow
from services.petition.rules import clocks
from services.petition.rules.by import By
from shared.contracts.base import Event
from shared.contracts.petition import PetitionNoted
from shared.decision import Decision
from shared.errors import Forbidden

TIERS = {12: "village", 9: "township", 6: "county"}  # by the digits of the actor's region


def entered(petition: Petition, step: str) -> State:
    """The state after a step.

    Raises Illegal when the present state does not know it.
    """
    return must_allow(petition.state, step).to or petition.state


def by_the_unit(petition: Petition, by: By) -> None:
    """Only the unit that must answer says what it answers: a centre writes nobody's conclusion."""
    if by.actor.unit != petition.unit:
        raise Forbidden("须由承办单位办理", code="not_the_unit")


def moved(
    petition: Petition,
    by: By,
    step: str,
    *told: Event,
    state: State | None = None,
    reason: str,
    **changes: Any,
) -> Decision[Petition]:
    """The petition after a step: its clocks follow what is told, and the step is on record."""
    after = replace(petition, **{"state": state or petition.state} | changes)
    after = replace(after, steps=(*after.steps, taken(step, by)))
    for event in told:
        after = clocks.follow(after, event.TYPE, by)
    return Decision(state=after, events=told, reason=reason)


def taken(step: str, by: By) -> Taken:
    """The record of a step."""
    actor = by.actor
    tier = TIERS.get(len(actor.region), "")
    return Taken(at=by.at, step=step, by=actor.ref, role=actor.role, unit=actor.unit, tier=tier)


def noted(petition: Petition, about: str) -> PetitionNoted:
    """Something was put on record."""
    return PetitionNoted(pet_id=petition.pet_id, case_id=petition.case_id, about=about)
