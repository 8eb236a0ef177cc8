"""Every channel asks for its own, and what cannot be had is said: data in one file, one way through."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from services.intake.handlers.channels import channels, read
from services.intake.model.words import CHANNELS
from tests.api.intake.calls import body, register
from tests.signing import machine

ASKED = [
    ("letter", {"received_at"}),
    ("visit", {"persons_involved"}),
    ("hotline12345", {"external_ref"}),
    ("grid", {"grid_id"}),
    ("court", {"external_ref", "received_at"}),
    ("police", {"external_ref"}),
    ("procuratorate", {"external_ref"}),
    ("government", {"external_ref"}),
    ("petition_office", {"external_ref", "received_at"}),
    ("platform", {"external_ref"}),
]
GIVEN: dict[str, Any] = {
    "received_at": "2026-03-09T10:00:00+08:00",
    "external_ref": "（2026）9901民诉前调12号",
    "persons_involved": 2,
    "grid_id": "990101101201001",
}


@pytest.mark.parametrize("channel", [code for code in CHANNELS if code not in ("web_mobile", "web_pc")])
def test_every_channel_registers_with_its_own_fields_and_leaves_with_a_number_an_owner_and_limits(
    client: FlaskClient, channel: str
) -> None:
    made = register(client, channel=channel, **GIVEN)

    answer = made.get_json()
    assert made.status_code == 201, answer
    assert answer["case_no"].startswith("990101-2026-") and len(answer["query_code"]) == 10
    assert answer["first_receiver"] and answer["limits"]


@pytest.mark.parametrize(("channel", "asked"), ASKED)
def test_what_a_channel_asks_for_is_named_by_field_and_can_be_said_not_to_be_given(
    client: FlaskClient, channel: str, asked: set[str]
) -> None:
    refused = register(client, channel=channel)
    said = register(client, channel=channel, not_given=sorted(asked))

    assert (refused.status_code, set(refused.get_json()["fields"])) == (422, asked)
    assert said.status_code == 201
    assert asked & {"external_ref", "received_at", "grid_id"} or asked == {"persons_involved"}


def test_one_that_nobody_handed_in_gets_a_first_receiver_by_the_rota(client: FlaskClient) -> None:
    online: dict[str, Any] = body(channel="web_mobile")

    made = client.post("/intake/registrations", json=online, headers=machine("intake"))

    assert made.get_json()["first_receiver"] == "window_clerk.centre_101"


def test_a_file_that_forgets_a_channel_or_asks_for_the_unknown_is_refused() -> None:
    whole = {code: {"title": rule.title} for code, rule in channels().items()}

    with pytest.raises(ValueError, match="letter"):
        read({code: given for code, given in whole.items() if code != "letter"})
    with pytest.raises(ValueError, match="shoe_size"):
        read(whole | {"letter": {"title": "来信", "asks": ["shoe_size"]}})


def visit(client: FlaskClient, representatives: int, **more: Any) -> Any:
    """Twelve people came."""
    chosen = [{"role": "representative", "name": f"代表{n}"} for n in range(representatives)]
    people = [{"role": "applicant", "name": "甲某某"}, *chosen]
    return register(client, channel="visit", persons_involved=12, parties=people, **more)


@pytest.mark.parametrize(("representatives", "status"), [(0, 422), (1, 201), (5, 201), (6, 422)])
def test_many_who_come_together_name_up_to_five_who_speak(
    client: FlaskClient, representatives: int, status: int
) -> None:
    assert visit(client, representatives).status_code == status


def test_many_who_cannot_agree_whom_to_send_are_registered_all_the_same(client: FlaskClient) -> None:
    assert visit(client, 0, not_given=["representatives"]).status_code == 201
