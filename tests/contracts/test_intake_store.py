"""What intake keeps: the same suite on the stores in memory and on the real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import bson
import pytest

from services.intake import store
from services.intake.handlers.registering import register, similar
from services.intake.model import Form, Holding, Registration
from services.intake.rules import sealing
from services.intake.store import Stores, memory_stores
from services.intake.store.registrations import Wanted
from shared import crypto, ids
from shared.aggregate import Held, MongoStore
from shared.decision import Actor, Cause, Decision
from shared.errors import Refused
from shared.place import Place
from tests.servers import TestServers
from tests.unit.intake.forms import ID_NUMBER, NOW, PHONE, POLICY, applicant, form

CLERK = Actor(ref=ids.derived("tests", "clerk"), role="clerk", unit="centre_101", region="990101101")


@pytest.fixture(params=["memory", "mongo"])
def all(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    """Everything intake keeps, in memory and in the real database."""
    if request.param == "memory":
        yield memory_stores()
        return
    servers: TestServers = request.getfixturevalue("servers")
    with servers.entered(monkeypatch):
        for cached in (crypto.sealer, store.stores):
            cached.cache_clear()
        made = store.stores()
        for each in (
            made.registrations, made.imports, made.reveals, made.views, made.agreements, made.disclosures,
            made.holdings, made.files,
        ):  # fmt: skip
            assert isinstance(each, MongoStore)
            each.prepare()
        yield made


def cause(key: str = "", **more: Any) -> Cause:
    given: dict[str, Any] = {"at": NOW, "actor": CLERK, "key": key}
    return Cause(**(given | more))


def made(all: Stores, key: str = "", at: timedelta = timedelta(), **more: Any) -> Held[Registration]:
    return register(all, form(**more), cause(key, at=NOW + at), POLICY).held


def test_a_registration_is_read_back_as_it_was_written(all: Stores) -> None:
    held = made(all, requests=("一", "二"), persons_involved=3, discovered_at=NOW - timedelta(days=1))

    assert all.registrations.load(held.id).state == held.state


def test_registrations_are_found_by_key_case_party_and_query_mark(all: Stores) -> None:
    held = made(all, "the-key")
    made(all, "another", parties=(applicant(phone="13900130000"),))
    code = sealing.opened(held.state, "query_code", all.sealer)

    found = [
        all.registrations.by_key("the-key"),
        all.registrations.by_case(held.state.case_id),
        all.registrations.by_party(held.state.parties[0].party_id),
        all.registrations.by_query(sealing.query_mark(code, PHONE[-4:], all.sealer)),
    ]

    assert [one and one.id for one in found] == [held.id] * 4
    assert all.registrations.by_query(sealing.query_mark(code, "1111", all.sealer)) is None


def test_similar_matters_are_of_the_last_thirty_days_and_the_same_kind(all: Stores) -> None:
    old = made(all, at=-timedelta(days=31), summary="很久以前的一件别的事情，与今天无关。")
    recent = made(all, at=-timedelta(days=29), summary="上个月的一件类似的事情，墙的事。")
    made(all, at=-timedelta(days=1), summary="昨天说的是拖欠工资的事，数目不小。", category="labour_wages")

    found = similar(all, form(summary="今天又是墙的事，请你们来看一看。"), cause())

    assert [one.case_no for one in found] == [recent.state.case_no]
    assert old.state.case_no != recent.state.case_no


def test_the_same_words_are_similar_whoever_says_them_and_whenever(all: Stores) -> None:
    first = made(all, at=-timedelta(days=90))

    found = similar(all, form(parties=(applicant(phone="13900130000"),)), cause())

    assert [one.case_no for one in found] == [first.state.case_no]


def test_a_list_is_newest_first_and_goes_on_where_it_stopped(all: Stores) -> None:
    held = [made(all, at=timedelta(minutes=n), region=f"9901011012{n:02d}") for n in (1, 2, 3)]
    made(all, region="990101102201")

    first = all.registrations.listed(Wanted(region="990101101"), 2)
    before = Place(at=first[-1].state.registered_at, id=first[-1].id)
    rest = all.registrations.listed(Wanted(region="990101101", before=before), 2)

    assert [h.id for h in first + rest] == [h.id for h in reversed(held)]


def test_several_are_loaded_at_once(all: Stores) -> None:
    one, other = made(all), made(all)

    assert set(all.registrations.several([one.id, other.id, ids.new()])) == {one.id, other.id}


def test_a_key_used_for_another_matter_is_refused_and_nothing_is_written(all: Stores) -> None:
    made(all, "the-key")

    with pytest.raises(Refused):
        register(all, form(external_ref="T-9"), cause("the-key"), POLICY)

    assert len(all.registrations.listed(Wanted(region="990101"), 9)) == 1


def test_numbers_are_taken_in_turn_and_in_stretches(all: Stores) -> None:
    taken = [
        all.numbers.take("990101-2026"),
        all.numbers.take("990101-2026", 10),
        all.numbers.take("990101-2026"),
    ]

    assert taken == [1, 2, 12]
    assert all.numbers.take("990101-2027") == 1


def test_attempts_are_counted_by_the_minute_and_forgotten(all: Stores) -> None:
    counted = [all.attempts.count("a", NOW), all.attempts.count("a", NOW), all.attempts.count("b", NOW)]
    later = all.attempts.count("a", NOW + timedelta(minutes=1))
    all.attempts.forget(NOW + timedelta(seconds=1))

    assert (counted, later) == ([1, 2, 1], 1)
    assert all.attempts.count("a", NOW) == 1
    assert all.attempts.count("a", NOW + timedelta(minutes=1)) == 2


def test_pieces_come_back_in_order_and_the_same_number_replaces(all: Stores) -> None:
    all.pieces.put("file", "row", [(n, f"{n}".encode()) for n in range(12)])
    all.pieces.put("file", "row", [(3, b"again")])
    all.pieces.put("file", "rows", [(0, b"other")])

    found = list(all.pieces.get("file", "row"))

    assert [n for n, _ in found] == list(range(12))
    assert found[3] == (3, b"again")


@pytest.mark.requirement("COR-29")
def test_neither_the_database_nor_what_is_told_holds_a_name_a_number_or_a_word(all: Stores) -> None:
    words = ("甲某", PHONE, ID_NUMBER, "某巷", "水沟", "恢复原状", "当场说明")
    given: Form = form(
        parties=(applicant(id_no=ID_NUMBER, address="松岚镇某巷9号"),),
        place="村口水沟边",
        requests=("恢复原状",),
        answer="当场说明",
    )

    held = register(all, given, cause(), POLICY).held

    raw = repr(held.state).encode() + b"".join(all.registrations.events_after(held.id, ""))
    if isinstance(all.registrations, MongoStore):
        database = all.registrations.collection.database
        raw += b"".join(
            bson.encode(doc) for name in database.list_collection_names() for doc in database[name].find()
        )
    assert b"990101-2026-000001" in raw
    assert not any(word.encode() in raw for word in words)


def test_the_database_itself_refuses_a_case_number_given_twice(all: Stores) -> None:
    if not isinstance(all.registrations, MongoStore):
        return
    indexes = all.registrations.collection.index_information().values()

    unique = {index["key"][0][0] for index in indexes if index.get("unique")}

    assert unique == {"state.case_no", "state.case_id", "state.request_key"}


def test_bytes_of_files_are_kept_by_name_touched_and_let_go(all: Stores) -> None:
    name, data = "a" * 64, b"\x00sealed" * 100_000

    all.blobs.put(name, data, NOW)
    all.blobs.put(name, data, NOW + timedelta(days=40))
    all.blobs.put("b" * 64, b"other", NOW)

    assert all.blobs.get(name) == data
    assert all.blobs.older(NOW + timedelta(days=1)) == ["b" * 64]
    all.blobs.drop(name)
    all.blobs.drop(name)
    assert all.blobs.get(name) is None


def hold(all: Stores, holding: Holding) -> None:
    all.holdings.open(holding.delivery_id, cause(), lambda _: Decision(state=holding))


def test_what_a_unit_was_handed_and_given_is_found_by_its_case(all: Stores) -> None:
    case_id = ids.derived("tests", "case")
    for n, unit in enumerate(("court", "police", "court")):
        holding = Holding(
            delivery_id=ids.derived("tests", str(n)), case_id=case_id, region="990101", unit=unit, sent=True
        )
        hold(all, holding)

    found = all.holdings.having(case_id=case_id, unit="court")

    assert [held.state.unit for held in found] == ["court", "court"]
    assert all.holdings.having(case_id=ids.new(), unit="court") == []
