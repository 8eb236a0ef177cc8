"""How a row follows routing: where the case is, who has it, what came out. One line for every event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.reporting.model import Hop, Row
from shared.calendar import day_of
from shared.contracts.wire import Envelope

Changes = dict[str, Any]

STATE_AFTER = {
    "case.registered": "registered",
    "case.merged": "merged",
    "case.not_accepted": "not_accepted",
    "case.triaged": "triaged",
    "case.assigned": "assigned",
    "case.accepted": "accepted",
    "case.returned": "triaged",
    "case.transferred": "assigned",
    "case.handling_started": "handling",
    "case.mediation_opened": "mediating",
    "case.mediation_closed": "handling",
    "case.agreement_reached": "agreed",
    "case.escalation_requested": "escalating",
    "case.escalated": "triaged",
    "case.escalation_rejected": "handling",
    "case.suspended": "suspended",
    "case.resolved": "resolved",
    "case.verified": "verified",
    "case.reopened_for_rework": "handling",
    "case.closed": "closed",
    "case.referred_out": "referred_out",
    "case.withdrawn": "withdrawn",
    "case.relapsed": "registered",
}
"""Where a case is after an event; events that are not listed leave it where it is."""


def follow(row: Row, event: Any, heard: Envelope) -> Row:
    """The row after an event about the case itself. `event` is None when its type is not known here."""
    changes = _always(row, heard)
    if event is not None and heard.name in FIELDS:
        changes |= FIELDS[heard.name](row, event, heard)
    changed = replace(row, **changes)
    return replace(changed, category=None) if changed.protected and changed.category else changed


def _always(row: Row, heard: Envelope) -> Changes:
    return {
        "region": heard.regioncode or row.region,
        "profile_version": heard.profileversion,
        "protected": heard.classification == "protected",
        "state": STATE_AFTER.get(heard.name, row.state),
        "opened": True,
    }


def _registered(row: Row, event: Any, heard: Envelope) -> Changes:
    return {
        "case_no": event.case_no,
        "reg_id": event.reg_id,
        "channel": event.channel,
        "matter_type": event.matter_type,
        "category": event.category,
        "tier": event.tier,
        "flags": event.flags,
        "persons_band": event.persons_band,
        "grid_id": event.grid_id or "",
        "finding_id": event.finding_id or "",
        "discovered_at": event.discovered_at,
        "registered_at": event.registered_at,
        "registered_day": str(day_of(event.registered_at)),
    }


def _triaged(row: Row, event: Any, heard: Envelope) -> Changes:
    return {
        "matter_type": event.matter_type,
        "category": event.category,
        "complexity": event.complexity,
        "tier": event.tier,
        "flags": event.flags,
        "kept_from": event.kept_from,
    }


def _reviewed(row: Row, event: Any, heard: Envelope) -> Changes:
    """The newest word on each part of a suggestion: a case that is sorted anew is counted once."""
    now = {*event.kept, *event.changed}
    kept = {part for part in row.suggestion_kept if part not in now} | set(event.kept)
    changed = {part for part in row.suggestion_changed if part not in now} | set(event.changed)
    return {
        "suggested_by": event.suggested_by,
        "suggested_category": None if heard.classification == "protected" else event.suggested_category,
        "suggestion_kept": tuple(sorted(kept)),
        "suggestion_changed": tuple(sorted(changed)),
    }


def _assigned(row: Row, event: Any, heard: Envelope) -> Changes:
    hop = Hop(
        id=heard.sequence,
        unit=event.lead_unit,
        way="desk",
        stage="assigned",
        given_at=heard.at,
        accept_by=event.pickup_due,
        due_at=event.due_at,
    )
    given = {"lead_unit": event.lead_unit, "co_units": event.co_units, "tier": event.tier}
    return given | {"hops": (*row.hops, hop), "assigned_at": row.assigned_at or heard.at}


def _accepted(row: Row, event: Any, heard: Envelope) -> Changes:
    hops = _desk(row, stage="accepted", accepted_at=event.accepted_at)
    return {"hops": hops, "accepted_at": row.accepted_at or event.accepted_at}


def _given_back(row: Row, event: Any, heard: Envelope) -> Changes:
    hops = _desk(row, stage="returned", ended_at=heard.at, result=event.reason)
    return {"lead_unit": "", "co_units": (), "returns": row.returns + 1, "hops": hops}


def _transferred(row: Row, event: Any, heard: Envelope) -> Changes:
    return {"hops": _desk(row, stage="transferred", ended_at=heard.at, result=event.reason)}


def _escalated(row: Row, event: Any, heard: Envelope) -> Changes:
    hops = _desk(row, stage="escalated", ended_at=heard.at, result=event.trigger)
    return {"lead_unit": "", "co_units": (), "tier": event.to_tier, "hops": hops}


def _resolved(row: Row, event: Any, heard: Envelope) -> Changes:
    hops = _desk(row, stage="concluded", ended_at=heard.at, result=event.outcome)
    return {"outcome": event.outcome, "hops": hops, "resolved_at": row.resolved_at or heard.at}


def _reopened(row: Row, event: Any, heard: Envelope) -> Changes:
    hops = _desk(row, stage="accepted", ended_at=None, result="")
    return {"outcome": "", "hops": hops, "resolved_at": None}


def _closed(row: Row, event: Any, heard: Envelope) -> Changes:
    return {"outcome": event.outcome} | _ended(event.closed_at)


def _over(row: Row, event: Any, heard: Envelope) -> Changes:
    last = row.hops and _last_desk(row)
    hops = _desk(row, stage="withdrawn", ended_at=heard.at) if last and not last.ended_at else row.hops
    return {"hops": hops} | _ended(heard.at)


def _withdrawn(row: Row, event: Any, heard: Envelope) -> Changes:
    return _over(row, event, heard) | {"outcome": "withdrawn"}


def _ended(at: datetime) -> Changes:
    return {"closed_at": at, "closed_day": str(day_of(at))}


def _unmerged(row: Row, event: Any, heard: Envelope) -> Changes:
    return {"state": event.state, "rested_from": "", "closed_at": None, "closed_day": ""}


def _relapsed(row: Row, event: Any, heard: Envelope) -> Changes:
    again = {"lead_unit": "", "co_units": (), "outcome": "", "closed_at": None, "closed_day": ""}
    return again | {"relapses": event.relapse_count}


def _suspended(row: Row, event: Any, heard: Envelope) -> Changes:
    return {"rested_from": row.state}


def _resumed(row: Row, event: Any, heard: Envelope) -> Changes:
    return {"state": row.rested_from or row.state, "rested_from": ""}


def _attempted(row: Row, event: Any, heard: Envelope) -> Changes:
    return {"attempts": row.attempts + 1}


def _flagged(row: Row, event: Any, heard: Envelope) -> Changes:
    others = {flag for flag in row.flags if flag != event.flag}
    return {"flags": tuple(sorted(others | ({event.flag} if event.value else set())))}


def _desk(row: Row, **changes: Any) -> tuple[Hop, ...]:
    """The hand-overs with the last one to a desk changed."""
    last = _last_desk(row)
    return tuple(replace(hop, **changes) if hop is last else hop for hop in row.hops)


def _last_desk(row: Row) -> Hop | None:
    return max((hop for hop in row.hops if hop.way == "desk"), key=lambda hop: hop.id, default=None)


FIELDS: dict[str, Callable[[Row, Any, Envelope], Changes]] = {
    "case.registered": _registered,
    "case.triaged": _triaged,
    "case.assigned": _assigned,
    "case.suggestion_reviewed": _reviewed,
    "case.accepted": _accepted,
    "case.returned": _given_back,
    "case.transferred": _transferred,
    "case.escalated": _escalated,
    "case.resolved": _resolved,
    "case.reopened_for_rework": _reopened,
    "case.closed": _closed,
    "case.referred_out": _over,
    "case.withdrawn": _withdrawn,
    "case.not_accepted": _over,
    "case.merged": _over,
    "case.unmerged": _unmerged,
    "case.relapsed": _relapsed,
    "case.suspended": _suspended,
    "case.resumed": _resumed,
    "case.attempt_recorded": _attempted,
    "case.flag_changed": _flagged,
}
"""What an event changes besides the state; the rest of them only lengthen the timeline."""
