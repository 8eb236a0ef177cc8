"""A delivery is settled when it had its effect or a copy of it lies safe; until then it stays ours."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import amqp
import pytest

from shared.bus.inbox import Settler
from shared.bus.worker import RawWorker, Worker, on
from shared.contracts.base import Event
from shared.contracts.wire import CONTENT_TYPE
from shared.decision import Cause
from shared.errors import Retry
from tests.toys.adapters import ask_body

GATEWAY, OUTLET = "q.gateway", "dept.court.out"


class Gateway(Worker):
    """Fails as often as it is told to, and notes by which outlet each message came."""

    service, vhost = "gateway", "edge"
    queue = GATEWAY

    def __init__(self, failures: int) -> None:
        super().__init__()
        self.failures = failures
        self.came_by: list[str] = []

    @on("ask.#")
    def heard(self, event: Event | None, cause: Cause) -> None:
        self.came_by.append(cause.origin)
        if len(self.came_by) <= self.failures:
            raise Retry("not yet")


class Shelf(RawWorker):
    """A parker whose database stumbles."""

    service = "parker"
    queue = "q.park"

    def __init__(self, failures: int) -> None:
        super().__init__()
        self.failures, self.tries = failures, 0

    def take(self, body: bytes, content_type: str, headers: dict[str, Any]) -> None:
        self.tries += 1
        if self.tries <= self.failures:
            raise ValueError("cannot be stored")


class Line:
    """Takes copies, after refusing some."""

    def __init__(self, refusals: int = 0) -> None:
        self.refusals = refusals
        self.copies: list[tuple[str, str, amqp.Message]] = []

    def send(self, exchange: str, key: str, msg: amqp.Message) -> None:
        if self.refusals:
            self.refusals -= 1
            raise OSError("not taken")
        self.copies.append((exchange, key, msg))


class Delivery(SimpleNamespace):
    """A message as kombu hands it over."""

    acknowledged = False

    def ack(self) -> None:
        self.acknowledged = True


def delivered(exchange: str, headers: dict[str, Any] | None = None, *, connected: bool = True) -> Any:
    """A delivery by way of an exchange."""
    return Delivery(
        headers=headers or {}, properties={"message_id": "m"}, content_type=CONTENT_TYPE,
        delivery_info={"exchange": exchange, "redelivered": False},
        channel=SimpleNamespace(connection=object() if connected else None),
    )  # fmt: skip


def settler(worker: Worker, line: Line) -> Settler:
    """A settler that does not wait long."""
    made = Settler(worker, probe=0.001)
    made.sender = line  # type: ignore[assignment]
    return made


def test_an_answer_that_is_tried_again_still_comes_from_its_department() -> None:
    worker, line = Gateway(failures=2), Line()
    handling = settler(worker, line)
    message = delivered(OUTLET)

    for _ in range(3):
        handling.handle(ask_body(), message)
        assert message.acknowledged
        if line.copies:
            message = delivered("x.return", line.copies[-1][2].headers)

    assert worker.came_by == [OUTLET] * 3
    assert [(exchange, key) for exchange, key, _ in line.copies] == [
        ("x.return", GATEWAY),
        ("x.delay.2s", GATEWAY),
    ]


def test_a_department_that_writes_another_into_its_headers_stays_itself() -> None:
    worker = Gateway(failures=0)

    settler(worker, Line()).handle(ask_body(), delivered(OUTLET, {"x-outlet": "dept.police.out"}))

    assert worker.came_by == [OUTLET]


def test_a_message_stays_ours_until_the_broker_has_its_copy() -> None:
    line, message = Line(refusals=3), delivered(OUTLET)

    settler(Gateway(failures=1), line).handle(ask_body(), message)

    assert len(line.copies) == 1
    assert message.acknowledged


def test_no_copy_is_made_of_what_the_broker_delivers_again_anyway() -> None:
    line, message = Line(refusals=1), delivered(OUTLET, connected=False)

    settler(Gateway(failures=1), line).handle(ask_body(), message)

    assert line.copies == []
    assert not message.acknowledged


@pytest.mark.parametrize("attempt", [1, 8])
def test_behind_the_park_there_is_no_ladder_and_no_other_park(attempt: int) -> None:
    shelf, line = Shelf(failures=2), Line()
    message = delivered("x.park", {"x-attempt": attempt, "x-origin": "routing.inbox"})

    settler(shelf, line).handle(b"rubbish", message)

    assert shelf.tries == 3
    assert line.copies == []
    assert message.acknowledged


class Follower(Gateway):
    """Notes what it is to go on without."""

    def __init__(self) -> None:
        super().__init__(failures=0)
        self.without: list[bytes] = []

    def pass_over(self, body: bytes) -> None:
        self.without.append(body)


def test_what_people_discarded_is_passed_over_and_not_heard() -> None:
    worker, message = Follower(), delivered("x.return", {"x-discarded": "wang"})

    settler(worker, Line()).handle(ask_body(), message)

    assert (worker.without, worker.came_by) == ([ask_body()], [])
    assert message.acknowledged


def test_nobody_else_can_have_a_message_passed_over() -> None:
    worker, line = Follower(), Line()
    worker.failures = 1
    forged = delivered(OUTLET, {"x-discarded": "court"})
    settler(worker, line).handle(ask_body(), forged)

    settler(worker, line).handle(ask_body(), delivered("x.return", line.copies[0][2].headers))

    assert (worker.without, worker.came_by) == ([], [OUTLET, OUTLET])
