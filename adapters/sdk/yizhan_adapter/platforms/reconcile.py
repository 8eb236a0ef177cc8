"""The daily comparison: what we believe the platform has, against its own list; all differences named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from yizhan_adapter.platforms.book import Row
from yizhan_adapter.platforms.card import Kind
from yizhan_adapter.platforms.platform import Platform, differing
from yizhan_adapter.store import Store

What = Literal["missing_there", "missing_here", "twice_there", "differs", "receipt_differs", "not_confirmed"]
HEALED: tuple[What, ...] = ("missing_there", "differs", "receipt_differs", "not_confirmed")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One record that is not the same on both sides; `detail` holds field names, codes or receipts."""

    kind: str
    id: str
    what: What
    detail: tuple[str, ...] = ()
    cause: str = ""

    def __str__(self) -> str:
        return " ".join((self.kind, self.id, self.what, *self.detail))


def compare(
    kind: Kind, ours: Iterable[Row], theirs: Iterable[dict[str, Any]], receipt: str
) -> list[Difference]:
    """Everything that differs between two lists, in the order of our ids."""
    here = {row.id: row for row in ours}
    listed = [(str(row.get(kind.key) or ""), row) for row in theirs]
    often, there = Counter(id for id, _ in listed), dict(listed)
    found = [*_missing(kind, here, there), *_twice(kind, often)]
    for id in here.keys() & there.keys():
        found += _between(here[id], there[id], str(there[id].get(receipt) or ""), often[id])
    return sorted(found, key=lambda one: (one.id, one.what))


def run(platform: Platform, kind: Kind, store: Store | None = None) -> list[Difference]:
    """Compare one kind; what can be healed is sent again, a case by its ask, the rest at the next look."""
    ours = platform.book.rows("WHERE kind = ?", kind.name)
    found = compare(kind, ours, platform.listed(kind), platform.card.reply.row_receipt)
    for one in found:
        if one.what in HEALED:
            platform.book.doubt(kind.name, one.id)
            if store and one.cause:
                store.reopen(one.cause)
    return found


def _missing(kind: Kind, here: dict[str, Row], there: dict[str, Any]) -> Iterator[Difference]:
    for id in here.keys() - there.keys():
        row = here[id]
        detail = (row.reason,) if row.reason else ()
        yield Difference(kind=kind.name, id=id, what="missing_there", detail=detail, cause=row.cause)
    for id in there.keys() - here.keys():
        yield Difference(kind=kind.name, id=id, what="missing_here")


def _twice(kind: Kind, often: Counter[str]) -> Iterator[Difference]:
    for id, count in often.items():
        if count > 1:
            yield Difference(kind=kind.name, id=id, what="twice_there", detail=(str(count),))


def _between(row: Row, theirs: dict[str, Any], receipt: str, often: int) -> Iterator[Difference]:
    fields = differing(row.body, theirs)
    about: dict[str, Any] = {"kind": row.kind, "id": row.id, "cause": row.cause}
    if fields:
        yield Difference(what="differs", detail=fields, **about)
    elif not row.settled:
        yield Difference(what="not_confirmed", **about)
    elif receipt != row.receipt and often == 1:
        yield Difference(what="receipt_differs", detail=(row.receipt, receipt), **about)
