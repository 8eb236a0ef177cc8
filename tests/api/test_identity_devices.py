"""One machine, one account 一机一账号: registered machines, waiting ones, answers that are no proof."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shared import tokens
from tests.api.identity_door import AT, LI, Door, Machine, Machines, house
from tests.signing import bearer

BOUND = Machines(required_for=("clerk",))


def bound() -> tuple[Door, Machine]:
    """A county where Li Mei's account works on registered machines only, and hers is registered."""
    door, machine = Door(house(machines=BOUND)), Machine()
    door.register(door.token(), machine)
    return door, machine


@pytest.mark.requirement("XS-01")
def test_one_tier_one_right_one_machine_one_account_one_person_one_password() -> None:
    door, machine = bound()

    asked = door.password()
    signed = door.second(asked.json["ticket"], assertion=machine.sign(asked.json["options"]))
    elsewhere = door.password()
    other = door.second(elsewhere.json["ticket"], assertion=Machine().sign(elsewhere.json["options"]))

    claims = tokens.verify(signed.json["access_token"])
    assert (claims.sees("990101101201"), claims.sees("990101"), claims.sees("990101102")) == (
        True,
        False,
        False,
    )
    assert asked.json["methods"] == ["webauthn"]
    assert (other.status_code, other.json["code"]) == (401, "second_factor_wrong")
    again = door.password()
    door.second(again.json["ticket"], assertion=machine.sign(again.json["options"]))
    first, second = reversed(door.house.stores.sessions.of(LI)[:2])
    assert (first.why, second.ended_at) == ("replaced", None)
    assert "session_replaced" in [entry.action for entry in door.house.stores.audit.entries()]


def test_the_first_machine_is_registered_at_once_and_nobody_works_before() -> None:
    door = Door(house(machines=BOUND))

    first = door.password()
    bare = {"Authorization": f"Bearer {first.json['access_token']}"}
    registered = door.register(bare, Machine())
    renewed = door.post("/tokens/renew", bare)

    assert (first.json["todo"], tokens.verify(first.json["access_token"]).roles) == ("device", ())
    assert (registered.status_code, registered.json["state"]) == (201, "active")
    assert tokens.verify(renewed.json["access_token"]).roles == ("clerk", "mediator")
    assert "device.bound" in door.house.told()


def test_another_machine_waits_for_the_security_administrator_and_takes_the_place_of_the_old_one() -> None:
    door, old = bound()
    asked = door.password()
    mine = door.second(asked.json["ticket"], assertion=old.sign(asked.json["options"])).json["access_token"]
    new = Machine()

    waiting = door.register({"Authorization": f"Bearer {mine}"}, new, "三号窗口")
    id = waiting.json["id"]
    own = door.post(f"/devices/{id}/approve", bearer("sec_admin", ref=LI))
    guard = door.token("sec.admin")
    listed = door.client.get("/identity/devices/waiting", headers=guard).json["items"]
    approved = door.post(f"/devices/{id}/approve", guard)
    again = door.post(f"/devices/{id}/approve", guard)

    assert waiting.json["state"] == "waiting"
    assert (own.status_code, own.json["code"]) == (403, "own_device")
    assert [row["label"] for row in listed] == ["三号窗口"]
    assert (approved.json["state"], again.status_code) == ("active", 409)
    states = {held.state.label: held.state.state for held in door.house.stores.devices.of(LI)}
    assert states == {"二号窗口": "withdrawn", "三号窗口": "active"}
    asked = door.password()
    assert door.second(asked.json["ticket"], assertion=old.sign(asked.json["options"])).status_code == 401
    asked = door.password()
    assert door.second(asked.json["ticket"], assertion=new.sign(asked.json["options"])).status_code == 200


def test_a_machine_belongs_to_one_account() -> None:
    door, machine = Door(house()), Machine()
    door.register(door.token(), machine)

    taken = door.register(door.token("sec.admin"), machine)

    assert (taken.status_code, taken.json["code"]) == (422, "device_taken")


def test_an_answer_that_is_repeated_proves_nothing() -> None:
    door, machine = bound()
    asked = door.password()
    answer = machine.sign(asked.json["options"])
    used = door.second(asked.json["ticket"], assertion=answer)

    same = door.second(asked.json["ticket"], assertion=answer)
    fresh = door.password()
    other = door.second(fresh.json["ticket"], assertion=answer)

    assert (used.status_code, same.status_code, other.status_code) == (200, 401, 401)
    assert (same.json["code"], other.json["code"]) == ("second_step_over", "second_factor_wrong")


def test_a_copy_of_a_key_is_noticed_by_its_count() -> None:
    door, machine = bound()
    copy = Machine(id=machine.id, key=machine.key)
    for _ in range(2):
        asked = door.password()
        door.second(asked.json["ticket"], assertion=machine.sign(asked.json["options"]))

    asked = door.password()
    copied = door.second(asked.json["ticket"], assertion=copy.sign(asked.json["options"]))

    assert (copied.status_code, copied.json["code"]) == (401, "second_factor_wrong")


