"""What intake does with what it hears: copy how a case stands, and register what a grid worker found."""

from __future__ import annotations

from dataclasses import replace

from services.intake.handlers import likeness
from services.intake.handlers.policy import policy
from services.intake.handlers.registering import Registered, register
from services.intake.model import CaseView, Form
from services.intake.rules import answering, findings, standing
from services.intake.store import Stores
from shared.contracts.base import Event
from shared.contracts.grid import GridFindingReported
from shared.contracts.identity import AccountClosed
from shared.contracts.merging import CaseUnmerged
from shared.contracts.routing import CaseMerged
from shared.contracts.sla import SlaBreached
from shared.decision import SYSTEM, Cause

TURNS = (
    *(name for name, state in standing.STATES.items() if state in answering.ANSWERED),
    "case.relapsed",
    "case.reopened_for_rework",
)
"""After these the resident has been answered, or waits again."""
AT_ONCE = 100  # matters of somebody who left, handed on in pieces


def note(all: Stores, event: Event, cause: Cause) -> None:
    """Copy what an event says about how its case stands."""
    heard = cause.heard
    assert heard is not None
    id: str = event.case_id  # type: ignore[attr-defined]  # every event about a case has it
    held = all.views.open(
        id,
        cause,
        lambda view: standing.noted(
            view, event, case_id=id, region=heard.regioncode, sequence=heard.sequence, at=heard.at
        ),
    )
    if event.TYPE in TURNS:
        _follow(all, held.state, cause)


def note_late(all: Stores, event: SlaBreached, cause: Cause) -> None:
    """A unit did not take its case in time: who answers for the matter sees it in their list (IN-23)."""
    heard, id = cause.heard, event.case_id
    if heard is not None and event.kind == "pickup":
        told = {"case_id": id, "region": heard.regioncode, "sequence": heard.sequence}
        all.views.open(id, cause, lambda view: standing.late(view, **told))


def _follow(all: Stores, view: CaseView, cause: Cause) -> None:
    """Let who answers for the matter go, or bind them again."""
    found = all.registrations.by_case(view.case_id)
    if found:
        own = replace(cause, heard=None, key="", body=b"", actor=SYSTEM)
        all.registrations.change(found.id, own, lambda state: answering.followed(state, view))


def regroup(all: Stores, event: CaseMerged | CaseUnmerged, cause: Cause) -> None:
    """A person said that two matters are one, or that they are two: they are counted as was said last."""
    held = all.views.find(event.case_id)
    likeness.regroup(all, event.case_id, held.state.merged_into if held else None, cause)


def inherit(all: Stores, closed: AccountClosed, cause: Cause) -> None:
    """Let the successor of somebody who left answer for all that they still answered for (COR-09)."""
    to, own = closed.successor, replace(cause, heard=None, key="", body=b"", actor=SYSTEM)
    while to and (found := all.registrations.answered_by(closed.account_id, AT_ONCE)):
        for held in found:
            all.registrations.change(
                held.id, own, lambda state: answering.inherited(state, closed.account_id, to, cause.at)
            )


def register_finding(all: Stores, found: GridFindingReported, cause: Cause) -> Registered:
    """Register a finding once, with the grid worker who reported it as first receiver."""
    known = policy(found.region, cause.at)
    form: Form = findings.form(found, cause.at, known)
    return register(all, form, replace(cause, actor=SYSTEM), known)
