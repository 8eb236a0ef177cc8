"""Five thousand rows on a real database, the worker killed on the way: each is registered once.

`python -m tests.imports_scale` does the same with two hundred thousand.
"""

from __future__ import annotations

from typing import Any

import pytest

from services.intake.handlers import importing, mappings
from services.intake.handlers.importing import Importer
from services.intake.store import stores
from shared.clock import now
from shared.decision import Cause
from shared.web.site import aggregates
from tests.imports_scale import CLERK, rows
from tests.servers import TestServers

ROWS = 5_000


def test_five_thousand_rows_come_in_once_though_the_worker_is_killed(
    servers: TestServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with servers.entered(monkeypatch):
        stores.cache_clear()
        all = stores()
        for store in aggregates(all):
            store.prepare()  # type: ignore[attr-defined]
        why = Cause(at=now(), actor=CLERK)
        id = importing.take(all, rows(ROWS), "大表.csv", mappings.known()["hotline12345"], why).held.id
        whole, left = all.registrations.insert, list(range(432))

        def dying(*given: Any) -> bool:
            if not left:
                raise KeyboardInterrupt
            left.pop()
            return whole(*given)

        with monkeypatch.context() as dies, pytest.raises(KeyboardInterrupt):
            dies.setattr(all.registrations, "insert", dying)
            Importer(all, now, parallel=1).work(60)
        another = Importer(all, now)
        while all.imports.load(id).state.state == "running":
            another.work(10)

        counts = all.imports.load(id).state.counts
        assert (counts.total, counts.accepted, counts.rejected) == (ROWS, ROWS - 5, 5)
        assert all.registrations.collection.count_documents({}) == ROWS - 5  # type: ignore[attr-defined]
        assert all.imports.load(id).state.state == "done" and not list(all.pieces.get(id, "rows"))
        stores.cache_clear()
