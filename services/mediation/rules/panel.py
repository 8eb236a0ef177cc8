"""Who mediates: declaring an interest, stepping back, and finding somebody else."""

from __future__ import annotations

from dataclasses import replace

from services.mediation.model import Matter, Mediator
from services.mediation.model.commands import Conflict
from services.mediation.rules.by import By
from services.mediation.rules.opening import panel_is_clear
from services.mediation.rules.step import entered, moved, noted
from shared.contracts.mediation import MediationConflictDeclared
from shared.decision import Decision
from shared.errors import NotFound, Refused


def declare_conflict(matter: Matter, ask: Conflict, by: By) -> Decision[Matter]:
    """A mediator declares an interest and steps back, unless both parties agreed in writing to them."""
    entered(matter, "declare_conflict", by)
    if all(mediator.ref != ask.mediator_ref for mediator in matter.panel):
        raise NotFound("这件调解里没有这位调解员", code="mediator_not_found")
    panel = tuple(_declared(m, ask, by) if m.ref == ask.mediator_ref else m for m in matter.panel)
    told = MediationConflictDeclared(
        mm_id=matter.mm_id, case_id=matter.case_id, mediator_ref=ask.mediator_ref
    )
    return moved(matter, by, told, reason="调解员申报利害关系", panel=panel)


def appoint(matter: Matter, mediator: Mediator, by: By) -> Decision[Matter]:
    """Another mediator joins the panel; the same declaration is asked of them."""
    entered(matter, "appoint", by)
    if any(each.ref == mediator.ref for each in matter.panel):
        raise Refused("这位调解员已经在名单里", code="mediator_twice")
    panel_is_clear((mediator,), by)
    panel = (*matter.panel, mediator)
    return moved(matter, by, noted(matter, "panel.changed"), reason="增选调解员", panel=panel)


def sitting_panel(matter: Matter) -> tuple[str, ...]:
    """The mediators who may sit."""
    return tuple(mediator.ref for mediator in matter.panel if mediator.may_sit)


def _declared(mediator: Mediator, ask: Conflict, by: By) -> Mediator:
    after = replace(mediator, interest=ask.interest, waived=ask.waived)
    return after if after.may_sit else replace(after, stepped_back_at=by.at)
