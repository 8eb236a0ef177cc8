"""Names, numbers and texts are written sealed: each field by itself, bound to the place it belongs to.

A sealed field is `key id (1) | nonce (12) | tag (16) | ciphertext`, SM4-GCM unless its key says AES. Who
copies it into another record or another field cannot open it there. To find a number again without opening
anything there is a blind index: a keyed SM3 that only a holder of the index key can make (COR-29).
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.errors import Unavailable
from shared.settings import settings

CipherName = Literal["sm4", "aes"]
_LENGTH: dict[CipherName, int] = {"sm4": 16, "aes": 32}
_NONCE, _TAG = 12, 16
_HEAD = 1 + _NONCE + _TAG


class BadKeys(ValueError):
    """The key file cannot be used; a service that seals does not start without good keys."""


class Tampered(Exception):
    """A sealed field was changed, or belongs to another place."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Key:
    """One sealing key: its id on every field it sealed, its cipher, and its bytes."""

    id: int
    cipher: CipherName
    secret: bytes

    def sealing(self, nonce: bytes, tag: bytes | None = None) -> Cipher[modes.GCM]:
        """The cipher for one field."""
        algorithm = algorithms.SM4 if self.cipher == "sm4" else algorithms.AES
        return Cipher(algorithm(self.secret), modes.GCM(nonce, tag))


class Sealer:
    """Seals and opens single fields. New fields take the newest key; older keys only open."""

    def __init__(self, keys: Mapping[int, Key], index_key: bytes) -> None:
        if not keys:
            raise BadKeys("no sealing key")
        self.keys, self.current = dict(keys), keys[max(keys)]
        self._index_key = index_key

    def seal(self, text: str, *, owner: str, field: str) -> bytes:
        """The sealed form of a text that belongs to this field of this record."""
        return self.seal_bytes(text.encode(), owner=owner, field=field)

    def open(self, sealed: bytes, *, owner: str, field: str) -> str:
        """The text again.

        Raises Tampered when it was changed or moved, Unavailable when its key is not here.
        """
        return self.open_bytes(sealed, owner=owner, field=field).decode()

    def seal_bytes(self, data: bytes, *, owner: str, field: str) -> bytes:
        """The sealed form of bytes, for pieces of files."""
        nonce = os.urandom(_NONCE)
        encryptor = self.current.sealing(nonce).encryptor()
        encryptor.authenticate_additional_data(_place(owner, field))
        hidden = encryptor.update(data) + encryptor.finalize()
        return bytes([self.current.id]) + nonce + encryptor.tag + hidden

    def open_bytes(self, sealed: bytes, *, owner: str, field: str) -> bytes:
        """The bytes again; raises as `open` does."""
        if len(sealed) < _HEAD:
            raise Tampered("too short to be sealed")
        key = self.keys.get(sealed[0])
        if key is None:
            raise Unavailable("保管库缺少解密所需的密钥", code="sealing_key_missing", key_id=sealed[0])
        decryptor = key.sealing(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE : _HEAD]).decryptor()
        decryptor.authenticate_additional_data(_place(owner, field))
        try:
            return decryptor.update(sealed[_HEAD:]) + decryptor.finalize()
        except InvalidTag as error:
            raise Tampered(f"{field} of {owner} does not open") from error

    def aged(self, sealed: bytes) -> bool:
        """Whether an older key sealed it, so that a rotation must seal it again."""
        return sealed[0] != self.current.id

    def renewed(self, sealed: bytes, *, owner: str, field: str) -> bytes:
        """The same field under the newest key."""
        return self.seal_bytes(self.open_bytes(sealed, owner=owner, field=field), owner=owner, field=field)

    def blind_index(self, kind: str, value: str) -> str:
        """32 hexadecimal digits that are equal for equal values of one kind, and tell nothing else."""
        mac = HMAC(self._index_key, hashes.SM3())
        mac.update(f"{kind}\x1f{value}".encode())
        return mac.finalize()[:16].hex()


def _place(owner: str, field: str) -> bytes:
    return f"{owner}\x1f{field}".encode()


def read_keys(text: str) -> dict[int, Key]:
    """The keys of a key file: one a line, `<id>:<cipher>:<base64 of 32 bytes>`, highest id = newest.

    A line of base64 alone is key 1 with SM4. Raises BadKeys naming the line that is wrong.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = [_key(n, line if ":" in line else f"1:sm4:{line}") for n, line in enumerate(lines, 1)]
    if len({key.id for key in found}) != len(found) or not found:
        raise BadKeys("every key needs an id of its own, and there must be one")
    return {key.id: key for key in found}


def _key(number: int, line: str) -> Key:
    id, _, rest = line.partition(":")
    cipher, _, encoded = rest.partition(":")
    if not id.isdigit() or not 0 < int(id) < 256 or cipher not in ("sm4", "aes"):
        raise BadKeys(f"line {number}: wanted <1-255>:<sm4|aes>:<base64>")
    name: CipherName = "sm4" if cipher == "sm4" else "aes"
    secret = _derived(_secret(encoded, number), f"yizhan field {name}", _LENGTH[name])
    return Key(id=int(id), cipher=name, secret=secret)


def _secret(encoded: str, number: int) -> bytes:
    try:
        secret = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise BadKeys(f"line {number}: not base64") from error
    if len(secret) != 32:
        raise BadKeys(f"line {number}: {len(secret)} bytes instead of 32")
    return secret


def _derived(secret: bytes, purpose: str, length: int) -> bytes:
    return HKDF(algorithm=hashes.SM3(), length=length, salt=None, info=purpose.encode()).derive(secret)


@cache
def passing() -> Sealer:
    """A sealer whose keys die with this process: for stores in memory."""
    return Sealer({1: Key(id=1, cipher="sm4", secret=os.urandom(16))}, os.urandom(32))


@cache
def sealer() -> Sealer:
    """The sealer of this process, from the secrets `vault_key` and `index_key`.

    Raises BadKeys when one is missing or unusable: better no service than open fields.
    """
    try:
        keys, index = settings().secret("vault_key"), settings().secret("index_key")
    except OSError as error:
        raise BadKeys("vault_key and index_key must be in the secrets folder") from error
    return Sealer(read_keys(keys), _derived(_secret(index, 1), "yizhan blind index", 32))
