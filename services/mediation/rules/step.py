"""One step of a matter along its table: may it be made, and by this person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.mediation.model import Matter, State
from services.mediation.model.table import MATTER, must_allow
from services.mediation.rules.by import By
from shared.contracts.base import Event
from shared.contracts.mediation import MediationNoted
from shared.decision import Decision
from shared.errors import Forbidden


def entered(matter: Matter, step: str, by: By) -> State:
    """The state after a step.

    Raises Illegal when the present state does not know it, Forbidden for a mediator who stepped back.
    """
    row = must_allow(MATTER, matter.state, step)
    if any(m.ref == by.actor.ref and not m.may_sit for m in matter.panel):
        raise Forbidden("您已申报利害关系，不能再办理这件调解", code="interested")
    return State(row.to) if row.to else matter.state


def moved(
    matter: Matter, by: By, *told: Event, state: State | None = None, reason: str, **changes: Any
) -> Decision[Matter]:
    """The matter after a step and what is told about it."""
    after = replace(matter, **{"state": state or matter.state} | changes)
    return Decision(state=after, events=told, reason=reason)


def noted(matter: Matter, about: str, session_id: str | None = None) -> MediationNoted:
    """Something was put on record."""
    return MediationNoted(mm_id=matter.mm_id, case_id=matter.case_id, about=about, session_id=session_id)


def then(first: Decision[Matter], second: Decision[Matter]) -> Decision[Matter]:
    """Two steps in one write, the second made from the state of the first."""
    return Decision(
        state=second.state,
        events=(*first.events, *second.events),
        reason=f"{first.reason}；{second.reason}",
    )
