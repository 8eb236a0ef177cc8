"""Petition as its callers see it, with everything kept in memory."""

from __future__ import annotations

import pytest

from services.petition.api import create_app
from services.petition.store import Stores, memory_stores
from tests.api.petition.calls import Desk
from tests.unit.mediation.given import county


@pytest.fixture
def all() -> Stores:
    return memory_stores(county())


@pytest.fixture
def desk(all: Stores) -> Desk:
    """The petition desk of the county."""
    desk = Desk(all)
    desk.client = create_app(all, desk.clock).test_client()
    return desk
