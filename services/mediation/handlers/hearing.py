"""What mediation does with what it hears of a case: copy it, hide its matters, end them when it went away."""

from __future__ import annotations

from dataclasses import replace

from services.mediation.handlers.acting import act
from services.mediation.model import CaseView
from services.mediation.rules import confirming, ending, hiding, standing
from services.mediation.store import Stores
from shared.aggregate import Held
from shared.contracts.base import Event
from shared.contracts.request import RequestServed
from shared.contracts.routing import CaseEscalated
from shared.decision import Cause


def note(all: Stores, event: Event, cause: Cause) -> None:
    """Copy what an event says about its case, hide what must be hidden, and end what cannot go on."""
    view = _copied(all, event, cause)
    if view.state.protected:
        _hide(all, view.id, cause)
    state = standing.STATES[type(event)]
    if isinstance(event, CaseEscalated):
        _end(all, view.id, cause, state, event.from_tier)
    elif state in ending.MOVED_AWAY and _is_newest(view, cause):
        _end(all, view.id, cause, state, None)


def ruled(all: Stores, told: RequestServed, cause: Cause) -> None:
    """The court answered a request online: where it is about an agreement of ours, that is its decision."""
    for held in all.matters.of_case(told.case_id) if told.agreement_id else ():
        act(all, held.id, cause, confirming.ruled, told)


def _copied(all: Stores, event: Event, cause: Cause) -> Held[CaseView]:
    heard = cause.heard
    assert heard is not None
    id: str = event.case_id  # type: ignore[attr-defined]  # every event about a case has it
    return all.views.open(
        id,
        cause,
        lambda view: standing.noted(
            view, event, case_id=id, region=heard.regioncode, sequence=heard.sequence, at=heard.at
        ),
    )


def _hide(all: Stores, case_id: str, cause: Cause) -> None:
    for held in all.matters.of_case(case_id):
        act(all, held.id, replace(cause, key="", heard=None), hiding.hide)


def _is_newest(view: Held[CaseView], cause: Cause) -> bool:
    """Whether nothing newer is known of the case: an old end must not end what began after a relapse."""
    return cause.heard is not None and view.state.told.get("state") == cause.heard.sequence


def _end(all: Stores, case_id: str, cause: Cause, state: str, from_tier: str | None) -> None:
    for held in all.matters.of_case(case_id):
        act(all, held.id, cause, ending.case_moved, state, from_tier)
