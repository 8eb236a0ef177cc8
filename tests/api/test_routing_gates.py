"""The board and the department's page show a gate: what waits there, since when the other side is silent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from services.routing.handlers import departments
from services.routing.model.gate import Gate
from tests.api.routing_desk import DISPATCHER, SORTED, a_client, a_town, get, person
from tests.api.routing_desk import post as about_case
from tests.routing_town import Town

FIXTURES = (a_town, a_client)
LABOUR = "human_resources"


@pytest.mark.requirement("COR-05")
def test_a_hand_over_that_lies_at_a_gate_is_shown_there_until_it_was_received(
    client: FlaskClient, town: Town
) -> None:
    about_case(client, "triage", DISPATCHER, SORTED | {"category": "labour_wages", "tier": "county"})
    about_case(client, "assign", DISPATCHER)
    town.settle()
    town.pass_(seconds=1)
    departments.declare(town.stores, town.now)
    gate = Gate(at=town.now, waiting=1, oldest_s=0, silent_s=600, expect_s=1_800, missing=2, refused=1)
    town.stores.signs.note(LABOUR, gate=gate)

    (fresh,) = get(client, "hand-overs", DISPATCHER).json["items"]
    town.pass_(minutes=20)
    later = Gate(at=town.now, waiting=1, oldest_s=1_200, silent_s=1_800, expect_s=1_800)
    town.stores.signs.note(LABOUR, gate=later)
    (stuck,) = get(client, "hand-overs?stuck=true", DISPATCHER).json["items"]
    town.stores.signs.note(LABOUR, gate=Gate(at=town.now, silent_s=0, expect_s=1_800))
    (lost,) = get(client, "hand-overs", DISPATCHER).json["items"]
    life = get(client, f"departments/{LABOUR}", person("sys_admin")).json["life"]

    assert (fresh["at_gate"], fresh["stuck"]) == (True, "")
    assert (stuck["at_gate"], stuck["stuck"], stuck["waiting_s"]) == (True, "waiting_at_gate", 1200)
    assert (lost["at_gate"], lost["stuck"]) == (False, "not_received")
    assert life["gate"]["expect_s"] == 1_800 and life["gate"]["silent_s"] == 0
    assert get(client, "departments/court", person("sys_admin")).json["life"].get("gate") is None


def test_a_gate_that_is_not_used_any_more_is_not_shown_on_the_board(client: FlaskClient, town: Town) -> None:
    about_case(client, "triage", DISPATCHER, SORTED | {"category": "labour_wages", "tier": "county"})
    about_case(client, "assign", DISPATCHER)
    town.settle()
    town.pass_(seconds=1)
    gate = Gate(at=town.now, waiting=5, oldest_s=60, expect_s=1_800)
    town.stores.signs.note(LABOUR, gate=gate, at=town.now + timedelta(minutes=6))

    (hop,) = get(client, "hand-overs", DISPATCHER).json["items"]

    assert hop["at_gate"] is False
