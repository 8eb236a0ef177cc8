"""What mediation keeps: the same suite on the stores in memory and on the real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

import bson
import pytest

from services.mediation import store
from services.mediation.handlers import acting, hearing, time
from services.mediation.model import Matter, State
from services.mediation.model.commands import Schedule, Sign, Start
from services.mediation.rules import agreeing, scheduling, sessions
from services.mediation.rules.step import noted
from services.mediation.store import Stores, Wanted, memory_stores
from services.mediation.store.matters import MemoryMatters
from shared import crypto, ids
from shared.aggregate import Held, MongoStore
from shared.contracts import wire
from shared.contracts.base import Event, dump
from shared.contracts.closing import CaseClosed, CaseRelapsed
from shared.contracts.routing import CaseRegistered, CaseTriaged
from shared.decision import Cause, Decision
from shared.errors import Illegal
from shared.place import Place
from tests.servers import TestServers
from tests.unit.mediation import given
from tests.unit.mediation.given import CASE, DAY, HOUR, MONDAY, VILLAGE


@pytest.fixture(params=["memory", "mongo"])
def all(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    """Everything mediation keeps, in memory and in the real database."""
    if request.param == "memory":
        yield memory_stores(given.county())
        return
    servers: TestServers = request.getfixturevalue("servers")
    with servers.entered(monkeypatch):
        for cached in (crypto.sealer, store.stores):
            cached.cache_clear()
        made = store.stores()
        for each in (made.matters, made.views):
            assert isinstance(each, MongoStore)
            each.prepare()
        yield made
        store.stores.cache_clear()


def cause(at: datetime = MONDAY, key: str = "") -> Cause:
    return Cause(at=at, actor=given.by().actor, key=key)


def opened(all: Stores, n: int = 0, at: datetime = MONDAY, **known: Any) -> Held[Matter]:
    view = given.view(**{"case_id": ids.derived("case", str(n))} | known)
    return acting.open_matter(all, view, given.ask(case_id=view.case_id), cause(at, f"key {n}")).held


def agreement(all: Stores) -> Held[Matter]:
    """A whole matter, from opening to an agreement in force."""
    held, id = opened(all), given.session_id(1)
    steps: list[tuple[Any, ...]] = [
        (scheduling.schedule, id, Schedule(mode="home_visit", start=MONDAY, end=MONDAY + HOUR,
                                           agreed_by=(given.LI,), place_cell=VILLAGE + "001")),
        (sessions.start, id, Start(rights_notice=True)),
        (sessions.hold, id, given.ending("agreed", attendance=given.came())),
        (agreeing.draft, given.draft()),
        (agreeing.sign, Sign(signatures=given.everybody(MONDAY))),
    ]  # fmt: skip
    for rule, *asked in steps:
        held = acting.act(all, held.id, cause(), rule, *asked)
    return held


def test_a_matter_is_read_back_as_it_was_written(all: Stores) -> None:
    held = agreement(all)

    assert all.matters.load(held.id).state == held.state
    assert held.state.agreement and held.state.agreement.confirm_deadline


def test_a_case_that_two_people_open_at_the_same_moment_gets_one_matter(
    all: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = opened(all)
    view = given.view(case_id=first.state.case_id)
    monkeypatch.setattr(all.matters, "of_case", lambda case_id: [])  # the second has not seen the first

    with pytest.raises(Illegal) as refused:
        acting.open_matter(all, view, given.ask(case_id=view.case_id), cause(key="other"))

    assert refused.value.details["mm_id"] == first.id


def test_matters_of_a_case_come_oldest_first(all: Stores) -> None:
    first = agreement(all)
    second = acting.open_matter(
        all, given.view(case_id=first.state.case_id), given.ask(), cause(MONDAY + DAY, "again")
    ).held

    assert [held.id for held in all.matters.of_case(first.state.case_id)] == [first.id, second.id]
    assert all.matters.of_case(ids.new()) == []


def test_a_list_is_newest_first_and_goes_on_where_it_stopped(all: Stores) -> None:
    held = [opened(all, n, MONDAY + n * HOUR, region=f"9901011012{n:02d}") for n in (1, 2, 3)]
    opened(all, 4, region="990101102201")

    first = all.matters.listed(Wanted(region="990101101"), 2)
    before = Place(at=first[-1].state.opened_at, id=first[-1].id)
    rest = all.matters.listed(Wanted(region="990101101", before=before), 2)

    assert [h.id for h in first + rest] == [h.id for h in reversed(held)]
    assert all.matters.listed(Wanted(region="990101", state="closed"), 9) == []
    wanted = Wanted(region="990101", case_id=held[0].state.case_id)
    assert [h.id for h in all.matters.listed(wanted, 9)] == [held[0].id]


def test_what_time_changes_is_found_in_order_and_changed_once(all: Stores) -> None:
    later, sooner = opened(all, 1, MONDAY + HOUR), opened(all, 2)

    due = all.matters.overdue(MONDAY + 31 * DAY)
    changed = [time.tick(all, MONDAY + 31 * DAY) for _ in range(2)]

    assert due == [sooner.id, later.id]
    assert changed == [2, 0]
    assert {all.matters.load(id).state.state for id in due} == {State.CLOSED}


def test_a_matter_that_cannot_be_timed_does_not_hold_up_the_others() -> None:
    all = memory_stores(given.county())
    bad, good = opened(all, 1), opened(all, 2, MONDAY + HOUR)
    matters = cast(MemoryMatters, all.matters)
    matters.held[bad.id] = replace(bad, state=replace(bad.state, case_id="案"))

    with pytest.raises(ExceptionGroup):
        time.tick(all, MONDAY + 31 * DAY)

    assert [all.matters.load(held.id).state.state for held in (bad, good)] == [State.OPENED, State.CLOSED]


def test_a_change_by_somebody_else_in_between_is_not_lost(all: Stores) -> None:
    held = opened(all)
    raced: list[int] = []

    def slow(matter: Matter, act: Any) -> Decision[Matter]:
        if not raced:
            raced.append(1)
            acting.act(all, held.id, cause(), scheduling.schedule, given.session_id(1), AT_ONCE)
        return Decision(state=matter, events=(noted(matter, "seen"),))

    acting.act(all, held.id, cause(), slow)

    assert len(all.matters.load(held.id).state.sessions) == 1
    assert all.matters.load(held.id).version == 3


AT_ONCE = Schedule(mode="centre", start=MONDAY)


def heard(event: Event, n: int) -> Cause:
    envelope = wire.Envelope(
        id=ids.new(), source="/svc/routing/990101", type=f"{event.TYPE}.v1", subject=f"case/{CASE}",
        time="2026-09-07T01:00:00.000Z", sequence=f"{n:010d}.00", data=dump(event), regioncode=VILLAGE,
    )  # fmt: skip
    return Cause(at=MONDAY, heard=envelope, key=envelope.id)


REGISTERED = CaseRegistered(
    case_id=CASE, case_no="990101-2026-000001", reg_id=CASE, channel="window", matter_type="dispute",
    category="neighbour", region=VILLAGE, tier="village", registered_at=MONDAY,
)  # fmt: skip
TRIAGED = CaseTriaged(
    case_id=CASE, matter_type="dispute", category="contract", complexity="general", willingness="both",
    tier="township",
)  # fmt: skip


def test_a_case_heard_in_any_order_is_known_as_it_is_now(all: Stores) -> None:
    for event, n in ((TRIAGED, 2), (REGISTERED, 1), (TRIAGED, 2)):
        hearing.note(all, event, heard(event, n))

    view = acting.case(all, CASE)
    assert (view.case_no, view.category, view.tier, view.state) == (
        "990101-2026-000001", "contract", "township", "triaged",
    )  # fmt: skip


def test_an_old_end_heard_late_does_not_end_what_began_after_a_relapse(all: Stores) -> None:
    hearing.note(all, REGISTERED, heard(REGISTERED, 1))
    closed = CaseClosed(
        case_id=CASE, outcome="settled", resolved_tier="village", registered_at=MONDAY, closed_at=MONDAY
    )
    relapsed = CaseRelapsed(case_id=CASE, relapse_count=1)
    hearing.note(all, relapsed, heard(relapsed, 9))
    held = acting.open_matter(all, given.view(), given.ask(), cause(key="new")).held

    hearing.note(all, closed, heard(closed, 8))

    assert all.matters.load(held.id).state.state is State.OPENED


def test_a_case_that_must_be_hidden_hides_its_matters(all: Stores) -> None:
    held = opened(all, case_id=CASE)
    hidden = replace(TRIAGED, protected=True, category=None)

    for _ in range(2):
        hearing.note(all, hidden, heard(hidden, 2))

    after = all.matters.load(held.id)
    assert (after.state.protected, after.version) == (True, held.version + 1)


@pytest.mark.requirement("COR-29")
def test_neither_the_database_nor_what_is_told_holds_a_word_that_was_said(all: Stores) -> None:
    held = agreement(all)

    raw = repr(held.state).encode() + b"".join(all.matters.events_after(held.id, ""))
    if isinstance(all.matters, MongoStore):
        database = all.matters.collection.database
        raw += b"".join(
            bson.encode(doc) for name in database.list_collection_names() for doc in database[name].find()
        )
    assert b"mediation.agreement_effective" in raw
    assert not any(word.encode() in raw for word in ("水沟", "相邻关系", "半米", "各半"))


def test_every_change_is_found_by_its_index(all: Stores) -> None:
    if not isinstance(all.matters, MongoStore):
        return

    keys = {
        tuple(name for name, _ in index["key"])
        for index in all.matters.collection.index_information().values()
    }

    assert {("state.case_id",), ("state.opened_at", "_id", "state.region"), ("due",), ("ob_at",)} <= keys
