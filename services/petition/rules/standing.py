"""What petition copies of a case: enough to know that it is a petition, and when and how it came in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.petition.model import CaseView
from shared.contracts.base import Event
from shared.contracts.intake import RegistrationAccepted
from shared.contracts.routing import CaseRegistered, CaseTriaged
from shared.decision import Decision

COPIED: dict[type[Event], tuple[str, ...]] = {
    RegistrationAccepted: ("case_no", "channel", "matter_type", "protected", "received_at"),
    CaseRegistered: ("case_no", "channel", "matter_type", "protected", "received_at"),
    CaseTriaged: ("matter_type", "protected"),
}
BEFORE_ROUTING = "0"  # intake's word comes before the first of routing's: sequences begin at 0000000001


def noted(
    view: CaseView | None, event: Event, *, case_id: str, region: str, sequence: str
) -> Decision[CaseView]:
    """The view after one event. Events may come in any order: the newest wins, field by field."""
    view = view or CaseView(case_id=case_id, region=region)
    place = BEFORE_ROUTING if isinstance(event, RegistrationAccepted) else sequence
    said: dict[str, Any] = {name: getattr(event, name) for name in COPIED[type(event)]}
    if said.get("received_at", True) is None:
        said["received_at"] = event.registered_at  # type: ignore[attr-defined]  # every registration has it
    newer = {name: value for name, value in said.items() if place > view.told.get(name, "")}
    told = view.told | {name: place for name in newer}
    return Decision(state=replace(view, **newer, told=told))
