"""Keys are exchanged by card and fingerprint, changed without a gap, and dropped at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bundles.sides import NOON, pair, rings
from yizhan_adapter.bundles.keys import Ring, card_text, load, read_card, save
from yizhan_adapter.errors import Misconfigured


def test_a_ring_is_kept_in_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    ring, _ = rings()

    save(tmp_path / "gate_centre_court", ring)

    assert (tmp_path / "gate_centre_court").stat().st_mode & 0o777 == 0o600
    found = load(tmp_path / "gate_centre_court", "court", "centre")
    assert [key.card for key in found.own] == [key.card for key in ring.own]
    assert found.theirs == ring.theirs


def test_a_card_carries_no_private_half_and_its_fingerprint_is_of_all_it_says() -> None:
    ring, _ = rings()
    card = ring.own[0].card
    text = card_text(card)

    assert read_card(text) == card and card.fingerprint in text
    for secret in (ring.own[0].signing.private_bytes_raw(), ring.own[0].opening.private_bytes_raw()):
        assert secret.hex() not in text
    assert replace(card, department="police").fingerprint != card.fingerprint


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format":"yizhan-gate-card/1","side":"centre"}'])
def test_what_is_no_card_is_refused(text: str) -> None:
    with pytest.raises(Misconfigured, match="名片"):
        read_card(text)


def test_a_card_of_another_gate_or_of_ones_own_side_is_not_trusted() -> None:
    centre, _ = rings()
    _, police = rings("police")

    for card in (police.own[0].card, centre.own[0].card):
        with pytest.raises(Misconfigured, match="不是本闸口的对方"):
            centre.trust(card)


def test_a_broken_file_of_keys_is_named(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text('{"own": [{"sign": "AAAA"}], "theirs": []}')

    with pytest.raises(Misconfigured, match="不能用"):
        load(tmp_path / "keys", "court", "centre")


def test_without_keys_nothing_is_put_into_a_bundle() -> None:
    centre, _ = pair()
    centre.keys.ring = Ring(department="court", side="centre")
    centre.say(1)

    with pytest.raises(Misconfigured, match="keys make"):
        centre.export()
    centre.keys.ring = centre.keys.ring.make()
    with pytest.raises(Misconfigured, match="keys trust"):
        centre.export()

    centre.keys.ring = rings()[0]
    assert [name.split(".")[3] for name, _ in centre.export()] == ["0000000001"]


@pytest.mark.requirement("COR-05")
def test_keys_are_changed_while_bundles_are_on_their_way_and_none_is_lost() -> None:
    centre, court = pair()
    centre.say(1)
    under_the_old_key = centre.export()

    centre.keys.ring = centre.keys.ring.make()
    new = centre.keys.ring.own[-1].card
    centre.say(2)
    still_under_the_old_key = centre.export()
    court.take(under_the_old_key + still_under_the_old_key)
    court.keys.ring = court.keys.ring.trust(new)
    centre.take(court.export())
    assert centre.gate.db.fact("proven") == new.id
    centre.say(3)
    under_the_new_key = centre.export()
    centre.keys.ring = centre.keys.ring.drop(centre.keys.ring.own[0].card.id)
    court.keys.ring = court.keys.ring.drop(court.keys.ring.theirs[0].id)
    court.take(under_the_new_key)

    assert court.told == ["e1", "e2", "e3"]
    assert court.refused == [] and centre.refused == []


def test_what_was_signed_with_a_dropped_key_is_refused_at_once_and_comes_under_the_new_one() -> None:
    centre, court = pair()
    old = centre.keys.ring.own[0].card.id
    centre.say(1)
    stolen = centre.export()
    centre.keys.ring = centre.keys.ring.make().drop(old)
    court.keys.ring = court.keys.ring.drop(old).trust(centre.keys.ring.own[0].card)

    court.take(stolen)
    assert court.refused == ["unknown_signer"]
    centre.take(court.export(), NOON)
    court.take(centre.export())

    assert court.told == ["e1"]


def test_a_key_that_is_not_there_cannot_be_dropped() -> None:
    with pytest.raises(Misconfigured, match="没有密钥"):
        rings()[0].drop("0000")
