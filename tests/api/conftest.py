"""What every test of an address has: a folder of secrets to sign and check tokens with."""

from __future__ import annotations

import pytest

from tests.signing import secrets_folder


@pytest.fixture(autouse=True, scope="session")
def secrets() -> None:
    """Sign with a throw-away key, never with a real one."""
    secrets_folder()
