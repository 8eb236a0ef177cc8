"""Which addresses the relay leaves alone, and for how long."""

from __future__ import annotations

from shared.bus.backoff import LONGEST, BackOff

COURT = {"dest": "edge:x.dept", "key": "court"}
POLICE = {"dest": "edge:x.dept", "key": "police"}
EVENT = {"dest": "core:x.events", "key": "case.assigned.v1.990101"}


class Watch:
    """A clock that stands still."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_one_full_mailbox_holds_up_no_other() -> None:
    back_off = BackOff(Watch())

    back_off.shut(("edge:x.dept", "court"))

    assert not back_off.is_open(COURT)
    assert back_off.is_open(POLICE) and back_off.is_open(EVENT)


def test_a_missing_exchange_holds_up_all_that_goes_there_and_nothing_else() -> None:
    back_off = BackOff(Watch())

    back_off.shut(("edge:x.dept", ""))

    assert not back_off.is_open(COURT) and not back_off.is_open(POLICE)
    assert back_off.is_open(EVENT)


def test_many_refusals_at_once_are_one_pause_of_a_second() -> None:
    watch = Watch()
    back_off = BackOff(watch)
    for _ in range(256):
        back_off.shut(("edge:x.dept", "court"))

    watch.now += 1.0

    assert back_off.is_open(COURT)


def test_each_further_refusal_doubles_the_pause_up_to_the_longest() -> None:
    watch = Watch()
    back_off, pauses = BackOff(watch), []
    for _ in range(8):
        back_off.shut(("edge:x.dept", "court"))
        until, seconds = back_off.pauses["edge:x.dept", "court"]
        pauses.append(seconds)
        watch.now = until

    assert pauses == [1.0, 2.0, 4.0, 8.0, 16.0, LONGEST, LONGEST, LONGEST]


def test_what_is_taken_once_is_open_again() -> None:
    back_off = BackOff(Watch())
    back_off.shut(("edge:x.dept", "court"))
    back_off.shut(("edge:x.dept", ""))

    back_off.open(("edge:x.dept", "court"))

    assert back_off.is_open(COURT)
