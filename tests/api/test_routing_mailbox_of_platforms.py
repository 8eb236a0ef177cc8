"""A platform fetches reports over HTTPS as over AMQP; what was overtaken is never taken for stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.routing.api import create_app
from services.routing.model.report import Report, Reported
from shared.contracts.edge import AnswerReported
from tests import routing_given as given
from tests.journeys.test_reports_to_platforms import PROVINCE, pass_, report, town
from tests.routing_town import Town
from tests.signing import department


@pytest.fixture
def place() -> Town:
    """A town whose one case is reported to the province."""
    made = town()
    made.register()
    pass_(made, seconds=1)
    return made


@pytest.fixture
def client(place: Town) -> Iterator[FlaskClient]:
    with create_app(place.stores, place.clock).test_client() as client:
        yield client


def poll(client: FlaskClient) -> list[dict[str, Any]]:
    path = f"/routing/departments/{PROVINCE}/inbox?wait=0"
    items: list[dict[str, Any]] = client.get(path, headers=department(PROVINCE)).get_json()["items"]
    return items


def ack(client: FlaskClient, id: str) -> Any:
    path = f"/routing/departments/{PROVINCE}/ack"
    return client.post(path, json={"delivery_ids": [id]}, headers=department(PROVINCE)).get_json()


def kept(place: Town) -> Report:
    return report(place.stores)


def test_a_report_is_fetched_acknowledged_and_answered_with_its_receipt(
    client: FlaskClient, place: Town
) -> None:
    (item,) = poll(client)
    assert item["ask"] == json.loads(place.bus.mailboxes[PROVINCE][0])

    said = ack(client, item["delivery_id"])
    told = AnswerReported(delivery_id=item["delivery_id"], receipt_hash="ab" * 32, reported_at=place.now)
    body = place.answer_body(PROVINCE, told, cause=item["ask"]["id"])
    reply = client.post(
        f"/routing/departments/{PROVINCE}/answers", data=body, headers=department(PROVINCE),
        content_type="application/cloudevents+json",
    )  # fmt: skip

    assert said == {"acked": [item["delivery_id"]], "refused": []}
    assert (reply.status_code, reply.get_json()["stage"]) == (202, "taken")
    assert (kept(place).stage, kept(place).receipt_hash) == (Reported.TAKEN, "ab" * 32)
    place.now += timedelta(minutes=2)
    assert poll(client) == []


def test_an_acknowledgement_that_was_overtaken_by_a_newer_report_stores_nothing(
    client: FlaskClient, place: Town
) -> None:
    (item,) = poll(client)
    case_id = kept(place).case_id
    place.order(case_id, "triage", "dispatcher", given.sorting())
    pass_(place, seconds=1)

    said = ack(client, item["delivery_id"])

    assert said["acked"] == [] and said["refused"][0]["code"] == "superseded"
    assert kept(place).stage is Reported.SENT
    (newer,) = poll(client)
    assert newer["ask"]["data"]["revision"] == 2
    assert ack(client, newer["delivery_id"])["acked"] == [item["delivery_id"]]
