"""What petition answers: a petition as codes and times; its texts only where they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.petition.model import Petition
from services.petition.model.states import allowed
from shared.aggregate import Held
from shared.crypto import Sealer
from shared.errors import NotFound
from shared.place import Place

_PETITION = (
    "pet_id", "case_id", "case_no", "region", "channel", "legal_type", "route", "state", "unit", "protected",
    "simple", "representatives", "first_or_repeat", "repeat_of", "received_at", "registered_at",
    "transferred_at", "notified_at", "notified_how", "refusal", "refusal_route", "accepted_at", "extension",
    "callback", "concluded_at", "basis", "links", "void_asked", "clocks", "steps",
)  # fmt: skip
_LINE = (
    "pet_id", "case_id", "case_no", "region", "channel", "legal_type", "state", "unit", "first_or_repeat",
    "received_at", "first_due", "concluded_at",
)  # fmt: skip


def petition(state: Petition) -> dict[str, Any]:
    """A petition for those who work on it."""
    opinion = state.opinion
    served = {
        "result": opinion.result, "served_at": opinion.served_at, "how": opinion.how,
        "review_by": opinion.review_by,
    } if opinion else None  # fmt: skip
    return _picked(state, _PETITION) | {
        "allowed": allowed(state.state), "opinion": served, "first_due": state.first_due,
    }  # fmt: skip


def texts(state: Petition, sealer: Sealer) -> dict[str, Any]:
    """The words of a petition: what was asked, and the written opinion."""
    if state.summary is None and state.opinion is None:
        raise NotFound("这件信访事项没有文字材料", code="texts_not_found")
    parts = state.opinion.parts if state.opinion else {}
    opened = {
        part: sealer.open(sealed, owner=state.pet_id, field=f"opinion.{part}")
        for part, sealed in parts.items()
    }
    summary = sealer.open(state.summary, owner=state.pet_id, field="summary") if state.summary else ""
    return {"summary": summary, "opinion": opened}


def page(found: Sequence[Held[Petition]], limit: int) -> dict[str, Any]:
    """A page of a list: of what was found, one more than the limit."""
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    return {
        "items": [_picked(held.state, _LINE) | {"version": held.version} for held in shown],
        "next": str(Place(at=last.state.received_at, id=last.id)) if last else None,
    }


def _picked(value: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}
