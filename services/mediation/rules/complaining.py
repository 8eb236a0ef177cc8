"""Complaints about a mediator: kept sealed, read by those above, never by the one they are about."""

from __future__ import annotations

from services.mediation.model import Complaint, Matter
from services.mediation.model.commands import Complain
from services.mediation.model.table import MATTER, must_allow
from services.mediation.rules.by import By
from services.mediation.rules.step import moved, noted
from shared.crypto import Sealer
from shared.decision import Decision
from shared.errors import Forbidden, NotFound


def complain(matter: Matter, ask: Complain, by: By) -> Decision[Matter]:
    """A party complains through anybody but the mediator in question."""
    must_allow(MATTER, matter.state, "complain")
    if all(mediator.ref != ask.mediator_ref for mediator in matter.panel):
        raise NotFound("这件调解里没有这位调解员", code="mediator_not_found")
    if by.actor.ref == ask.mediator_ref:
        raise Forbidden("投诉须由本人以外的工作人员记录", code="interested")
    field = f"complaint.{len(matter.complaints)}"
    made = Complaint(
        mediator_ref=ask.mediator_ref,
        about=ask.about,
        text=by.sealer.seal(ask.text, owner=matter.mm_id, field=field),
        at=by.at,
        by=by.actor.ref,
    )
    told = noted(matter, "mediator.complained")
    return moved(matter, by, told, reason="投诉调解员", complaints=(*matter.complaints, made))


def opened(matter: Matter, sealer: Sealer) -> list[dict[str, object]]:
    """The complaints in words."""
    return [
        {
            "mediator_ref": each.mediator_ref,
            "about": each.about,
            "at": each.at,
            "text": sealer.open(each.text, owner=matter.mm_id, field=f"complaint.{n}"),
        }
        for n, each in enumerate(matter.complaints)
    ]
