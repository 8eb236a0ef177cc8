"""Reporting as its readers see it, with a few cases told and everything kept in memory."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from services.reporting.api import create_app
from services.reporting.store import Stores, memory_stores
from services.reporting.store.names import GivenNames
from services.reporting.worker import ReportingWorker
from tests.reporting_given import Case, heard, interleaved, life, minute, petition_of
from tests.routing_given import county

NAMES = {
    "990101": "云溪县", "990101101": "松岚镇", "990101102": "渡沙镇", "990101101201": "墨松村",
    "990101102201": "沙痕村",
}  # fmt: skip


class Watch:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = minute(190)

    def __call__(self) -> datetime:
        return self.now

    def tick(self, seconds: float = 1) -> None:
        self.now += timedelta(seconds=seconds)


class Room:
    """The stores, the listener and the clock behind the screens."""

    def __init__(self) -> None:
        self.all: Stores = memory_stores(county(), GivenNames(NAMES))
        self.worker = ReportingWorker(self.all)
        self.watch = Watch()

    def told(self, *cases: Case) -> None:
        """Everything about these cases is heard."""
        heard(self.worker, interleaved(cases))


def cases() -> list[Case]:
    """One closed, one late, one with a department, one new, one protected."""
    other = "990101102201"
    return [
        life(1),
        Case(n=2).registered(minute(2)).triaged(minute(5)).assigned(minute(10)).breached(minute(70)),
        Case(n=3, region=other, category="contract").registered(minute(3)).triaged(minute(6))
        .assigned(minute(7), "court").accepted(minute(9), "court").delivered(minute(8), done=False)
        .mediated(minute(50), held=False),
        Case(n=4, region=other).registered(minute(150)),
        Case(n=5, protected=True, category=None).registered(minute(151)).triaged(minute(152)),
    ]  # fmt: skip


@pytest.fixture
def empty() -> Room:
    """Nothing was told yet."""
    return Room()


@pytest.fixture
def room(empty: Room) -> Room:
    """A few cases were told, and a petition about the first."""
    told = cases()
    empty.told(*told)
    heard(empty.worker, petition_of(told[0]).bodies)
    return empty


@pytest.fixture
def client(room: Room) -> FlaskClient:
    return create_app(room.all, room.watch).test_client()
