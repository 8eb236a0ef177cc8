"""What a publisher makes of the broker's confirms."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from shared.bus.channel import Publisher, Verdict, message


class Line:
    """A connection on which nothing but what the test says happens."""

    def __init__(self, *frames: Any) -> None:
        self.frames = list(frames)

    def blocking_read(self, seconds: float) -> None:
        """The next frame; after the last one only heartbeats."""
        time.sleep(0.01)
        if self.frames:
            self.frames.pop(0)()


def published(*ids: str) -> tuple[Publisher, list[tuple[Any, Verdict]]]:
    """A publisher with these messages on their way, and what it says became of them."""
    said: list[tuple[Any, Verdict]] = []
    publisher = Publisher("core", lambda ticket, verdict: said.append((ticket, verdict)))
    publisher.channel = SimpleNamespace(basic_publish=lambda msg, **about: None)
    for id in ids:
        publisher.publish("x.events", "key", message(b"{}", message_id=id), id)
    return publisher, said


def test_one_confirm_for_many_is_a_confirm_for_each() -> None:
    publisher, said = published("a", "b", "c")
    connection: Any = Line(
        lambda: publisher._settle(2, True, "ack"), lambda: publisher._settle(3, False, "nack")
    )
    publisher.connection = connection

    publisher.drain()

    assert said == [("a", "ack"), ("b", "ack"), ("c", "nack")]


def test_a_broker_that_only_beats_is_a_silent_broker() -> None:
    publisher, _ = published("a", "b")
    connection: Any = Line(lambda: publisher._settle(1, False, "ack"))
    publisher.connection = connection

    with pytest.raises(TimeoutError):
        publisher.drain(0.05)

    assert [ticket for ticket, _ in publisher.pending.values()] == ["b"]


def test_what_came_back_once_may_arrive_when_it_is_sent_again() -> None:
    publisher, said = published("a", "a")
    error: Any = None
    publisher._returned(error, "x.dept", "court", message(b"{}", message_id="a"))

    publisher._settle(1, False, "ack")
    publisher._settle(2, False, "ack")

    assert said == [("a", "returned"), ("a", "ack")]
