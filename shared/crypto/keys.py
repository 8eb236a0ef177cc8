"""The keys of the vault: what their files say, and a key ring that notices when those files grow.

`vault_key` has one sealing key a line, `<id>:<sm4|aes>:<base64 of 32 bytes>[:<from>]`; `index_key` one key of
the blind index a line, `<id>:<base64>[:<from>]`. A line of base64 alone is key 1. The highest id whose `from`
(seconds since 1970) has come is used for what is written; all others only open and find what is there.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CipherName = Literal["sm4", "aes"]
_LENGTH: dict[CipherName, int] = {"sm4": 16, "aes": 32}
_MOST = 256


class BadKeys(ValueError):
    """The keys cannot be used; a service that seals does not start without good ones."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Key:
    """One sealing key: its id on every field it sealed, its cipher, its bytes, and from when on it seals."""

    id: int
    cipher: CipherName
    secret: bytes
    since: float = 0.0

    def sealing(self, nonce: bytes, tag: bytes | None = None) -> Cipher[modes.GCM]:
        """The cipher for one field."""
        algorithm = algorithms.SM4 if self.cipher == "sm4" else algorithms.AES
        return Cipher(algorithm(self.secret), modes.GCM(nonce, tag))

    @property
    def check(self) -> str:
        """Tells this key from any other without telling anything of it."""
        return _check(self.secret)


@dataclass(frozen=True, kw_only=True, repr=False)
class IndexKey:
    """One key of the blind index."""

    id: int
    secret: bytes
    since: float = 0.0

    def mark(self, kind: str, value: str) -> str:
        """32 hexadecimal digits, equal for equal values of one kind."""
        mac = HMAC(self.secret, hashes.SM3())
        mac.update(f"{kind}\x1f{value}".encode())
        return mac.finalize()[:16].hex()

    @property
    def check(self) -> str:
        """Tells this key from any other without telling anything of it."""
        return _check(self.secret)


def _check(secret: bytes) -> str:
    mac = HMAC(secret, hashes.SM3())
    mac.update(b"yizhan key check")
    return mac.finalize()[:8].hex()


def read_keys(text: str) -> dict[int, Key]:
    """The keys of a file of sealing keys, by id. Raises BadKeys naming the line that is wrong."""
    lines = _lines(text)
    found = [_key(n, line if ":" in line else f"1:sm4:{line}") for n, line in lines]
    _check_ids([key.id for key in found])
    return {key.id: key for key in found}


def read_index_keys(text: str) -> dict[int, IndexKey]:
    """The keys of a file of index keys, by id. Raises BadKeys naming the line that is wrong."""
    lines = _lines(text)
    found = [_index_key(n, line if ":" in line else f"1:{line}") for n, line in lines]
    _check_ids([key.id for key in found])
    return {key.id: key for key in found}


def _lines(text: str) -> list[tuple[int, str]]:
    return [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]


def _check_ids(ids: list[int]) -> None:
    if not ids or len(set(ids)) != len(ids):
        raise BadKeys("every key needs an id of its own, and there must be one")


def _key(number: int, line: str) -> Key:
    id, _, rest = line.partition(":")
    cipher, _, rest = rest.partition(":")
    encoded, _, since = rest.partition(":")
    if not _is_id(id) or cipher not in ("sm4", "aes"):
        raise BadKeys(f"line {number}: wanted <1-255>:<sm4|aes>:<base64>[:<from>]")
    name: CipherName = "sm4" if cipher == "sm4" else "aes"
    secret = derived(_secret(encoded, number), f"yizhan field {name}", _LENGTH[name])
    return Key(id=int(id), cipher=name, secret=secret, since=_since(since, number))


def _index_key(number: int, line: str) -> IndexKey:
    id, _, rest = line.partition(":")
    encoded, _, since = rest.partition(":")
    if not _is_id(id):
        raise BadKeys(f"line {number}: wanted <1-255>:<base64>[:<from>]")
    secret = derived(_secret(encoded, number), "yizhan blind index", 32)
    return IndexKey(id=int(id), secret=secret, since=_since(since, number))


def _is_id(id: str) -> bool:
    return id.isdecimal() and id.isascii() and 0 < int(id) < _MOST


def _since(text: str, number: int) -> float:
    if text and not (text.isdecimal() and text.isascii()):
        raise BadKeys(f"line {number}: the instant it is used from is not a number of seconds")
    return float(text or 0)


def _secret(encoded: str, number: int) -> bytes:
    try:
        secret = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadKeys(f"line {number}: not base64") from error
    if len(secret) != 32:
        raise BadKeys(f"line {number}: {len(secret)} bytes instead of 32")
    return secret


def derived(secret: bytes, purpose: str, length: int) -> bytes:
    """A key of its own for every purpose."""
    return HKDF(algorithm=hashes.SM3(), length=length, salt=None, info=purpose.encode()).derive(secret)
