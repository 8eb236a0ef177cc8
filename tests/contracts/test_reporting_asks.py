"""What reporting asks of others over HTTP, at their own addresses: names of grid, histories of the owners."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from werkzeug.serving import make_server

from services.grid.api import create_app as grid
from services.intake.api import create_app as intake
from services.intake.store import memory_stores as intake_stores
from services.mediation.api import create_app as mediation
from services.mediation.store import memory_stores as mediation_stores
from services.petition.api import create_app as petition
from services.petition.store import memory_stores as petition_stores
from services.reporting.handlers.recounting import recount
from services.reporting.store import memory_stores
from services.reporting.store.names import GridNames
from services.reporting.store.owners import HttpOwners
from services.reporting.worker import ReportingWorker
from services.routing.api import create_app as routing
from shared import ids
from shared.errors import Unavailable
from shared.settings import settings
from shared.web.run import Mounted
from tests import routing_given as given
from tests.grid_given import town as mapped
from tests.journeys.test_routing_village import quarrel
from tests.routing_town import Town
from tests.signing import secrets_folder, token

Serve = Callable[..., None]


def reporting_token() -> str:
    return token("service", ref="reporting", region="", unit="", kind="service")


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """These applications answer at one address until the end of the test."""
    stop: list[Callable[[], None]] = []

    def start(*apps: Any) -> None:
        server = make_server("127.0.0.1", 0, Mounted(apps), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stop.append(server.shutdown)
        monkeypatch.setenv("BASE_URL", f"http://127.0.0.1:{server.port}")
        settings.cache_clear()

    secrets_folder()
    settings.cache_clear()
    yield start
    for each in stop:
        each()
    settings.cache_clear()


def test_regions_have_the_names_that_grid_knows(serve: Serve) -> None:
    serve(grid(mapped()))
    names = GridNames(reporting_token)

    assert names.under("990101")["990101101201"] == "墨松村"
    assert set(names.under("990101101")) == {"990101101", "990101101201", "990101101202"}


def test_without_grid_there_are_no_names_and_nobody_waits_twice(serve: Serve) -> None:
    names = GridNames(reporting_token)
    serve()

    assert names.under("990101") == {}
    serve(grid(mapped()))
    assert names.under("990101") == {}  # not asked again before half a minute is over


def test_a_recount_over_http_agrees_with_what_was_heard(serve: Serve) -> None:
    rows, town = memory_stores(given.county()), Town()
    town.bus.workers.append(ReportingWorker(rows, town.clock))
    for n in range(3):
        town.register(case_id=ids.derived("case", str(n)), reg_id=ids.derived("reg", str(n)))
    quarrel(town)
    town.pass_(days=2)
    others = (
        intake(intake_stores()), mediation(mediation_stores()), petition(petition_stores()),
    )  # fmt: skip
    serve(routing(town.stores), *others)

    found = recount(rows, memory_stores(given.county()), HttpOwners(reporting_token), ReportingWorker)

    assert (found.rows, found.differences) == (4, 0)
    assert found.events > 20


def test_an_owner_that_does_not_answer_stops_the_recount(serve: Serve) -> None:
    rows = memory_stores(given.county())
    serve(intake(intake_stores()))

    with pytest.raises(Unavailable, match="routing"):
        recount(rows, memory_stores(given.county()), HttpOwners(reporting_token), ReportingWorker)
