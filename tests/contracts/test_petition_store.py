"""What petition keeps: the same suite on the stores in memory and on the real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

import bson
import pytest

from services.petition import store
from services.petition.handlers import acting, hearing, time
from services.petition.handlers.hearing import Heard
from services.petition.model import Petition
from services.petition.model import commands as asks
from services.petition.rules import ending, going, relating
from services.petition.store import Stores, Wanted, memory_stores
from services.petition.store.petitions import MemoryPetitions
from shared import crypto, ids
from shared.aggregate import Held, MongoStore
from shared.contracts import wire
from shared.contracts.base import dump
from shared.contracts.intake import RegistrationAccepted
from shared.contracts.routing import CaseRegistered, CaseTriaged
from shared.decision import Actor, Cause
from shared.place import Place
from tests.servers import TestServers
from tests.unit.petition import given
from tests.unit.petition.given import ACCEPTED, CASE, DAY, HOUSING, OFFICE, RECEIVED, VILLAGE


@pytest.fixture(params=["memory", "mongo"])
def all(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    """Everything petition keeps, in memory and in the real database."""
    if request.param == "memory":
        yield memory_stores(given.by().profile)
        return
    servers: TestServers = request.getfixturevalue("servers")
    with servers.entered(monkeypatch):
        for cached in (crypto.sealer, store.stores):
            cached.cache_clear()
        made = store.stores()
        for each in (made.petitions, made.views):
            assert isinstance(each, MongoStore)
            each.prepare()
        yield made
        store.stores.cache_clear()


def cause(at: datetime = RECEIVED, key: str = "", unit: str = OFFICE) -> Cause:
    return Cause(
        at=at,
        actor=Actor(ref=ids.derived("tests", unit), role="unit_head", unit=unit, region="990101"),
        key=key,
    )


def registered(all: Stores, key: str = "", **changes: Any) -> Held[Petition]:
    return acting.register(
        all, given.ask(**changes), cause(max(RECEIVED, changes.get("received_at", RECEIVED)), key)
    ).held


END = asks.Conclude(basis="accepted_by_petitioner", satisfied=3, remaining_hardship=True)


def answered(all: Stores) -> Held[Petition]:
    """A whole petition, from receipt to its end."""
    held = registered(all)
    mine, late = cause(ACCEPTED, unit=HOUSING), cause(ACCEPTED + 20 * DAY, unit=HOUSING)
    steps: list[tuple[Any, ...]] = [
        (cause(), going.transfer, asks.Transfer(to_unit=HOUSING)),
        (mine, going.notify, asks.Notify(accepted=True, how="written")),
        (mine, going.accept, asks.Accept(simple=True)),
        (mine, going.start),
        (mine, going.extend, asks.Extend(days=30, reason="complex_facts", petitioner_told=True)),
        (late, ending.serve, asks.Serve(result="explain", how="post", parts=given.PARTS)),
        (late, relating.confirm, asks.Confirm(kind="first")),
        (late, relating.link, asks.LinkTo(case_id=CASE, confirmed=True)),
        (late, ending.conclude, END),
        (late, ending.void, asks.Void(reason="typed_twice")),
    ]  # fmt: skip
    for why, rule, *asked in steps:
        held = acting.act(all, held.id, why, rule, *asked)
    return held


def test_a_petition_is_read_back_as_it_was_written(all: Stores) -> None:
    held = answered(all)

    assert all.petitions.load(held.id).state == held.state
    assert held.state.opinion and held.state.callback and held.state.extension and held.state.void_asked


def test_a_list_is_newest_first_and_goes_on_where_it_stopped(all: Stores) -> None:
    held = [registered(all, received_at=RECEIVED + n * DAY) for n in range(3)]
    registered(all, region="990102101")

    first = all.petitions.listed(Wanted(region="990101"), 2)
    before = Place(at=first[-1].state.received_at, id=first[-1].id)
    rest = all.petitions.listed(Wanted(region="990101", before=before), 2)

    assert [h.id for h in first + rest] == [h.id for h in reversed(held)]


def test_a_list_is_narrowed_by_case_state_and_unit_and_never_shows_a_unit_what_is_about_it(
    all: Stores,
) -> None:
    done, accusing = answered(all), registered(all, complained_units=(HOUSING,))

    def found(**wanted: Any) -> set[str]:
        return {held.id for held in all.petitions.listed(Wanted(region="990101", **wanted), 9)}

    assert found(case_id=CASE) == found(state="concluded") == found(unit=HOUSING) == {done.id}
    assert found(but_not_about=HOUSING) == {done.id}
    assert found(but_not_about="court") == {done.id, accusing.id}


def test_what_time_changes_is_found_and_changed_once(all: Stores) -> None:
    held = registered(all)
    answered(all)

    changed = [time.tick(all, RECEIVED + 40 * DAY) for _ in range(2)]

    assert changed == [1, 0]
    assert all.petitions.load(held.id).state.clocks[0].state == "breached"


def test_a_petition_that_cannot_be_timed_does_not_hold_up_the_others() -> None:
    all = memory_stores(given.by().profile)
    bad, good = registered(all, "one"), registered(all, "two")
    petitions = cast(MemoryPetitions, all.petitions)
    petitions.held[bad.id] = replace(bad, state=replace(bad.state, case_id="案"))

    with pytest.raises(ExceptionGroup):
        time.tick(all, RECEIVED + 90 * DAY)

    assert [all.petitions.load(held.id).version for held in (bad, good)] == [1, 2]


def heard(event: Heard, source: str, n: int) -> Cause:
    envelope = wire.Envelope(
        id=ids.new(), source=f"/svc/{source}/990101", type=f"{event.TYPE}.v1", subject=f"case/{CASE}",
        time="2026-02-20T01:00:00.000Z", sequence=f"{n:010d}.00", data=dump(event), regioncode=VILLAGE,
    )  # fmt: skip
    return Cause(at=RECEIVED + DAY, heard=envelope, key=envelope.id)


def accepted(matter_type: Any = "petition") -> tuple[Heard, Cause]:
    event = RegistrationAccepted(
        reg_id=CASE, case_id=CASE, case_no="990101-2026-000001", channel="letter", matter_type=matter_type,
        category=None, region=VILLAGE, received_at=RECEIVED, registered_at=RECEIVED + DAY,
    )  # fmt: skip
    return event, heard(event, "intake", 1)


def case_registered(matter_type: Any = "petition") -> tuple[Heard, Cause]:
    event = CaseRegistered(
        case_id=CASE, case_no="990101-2026-000001", reg_id=CASE, channel="letter", matter_type=matter_type,
        category=None, region=VILLAGE, tier="village", received_at=RECEIVED, registered_at=RECEIVED + DAY,
    )  # fmt: skip
    return event, heard(event, "routing", 1)


def triaged(matter_type: Any, n: int = 2, protected: bool = False) -> tuple[Heard, Cause]:
    event = CaseTriaged(
        case_id=CASE, matter_type=matter_type, category=None, complexity="general", willingness="unknown",
        tier="village", protected=protected,
    )  # fmt: skip
    return event, heard(event, "routing", n)


def test_a_registration_that_is_a_petition_becomes_one_petition_whoever_tells_it_first(all: Stores) -> None:
    for event, why in (case_registered(), accepted(), accepted(), case_registered()):
        hearing.note(all, event, why)

    (held,) = all.petitions.listed(Wanted(region="990101"), 9)
    assert (held.state.case_id, held.state.channel, held.state.received_at) == (CASE, "letter", RECEIVED)


def test_what_is_found_to_be_a_petition_later_becomes_one_in_whatever_order_it_is_told(all: Stores) -> None:
    for event, why in (triaged("petition"), accepted("unclassified"), case_registered("unclassified")):
        hearing.note(all, event, why)

    assert len(all.petitions.listed(Wanted(region="990101"), 9)) == 1


def test_naming_it_something_else_does_not_make_a_petition_go_away(all: Stores) -> None:
    for event, why in (accepted(), case_registered(), triaged("consult")):
        hearing.note(all, event, why)

    assert len(all.petitions.listed(Wanted(region="990101"), 9)) == 1


def test_what_is_no_petition_becomes_none(all: Stores) -> None:
    for event, why in (accepted("dispute"), case_registered("dispute"), triaged("dispute")):
        hearing.note(all, event, why)

    assert all.petitions.listed(Wanted(region="990101"), 9) == []


def test_a_case_that_must_be_hidden_hides_its_petition(all: Stores) -> None:
    for event, why in (
        accepted(),
        triaged("petition", protected=True),
        triaged("petition", 3, protected=True),
    ):
        hearing.note(all, event, why)

    (held,) = all.petitions.listed(Wanted(region="990101"), 9)
    assert (held.state.protected, held.version) == (True, 2)


@pytest.mark.requirement("COR-29")
def test_neither_the_database_nor_what_is_told_holds_a_word_of_a_petition(all: Stores) -> None:
    held = answered(all)

    raw = repr(held.state).encode() + b"".join(all.petitions.events_after(held.id, ""))
    if isinstance(all.petitions, MongoStore):
        database = all.petitions.collection.database
        raw += b"".join(
            bson.encode(doc) for name in database.list_collection_names() for doc in database[name].find()
        )
    assert b"petition.opinion_served" in raw
    assert not any(word.encode() in raw for word in ("塌", "修好", "公路法", "没人管"))
