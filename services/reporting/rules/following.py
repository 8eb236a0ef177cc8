"""A row after one more event: its fields, its place on the timeline, and what is worked out from both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services.reporting.model import Row
from services.reporting.rules import beside, cases, clocks
from services.reporting.rules.timeline import noted
from shared.contracts.wire import Envelope
from shared.errors import Poison


def row_id(heard: Envelope) -> str:
    """Which row an event belongs to: its case's. Raises Poison when it names none."""
    kind, _, id = heard.subject.partition("/")
    case_id = id if kind == "case" else heard.data.get("case_id") or heard.data.get("reg_id")
    if not isinstance(case_id, str) or not case_id:
        raise Poison(f"{heard.type} names no case")
    return case_id


def follow(row: Row | None, event: Any, heard: Envelope) -> Row:
    """The row after an event; `event` is None when its type is not known here."""
    before = row or Row(region=heard.regioncode)
    change = CHANGE.get(heard.subject.partition("/")[0], _unchanged)
    changed = change(before, event, heard)
    told = before.timeline if heard.name in ON_THE_WAY else noted(before.timeline, heard)
    return _worked_out(replace(changed, timeline=told))


def _case(row: Row, event: Any, heard: Envelope) -> Row:
    return clocks.follow(cases.follow(row, event, heard), event, heard)


def _unchanged(row: Row, event: Any, heard: Envelope) -> Row:
    return row


ON_THE_WAY = ("report.queued", "report.sent", "report.received")
"""Steps of a copy towards its platform: the row shows the last one, the timeline only how it ended."""

CHANGE: dict[str, Callable[[Row, Any, Envelope], Row]] = {
    "case": _case,
    "registration": beside.registration,
    "delivery": beside.delivery,
    "matter": beside.mediation,
    "report": beside.report,
}


def _worked_out(row: Row) -> Row:
    hops = tuple(sorted(row.hops, key=lambda hop: (hop.given_at, hop.way, hop.id)))
    return replace(
        row,
        next_due=clocks.next_due(row.clocks),
        late_since=clocks.late_since(row.clocks),
        breaches=clocks.breaches(row.clocks),
        hops=hops,
        moved_at=max((hop.last_at for hop in hops), default=None),
        units=tuple(sorted({*row.units, *row.co_units, *(hop.unit for hop in hops)})),
        sittings_open=sum(1 for sitting in row.sittings if not sitting.outcome),
    )
