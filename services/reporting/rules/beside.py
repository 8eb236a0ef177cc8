"""How a row follows those who tell beside routing's case: intake, mailboxes, mediation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services.reporting.model import Copy, Hop, Row, Sitting
from shared.calendar import day_of
from shared.contracts.wire import Envelope

Changes = dict[str, Any]


def registration(row: Row, event: Any, heard: Envelope) -> Row:
    """What intake told, until routing tells of the case: then routing's word stands."""
    if row.opened or heard.name not in TAKEN_IN:
        return row
    ended = event.answered_at if heard.name == "registration.answered" else event.received_at
    registered_at = getattr(event, "registered_at", event.received_at)
    protected = heard.classification == "protected"
    over = {"closed_at": ended, "closed_day": str(day_of(ended))}
    return replace(
        row,
        region=event.region,
        case_no=event.case_no or "",
        reg_id=event.reg_id,
        state=TAKEN_IN[heard.name],
        channel=event.channel,
        matter_type=event.matter_type,
        category=None if protected else getattr(event, "category", None),
        outcome=getattr(event, "outcome", ""),
        protected=protected,
        profile_version=heard.profileversion,
        registered_at=registered_at,
        registered_day=str(day_of(registered_at)),
        **({} if heard.name == "registration.accepted" else over),
    )


TAKEN_IN = {
    "registration.accepted": "incoming",
    "registration.answered": "answered",
    "registration.not_accepted": "refused",
}


def delivery(row: Row, event: Any, heard: Envelope) -> Row:
    """One more step of the case's way into a department's mailbox and back."""
    if event is None:
        return row
    if heard.name == "delivery.queued":
        return replace(row, hops=(*row.hops, _queued(event, heard)))
    change = ON_THE_WAY.get(heard.name)
    changes = change(event, heard) if change else {}
    hops = (_led_on(hop, changes) if hop.id == event.delivery_id else hop for hop in row.hops)
    return replace(row, hops=tuple(hops))


def _led_on(hop: Hop, changes: Changes) -> Hop:
    """Answers come in any order; each is kept, but none leads back, and none out of an end."""
    leads_on = WAY[changes.get("stage", hop.stage)] > WAY[hop.stage]
    times = {name: value for name, value in changes.items() if name not in ("stage", "ended_at")}
    if hop.stage in ENDS:
        times.pop("result", None)
    return replace(hop, **(changes if leads_on else times))


def _queued(event: Any, heard: Envelope) -> Hop:
    return Hop(
        id=event.delivery_id,
        unit=event.department,
        way="mailbox",
        stage="queued",
        given_at=heard.at,
        accept_by=event.accept_by,
        due_at=event.due_at,
    )


ENDS = ("returned", "concluded", "failed", "withdrawn")
WAY = {"queued": 0, "sent": 1, "received": 2, "accepted": 3} | dict.fromkeys(ENDS, 4)
ON_THE_WAY: dict[str, Callable[[Any, Envelope], Changes]] = {
    "delivery.sent": lambda event, heard: {"stage": "sent", "sent_at": event.sent_at},
    "delivery.received": lambda event, heard: {"stage": "received", "received_at": event.received_at},
    "delivery.accepted": lambda event, heard: {"stage": "accepted", "accepted_at": event.accepted_at},
    "delivery.progressed": lambda event, heard: {"result": event.step},
    "delivery.returned": lambda event, heard: _over("returned", event.reason, heard.at),
    "delivery.concluded": lambda event, heard: _over("concluded", event.outcome, event.concluded_at),
    "delivery.failed": lambda event, heard: _over("failed", event.reason, heard.at),
    "delivery.withdrawn": lambda event, heard: _over("withdrawn", event.reason, heard.at),
}


def _over(stage: str, result: str, at: Any) -> Changes:
    return {"stage": stage, "result": result, "ended_at": at}


def report(row: Row, event: Any, heard: Envelope) -> Row:
    """How far the copy of the case has come that a platform keeps; an older revision leads nowhere back."""
    if event is None:
        return row
    known = {copy.platform: copy for copy in row.copies}
    before, stage = known.get(event.department), heard.name.removeprefix("report.")
    if before and event.revision < before.revision:
        return row
    known[event.department] = Copy(
        platform=event.department,
        revision=event.revision,
        stage=stage,
        at=heard.at,
        receipt_hash=getattr(event, "receipt_hash", None) or "",
        reason=getattr(event, "reason", ""),
    )
    return replace(row, copies=tuple(known[id] for id in sorted(known)))


def mediation(row: Row, event: Any, heard: Envelope) -> Row:
    """Sittings that are planned, held, or fell through."""
    if event is None:
        return row
    if heard.name == "mediation.matter_closed":
        left = (_unheld(sitting, event.mm_id) for sitting in row.sittings)
        return replace(row, sittings=tuple(left))
    if heard.name not in SITTING:
        return row
    known = {sitting.id: sitting for sitting in row.sittings}
    before = known.get(event.session_id) or Sitting(id=event.session_id, mm_id=event.mm_id)
    known[before.id] = replace(before, **SITTING[heard.name](event))
    return replace(row, sittings=tuple(known[id] for id in sorted(known)))


def _unheld(sitting: Sitting, mm_id: str) -> Sitting:
    return replace(sitting, outcome="not_held") if sitting.mm_id == mm_id and not sitting.outcome else sitting


SITTING: dict[str, Callable[[Any], Changes]] = {
    "mediation.session_scheduled": lambda event: {"mode": event.mode, "start": event.start, "outcome": ""},
    "mediation.session_held": lambda event: {"mode": event.mode, "outcome": event.outcome},
    "mediation.session_failed": lambda event: {"outcome": "failed"},
    "mediation.session_declined": lambda event: {"outcome": "declined"},
}
