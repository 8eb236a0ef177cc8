"""The rows of reporting: the same lists and counts in memory and in the real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest

from services.reporting.model import Row
from services.reporting.store import Dimension, Stores, Wanted, memory_stores
from services.reporting.store.documents import CaseRowAgain
from services.reporting.store.names import GivenNames
from services.reporting.store.rows import MongoPetitions, MongoRows
from services.reporting.worker import ReportingWorker
from shared.database import open_database
from shared.place import Place
from tests.reporting_given import MONDAY, Case, heard, interleaved, life, minute, petition_of
from tests.routing_given import county
from tests.servers import TestServers

COUNTY = Wanted(region="990101")
TOWN = Wanted(region="990101101")


@pytest.fixture(params=["memory", "mongo"])
def all(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    """The same rows, kept in memory and in the real database."""
    if request.param == "memory":
        yield memory_stores(county())
        return
    servers: TestServers = request.getfixturevalue("servers")
    with servers.entered(monkeypatch):
        open_database("reporting")
        rows, petitions = MongoRows(), MongoPetitions()
        rows.prepare()
        petitions.prepare()
        yield Stores(rows=rows, petitions=petitions, county=county(), names=GivenNames())


def told(all: Stores, *cases: Case) -> None:
    """The listener hears everything about these cases."""
    heard(ReportingWorker(all), interleaved(cases))


def few(all: Stores) -> list[Case]:
    """Six cases in three townships: new, assigned, late, handled, closed, and a protected one."""
    town, other = "990101101201", "990101102201"
    cases = [
        Case(n=1, region=town).registered(minute(1)),
        Case(n=2, region=town).registered(minute(2)).triaged(minute(5)).assigned(minute(10)),
        Case(n=3, region=other).registered(minute(3)).triaged(minute(6)).assigned(minute(7))
        .breached(minute(67)),
        Case(n=4, region=other, category="contract").registered(minute(4)).triaged(minute(8))
        .assigned(minute(9), "court").delivered(minute(11), done=False).mediated(minute(70), held=False),
        life(5, region=town),
        Case(n=6, region="990101103201", protected=True, category=None).registered(minute(6)),
    ]  # fmt: skip
    told(all, *cases)
    return cases


def numbers(found: list[object]) -> list[int]:
    return [int(held.state.case_no[-6:]) for held in found]  # type: ignore[attr-defined]


def test_a_row_is_read_back_as_it_was_written(all: Stores) -> None:
    case = life()
    told(all, case)
    again = memory_stores(county())
    told(again, case)

    assert all.rows.load(case.id).state == again.rows.load(case.id).state


ASKED = (
    COUNTY,
    TOWN,
    replace(COUNTY, open=True),
    replace(COUNTY, open=False),
    replace(COUNTY, late=True),
    replace(COUNTY, protected=False),
    replace(COUNTY, states=("assigned",)),
    replace(COUNTY, category="neighbour", tier="village"),
    replace(COUNTY, department="court"),
    replace(COUNTY, first_day="2026-09-07", last_day="2026-09-07"),
    replace(COUNTY, last_day="2026-09-06"),
    replace(COUNTY, mine="court"),
    Wanted(region=""),
)


def test_counts_equal_a_count_by_hand(all: Stores) -> None:
    rows = [all.rows.load(case.id).state for case in few(all)]

    counted = {
        (by, n): all.rows.counted(by, asked) for by in get_args(Dimension) for n, asked in enumerate(ASKED)
    }

    for (by, n), found in counted.items():
        assert found == by_hand(rows, by, ASKED[n]), (by, ASKED[n])


def by_hand(rows: list[Row], by: str, wanted: Wanted) -> dict[str, int]:
    names = {"day": "registered_day", "department": "lead_unit"}
    digits = {0: 6, 6: 9, 9: 12}[len(wanted.region)] if by == "region" else 99
    values = [(getattr(row, names.get(by, by)) or "")[:digits] for row in rows if wanted.fits(row)]
    return {value: values.count(value) for value in values}


@pytest.mark.requirement("RP-37")
def test_a_township_equals_the_sum_of_its_villages_and_the_county_that_of_its_townships(all: Stores) -> None:
    few(all)

    townships = all.rows.counted("region", COUNTY)
    villages = {town: all.rows.counted("region", Wanted(region=town)) for town in townships}
    tiers = all.rows.counted("tier", COUNTY)

    assert {town: sum(found.values()) for town, found in villages.items()} == townships
    assert sum(townships.values()) == sum(tiers.values()) == 6


def test_a_list_is_newest_first_and_goes_on_where_it_stopped(all: Stores) -> None:
    few(all)

    first = all.rows.listed(COUNTY, 4)
    last = first[-1]
    assert last.state.registered_at is not None
    rest = all.rows.listed(COUNTY, 4, Place(at=last.state.registered_at, id=last.id))

    assert numbers([*first, *rest]) == [6, 5, 4, 3, 2, 1]
    assert all.rows.listed(TOWN, 9)[0].state.timeline == ()


def test_clocks_that_run_down_come_first_to_end_first_and_late_ones_apart(all: Stores) -> None:
    few(all)

    soonest = all.rows.running_down(COUNTY, minute(68), 9)
    late = all.rows.late(COUNTY, 9)

    assert numbers([*soonest])[:3] == [4, 2, 1]
    assert numbers([*late]) == [3]
    assert all.rows.running_down(Wanted(region="990101104"), MONDAY, 9) == []


def test_the_last_hand_over_comes_first(all: Stores) -> None:
    few(all)

    moved = all.rows.moved(COUNTY, 2)
    last = moved[-1]
    assert last.state.moved_at is not None
    rest = all.rows.moved(COUNTY, 9, Place(at=last.state.moved_at, id=last.id))

    assert numbers([*moved, *rest]) == [5, 4, 2, 3]


def test_open_sittings_and_what_happened_since_are_counted(all: Stores) -> None:
    few(all)

    since = all.rows.since(COUNTY, minute(4))

    assert all.rows.sitting(replace(COUNTY, open=True)) == {"990101102": 1}
    assert (since.registered, since.ended) == (3, 1)


def test_a_case_is_found_by_its_number(all: Stores) -> None:
    cases = few(all)

    found = all.rows.by_case_no("990101-2026-000003")

    assert found is not None and found.id == cases[2].id
    assert all.rows.by_case_no("990101-2026-000099") is None


def test_what_is_not_yet_opened_is_neither_listed_nor_counted(all: Stores) -> None:
    case = Case(n=7).registered().delivered(minute(1))
    way = next(stream for name, stream in case.streams.items() if name.startswith("delivery/"))
    heard(ReportingWorker(all), way.bodies)

    assert all.rows.find(case.id) is not None
    assert (all.rows.counted("state", COUNTY), all.rows.moved(COUNTY, 9)) == ({}, [])


def test_petitions_are_counted_and_found_by_their_case(all: Stores) -> None:
    case = Case().registered()
    told(all, case)
    heard(ReportingWorker(all), petition_of(case).bodies)

    assert all.petitions.counted("990101") == {"accepted": 1}
    assert [held.state.links for held in all.petitions.of_case(case.id)] == [(case.id,)]
    assert all.petitions.of_case("another") == []


def test_a_petition_that_is_a_case_and_about_another_is_found_by_both(all: Stores) -> None:
    own, other = Case(n=1), Case(n=2)
    heard(ReportingWorker(all), petition_of(other, own=own).bodies)

    assert [len(all.petitions.of_case(case.id)) for case in (own, other)] == [1, 1]


def test_two_listeners_that_take_turns_lose_nothing(all: Stores) -> None:
    """What one remembers of a row, the other has changed in the meantime."""
    other = all if not isinstance(all.rows, MongoRows) else replace(all, rows=MongoRows())
    workers = [ReportingWorker(all), ReportingWorker(other)]
    case, alone = life(), memory_stores(county())
    told(alone, case)

    for n, body in enumerate(interleaved([case])):
        workers[n % 2].hear(body)

    assert all.rows.load(case.id).state == alone.rows.load(case.id).state


def test_rows_can_be_read_and_written_in_heaps(all: Stores) -> None:
    cases = few(all)
    again = MongoRows(CaseRowAgain) if isinstance(all.rows, MongoRows) else memory_stores(county()).rows
    held = all.rows.every("", 99)
    again.put(held)

    assert [one.id for one in held] == sorted(case.id for case in cases)
    assert all.rows.every(held[3].id, 1)[0].id == held[4].id
    assert again.several([held[0].id, "absent"]).keys() == {held[0].id}
    assert [(one.id, one.state, one.seen) for one in again.every("", 99)] == [
        (one.id, one.state, one.seen) for one in held
    ]
    again.clear()
    assert again.every("", 99) == []


def test_a_row_is_mended_only_where_it_still_is_as_it_was_seen(all: Stores) -> None:
    case = few(all)[1]
    seen = all.rows.load(case.id)
    right = replace(seen, state=replace(seen.state, returns=7))

    assert all.rows.mend(seen, right)
    assert all.rows.load(case.id).state.returns == 7
    assert not all.rows.mend(seen, seen)
    assert not all.rows.mend(None, seen)


def test_what_became_of_suggestions_is_counted_from_the_rows(all: Stores) -> None:
    town = "990101101201"
    sure = Case(n=11, region=town, category="contract").registered().triaged(minute(5))
    other = Case(n=12, region=town).registered().triaged(minute(6))
    again = Case(n=13, region="990101102201").registered().triaged(minute(7))
    told(
        all,
        sure.reviewed(minute(8), kept=("category", "tier")).reviewed(minute(9), changed=("unit",)),
        other.reviewed(minute(8), kept=("tier",), changed=("category",)),
        again.reviewed(minute(8), kept=("category",)).reviewed(minute(9), changed=("category",)),
        Case(n=14, region=town).registered().triaged(minute(5)),
    )

    here, county = all.rows.reviewed(TOWN), all.rows.reviewed(COUNTY)

    assert sorted((one.kept, one.changed, one.suggested, one.chosen, one.count) for one in here) == [
        (("category", "tier"), ("unit",), "contract", "contract", 1),
        (("tier",), ("category",), "contract", "neighbour", 1),
    ]
    assert sum(one.count for one in county) == 3
    assert sum(one.count for one in county if "category" in one.changed) == 2


def test_how_long_cases_took_is_counted_from_the_rows(all: Stores) -> None:
    quick = Case(n=31).registered(minute(0), discovered_at=minute(-30)).triaged(minute(5))
    slow = Case(n=32).registered(minute(0)).triaged(minute(5)).assigned(minute(40))
    told(all, quick.assigned(minute(10)).accepted(minute(30)).closed(minute(150)), slow)

    found = {one.name: (one.cases, one.mean, one.longest) for one in all.rows.stretches(TOWN)}

    assert found == {
        "register": (1, 1800, 1800),
        "assign": (2, 1500, 2400),
        "accept": (1, 1200, 1200),
        "resolve": (1, 7200, 7200),
        "whole": (1, 9000, 9000),
    }
    assert {one.cases for one in all.rows.stretches(Wanted(region="990101104"))} == {0}
