"""One aggregate store in two forms: what holds for one must hold for the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.aggregate import Store
from tests.servers import TestServers
from tests.toys import alpha


@pytest.fixture(params=["memory", "mongo"])
def counters(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store[alpha.Counter]]:
    """The same counters, kept in memory and in the real database."""
    if request.param == "memory":
        yield alpha.memory()
        return
    servers: TestServers = request.getfixturevalue("servers")
    with servers.entered(monkeypatch):
        store = alpha.store()
        store.prepare()
        yield store
