"""One bundle as one file: a line in the open, what is encrypted for the other side, a signature over all.

    YIZHAN-BUNDLE-1 ⏎   {header} ⏎   AES-256-GCM(manifest, entries)   Ed25519 signature (64 bytes)

The key of the encryption comes from X25519 with a key pair made for this one file, through HKDF-SHA256. The
signature covers every byte before it, so that not one bit can change unseen.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from yizhan_adapter.bundles.keys import Card, Own, Ring
from yizhan_adapter.bundles.manifest import Direction
from yizhan_adapter.bundles.refusals import Refused

MAGIC = b"YIZHAN-BUNDLE-1\n"
HEADER = 2_048  # bytes of the open line at most
SIGNATURE = 64
MOST = 64 * 1024 * 1024  # bytes of one file at most


@dataclass(frozen=True, kw_only=True)
class Header:
    """What may be read on the way: which bundle it is, never what is in it."""

    department: str
    direction: Direction
    series: int
    number: int
    created: str
    signed_by: str
    sealed_to: str
    ephemeral: str


def seal(packed: bytes, *, own: Own, to: Card, **about: Any) -> bytes:
    """The file: encrypted to one card of the other side, signed by one key of ours."""
    once = X25519PrivateKey.generate()
    ephemeral = once.public_key().public_bytes_raw()
    header = Header(signed_by=own.card.id, sealed_to=to.id, ephemeral=b64encode(ephemeral).decode(), **about)
    head = MAGIC + json.dumps(asdict(header), separators=(",", ":")).encode() + b"\n"
    secret = _secret(once.exchange(to.boxing), ephemeral, to.box)
    body = head + AESGCM(secret[:32]).encrypt(secret[32:], packed, head)
    return body + own.signing.sign(body)


def unseal(data: bytes, ring: Ring, direction: Direction) -> tuple[Header, bytes]:
    """What is inside, when the other side wrote it for us; raises Refused with the reason.

    What the header says is compared first only to give the plainest reason: nothing of it is believed
    before the signature was.
    """
    if len(data) > MOST:
        raise Refused("too_large", size=len(data), most=MOST)
    header, head = _header(data)
    if header.department != ring.department:
        raise Refused("other_department", found=header.department, wanted=ring.department)
    if header.direction != direction:
        raise Refused("other_direction", found=header.direction, wanted=direction)
    _verify(data, header, ring)
    return header, _opened(data[len(head) : -SIGNATURE], header, head, ring)


def box(plain: bytes, to: Card) -> bytes:
    """A smaller thing for one card's eyes only, for what must not lie open in any memory on the way."""
    once = X25519PrivateKey.generate()
    ephemeral = once.public_key().public_bytes_raw()
    secret = _secret(once.exchange(to.boxing), ephemeral, to.box)
    return to.id.encode() + ephemeral + AESGCM(secret[:32]).encrypt(secret[32:], plain, None)


def unbox(boxed: bytes, ring: Ring) -> bytes:
    """What is in it; raises Refused when it is not for any key of ours."""
    id, ephemeral, hidden = boxed[:16].decode("ascii", "replace"), boxed[16:48], boxed[48:]
    own = next((key for key in ring.own if key.card.id == id), None)
    if own is None:
        raise Refused("unknown_recipient", key=id)
    return _decrypted(own, ephemeral, hidden, None)


def _header(data: bytes) -> tuple[Header, bytes]:
    end = data.find(b"\n", len(MAGIC), len(MAGIC) + HEADER)
    if not data.startswith(MAGIC) or end < 0 or len(data) < end + 1 + SIGNATURE:
        raise Refused("not_a_bundle")
    try:
        header = Header(**json.loads(data[len(MAGIC) : end]))
    except (ValueError, TypeError) as error:
        raise Refused("not_a_bundle") from error
    if not all(_fits(name, value) for name, value in vars(header).items()):
        raise Refused("not_a_bundle")
    return header, data[: end + 1]


def _fits(name: str, value: object) -> bool:
    return type(value) is (int if name in ("series", "number") else str) and len(str(value)) < 200


def _verify(data: bytes, header: Header, ring: Ring) -> None:
    card = next((one for one in ring.theirs if one.id == header.signed_by), None)
    if card is None:
        raise Refused("unknown_signer", key=header.signed_by)
    try:
        card.verifying.verify(data[-SIGNATURE:], data[:-SIGNATURE])
    except InvalidSignature as error:
        raise Refused("changed") from error


def _opened(hidden: bytes, header: Header, head: bytes, ring: Ring) -> bytes:
    own = next((key for key in ring.own if key.card.id == header.sealed_to), None)
    if own is None:
        raise Refused("unknown_recipient", key=header.sealed_to)
    try:
        ephemeral = b64decode(header.ephemeral, validate=True)
    except ValueError as error:
        raise Refused("unreadable", detail="解不开密文") from error
    return _decrypted(own, ephemeral, hidden, head)


def _decrypted(own: Own, ephemeral: bytes, hidden: bytes, head: bytes | None) -> bytes:
    try:
        shared = own.opening.exchange(X25519PublicKey.from_public_bytes(ephemeral))
        secret = _secret(shared, ephemeral, own.card.box)
        return AESGCM(secret[:32]).decrypt(secret[32:], hidden, head)
    except (ValueError, InvalidTag) as error:
        raise Refused("unreadable", detail="解不开密文") from error


def _secret(shared: bytes, ephemeral: bytes, recipient: bytes) -> bytes:
    """32 bytes of key and 12 of nonce; both serve for one file only."""
    derive = HKDF(algorithm=hashes.SHA256(), length=44, salt=ephemeral + recipient, info=b"yizhan bundle 1")
    return derive.derive(shared)
