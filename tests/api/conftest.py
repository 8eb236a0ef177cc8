"""What every test of an address has: a folder of secrets to sign and check tokens with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.identity_house import House
from tests.signing import secrets_folder


@pytest.fixture(autouse=True, scope="session")
def secrets() -> None:
    """Sign with a throw-away key, never with a real one."""
    secrets_folder()


@pytest.fixture
def house() -> House:
    """Identity with one account."""
    return House()


@pytest.fixture
def client(house: House) -> Any:
    """A browser at identity's door."""
    return house.client()
