"""A unit without a system gets its link by message: once, to its own contact, and no event says where."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from services.routing.api import create_app
from services.routing.handlers import desk, messages
from services.routing.store import memory_stores
from shared.decision import Cause
from shared.messages import FileOutlet, NotSent
from tests import routing_given as given
from tests.api.routing_mail import LABOUR, handed
from tests.routing_town import Town
from tests.signing import secrets_folder

CONTACT = "0559-12345678"


class Phones:
    """A gateway that notes what it is given, or does not answer."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.down = False

    def send(self, id: str, number: str, text: str) -> None:
        if self.down:
            raise NotSent("ConnectionError")
        self.sent.append((id, number, text))


def town(contact: str = CONTACT) -> Town:
    """A county whose labour department has a desk and, perhaps, a duty telephone."""
    secrets_folder()
    county = given.county()
    units = tuple(
        replace(unit, contact=contact) if unit.id == LABOUR else unit for unit in county.departments
    )
    return Town(stores=memory_stores(replace(county, departments=units)))


def test_the_link_goes_once_to_the_units_own_contact_and_opens_the_case() -> None:
    place, phones = town(), Phones()
    handed(place)

    for _ in range(2):
        messages.send_links(place.stores, phones, place.now)
        place.settle()

    ((_, number, text),) = phones.sent
    assert number == CONTACT and "990101-2026-000200" in text and "前接件" in text
    client = create_app(place.stores, place.clock).test_client()
    assert client.get("/routing/desk/" + text.rpartition("/")[2]).status_code == 200
    told = repr(place.bus.told)
    assert [event.name for event in place.bus.told].count("delivery.link_sent") == 1
    assert CONTACT not in told and "/desk/" not in told


def test_a_gateway_that_is_down_is_tried_again_under_the_same_id_and_a_new_link_goes_out_too() -> None:
    place, phones = town(), Phones()
    id = handed(place)
    phones.down = True
    with pytest.raises(ExceptionGroup):
        messages.send_links(place.stores, phones, place.now)

    phones.down = False
    messages.send_links(place.stores, phones, place.now)
    desk.renew(place.stores, id, Cause(at=place.now, actor=given.by("dispatcher").actor))
    messages.send_links(place.stores, phones, place.now)

    assert len({message_id for message_id, _, _ in phones.sent}) == 2 == len(phones.sent)


def test_without_a_contact_and_after_its_time_nothing_goes_out() -> None:
    silent, late, phones = town(contact=""), town(), Phones()
    handed(silent)
    handed(late)

    messages.send_links(silent.stores, phones, silent.now)
    messages.send_links(late.stores, phones, late.now + timedelta(days=2))

    assert phones.sent == []


def test_in_a_trial_a_file_stands_for_the_gateway(tmp_path: Path) -> None:
    outlet = FileOutlet(path=tmp_path / "messages.jsonl")

    outlet.send("id-1", CONTACT, "【一站】交办事项")

    (line,) = (tmp_path / "messages.jsonl").read_text().splitlines()
    assert json.loads(line) == {"id": "id-1", "to": CONTACT, "text": "【一站】交办事项"}
    assert (tmp_path / "messages.jsonl").stat().st_mode & 0o077 == 0
    with pytest.raises(NotSent):
        FileOutlet(path=tmp_path / "nowhere" / "messages.jsonl").send("id-1", CONTACT, "")
