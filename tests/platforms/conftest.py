"""A platform for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platforms.town import PLATFORMS, Place, opened


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Place]:
    """The provincial platform."""
    yield from opened("provincial_platform", tmp_path)


@pytest.fixture(params=PLATFORMS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Each platform in turn."""
    yield from opened(request.param, tmp_path)
