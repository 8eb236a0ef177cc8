"""A bundle is taken only as the other side made it: not one bit may differ, and every refusal says why."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bundles.sides import NOON, Keys, Side, entry, pair, rings
from yizhan_adapter.bundles.keys import Ring
from yizhan_adapter.bundles.manifest import Line, Manifest, Receipt, digest, pack, unpack
from yizhan_adapter.bundles.refusals import Refused
from yizhan_adapter.bundles.sealed import MOST, seal, unseal


def small() -> tuple[Side, Side, tuple[str, bytes]]:
    """A bundle of one entry on its way to the court."""
    centre, court = pair()
    centre.say(1)
    return centre, court, centre.export()[0]


def refusal(side: Side, name: str, data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        side.gate.take(name, data, NOON)
    assert len(str(refused.value)) >= 10  # a sentence, not a code
    return refused.value.code


@pytest.mark.requirement("COR-05")
def test_every_bit_of_a_small_bundle_counts() -> None:
    _, court, (_, data) = small()
    ring = court.keys()

    for at in range(len(data) * 8):
        changed = bytearray(data)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(Refused):
            unseal(bytes(changed), ring, "to")

    unseal(data, ring, "to")


@settings(max_examples=200, deadline=None)
@given(cut=st.integers(0, 10_000), tail=st.binary(max_size=40), noise=st.binary(max_size=400))
def test_half_a_file_a_longer_file_and_noise_are_refused(cut: int, tail: bytes, noise: bytes) -> None:
    _, court, (_, data) = small()
    ring = court.keys()

    for bad in (data[: cut % len(data)], data + b"x" + tail, noise, data[:16] + noise):
        with pytest.raises(Refused):
            unseal(bad, ring, "to")


@pytest.mark.requirement("COR-05")
def test_a_bundle_changed_on_the_way_is_refused_with_a_sentence_and_asked_for_again() -> None:
    centre, court, (name, data) = small()
    changed = data[:-100] + bytes([data[-100] ^ 1]) + data[-99:]

    assert refusal(court, name, changed) == "changed"

    assert court.gate.db.refusals()[0][2:] == ("changed", "内容与签名不符：文件在途中被改动，或者没有传完整")
    centre.take(court.export())
    again = centre.export()
    court.take(again)
    assert court.told == ["e1"]


def test_a_file_of_noise_under_a_good_name_is_asked_for_again_too() -> None:
    centre, court, (name, _) = small()

    assert refusal(court, name, b"noise") == "not_a_bundle"

    centre.take(court.export())
    court.take(centre.export())
    assert court.told == ["e1"]


def test_a_bundle_for_another_department_says_whose_it_is() -> None:
    _, _, (name, data) = small()
    police = Side(keys=Keys(rings("police")[1]))

    assert refusal(police, name, data) == "other_department"
    assert "court" in police.gate.db.refusals()[0][3]


def test_a_bundle_put_back_where_it_came_from_is_refused() -> None:
    centre, _, (name, data) = small()

    assert refusal(centre, name, data) == "other_direction"


def test_a_bundle_signed_by_a_stranger_is_refused() -> None:
    _, court, (name, _) = small()
    stranger = Ring(department="court", side="centre").make().trust(court.keys().own[0].card)
    forged = Side(keys=Keys(stranger))
    forged.say(1)

    assert refusal(court, name, forged.export()[0][1]) == "unknown_signer"


def test_a_header_that_borrows_a_trusted_name_does_not_help_a_stranger() -> None:
    _, court, (name, _) = small()
    stranger = Ring(department="court", side="centre").make().trust(court.keys().own[0].card)
    forged = Side(keys=Keys(stranger))
    forged.say(1)
    borrowed = forged.export()[0][1].replace(
        stranger.own[0].card.id.encode(), court.keys().theirs[0].id.encode()
    )

    assert refusal(court, name, borrowed) == "changed"


def test_a_bundle_for_a_key_we_do_not_have_is_refused_and_goes_again_under_the_right_one() -> None:
    centre, court, (name, data) = small()
    court.keys.ring = replace(court.keys.ring, own=()).make()

    assert refusal(court, name, data) == "unknown_recipient"

    centre.keys.ring = centre.keys.ring.trust(court.keys.ring.own[0].card)
    centre.take(court.export())
    court.take(centre.export())
    assert court.told == ["e1"]


def test_an_old_bundle_played_back_is_refused() -> None:
    centre, court, old = small()
    court.take([old])
    centre.take(court.export())
    centre.say(2)
    court.take(centre.export())

    assert refusal(court, *old) == "replayed"
    assert court.told == ["e1", "e2"]


def test_a_bundle_of_a_series_that_has_ended_is_refused() -> None:
    centre, court, old = small()
    centre.gate.begin_again()
    court.take(centre.export())

    assert refusal(court, *old) == "older_series"
    assert court.told == ["e1"]


def test_a_number_that_was_used_cannot_carry_other_content() -> None:
    centre, court, first = small()
    court.take([first])
    twin, _ = pair()
    twin.gate.db.set("series", centre.gate.db.number("series"))
    twin.say(5)

    assert refusal(court, *twin.export()[0]) == "other_content"


def test_a_bundle_that_does_not_name_the_one_before_it_is_refused() -> None:
    centre, court, first = small()
    court.take([first])
    centre.gate.db.set("last_digest", "0" * 64)
    centre.say(2)

    assert refusal(court, *centre.export()[0]) == "broken_chain"


def test_a_number_far_ahead_is_refused() -> None:
    centre, court, _ = small()
    centre.gate.db.set("last", 5_000)
    centre.say(2)

    assert refusal(court, *centre.export()[-1]) == "too_far"


def test_a_file_too_large_is_not_even_looked_into() -> None:
    _, court, (name, _) = small()

    assert refusal(court, name, bytes(MOST + 1)) == "too_large"


def test_a_list_that_does_not_fit_its_content_is_refused_although_it_is_signed() -> None:
    _, court, _ = small()
    centre, _ = rings()
    lines = (Line(id="e1", type="t", size=3, sha256=digest(b"abc")),)
    manifest = Manifest(
        department="court", direction="to", series=1, number=1, created="", previous="", confirmed=0,
        receipt=Receipt(), entries=lines,
    )  # fmt: skip
    about = {"department": "court", "direction": "to", "series": 1, "number": 1, "created": ""}

    for bodies in ([b"abd"], [b"ab"], [b"abcd"]):
        packed = pack(manifest.encode(), bodies)
        data = seal(packed, own=centre.own[0], to=centre.theirs[0], **about)
        assert refusal(court, "x", data) == "unreadable"
    with pytest.raises(Refused):
        unpack(b"\xff\xff\xff\xff{}")


def test_the_open_line_names_the_bundle_and_nothing_that_is_in_it() -> None:
    centre, _, (name, data) = small()
    head = json.loads(data.split(b"\n")[1])

    assert name == f"court.to.{centre.gate.db.fact('series')}.0000000001.1.yzb"
    assert head.keys() == {
        "department", "direction", "series", "number", "created", "signed_by", "sealed_to", "ephemeral",
    }  # fmt: skip
    assert entry(1).body not in data


@settings(max_examples=50, deadline=None)
@given(bodies=st.lists(st.binary(max_size=300), max_size=6))
def test_what_was_packed_comes_out_as_it_was(bodies: list[bytes]) -> None:
    lines = tuple(Line(id=str(n), type="t", size=len(b), sha256=digest(b)) for n, b in enumerate(bodies))
    manifest = Manifest(
        department="court", direction="from", series=3, number=9, created="now", previous="", confirmed=2,
        receipt=Receipt(have=4, beyond=(6,), wanted=(5,)), entries=lines,
    )  # fmt: skip

    found, raw, entries = unpack(pack(manifest.encode(), bodies))

    assert found == manifest and raw == manifest.encode()
    assert [one.body for one in entries] == bodies
