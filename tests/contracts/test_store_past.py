"""Old history and old keys are moved out of a document, and are still there for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared import clock, ids
from shared.aggregate import MongoStore
from shared.aggregate.past import HISTORY, INBOX, RECENT
from shared.contracts import wire
from shared.decision import Cause
from shared.errors import Refused
from tests.servers import TestServers
from tests.toys import alpha

Counters = MongoStore[alpha.Counter]


@pytest.fixture(scope="module")
def counters(servers: TestServers) -> Iterator[Counters]:
    with pytest.MonkeyPatch.context() as monkeypatch, servers.entered(monkeypatch):
        store = alpha.store()
        store.prepare()
        yield store


def raised(counters: Counters, times: int) -> str:
    """A counter that was raised so often."""
    id = ids.new()
    for n in range(times):
        alpha.raise_counter(counters, id, f"k{n}")
    return id


def in_document(counters: Counters, id: str, field: str) -> int:
    """How many entries the document itself holds."""
    doc = counters.collection.find_one({"_id": id})
    assert doc is not None
    return len(doc[field])


def test_a_long_history_is_moved_and_is_still_told_whole(counters: Counters) -> None:
    id = raised(counters, HISTORY)
    told = counters.events_after(id, "")

    moved = counters.compact()

    assert moved == 1
    assert in_document(counters, id, "history") == RECENT
    assert counters.events_after(id, "") == told
    assert [entry["v"] for entry in counters.entries(id)] == list(range(1, HISTORY + 1))
    after = [wire.decode(body).sequence for body in counters.events_after(id, "0000000042.01")]
    assert after[0] == "0000000043.00" and after[-1] == f"{HISTORY:010d}.01"


def test_a_key_handled_long_ago_still_acts_once(counters: Counters) -> None:
    id = raised(counters, HISTORY)
    counters.compact()
    assert in_document(counters, id, "inbox") == INBOX

    held = alpha.raise_counter(counters, id, "k0")

    assert (held.version, held.state.total) == (HISTORY, HISTORY)


def test_a_key_handled_long_ago_is_refused_with_another_body(counters: Counters) -> None:
    id = ids.new()
    first = Cause(at=clock.now(), key="first", digest="one")
    counters.open(id, first, lambda state: alpha.raised(id, state, 1))
    for n in range(2 * INBOX + 1):
        alpha.raise_counter(counters, id, f"k{n}")
    assert counters.compact() == 1

    again = Cause(at=clock.now(), key="first", digest="two")

    with pytest.raises(Refused, match="Idempotency-Key"):
        counters.change(id, again, lambda state: alpha.raised(id, state, 1))


def test_a_mover_that_died_half_way_is_finished_by_the_next(counters: Counters) -> None:
    id = raised(counters, HISTORY)
    told = counters.events_after(id, "")
    entry = counters.entries(id)[0]
    counters.past.history.insert_one({"_id": f"{id}/{entry['v']:010d}"} | entry)

    counters.compact()

    assert counters.events_after(id, "") == told
    assert counters.compact() == 0


def test_what_is_written_while_it_moves_is_not_lost(counters: Counters) -> None:
    id = raised(counters, HISTORY)
    doc = counters.collection.find_one({"_id": id})
    assert doc is not None
    alpha.raise_counter(counters, id, "meanwhile")

    counters.past.shorten(doc)

    assert counters.load(id).state.total == HISTORY + 1
    assert [entry["v"] for entry in counters.entries(id)] == list(range(1, HISTORY + 2))
