"""What reporting answers: counts, lists, one case with its timeline, hand-overs. Only from its own rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from services.reporting.handlers.naming import Naming, naming
from services.reporting.model import Entry, Hop, PetitionRow, Row
from services.reporting.model.words import STATES, STRETCHES
from services.reporting.store import Dimension, Stores, Wanted
from services.reporting.store.reviews import Review
from shared.aggregate import Held
from shared.errors import Forbidden, NotFound
from shared.place import Place

_CASE_NO = re.compile(r"\d{6}-\d{4}-\d{6,}")
_NOT_FOUND = "没有找到这个案件"
EXPORTED = 500  # rows read at a time
PETITION_CODES = ("legal_type", "standing", "state", "unit", "result", "due_at")


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some rows of a list, and where the next page begins."""

    rows: list[Held[Row]]
    next: str | None


def counts(all: Stores, by: Dimension, wanted: Wanted) -> dict[str, Any]:
    """How many cases there are of each value, with names, and all of them together."""
    found, names = all.rows.counted(by, wanted), naming(all)
    items = [{"key": key, "name": names.counted(by, key), "count": n} for key, n in found.items()]
    return {"by": by, "items": sorted(items, key=_order(by)), "total": sum(found.values())}


PARTS = ("category", "complexity", "matter_type", "tier", "unit")


