"""The page of a worker tells the truth about its database, its outboxes and its clocks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared import ids
from shared.aggregate import MongoStore
from shared.bus.health import Page
from shared.clock import now
from tests.servers import TestServers
from tests.toys import alpha


def ask(page: Page, path: str) -> tuple[str, str]:
    """Status and text of a page."""
    said: list[str] = []

    def start(status: str, headers: Any) -> None:
        said.append(status)

    body = b"".join(page({"PATH_INFO": path}, start)).decode()
    return said[0], body


def figure(text: str, name: str) -> float:
    """One figure of alpha's."""
    (line,) = [line for line in text.splitlines() if line.startswith(f'{name}{{service="alpha"}}')]
    return float(line.rpartition(" ")[2])


def test_a_worker_shows_how_late_its_clocks_and_its_outboxes_are(
    servers: TestServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with servers.entered(monkeypatch):
        due: datetime = now() - timedelta(minutes=5)
        alpha.store()
        counters = MongoStore(alpha.TELLER, alpha.CounterDocument, alpha.Counter, due=lambda counter: due)
        counters.prepare()
        alpha.raise_counter(counters, ids.new(), "key")
        page = Page([alpha.Alpha([counters])])

        text = ask(page, "/metrics")[1]

        assert 300 <= figure(text, "yizhan_clocks_late_seconds") < 360
        assert 0 <= figure(text, "yizhan_outbox_age_seconds") < 60
        assert ask(page, "/readyz")[0] == ask(page, "/healthz")[0] == "200 OK"


def test_nothing_due_is_nothing_late(servers: TestServers, monkeypatch: pytest.MonkeyPatch) -> None:
    with servers.entered(monkeypatch):
        counters = alpha.store()
        counters.prepare()
        alpha.raise_counter(counters, ids.new(), "key")

        text = ask(Page([alpha.Alpha([counters])]), "/metrics")[1]

        assert figure(text, "yizhan_clocks_late_seconds") == 0
