"""Sealed fields: the published vectors, what a changed or moved field answers, and how keys are renewed."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from shared import crypto
from shared.crypto import BadKeys, Key, Sealer, Tampered, read_keys, sealer
from shared.errors import Unavailable
from shared.settings import settings

NEW, OLD = base64.b64encode(b"n" * 32).decode(), base64.b64encode(b"o" * 32).decode()


def made(keys: str = f"1:sm4:{OLD}", index_key: bytes = b"i" * 32) -> Sealer:
    return Sealer(read_keys(keys), index_key)


def test_sm4_gcm_gives_the_vector_of_rfc_8998() -> None:
    key = Key(id=1, cipher="sm4", secret=bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"))
    encryptor = key.sealing(bytes.fromhex("00001234567800000000ABCD")).encryptor()
    encryptor.authenticate_additional_data(bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"))

    hidden = encryptor.update(
        bytes.fromhex("AA" * 8 + "BB" * 8 + "CC" * 8 + "DD" * 8 + "EE" * 8 + "FF" * 8 + "EE" * 8 + "AA" * 8)
    )
    encryptor.finalize()

    assert hidden.hex().upper() == (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
    )
    assert encryptor.tag.hex().upper() == "83DE3541E4C2B58177E065A9BF7B62EC"


@pytest.mark.parametrize("keys", [f"1:sm4:{OLD}", f"7:aes:{OLD}", OLD])
def test_a_sealed_field_opens_in_its_place_and_hides_its_text(keys: str) -> None:
    box = made(keys)

    sealed = box.seal("张三", owner="reg", field="name")

    assert "张三".encode() not in sealed
    assert box.open(sealed, owner="reg", field="name") == "张三"
    assert box.seal("张三", owner="reg", field="name") != sealed


@pytest.mark.parametrize(("owner", "field"), [("other", "name"), ("reg", "phone")])
def test_a_field_copied_to_another_place_does_not_open(owner: str, field: str) -> None:
    sealed = made().seal("张三", owner="reg", field="name")

    with pytest.raises(Tampered):
        made().open(sealed, owner=owner, field=field)


@pytest.mark.parametrize("position", [1, 13, 29, -1])
def test_one_changed_bit_is_noticed(position: int) -> None:
    sealed = bytearray(made().seal("张三", owner="reg", field="name"))

    sealed[position] ^= 1

    with pytest.raises(Tampered):
        made().open(bytes(sealed), owner="reg", field="name")


def test_something_too_short_to_be_sealed_is_refused() -> None:
    with pytest.raises(Tampered):
        made().open(b"\x01abc", owner="reg", field="name")


def test_after_a_new_key_old_fields_still_open_and_can_be_renewed() -> None:
    before = made().seal("张三", owner="reg", field="name")
    after = made(f"1:sm4:{OLD}\n2:aes:{NEW}")

    renewed = after.renewed(before, owner="reg", field="name")

    assert after.open(before, owner="reg", field="name") == "张三"
    assert (after.aged(before), after.aged(renewed), renewed[0]) == (True, False, 2)
    assert after.open(renewed, owner="reg", field="name") == "张三"


def test_a_field_whose_key_was_taken_away_is_unavailable_not_lost() -> None:
    sealed = made(f"9:sm4:{NEW}").seal("张三", owner="reg", field="name")

    with pytest.raises(Unavailable):
        made().open(sealed, owner="reg", field="name")


def test_the_blind_index_is_equal_for_equal_values_of_one_kind_under_one_key() -> None:
    first = made().blind_index("phone", "13800130000")

    assert first == made().blind_index("phone", "13800130000")
    assert len({first, made().blind_index("id_no", "13800130000"),
                made(index_key=b"j" * 32).blind_index("phone", "13800130000")}) == 3  # fmt: skip
    assert len(first) == 32


@pytest.mark.parametrize(
    "text", ["", "1:des:" + OLD, "0:sm4:" + OLD, "1:sm4:AAAA", "1:sm4:%%%", f"1:sm4:{OLD}\n1:aes:{NEW}"]
)
def test_a_bad_key_file_is_refused(text: str) -> None:
    with pytest.raises(BadKeys):
        read_keys(text)


@pytest.mark.requirement("XS-02")
def test_a_service_without_its_keys_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIZHAN_SECRETS", str(tmp_path))
    settings.cache_clear()
    sealer.cache_clear()

    with pytest.raises(BadKeys):
        crypto.sealer()

    settings.cache_clear()