def suggestions(all: Stores, wanted: Wanted) -> dict[str, Any]:
    """How often people took over what was suggested, part by part, and what they chose instead."""
    reviews, names = all.rows.reviewed(wanted), naming(all)
    parts = [_part(part, reviews, names) for part in PARTS]
    changed = [r for r in reviews if "category" in r.changed and r.suggested and r.chosen]
    pairs = Counter[tuple[str, str]]()
    for review in changed:
        pairs[str(review.suggested), str(review.chosen)] += review.count
    instead = [
        {
            "suggested": s,
            "chosen": c,
            "suggested_name": names.category(s),
            "chosen_name": names.category(c),
            "count": n,
        }
        for (s, c), n in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    return {"items": parts, "overridden": instead, "total": sum(r.count for r in reviews), "next": None}


def _part(part: str, reviews: Iterable[Review], names: Naming) -> dict[str, Any]:
    kept = sum(review.count for review in reviews if part in review.kept)
    changed = sum(review.count for review in reviews if part in review.changed)
    share = round(kept / (kept + changed), 4) if kept + changed else None
    return {"part": part, "name": names.word("kept", part), "kept": kept, "changed": changed, "share": share}


def latencies(all: Stores, wanted: Wanted) -> dict[str, Any]:
    """How long cases took from discovery to resolution, stretch by stretch, in seconds."""
    found = all.rows.stretches(wanted)
    return {"items": [vars(one) | {"title": STRETCHES[one.name]} for one in found], "next": None}


RESOLVED = ("resolved", "verified", "closed")


def months(all: Stores, wanted: Wanted, today: date) -> list[dict[str, Any]]:
    """Figures of the cases registered this month and the month before."""
    this = today.replace(day=1)
    return [_month(all, wanted, first) for first in ((this - timedelta(days=1)).replace(day=1), this)]


def _month(all: Stores, wanted: Wanted, first: date) -> dict[str, Any]:
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    days = replace(wanted, first_day=first.isoformat(), last_day=last.isoformat())
    found, month = all.rows.counted("state", days), f"{first:%Y-%m}"
    return {
        "month_id": f"{wanted.region}-{month}",
        "region": wanted.region,
        "month": month,
        "registered": sum(found.values()),
        "resolved": sum(found.get(state, 0) for state in RESOLVED),
        "closed": found.get("closed", 0),
    }


def _order(by: str) -> Any:
    ways = list(STATES)
    if by == "state":
        return lambda item: ways.index(item["key"]) if item["key"] in ways else len(ways)
    if by in ("region", "day"):
        return lambda item: item["key"]
    return lambda item: (-item["count"], item["key"])


def cases(all: Stores, wanted: Wanted, limit: int, after: Place | None = None) -> Page:
    """A page of a list, the newest first."""
    rows = all.rows.listed(wanted, limit, after)
    return Page(rows=rows, next=_next(rows, limit, "registered_at"))


def every_case(all: Stores, wanted: Wanted, at_a_time: int = EXPORTED) -> Iterator[Held[Row]]:
    """All cases that are wanted, read page by page."""
    after: Place | None = None
    while rows := all.rows.listed(wanted, at_a_time, after):
        yield from rows
        last = rows[-1]
        assert last.state.registered_at is not None
        after = Place(at=last.state.registered_at, id=last.id)


def case(all: Stores, ref: str, may_see: Wanted) -> Held[Row]:
    """One case by its id or its number.

    Raises NotFound also for a protected case that is not for this reader; Forbidden outside the region, and
    for a unit that never had it.
    """
    held = all.rows.by_case_no(ref) if _CASE_NO.fullmatch(ref) else all.rows.find(ref)
    if held is None or not held.state.state:
        raise NotFound(_NOT_FOUND, code="case_not_found")
    if not may_see.fits(held.state):
        if held.state.protected:
            raise NotFound(_NOT_FOUND, code="case_not_found")
        raise Forbidden("不在您的辖区或本单位经办范围内", code="out_of_region")
    return held


def handovers(
    all: Stores, wanted: Wanted, unit: str, limit: int, after: Place | None = None
) -> dict[str, Any]:
    """Hand-overs with their times, of the cases that moved last."""
    narrowed = replace(wanted, mine=unit) if unit else wanted
    rows, names = all.rows.moved(narrowed, limit, after), naming(all)
    items = [
        {"case_id": held.id, "case_no": held.state.case_no} | shown_hop(hop, names)
        for held in rows
        for hop in reversed(held.state.hops)
        if not unit or hop.unit == unit
    ]
    return {"items": items, "next": _next(rows, limit, "moved_at")}


def shown_hop(hop: Hop, names: Naming) -> dict[str, Any]:
    """A hand-over with the name of its unit."""
    return vars(hop) | {"unit_name": names.unit(hop.unit)}


def timeline(held: Held[Row], petitions: Iterable[Held[PetitionRow]], names: Naming) -> list[dict[str, Any]]:
    """What happened to a case and its petitions, in words, oldest first; without category if protected."""
    entries = list(held.state.timeline)
    for petition in petitions:
        entries += petition.state.timeline
    told = [_open(entry) if held.state.protected else entry for entry in entries]
    return [_shown(entry, names) for entry in sorted(told, key=lambda entry: entry.place)]


def _open(entry: Entry) -> Entry:
    return replace(entry, codes={name: v for name, v in entry.codes.items() if name != "category"})


def _shown(entry: Entry, names: Naming) -> dict[str, Any]:
    return {
        "at": entry.at,
        "type": entry.name,
        "sequence": entry.sequence,
        "service": entry.service,
        "role": entry.role,
        "post": names.post(entry),
        "words": names.sentence(entry),
        "basis": names.basis(entry),
        "codes": entry.codes,
    }


def petitions(all: Stores, case_id: str, may_see: Wanted) -> list[Held[PetitionRow]]:
    """The petitions of a case; protected ones only for those who see what is protected (条例 art. 30)."""
    return [held for held in all.petitions.of_case(case_id) if may_see.protected or not held.state.protected]


def shown_petitions(found: Iterable[Held[PetitionRow]]) -> list[dict[str, Any]]:
    """Petitions as codes."""
    return [{"id": h.id} | {name: getattr(h.state, name) for name in PETITION_CODES} for h in found]


def _next(rows: list[Held[Row]], limit: int, by: str) -> str | None:
    if len(rows) < limit:
        return None
    return str(Place(at=getattr(rows[-1].state, by), id=rows[-1].id))
