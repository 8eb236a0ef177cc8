"""Everything counted again from what the owners have kept, and compared with what reporting shows.

The listener is the real one, on rows that are put aside; nothing of what reporting shows is trusted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, get_args

from services.reporting.rules.following import row_id
from services.reporting.store import Dimension, Stores, Wanted, digits_below, memory_stores
from services.reporting.store.bulk import Bulk
from services.reporting.store.owners import Owners
from services.reporting.store.wanted import FIELD
from shared.aggregate import Held
from shared.aggregate.held import Regional, stream
from shared.bus.worker import Worker
from shared.contracts import wire

S = TypeVar("S", bound=Regional)

SOURCES = (
    ("intake", "registration"), ("intake", "reveal"), ("routing", "case"), ("routing", "delivery"),
    ("mediation", "matter"), ("petition", "petition"),
)  # fmt: skip
PAGE, EXAMPLES = 500, 10
EVERYTHING = Wanted(region="")

Listen = Callable[[Stores], Worker]


@dataclass(kw_only=True)
class Recount:
    """What was found. A difference is a row, or a count, that is not as the owners' events make it."""

    rows: int = 0
    petitions: int = 0
    events: int = 0
    differences: int = 0
    mended: int = 0
    examples: list[str] = field(default_factory=list)

    def differs(self, id: str) -> None:
        """Note one difference."""
        self.differences += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(id)


def recount(all: Stores, aside: Stores, owners: Owners, listen: Listen, *, mend: bool = False) -> Recount:
    """Count again and compare; with `mend`, write what was counted again where it differs.

    Raises Unavailable when an owner does not answer.
    """
    found = Recount()
    for store in (aside.rows, aside.petitions):
        store.clear()
    discarded = all.rows.all_passed_over()
    for service, aggregate in SOURCES:
        for bodies in owners.pages(service, aggregate):
            found.events += _heard_again(aside, bodies, listen, discarded)
    found.rows = _compare(all.rows, aside.rows, found, mend)
    found.petitions = _compare(all.petitions, aside.petitions, found, mend)
    if not found.differences:
        _compare_counts(all, aside, found)
    for store in (aside.rows, aside.petitions):
        store.clear()
    return found


def _heard_again(
    aside: Stores, bodies: list[bytes], listen: Listen, discarded: Collection[tuple[str, str]]
) -> int:
    """One page of events, heard by the real listener on rows in memory, which are then put aside.

    What people discarded has no more effect than it had the first time.
    """
    desk = memory_stores(aside.county)
    worker = listen(desk)
    takes = [hearing.takes for hearing in worker.hearings()]
    told = [(wire.decode(body), body) for body in bodies]
    ours = [(heard, body) for heard, body in told if any(take(heard.name) for take in takes)]
    desk.rows.put(
        aside.rows.several({row_id(heard) for heard, _ in ours if "petition/" not in heard.subject}).values()
    )
    for heard, body in ours:
        gone = (stream(heard), heard.sequence) in discarded
        worker.pass_over(body) if gone else worker.hear(body)
    aside.rows.put(desk.rows.every("", len(bodies)))
    aside.petitions.put(desk.petitions.every("", len(bodies)))
    return len(ours)


def _compare(shown: Bulk[S], again: Bulk[S], found: Recount, mend: bool) -> int:
    count = 0
    for id, before, after in _beside(_every(shown), _every(again)):
        count += 1
        if before is None or after is None or before.state != after.state:
            found.differs(id)
            found.mended += bool(mend and after is not None and shown.mend(before, after))
    return count


def _every(store: Bulk[S]) -> Iterator[Held[S]]:
    after = ""
    while page := store.every(after, PAGE):
        yield from page
        after = page[-1].id


def _beside(
    left: Iterator[Held[S]], right: Iterator[Held[S]]
) -> Iterator[tuple[str, Held[S] | None, Held[S] | None]]:
    """The same ids side by side; both come in the order of their ids."""
    one, other = next(left, None), next(right, None)
    while one or other:
        id = min(held.id for held in (one, other) if held)
        mine = one if one and one.id == id else None
        theirs = other if other and other.id == id else None
        yield id, mine, theirs
        one = next(left, None) if mine else one
        other = next(right, None) if theirs else other


def _compare_counts(all: Stores, aside: Stores, found: Recount) -> None:
    """Every count that can be asked for, against one made by going through the rows counted again."""
    tallies: dict[str, Counter[str]] = {by: Counter() for by in get_args(Dimension)}
    for held in _every(aside.rows):
        if held.state.state:
            for by, tally in tallies.items():
                tally[_value(held.state, by)] += 1
    for by, tally in tallies.items():
        if all.rows.counted(by, EVERYTHING) != dict(tally):  # type: ignore[arg-type]
            found.differs(f"counts by {by}")


def _value(row: Any, by: str) -> str:
    value: str = getattr(row, FIELD[by]) or ""
    return value[: digits_below(EVERYTHING.region)] if by == "region" else value


def settled(once: Callable[[], Recount], tries: int, pause: Callable[[], None]) -> Recount:
    """The first recount without a difference, or the last: events on their way look like differences."""
    found = once()
    for _ in range(tries - 1):
        if not found.differences:
            break
        pause()
        found = replace(once(), mended=found.mended)
    return found
