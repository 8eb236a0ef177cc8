"""The adapter's page says what is so: alive, connected, and what waits."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.toys.adapters import open_store
from yizhan_adapter.errors import Misconfigured
from yizhan_adapter.page import Page, Pages, serve


@dataclass
class Link:
    """A link as the page sees it."""

    connection: Any = None
    alive: float = 100.0


def page(link: Link, *, now: float = 101.0, burden: Any = lambda at: (3, 40)) -> Page:
    return Page(department="court", link=link, burden=burden, silence=90, clock=lambda: now)


def gone(at: float) -> tuple[int, int]:
    raise sqlite3.OperationalError("disk I/O error")


def test_it_lives_while_its_loop_turns() -> None:
    link = Link()

    assert page(link).answer("/healthz")[0] == 200
    assert page(link, now=191.0).answer("/healthz")[0] == 503


def test_it_is_ready_while_it_is_connected_and_its_store_answers() -> None:
    connected = Link(connection=object())

    assert page(Link()).answer("/readyz")[0] == 503
    assert page(connected).answer("/readyz")[0] == 200
    assert page(connected, burden=gone).answer("/readyz")[0] == 503


def test_its_figures_are_those_of_the_heartbeat() -> None:
    status, text = page(Link(connection=object())).answer("/metrics")

    assert status == 200
    assert 'yizhan_adapter_connected{department="court"} 1\n' in text
    assert 'yizhan_adapter_in_flight{department="court"} 3\n' in text
    assert 'yizhan_adapter_oldest_seconds{department="court"} 40\n' in text


def test_its_figures_tell_of_a_store_that_is_gone() -> None:
    _, text = page(Link(), burden=gone).answer("/metrics")

    assert 'yizhan_adapter_store_answers{department="court"} 0\n' in text


def test_an_empty_store_is_an_answer(tmp_path: Path) -> None:
    store = open_store(tmp_path)

    assert page(Link(connection=object()), burden=store.burden).answer("/readyz")[0] == 200


def test_an_address_that_is_none_is_refused() -> None:
    for wrong in ("9000x", "127.0.0.1:", "127.0.0.1:99999"):
        with pytest.raises(Misconfigured):
            serve(wrong, page(Link()))


def test_one_page_for_several_is_well_only_when_all_are_and_gives_the_figures_of_each() -> None:
    well, alone = page(Link(connection="open")), replace(page(Link()), department="police")
    pages = Pages([well, alone])

    status, text = pages.answer("/readyz")
    figures = pages.answer("/metrics")[1]

    assert (status, text) == (503, "not connected\n")
    assert Pages([well]).answer("/readyz") == (200, "ready\n")
    assert figures.count("# TYPE yizhan_adapter_connected gauge") == 1
    assert 'connected{department="court"} 1' in figures and 'connected{department="police"} 0' in figures
