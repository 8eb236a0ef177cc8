"""The adapter's clerk at the back office: what it hands over, brings back, puts off or leaves."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.toys.adapters import NOON, QuickAdapter, ToyAdapter, kept, open_store
from yizhan_adapter import Accepted, Concluded, NeverPossible, OfficeDown, Progressed, Returned, TryLater
from yizhan_adapter.desk import TRIES, Desk
from yizhan_adapter.store import STUCK, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path)


def desk(store: Store, adapter: ToyAdapter | QuickAdapter, **options: float) -> Desk:
    return Desk(adapter, store, clock=lambda: NOON, poll_s=options.get("poll_s", 30), patience=(2.0, 10.0))


def said(store: Store) -> list[str]:
    return [letter.name.removeprefix("answer.") for letter in store.outgoing()][1:]


def states(store: Store) -> list[tuple[str, str]]:
    return [(held.state, held.error) for held in store.unfinished()]


def test_an_ask_is_handed_over_and_the_answer_on_the_spot_is_told(store: Store) -> None:
    kept(store)

    desk(store, ToyAdapter(Returned("wrong_region"))).round(time.time())

    assert said(store) == ["returned"]
    assert not store.unfinished()


def test_what_the_back_office_says_later_is_told_when_it_says_it(store: Store) -> None:
    kept(store)
    office, at = ToyAdapter(), time.time()
    clerk = desk(store, office)
    clerk.round(at)

    office.later = [Accepted()]
    clerk.round(at + 31)
    office.later = [Accepted(), Progressed("hearing"), Concluded("mediated_written")]
    clerk.round(at + 62)

    assert said(store) == ["accepted", "progressed", "concluded"]
    assert len(office.handled) == 1


def test_a_waiting_ask_is_asked_after_at_intervals_not_all_the_time(store: Store) -> None:
    kept(store)
    clerk, at = desk(store, ToyAdapter()), time.time()
    clerk.round(at)

    assert clerk.round(at + 29) == 0
    assert clerk.round(at + 31) == 1


def test_a_back_office_that_never_answers_later_is_not_asked(store: Store) -> None:
    kept(store)
    clerk = desk(store, QuickAdapter())
    clerk.round(time.time())

    assert clerk.round(time.time() + 1e7) == 0
    assert states(store) == [("waiting", "")]


def test_one_that_says_later_is_tried_again_ever_more_slowly_without_end(store: Store) -> None:
    kept(store)
    office, at = ToyAdapter(TryLater("locked")), time.time()
    clerk = desk(store, office)

    for seconds in (0, 1, 3, 4, 14, 24, 34, 44, 54, 64, 74, 84, 94):
        clerk.round(at + seconds)

    assert len(office.handled) == 11
    assert states(store) == [("new", "locked")]


def test_a_whole_office_that_is_down_pauses_everybody_and_counts_no_try(store: Store) -> None:
    for number in range(1, 6):
        kept(store, number)
    office, at = ToyAdapter(OfficeDown("503")), time.time()
    clerk = desk(store, office)

    clerk.round(at)
    clerk.round(at + 1)

    assert len(office.handled) == 1
    assert {held.tries for held in store.unfinished()} == {0}
    office.first = Accepted()
    assert clerk.round(at + 3) == 5


def test_what_can_never_work_is_left_to_a_person_and_the_next_ask_goes_on(store: Store) -> None:
    kept(store, 1)
    office = ToyAdapter(NeverPossible("no code 77"))
    clerk = desk(store, office)
    clerk.round(time.time())

    office.first = Returned("duplicate")
    kept(store, 2)
    clerk.round(time.time())

    assert states(store) == [(STUCK, "no code 77")]
    assert len(office.handled) == 2


def test_an_error_nobody_foresaw_is_tried_again_but_not_for_ever(store: Store) -> None:
    kept(store)
    office, at = ToyAdapter(KeyError("clzt")), time.time()
    clerk = desk(store, office)

    for turn in range(20):
        clerk.round(at + turn * 11)

    assert len(office.handled) == TRIES
    assert states(store) == [(STUCK, "KeyError in the plug-in")]


def test_an_error_while_asking_after_one_ask_does_not_touch_the_others(store: Store) -> None:
    kept(store, 1)
    kept(store, 2)

    class OneBad(ToyAdapter):
        def poll(self, ask):  # type: ignore[no-untyped-def]
            if ask.case_no.endswith("1"):
                raise NeverPossible("gone there")
            yield Returned("material_missing")

    clerk, at = desk(store, OneBad()), time.time()
    clerk.round(at)
    clerk.round(at + 31)

    assert states(store) == [(STUCK, "gone there")]
    assert store.outgoing()[-1].name == "answer.returned"


def test_killed_between_the_back_offices_reply_and_the_note_it_is_handed_over_again(
    store: Store, tmp_path: Path
) -> None:
    kept(store)
    office = ToyAdapter(Accepted())
    clerk = desk(store, office)
    store.close()
    with pytest.raises(Exception, match="closed"):
        clerk.work(open_store(tmp_path).due(time.time())[0], time.time())

    again = open_store(tmp_path)
    desk(again, office).round(time.time())

    assert len(office.handled) == 2, "the back office recognises the delivery id"
    assert said(again) == ["accepted"]


def test_told_to_stop_it_finishes_the_ask_in_hand_and_takes_no_other(store: Store) -> None:
    kept(store, 1)
    kept(store, 2)
    entered, leave, stop = Event(), Event(), Event()

    class Slow(ToyAdapter):
        def handle(self, ask):  # type: ignore[no-untyped-def]
            entered.set()
            leave.wait(5)
            return super().handle(ask)

    office = Slow(Returned("duplicate"))
    worker = Thread(target=desk(store, office).run, args=(stop, Event()))
    worker.start()
    entered.wait(5)
    stop.set()
    leave.set()
    worker.join(5)

    assert not worker.is_alive()
    assert len(office.handled) == 1
    assert len(store.unfinished()) == 1
