"""A case of unpaid wages that lies in the labour department's mailbox, seen over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from services.routing.api import create_app
from services.routing.model import commands as asks
from services.routing.model.delivery import delivery_id
from services.routing.store import memory_stores
from shared import ids
from tests import routing_given as given
from tests.routing_town import Town
from tests.signing import bearer

LABOUR, HOUSING = "human_resources", "housing"
DISPATCHER = bearer("dispatcher", ref=ids.derived("tests", "dispatcher"))


def handed(town: Town, n: int = 0) -> str:
    """One more case for the labour department; the id of its delivery."""
    case_id = town.register(
        category="labour_wages", case_id=ids.derived("mail", str(n)), case_no=f"990101-2026-00020{n}"
    )
    sorted_ = given.sorting(category="labour_wages", complexity="complex", tier="county")
    town.order(case_id, "triage", "dispatcher", sorted_)
    town.order(case_id, "assign", "dispatcher", asks.Assign())
    town.pass_(seconds=1)
    return delivery_id(case_id, LABOUR, 1)


@pytest.fixture(name="town")
def a_town() -> Town:
    """A town in which nothing happened yet, whose departments are connected as the county's file says."""
    return Town(stores=memory_stores())


@pytest.fixture(name="client")
def a_client(town: Town) -> Iterator[FlaskClient]:
    """Its addresses."""
    with create_app(town.stores, town.clock).test_client() as client:
        yield client
