"""Intake as its callers see it, with everything kept in memory."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from services.intake.api import create_app
from services.intake.store import Stores, memory_stores
from tests.unit.intake.forms import NOW


class Watch:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def all() -> Stores:
    return memory_stores()


@pytest.fixture
def client(all: Stores, watch: Watch) -> FlaskClient:
    return create_app(all, watch).test_client()
