"""Routing's addresses in a town with one registered case, and the people who call them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.routing.api import create_app
from shared import ids
from tests import routing_given as given
from tests.routing_town import Town
from tests.signing import bearer

CASE = given.registration().case_id
SORTED = {
    "matter_type": "dispute", "category": "neighbour", "complexity": "general", "willingness": "both",
}  # fmt: skip


def person(role: str, *, region: str = "990101", unit: str = "centre_county") -> dict[str, str]:
    """The headers of somebody with one post."""
    return bearer(role, ref=ids.derived("tests", role), region=region, unit=unit)


STAFF = person("unit_staff", region=given.VILLAGE, unit=given.COMMITTEE)
DISPATCHER = person("dispatcher")


@pytest.fixture(name="town")
def a_town() -> Town:
    """A town with one registered case."""
    town = Town()
    town.register()
    return town


@pytest.fixture(name="client")
def a_client(town: Town) -> Iterator[FlaskClient]:
    """Its addresses."""
    with create_app(town.stores, town.clock).test_client() as client:
        yield client


def post(client: FlaskClient, path: str, who: dict[str, str], body: Any = None, **headers: str) -> Any:
    """Give a command."""
    return client.post(f"/routing/cases/{CASE}/{path}", json=body or {}, headers=who | headers)


def get(client: FlaskClient, path: str, who: dict[str, str]) -> Any:
    """Look at something."""
    return client.get(f"/routing/{path}", headers=who)


def accepted(client: FlaskClient) -> None:
    """Bring the case to the unit that takes it."""
    for path, who, body in (
        ("triage", DISPATCHER, SORTED), ("assign", DISPATCHER, {}), ("accept", STAFF, None),
    ):  # fmt: skip
        assert post(client, path, who, body).status_code == 200
