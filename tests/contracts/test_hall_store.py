"""What the hall keeps, in memory and in the real database: one suite for both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest

from services.intake.handlers import applying, hall
from services.intake.model.reception import DutyDay
from services.intake.model.window import Window
from services.intake.rules import receiving
from services.intake.rules.stretches import rows, stretches
from services.intake.store import Stores, memory_stores, stores
from shared import ids
from shared.decision import Actor, Cause, Decision
from shared.errors import NotFound, Problem
from shared.tables import Row
from shared.web.site import aggregates
from tests.servers import TestServers
from tests.unit.intake.forms import NOW

TOWN, REGION = "centre_101", "990101101"
CLERK = Actor(ref="window_clerk", role="clerk", unit=TOWN, region=REGION)


@pytest.fixture(params=["memory", "mongo"])
def all(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    """Intake's stores, in memory and real."""
    if request.param == "memory":
        yield memory_stores()
        return
    servers: TestServers = request.getfixturevalue("servers")
    with servers.entered(monkeypatch):
        stores.cache_clear()
        real = stores()
        for store in aggregates(real):
            store.prepare()  # type: ignore[attr-defined]
        yield real
        stores.cache_clear()


def at(minutes: int = 0, key: str = "") -> Cause:
    return Cause(at=NOW + timedelta(minutes=minutes), actor=CLERK, key=key)


def open_window(all: Stores, number: int, *services: str) -> None:
    window = Window(
        window_id="", centre=TOWN, region=REGION, number=number, zone="reception", services=services
    )
    hall.arrange(all, TOWN, number, window, at())


def test_numbers_wait_are_called_and_end_in_both(all: Stores) -> None:
    open_window(all, 1, "dispute", "petition")
    for minute, (service, first) in enumerate([("dispute", False), ("petition", False), ("dispute", True)]):
        hall.take(all, TOWN, service, first, at(minute))

    order = [hall.call_next(all, TOWN, 1, at(5)).state.label for _ in range(3)]
    labels = [ticket.label for ticket in hall.of_day(all, TOWN, NOW)]
    wall = hall.wall(all, TOWN, NOW + timedelta(minutes=6))

    assert order == ["A002", "A001", "B001"] and sorted(labels) == ["A001", "A002", "B001"]
    assert len(wall["called"]) == 3 and wall["waiting"] == {}
    assert hall.of_day(all, TOWN, NOW + timedelta(days=1)) == []
    with pytest.raises(NotFound):
        hall.call_next(all, TOWN, 1, at(7))


def test_a_window_is_arranged_anew_closed_and_found_by_its_centre(all: Stores) -> None:
    open_window(all, 2, "filing")
    open_window(all, 1, "dispute")
    open_window(all, 2, "filing", "arbitration")
    hall.close(all, TOWN, 1, at())

    found = hall.windows(all, TOWN)

    assert [(w.number, w.services, w.open) for w in found] == [
        (1, ("dispute",), False), (2, ("filing", "arbitration"), True),
    ]  # fmt: skip


def test_a_leader_and_a_gap_are_kept_for_their_day(all: Stores) -> None:
    hall.lead(all, TOWN, "2026-03-10", "duty_leader.centre_101", "副镇长", at())
    noon = NOW + timedelta(hours=2)

    gaps, again = hall.find_gaps(all, noon), hall.find_gaps(all, noon)

    leading = hall.leading(all, TOWN, NOW)
    assert leading and leading.title == "副镇长" and gaps > 1 and again == 0


def given(made: Decision[DutyDay] | None, state: DutyDay | None) -> Decision[DutyDay] | None:
    """What was made, once."""
    return None if state else made


def test_those_of_a_region_come_in_order_and_others_stay_away(all: Stores) -> None:
    for n, region in enumerate(["990101101", "990101102", "990101101201"]):
        id = ids.derived("d", str(n))
        duty = DutyDay(duty_id=id, region=region, centre=TOWN, day=f"2026-03-1{n}")
        made = receiving.lead(duty, "x", "")
        all.duties.open(id, at(), partial(given, made))

    found = all.duties.inside("990101101", 10, "day", leader="x")

    assert [held.state.day for held in found] == ["2026-03-10", "2026-03-12"]


def test_a_draft_is_sealed_found_by_its_code_and_let_go(all: Stores) -> None:
    kept = applying.keep(all, {"summary": "水沟堵了"}, "", "10.0.0.1", NOW)
    again = applying.keep(all, {"summary": "水沟又堵了"}, kept.code, "10.0.0.1", NOW)

    opened = applying.opened(all, kept.code.lower(), "10.0.0.1", NOW)
    all.drafts.forget(NOW + timedelta(days=8))

    assert (again.code, opened.fields) == (kept.code, {"summary": "水沟又堵了"})
    with pytest.raises(NotFound):
        applying.opened(all, kept.code, "10.0.0.1", NOW)


def test_one_piece_of_many_is_read_alone(all: Stores) -> None:
    cells = ("a", 2, 2.5, None, True, datetime(2026, 3, 10, 9, 30), ["x", {"k": "v"}])
    table = [Row(number=n, cells=cells) for n in range(1, 251)]
    all.pieces.put("i", "rows", stretches(table))

    second, missing = all.pieces.one("i", "rows", 100), all.pieces.one("i", "rows", 50)

    assert second is not None and missing is None
    assert rows(second) == table[100:200]


def test_one_key_draws_one_number_whoever_asks_again(all: Stores) -> None:
    open_window(all, 1, "dispute")

    first, again = (hall.take(all, TOWN, "dispute", False, at(key="tap")) for _ in range(2))

    assert first.id == again.id and again.state.number == 1


def test_what_is_not_offered_is_refused_in_both(all: Stores) -> None:
    with pytest.raises(Problem, match="没有窗口办"):
        hall.take(all, TOWN, "dispute", False, at())
