"""Services of departments over HTTP: who may ask, what a mistake is told, what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.routing.api import create_app
from services.routing.store import memory_stores
from tests import routing_given as given
from tests.api.routing_desk import CASE, DISPATCHER, get, person, post
from tests.routing_town import Town


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    """Routing in a county whose police help on the spot."""
    before = given.connected()
    found = tuple(
        replace(unit, services=("on_site_help",)) if unit.id == "police" else unit
        for unit in before.departments
    )
    town = Town(stores=memory_stores(replace(before, departments=found)))
    town.register()
    with create_app(town.stores, town.clock).test_client() as client:
        yield client


@pytest.mark.requirement("RT-47")
def test_help_is_asked_for_once_and_listed_beside_the_case(client: FlaskClient) -> None:
    first = post(client, "requests", DISPATCHER, {"service": "on_site_help"}, **{"Idempotency-Key": "k1"})
    again = post(client, "requests", DISPATCHER, {"service": "on_site_help"}, **{"Idempotency-Key": "k1"})

    assert (first.status_code, first.json["stage"], first.json["department"]) == (201, "queued", "police")
    assert first.headers["ETag"] and again.json["id"] == first.json["id"]
    items = get(client, f"cases/{CASE}/requests", DISPATCHER).json["items"]
    assert [item["id"] for item in items] == [first.json["id"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "service"),
        ({"service": "arrest"}, "service"),
        ({"service": "on_site_help", "department": "../x"}, "department"),
        ({"service": "cross_region_filing"}, "target_region"),
        ({"service": "cross_region_filing", "target_region": "somewhere"}, "target_region"),
        ({"service": "judicial_confirmation"}, "joint"),
        ({"service": "temporary_relief"}, "service"),
    ],
)
def test_a_mistake_is_told_with_its_field_in_chinese(
    client: FlaskClient, body: dict[str, Any], field: str
) -> None:
    reply = post(client, "requests", DISPATCHER, body)

    assert reply.status_code == 422
    assert any("一" <= sign <= "鿿" for sign in reply.json["fields"][field][0])


def test_who_has_nothing_to_do_with_the_case_asks_for_nothing(client: FlaskClient) -> None:
    assert post(client, "requests", person("leader"), {"service": "on_site_help"}).status_code == 403
    elsewhere = person("dispatcher", region="990101102")
    assert post(client, "requests", elsewhere, {"service": "on_site_help"}).status_code == 403
    assert get(client, f"cases/{CASE}/requests", elsewhere).status_code == 403
