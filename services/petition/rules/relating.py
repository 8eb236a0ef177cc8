"""What a petition has to do with others: first or repeated, and which dispute it grew from. People say so."""

from __future__ import annotations

from services.petition.model import Link, Petition
from services.petition.model.commands import Confirm, LinkTo
from services.petition.rules.by import By
from services.petition.rules.step import entered, moved, noted
from shared.contracts.base import Event
from shared.contracts.petition import PetitionFirstConfirmed, PetitionLinkedToCase, PetitionRepeatConfirmed
from shared.decision import Decision
from shared.errors import Refused


def confirm(petition: Petition, ask: Confirm, by: By) -> Decision[Petition]:
    """A person confirms first or repeat; a correction is told like the first word (PT-06)."""
    entered(petition, "confirm")
    if (ask.kind, ask.repeat_of) == (petition.first_or_repeat, petition.repeat_of):
        raise Refused("已经这样确认过", code="already_confirmed")
    if ask.kind == "repeat" and ask.repeat_of:
        _is_another(petition, ask)
    repeat_of = ask.repeat_of if ask.kind == "repeat" else None
    return moved(
        petition, by, "confirm", _confirmed(petition, ask.kind, repeat_of), reason="确认初次或重复",
        first_or_repeat=ask.kind, repeat_of=repeat_of,
    )  # fmt: skip


def link(petition: Petition, ask: LinkTo, by: By) -> Decision[Petition]:
    """A person confirms that the petition is about the matter of a case; nothing is linked by itself."""
    entered(petition, "link")
    if not ask.confirmed:
        raise Refused("关联须由经办人确认", code="not_confirmed")
    if any(each.case_id == ask.case_id for each in petition.links):
        raise Refused("已经关联过这个案件", code="already_linked")
    told = PetitionLinkedToCase(pet_id=petition.pet_id, case_id=ask.case_id, confirmed_by_role=by.actor.role)
    made = Link(case_id=ask.case_id, by=by.actor.ref, role=by.actor.role, at=by.at)
    return moved(petition, by, "link", told, reason="关联纠纷", links=(*petition.links, made))


def _is_another(petition: Petition, ask: Confirm) -> None:
    if ask.repeat_of == petition.pet_id or not ask.earlier_exists:
        raise Refused("没有找到原来的信访事项", code="earlier_not_found")


def _confirmed(petition: Petition, kind: str, repeat_of: str | None) -> Event:
    if kind == "first":
        return PetitionFirstConfirmed(
            pet_id=petition.pet_id, case_id=petition.case_id, received_at=petition.received_at
        )
    return PetitionRepeatConfirmed(
        pet_id=petition.pet_id, case_id=petition.case_id, repeat_of=repeat_of,
        received_at=petition.received_at,
    )  # fmt: skip


def protect(petition: Petition, by: By) -> Decision[Petition] | None:
    """Routing found that the case must be hidden; a petition that is hidden already stays so."""
    if petition.protected:
        return None
    return moved(petition, by, "protect", noted(petition, "protected"), reason="列为保护事项", protected=True)
