"""What one write tells, and in which order."""

from __future__ import annotations

import pytest

from shared import clock, ids
from shared.aggregate.held import Teller
from shared.contracts import wire
from shared.contracts.base import Event
from shared.decision import Cause, Decision
from tests.toys.alpha import Counter
from tests.toys.contracts import CounterNoted, CounterOpened

CAUSE, ID = Cause(at=clock.now()), ids.new()


def address(told: Event) -> tuple[str, str] | None:
    """Notes go to one department only."""
    return ("edge:x.dept", "court") if isinstance(told, CounterNoted) else None


TELLER = Teller(service="alpha", aggregate="counter", address=address)


def decision(*events: Event) -> Decision[Counter]:
    return Decision(state=Counter(), events=events)


def test_who_follows_everything_sees_no_gap_where_one_department_was_told_first() -> None:
    told = decision(CounterNoted(counter_id=ID), CounterOpened(counter_id=ID))

    entries = TELLER.outbox(ID, 1, told, CAUSE)

    sent = [(entry["dest"], entry["n"], wire.decode(entry["body"]).last) for entry in entries]
    assert sent == [("core:x.events", "0000000001.00", True), ("edge:x.dept", "0000000001.01", True)]


def test_a_change_that_only_a_department_would_hear_of_is_refused() -> None:
    with pytest.raises(ValueError, match="everybody"):
        TELLER.outbox(ID, 1, decision(CounterNoted(counter_id=ID)), CAUSE)


def test_a_change_cannot_tell_more_than_a_sequence_can_number() -> None:
    with pytest.raises(ValueError, match="at most"):
        TELLER.outbox(ID, 1, decision(*[CounterOpened(counter_id=ID)] * 101), CAUSE)
