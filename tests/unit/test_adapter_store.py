"""The adapter's memory: what is stored once, said once, numbered in order, and survives."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from shared.contracts import base, wire
from shared.contracts.edge import AnswerAccepted, AnswerConcluded, AnswerReceived
from tests.toys.adapters import NOON, ask_body, kept, open_store
from yizhan_adapter import Accepted, Answer, Concluded, Progressed, Returned
from yizhan_adapter.asks import parse
from yizhan_adapter.store import KEPT, NEVER, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path)


def said(store: Store) -> list[str]:
    return [letter.name.removeprefix("answer.") for letter in store.outgoing()]


def events(store: Store) -> list[wire.Envelope]:
    return [wire.decode(letter.body) for letter in store.outgoing()]


def test_an_ask_is_stored_together_with_its_receipt(store: Store) -> None:
    ask = kept(store)

    receipt = events(store)[0]

    assert [held.ask for held in store.unfinished()] == [ask]
    assert (receipt.type, receipt.causationid) == ("answer.received.v1", ask.event_id)


def test_an_ask_heard_twice_is_one_ask_with_one_receipt(store: Store) -> None:
    body = ask_body()

    new = [store.keep(parse(body), body, NOON) for _ in range(3)]

    assert new == [True, False, False]
    assert said(store) == ["received"]


def test_an_ask_published_again_by_the_centre_gets_the_same_answers_under_the_same_ids(store: Store) -> None:
    ask = kept(store)
    store.tell(ask, [Accepted()], NOON, 0)
    before = store.outgoing()
    store.sent(before)

    store.keep(ask, ask_body(), NOON, again=True)

    assert store.outgoing() == before


def test_answers_are_events_the_centre_can_read_numbered_from_one(store: Store) -> None:
    ask = kept(store)

    store.tell(ask, [Accepted(), Concluded("mediated_written")], NOON, 0)

    told = [wire.read(event) for event in events(store)]
    assert told == [
        AnswerReceived(delivery_id=ask.delivery_id),
        AnswerAccepted(delivery_id=ask.delivery_id, accepted_at=NOON),
        AnswerConcluded(delivery_id=ask.delivery_id, outcome="mediated_written", concluded_at=NOON),
    ]
    assert [event.sequence for event in events(store)] == ["0000000001.00", "0000000002.00", "0000000003.00"]


def test_every_answer_names_its_department_its_delivery_and_the_ask_that_caused_it(store: Store) -> None:
    ask = kept(store)

    store.tell(ask, [Returned("wrong_region")], NOON, 0)

    for event in events(store):
        assert event.source == "/dept/court"
        assert event.subject == f"delivery/{ask.delivery_id}"
        assert event.causationid == ask.event_id
        assert event.correlationid == ask.correlation


def test_what_the_back_office_repeats_is_told_once(store: Store) -> None:
    ask = kept(store)
    history: list[Answer] = [Accepted(), Progressed("hearing")]

    fresh = [store.tell(ask, history, NOON, 0) for _ in range(3)]

    assert fresh == [2, 0, 0]
    assert said(store) == ["received", "accepted", "progressed"]


def test_nothing_is_said_after_the_last_word(store: Store) -> None:
    ask = kept(store)
    store.tell(ask, [Returned("duplicate")], NOON, 0)

    fresh = store.tell(ask, [Returned("duplicate"), Accepted(), Concluded("settled")], NOON, 0)

    assert fresh == 0
    assert not store.unfinished()


def test_who_moves_on_has_accepted_and_that_is_said_first(store: Store) -> None:
    ask = kept(store)

    store.tell(ask, [Concluded("failed", at=NOON)], NOON.replace(hour=9), 0)

    accepted = events(store)[1]
    assert said(store) == ["received", "accepted", "concluded"]
    assert base.dump(wire.read(accepted) or AnswerReceived(delivery_id=""))["accepted_at"] == (
        "2026-11-23T04:00:00.000Z"
    )


def test_two_deliveries_are_numbered_apart(store: Store) -> None:
    one, other = kept(store, 1), kept(store, 2)

    store.tell(other, [Accepted()], NOON, 0)
    store.tell(one, [Accepted()], NOON, 0)

    numbers = {(event.subject, event.sequence) for event in events(store)}
    assert len(numbers) == 4
    assert {number for _, number in numbers} == {"0000000001.00", "0000000002.00"}


def test_an_ask_mended_and_sent_under_a_new_id_goes_on_with_the_numbers_of_its_delivery(store: Store) -> None:
    kept(store)

    kept(store, event_id="0192f300-0000-7000-8000-00000000eeee")

    assert [event.sequence for event in events(store)] == ["0000000001.00", "0000000002.00"]


def test_what_is_stored_outlives_the_process(store: Store, tmp_path: Path) -> None:
    ask = kept(store)
    store.tell(ask, [Accepted()], NOON, 0)
    letters = store.outgoing()
    store.close()

    again = open_store(tmp_path)

    assert again.outgoing() == letters
    assert [held.ask for held in again.unfinished()] == [ask]


def test_the_log_is_written_ahead_and_flushed_at_every_commit(store: Store) -> None:
    settings = [store._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]

    assert settings == ["wal", 2]


def test_an_ask_put_off_is_not_due_before_its_time(store: Store) -> None:
    ask = kept(store)
    at = time.time()

    store.later(ask, "busy", at + 60)

    assert not store.due(at + 59)
    assert [(held.tries, held.error) for held in store.due(at + 60)] == [(1, "busy")]


def test_a_system_clock_set_back_does_not_put_asks_to_sleep(store: Store) -> None:
    ask = kept(store)
    at = time.time()

    store.later(ask, "busy", at + 60)

    assert store.due(at - 86_400)


def test_an_ask_that_nobody_polls_sleeps_for_good(store: Store) -> None:
    ask = kept(store)

    store.tell(ask, [Accepted()], NOON, NEVER)

    assert not store.due(time.time() + 10 * 365 * 86_400)
    assert store.unfinished()


def test_a_stuck_ask_waits_for_a_person_and_is_taken_up_again(store: Store) -> None:
    ask = kept(store)
    store.stick(ask, "no such code")

    before = store.due(time.time() + 1e6)
    count = store.retry(ask.delivery_id)

    assert (before, count) == ([], 1)
    assert [held.ask for held in store.due(time.time())] == [ask]


def test_the_burden_is_what_waits_for_the_adapter_not_what_waits_for_the_department(store: Store) -> None:
    waiting, new = kept(store, 1), kept(store, 2)
    store.tell(waiting, [Accepted()], NOON, NEVER)
    store.sent(store.outgoing())

    in_flight, oldest_s = store.burden(time.time() + 700)

    assert in_flight == 1
    assert oldest_s >= 700
    store.tell(new, [Returned("duplicate")], NOON, NEVER)
    assert store.burden(time.time())[0] == 1, "the answer is still on its way"
    store.sent(store.outgoing())
    assert store.burden(time.time()) == (0, 0)


def test_what_was_finished_long_ago_is_forgotten_and_nothing_else(store: Store) -> None:
    finished, waiting = kept(store, 1), kept(store, 2)
    store.tell(finished, [Returned("duplicate")], NOON, 0)
    store.tell(waiting, [Accepted()], NOON, 0)

    store.forget(time.time() + KEPT + 1)

    assert [event.subject for event in events(store)] == [f"delivery/{waiting.delivery_id}"] * 2
    assert [held.ask for held in store.unfinished()] == [waiting]
