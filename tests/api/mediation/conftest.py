"""Mediation as its callers see it, with everything kept in memory."""

from __future__ import annotations

import pytest

from services.mediation.api import create_app
from services.mediation.store import Stores, memory_stores
from tests.api.mediation.calls import Desk
from tests.unit.mediation.given import county


@pytest.fixture
def all() -> Stores:
    return memory_stores(county())


@pytest.fixture
def desk(all: Stores) -> Desk:
    """A mediator's desk in the village, with a case that the village works on."""
    desk = Desk(all)
    desk.client = create_app(all, desk.clock).test_client()
    desk.know()
    return desk
