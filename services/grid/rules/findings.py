"""When what a grid worker saw may be told, and the case that it became."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from services.grid.model import LENGTHS, Finding, Region, Registered, Report
from shared.contracts.grid import GridFindingReported
from shared.contracts.intake import RegistrationAccepted
from shared.crypto import Sealer
from shared.decision import Actor, Decision
from shared.errors import Refused

SKEW = timedelta(minutes=2)  # another clock than ours may be that far ahead (DOMAIN 3.10)


def report(
    id: str,
    asked: Report,
    place: Region | None,
    *,
    actor: Actor,
    at: datetime,
    categories: Collection[str],
    sealer: Sealer,
) -> Decision[Finding]:
    """A finding that intake is told of; only codes travel, the words stay here.

    Raises Refused with every field that is wrong.
    """
    wrong = faults(asked, place, at, categories)
    if wrong:
        raise Refused("填写的内容有误，请按提示修改", code="invalid_fields", fields=wrong)
    found = Finding(
        finding_id=id,
        kind=asked.kind,
        urgency=asked.urgency,
        region=asked.place[: LENGTHS["village"]],
        place=asked.place,
        text=sealer.seal(asked.text.strip(), owner=id, field="text"),
        category=asked.category,
        place_kind=asked.place_kind,
        persons_band=asked.persons_band,
        found_at=min((asked.found_at or at).astimezone(UTC), at),
        reported_at=at,
        reporter=actor.ref,
    )
    return Decision(state=found, events=(_told(found),), reason="网格员上报")


def faults(
    asked: Report, place: Region | None, at: datetime, categories: Collection[str]
) -> dict[str, list[str]]:
    """What is wrong with a report, by field."""
    wrong = {}
    if place is None or place.valid_to is not None:
        wrong["region"] = ["没有这个村（社区）或网格，或已经撤销"]
    if not asked.text.strip():
        wrong["text"] = ["请写明看到了什么"]
    if asked.category is not None and asked.category not in categories:
        wrong["category"] = ["没有这个类别"]
    if asked.found_at is not None and asked.found_at > at + SKEW:
        wrong["found_at"] = ["发现时间不能晚于现在"]
    return wrong


def _told(found: Finding) -> GridFindingReported:
    return GridFindingReported(
        finding_id=found.finding_id,
        kind=found.kind,
        urgency=found.urgency,
        region=found.region,
        grid_id=found.place,
        category=found.category,
        place_kind=found.place_kind,
        persons_band=found.persons_band,
        found_at=found.found_at,
        reporter=found.reporter,
    )


def registered(known: Registered | None, told: RegistrationAccepted) -> Decision[Registered] | None:
    """The case that a finding became; the first one told stays."""
    if known or told.finding_id is None:
        return None
    return Decision(
        state=Registered(
            finding_id=told.finding_id,
            region=told.region,
            case_id=told.case_id,
            case_no=told.case_no,
            registered_at=told.registered_at,
        )
    )