@pytest.mark.parametrize(
    "faked",
    [
        {"origin": "https://elsewhere.example"},
        {"host": "elsewhere.example"},
    ],
)
def test_an_answer_given_to_another_address_proves_nothing(faked: dict[str, str]) -> None:
    door, machine = bound()
    asked = door.password()
    for name, value in faked.items():
        setattr(machine, name, value)

    reply = door.second(asked.json["ticket"], assertion=machine.sign(asked.json["options"]))

    assert (reply.status_code, reply.json["code"]) == (401, "second_factor_wrong")


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"id": "x"},
        {"id": 7, "response": None},
        {"id": "é" * 300},
        {"id": "AAAA", "response": {"signature": "%"}},
    ],
)
def test_an_answer_that_is_none_is_refused_and_nothing_breaks(broken: dict[str, Any]) -> None:
    door, machine = bound()
    asked = door.password()
    invited = door.post("/devices/invitations", door.token("sec.admin")).json

    signed = door.second(asked.json["ticket"], assertion=broken, code="x")
    whole = machine.sign(asked.json["options"]) | broken
    mixed = door.second(door.password().json["ticket"], assertion=whole, code="x")
    body = {"ticket": invited["ticket"], "credential": {"a": broken}, "label": "x"}
    registered = door.post("/devices", door.token("sec.admin"), body)

    assert [signed.status_code, mixed.status_code, registered.status_code] == [401, 401, 422]


def test_a_machine_that_was_withdrawn_signs_nobody_in_and_all_is_told() -> None:
    door, machine = bound()
    asked = door.password()
    mine = door.second(asked.json["ticket"], assertion=machine.sign(asked.json["options"])).json
    head = {"Authorization": f"Bearer {mine['access_token']}"}
    id = door.client.get("/identity/devices", headers=head).json["items"][0]["id"]

    stranger = door.post(f"/devices/{id}/withdraw", bearer("clerk"))
    gone = door.post(f"/devices/{id}/withdraw", head, {"reason": "lost"})

    assert (stranger.status_code, gone.json["state"]) == (403, "withdrawn")
    assert door.client.get("/identity/devices", headers=head).json["code"] == "session_ended"
    assert door.password().json["todo"] == "device"
    stored: Any = door.house.stores.devices
    assert len(stored.outbox) == 2


def test_a_security_administrator_of_another_region_decides_nothing() -> None:
    door, old = bound()
    asked = door.password()
    mine = door.second(asked.json["ticket"], assertion=old.sign(asked.json["options"])).json["access_token"]
    id = door.register({"Authorization": f"Bearer {mine}"}, Machine()).json["id"]

    elsewhere = door.post(f"/devices/{id}/approve", bearer("sec_admin", region="990102"))

    assert elsewhere.status_code == 403
    assert (
        door.client.get("/identity/devices/waiting", headers=bearer("sec_admin", region="990102")).json[
            "items"
        ]
        == []
    )


def test_a_machine_with_a_certificate_is_known_by_it_and_another_one_is_turned_away_and_told() -> None:
    door = Door(house(machines=BOUND))
    door.client.environ_base["yizhan.certificate"] = certificate("二号窗口")
    first = {"Authorization": f"Bearer {door.password().json['access_token']}"}
    registered = door.post("/devices", first, {"kind": "certificate", "label": "二号窗口"})

    here = door.password()
    door.client.environ_base["yizhan.certificate"] = certificate("别的机器")
    there = door.password()
    del door.client.environ_base["yizhan.certificate"]
    nowhere = door.password()

    assert (registered.json["state"], here.status_code) == ("active", 200)
    assert tokens.verify(here.json["access_token"]).bound.startswith("cert:")
    assert [(r.status_code, r.json["code"]) for r in (there, nowhere)] == [(403, "device_unregistered")] * 2
    assert door.house.told().count("access.device_rejected") == 2


def test_a_token_of_a_machine_with_a_certificate_is_good_on_that_machine_only() -> None:
    door = Door(house())
    door.client.environ_base["yizhan.certificate"] = certificate("二号窗口")
    head = door.token()
    here = door.client.get("/identity/sessions", headers=head)

    door.client.environ_base["yizhan.certificate"] = certificate("别的机器")
    there = door.client.get("/identity/sessions", headers=head)

    assert (here.status_code, there.status_code, there.json["code"]) == (200, 401, "token_elsewhere")


def certificate(name: str) -> str:
    """A machine's certificate, as a front door that has checked it passes it on."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder(
        subject_name=who, issuer_name=who, public_key=key.public_key(), serial_number=7,
        not_valid_before=AT, not_valid_after=AT + timedelta(days=365),
    ).sign(key, hashes.SHA256())  # fmt: skip
    return quote(made.public_bytes(serialization.Encoding.PEM).decode())
