"""Whatever order events come in, and however often: the rows are the same, and a recount agrees."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest

from services.reporting.handlers.recounting import Recount, recount, settled
from services.reporting.store import Stores, Wanted, memory_stores
from services.reporting.worker import ReportingWorker
from shared.aggregate.store import Early
from shared.bus.gaps import Healer
from shared.contracts import wire
from tests.reporting_given import Case, Stream, life, minute, petition_of
from tests.routing_given import county


def lives() -> list[Case]:
    """A few cases in different places and states, with protected and unfinished ones among them."""
    return [
        life(1),
        life(2, region="990101102201", category="contract"),
        life(3, protected=True, category=None),
        Case(n=4).registered(minute(4)).triaged(minute(9)).assigned(minute(12)).breached(minute(72)),
        Case(n=5, region="990101103201").registered(minute(5)).triaged(minute(6))
        .assigned(minute(7), "police").delivered(minute(8), "police", done=False)
        .mediated(minute(50), held=False),
    ]  # fmt: skip


def everything(cases: Iterable[Case], *petitions: Stream) -> list[bytes]:
    """All that is told, stream after stream."""
    return [body for case in cases for body in case.bodies()] + [b for p in petitions for b in p.bodies]


def heard(bodies: Iterable[bytes]) -> Stores:
    """The rows after the bus has brought these, with what came too early put in its place afterwards."""
    all = memory_stores(county())
    worker = ReportingWorker(all)
    for body in bodies:
        try:
            worker.hear(body)
        except Early as early:
            early.keep()
    healer, before = Healer(worker, lambda stream, sequence: []), -1
    while (left := healer.round()) and left != before:
        before = left
    assert not left
    return all


def as_bytes(all: Stores) -> bytes:
    """Every row and every petition, down to the last byte."""
    kept = {held.id: held.state for store in (all.rows, all.petitions) for held in store.every("", 999)}
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.requirement("XE-01")
def test_ordered_shuffled_and_doubled_give_the_same_rows(seed: int) -> None:
    bodies = everything(cases := lives(), petition_of(cases[0]), petition_of(cases[3], 2))
    mixed = bodies * 2
    random.Random(seed).shuffle(mixed)

    ordered, shuffled = heard(bodies), heard(mixed)

    assert as_bytes(ordered) == as_bytes(shuffled)
    assert ordered.rows.counted("state", Wanted(region="990101")) == {
        "closed": 3,
        "assigned": 1,
        "mediating": 1,
    }


class Kept:
    """The owners' stored histories."""

    def __init__(self, cases: Iterable[Case], *petitions: Stream) -> None:
        self.streams = [s for case in cases for s in case.streams.values()] + list(petitions)

    def pages(self, service: str, aggregate: str) -> Iterator[list[bytes]]:
        mine = [s for s in self.streams if (s.service, s.aggregate) == (service, aggregate)]
        yield from ([*one.bodies] for one in mine)


def counted(all: Stores, owners: Kept, **more: Any) -> Recount:
    return recount(all, memory_stores(county()), owners, ReportingWorker, **more)


def test_a_recount_of_everything_agrees_with_what_is_shown() -> None:
    cases = lives()
    petition = petition_of(cases[0])
    all = heard(everything(cases, petition))

    found = counted(all, Kept(cases, petition))

    assert (found.rows, found.petitions, found.differences) == (5, 1, 0)
    assert found.events == len(everything(cases, petition))


def test_a_recount_finds_a_lost_event_a_lost_case_and_a_changed_row() -> None:
    cases = lives()
    bodies = everything(cases)
    lost = [body for body in bodies if wire.decode(body).subject != f"case/{cases[1].id}"]
    all = heard(lost)
    held = all.rows.load(cases[0].id)
    all.rows.put([replace(held, state=replace(held.state, outcome="settled"))])
    new = Case(n=9).registered()

    found = counted(all, Kept([*cases, new]))

    assert (found.rows, found.differences) == (6, 3)
    assert set(found.examples) == {cases[0].id, cases[1].id, new.id}


def test_a_recount_mends_what_differs_and_the_listener_goes_on_from_there() -> None:
    case = Case().registered().triaged(minute(1))
    all = heard(case.bodies()[:3])
    counted(all, Kept([case]), mend=True)
    missed, case.routing.bodies = list(case.routing.bodies), []
    case.assigned(minute(2))

    for body in case.routing.bodies:
        ReportingWorker(all).hear(body)

    assert missed
    assert all.rows.load(case.id).state.state == "assigned"
    assert counted(all, Kept([_with(case, missed)])).differences == 0


def _with(case: Case, before: list[bytes]) -> Case:
    case.routing.bodies = before + case.routing.bodies
    return case


def test_events_on_their_way_are_waited_for() -> None:
    case = life()
    bodies = everything([case])
    all = heard(bodies[:9])
    worker, left = ReportingWorker(all), bodies[9:]

    def arrive() -> None:
        while left:
            worker.hear(left.pop(0))

    found = settled(lambda: counted(all, Kept([case])), 3, arrive)

    assert found.differences == 0
    assert settled(lambda: counted(memory_stores(county()), Kept([case])), 2, lambda: None).differences == 1


def test_a_recount_counts_what_was_discarded_as_little_as_the_listener_did() -> None:
    case = Case().registered().triaged(minute(1)).assigned(minute(2))
    *_, discarded, last = case.routing.bodies
    all = heard([body for body in case.bodies() if body not in (discarded, last)])
    worker = ReportingWorker(all)
    worker.pass_over(discarded)
    worker.hear(last)

    found = counted(all, Kept([case]))

    assert found.differences == 0
