"""How the row of a petition follows what petition tells of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services.reporting.model import PetitionRow
from services.reporting.rules.timeline import noted
from shared.contracts.wire import Envelope

Changes = dict[str, Any]


def follow(row: PetitionRow | None, event: Any, heard: Envelope) -> PetitionRow:
    """The row after an event; `event` is None when its type is not known here."""
    before = row or PetitionRow(region=heard.regioncode)
    changes: Changes = {"protected": heard.classification == "protected"}
    if event is not None:
        changes |= _belongs(before, event, heard)
        changes |= AFTER.get(heard.name, lambda event: {})(event)
    return replace(before, **changes, timeline=noted(before.timeline, heard))


def _belongs(row: PetitionRow, event: Any, heard: Envelope) -> Changes:
    if heard.name == "petition.linked_to_case":
        return {"links": (*row.links, event.case_id)}
    return {"case_id": getattr(event, "case_id", None) or row.case_id}


def _registered(event: Any) -> Changes:
    return {
        "state": "registered",
        "legal_type": event.legal_type,
        "route": event.route,
        "channel": event.channel,
        "received_at": event.received_at,
    }


def _with(state: str, unit: str, due_at: Any) -> Changes:
    return {"state": state, "unit": unit, "due_at": due_at}


AFTER: dict[str, Callable[[Any], Changes]] = {
    "petition.registered": _registered,
    "petition.first_confirmed": lambda event: {"standing": "first"},
    "petition.repeat_confirmed": lambda event: {"standing": "repeat"},
    "petition.transferred": lambda event: _with("transferred", event.to_unit, event.due_at),
    "petition.notified": lambda event: {
        "state": "notified" if event.accepted else "not_accepted", "due_at": event.due_at,
    },
    "petition.accepted": lambda event: _with("accepted", event.unit, event.due_at),
    "petition.handling_started": lambda event: {"state": "handling", "unit": event.unit},
    "petition.voided": lambda event: {"state": "voided", "due_at": None},
    "petition.extended": lambda event: {"due_at": event.due_at},
    "petition.opinion_served": lambda event: {
        "state": "opinion_served", "result": event.result, "due_at": None,
    },
    "petition.concluded": lambda event: {
        "state": "concluded", "result": event.result, "concluded_at": event.concluded_at,
    },
}  # fmt: skip
