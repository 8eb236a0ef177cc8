"""Every simulated office shows every fault on demand, at its counters and its shelves, and gets over it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from yizhan_simulators.office import Office
from yizhan_simulators.shape import SHAPES

Post = Callable[[], tuple[int, Any]]


@pytest.fixture(params=SHAPES)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Each office, without a port."""
    made = Office(SHAPES[request.param], tmp_path / "office.sqlite")
    yield made
    made.close()


def posts(office: Office) -> Iterator[tuple[str, dict[str, Any]]]:
    """Something that may be handed over at each of its counters and shelves."""
    for counter in office.shape.counters:
        yield counter.path, {counter.key: f"k-{counter.name}", counter.case: "990101-2026-000001"}
    for path, shelf in office.shape.shelves.items():
        words = {name: known.split()[0] for name, known in shelf.codes.items()}
        area = {office.shape.area: "990101101"} if office.shape.area else {}
        yield path, dict.fromkeys((shelf.key, *shelf.required), "x") | words | area


def kept(office: Office) -> int:
    shelves = sum(len(office.storage.rows(path)) for path in office.shape.shelves)
    return shelves + len(office.ledger.all())


def disturb(office: Office, **fault: Any) -> None:
    assert office.answer("POST", "/faults", fault)[0] == 200


def test_down_lasts_until_it_is_lifted_and_loses_nothing(office: Office) -> None:
    disturb(office, down=True)
    assert {office.answer("POST", *each)[0] for each in posts(office)} == {503}
    assert kept(office) == 0

    disturb(office)
    assert {office.answer("POST", *each)[0] for each in posts(office)} == {200}


def test_an_error_does_nothing_and_a_lost_reply_did_it(office: Office) -> None:
    for n, (path, body) in enumerate(posts(office), 1):
        disturb(office, next=1, status=500)
        assert office.answer("POST", path, body)[0] == 500 and kept(office) == n - 1

        disturb(office, next=1, status=500, after=True)
        assert office.answer("POST", path, body)[0] == 500 and kept(office) == n

        assert office.answer("POST", path, body)[0] == 200 and kept(office) == n


def test_slow_is_slow_and_then_answers(office: Office) -> None:
    path, body = next(posts(office))
    disturb(office, next=1, hang_s=0.05)

    began = time.monotonic()
    assert office.answer("POST", path, body)[0] == 200
    assert time.monotonic() - began >= 0.05


def test_what_is_accepted_twice_by_mistake_is_there_twice(office: Office) -> None:
    for path, body in posts(office):
        office.answer("POST", path, body)
        before = kept(office)
        disturb(office, twice=1)
        office.answer("POST", path, body)

        assert kept(office) == before + 1


def test_a_changed_code_is_said_until_it_is_lifted(office: Office) -> None:
    for counter in office.shape.counters:
        key = f"k-{counter.name}"
        office.answer("POST", counter.path, {counter.key: key, counter.case: "990101-2026-000001"})
        disturb(office, recode="7777")
        assert "7777" in str(office.answer("GET", counter.history.format(key=key), None)[1])
        disturb(office)
        assert "7777" not in str(office.answer("GET", counter.history.format(key=key), None)[1])


def test_each_says_that_it_is_a_simulator_and_no_two_speak_alike(office: Office) -> None:
    assert "模拟器" in office.answer("GET", "/healthz", None)[1]["title"]
    mine = {path for path, _ in posts(office)}
    others = {p for id, shape in SHAPES.items() if id != office.shape.id for p in _paths(shape)}
    assert mine and not mine & others


def _paths(shape: Any) -> set[str]:
    return {counter.path for counter in shape.counters} | set(shape.shelves)
