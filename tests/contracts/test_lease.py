"""Who does it: one replica at a time, by the database's clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient

from shared import ids
from shared.bus.lease import Lease
from tests.servers import TestServers

SHORT = 400  # milliseconds


@pytest.fixture
def two(servers: TestServers) -> Iterator[tuple[Lease, Lease]]:
    """Two replicas that want the same."""
    with MongoClient[dict[str, Any]](servers.mongo_url) as client:
        leases, name = client[f"{servers.fresh_environment()['YIZHAN_DB_PREFIX']}any"]["leases"], ids.new()
        yield Lease(leases, name, SHORT, me="one"), Lease(leases, name, SHORT, me="other")


def test_a_right_belongs_to_one_until_it_is_given_up(two: tuple[Lease, Lease]) -> None:
    one, other = two

    first = [one.mine(), other.mine(), one.mine(), other.mine()]
    one.give_up()

    assert first == [True, False, True, False]
    assert [other.mine(), one.mine()] == [True, False]


def test_a_holder_that_is_sure_does_not_ask_and_one_that_is_not_asks_again(two: tuple[Lease, Lease]) -> None:
    one, other = two
    assert one.mine()

    one.collection.update_one({"_id": one.name}, {"$set": {"by": "other"}})

    assert one.mine()
    time.sleep(SHORT / 4_000)
    assert not one.mine()
    assert other.mine()


def test_a_holder_that_died_loses_its_right_in_time(two: tuple[Lease, Lease]) -> None:
    one, other = two
    assert one.mine()

    time.sleep(SHORT / 1_000)

    assert other.mine()
    assert not one.mine()
