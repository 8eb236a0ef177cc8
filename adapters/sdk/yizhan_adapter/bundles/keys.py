"""The keys of one side of a gate: its own, and the cards of the other side that it trusts.

A key is a pair of pairs: Ed25519 to sign with, X25519 to be written to. The card is its public half; people
carry it across once and read its fingerprint to one another.
"""

from __future__ import annotations

import hashlib
import json
import os
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from yizhan_adapter.errors import Misconfigured

Side = Literal["centre", "department"]
CARD, RING = "yizhan-gate-card/1", "yizhan-gate-keys/1"
LENGTH = 32


@dataclass(frozen=True, kw_only=True)
class Card:
    """What the other side may know of a key."""

    department: str
    side: Side
    sign: bytes
    box: bytes

    @property
    def id(self) -> str:
        """What bundles call it."""
        return self._digest[:16]

    @property
    def fingerprint(self) -> str:
        """What two people compare by telephone."""
        return "-".join(self._digest[at : at + 4] for at in range(0, 32, 4))

    @property
    def _digest(self) -> str:
        about = f"{CARD}|{self.department}|{self.side}|".encode()
        return hashlib.sha256(about + self.sign + self.box).hexdigest()

    @property
    def verifying(self) -> Ed25519PublicKey:
        """For its signatures."""
        return Ed25519PublicKey.from_public_bytes(self.sign)

    @property
    def boxing(self) -> X25519PublicKey:
        """For what is written to it."""
        return X25519PublicKey.from_public_bytes(self.box)


@dataclass(frozen=True, kw_only=True)
class Own:
    """One key of our own; its private half never leaves this side."""

    department: str
    side: Side
    signing: Ed25519PrivateKey
    opening: X25519PrivateKey

    @property
    def card(self) -> Card:
        """Its public half."""
        sign, box = self.signing.public_key(), self.opening.public_key()
        about = {"department": self.department, "side": self.side}
        return Card(sign=sign.public_bytes_raw(), box=box.public_bytes_raw(), **about)  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class Ring:
    """All keys of one side for one department, each list from the oldest to the newest."""

    department: str
    side: Side
    own: tuple[Own, ...] = ()
    theirs: tuple[Card, ...] = ()

    def make(self) -> Ring:
        """With one more key of our own; it signs only when the other side has shown that it trusts it."""
        made = Own(
            department=self.department,
            side=self.side,
            signing=Ed25519PrivateKey.generate(),
            opening=X25519PrivateKey.generate(),
        )
        return replace(self, own=(*self.own, made))

    def trust(self, card: Card) -> Ring:
        """With one more card of the other side; raises Misconfigured when it is of another gate, or ours."""
        if card.department != self.department or card.side == self.side:
            raise Misconfigured(f"名片属于 {card.department} 的 {card.side} 一侧，不是本闸口的对方")
        kept = tuple(one for one in self.theirs if one.id != card.id)
        return replace(self, theirs=(*kept, card))

    def drop(self, id: str) -> Ring:
        """Without a key, ours or theirs, from now on; raises Misconfigured when there is none of that id."""
        own = tuple(key for key in self.own if key.card.id != id)
        theirs = tuple(card for card in self.theirs if card.id != id)
        if len(own) + len(theirs) == len(self.own) + len(self.theirs):
            raise Misconfigured(f"没有密钥 {id}")
        return replace(self, own=own, theirs=theirs)

    def signer(self, proven: str) -> Own:
        """The key to sign with: the one they last wrote to, and before they wrote at all our oldest."""
        if not self.own:
            raise Misconfigured(f"{self.department} 的闸口还没有本方密钥：先执行 keys make")
        return next((key for key in self.own if key.card.id == proven), self.own[0])

    def check(self) -> None:
        """Raises Misconfigured, with what to do, while the two sides have not exchanged keys."""
        self.signer("")
        self.recipient()

    def recipient(self) -> Card:
        """The card to write to."""
        if not self.theirs:
            raise Misconfigured(f"{self.department} 的闸口还不信任对方的任何密钥：先执行 keys trust")
        return self.theirs[-1]


def card_text(card: Card) -> str:
    """A card as the file that people carry."""
    public = {"sign": b64encode(card.sign).decode(), "box": b64encode(card.box).decode()}
    about = {"format": CARD, "department": card.department, "side": card.side}
    return json.dumps(about | public | {"fingerprint": card.fingerprint}, indent=1) + "\n"


def read_card(text: str) -> Card:
    """A card from such a file; raises Misconfigured when it is none."""
    try:
        raw = json.loads(text)
        if raw["format"] != CARD or raw["side"] not in ("centre", "department"):
            raise ValueError(raw["format"])
        return Card(
            department=str(raw["department"]),
            side=raw["side"],
            sign=_raw(raw["sign"]),
            box=_raw(raw["box"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Misconfigured("不是闸口密钥名片") from error


def load(path: Path, department: str, side: Side) -> Ring:
    """The ring in a file, or an empty one; raises Misconfigured when the file cannot be used."""
    if not path.exists():
        return Ring(department=department, side=side)
    try:
        raw = json.loads(path.read_text())
        own = tuple(_own(row, department, side) for row in raw["own"])
        theirs = tuple(read_card(json.dumps(row)) for row in raw["theirs"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Misconfigured(f"密钥文件 {path} 不能用：{type(error).__name__}") from error
    return Ring(department=department, side=side, own=own, theirs=theirs)


def save(path: Path, ring: Ring) -> None:
    """Write the ring whole or not at all, readable by its owner only."""
    own = [
        {
            "sign": b64encode(key.signing.private_bytes_raw()).decode(),
            "box": b64encode(key.opening.private_bytes_raw()).decode(),
        }
        for key in ring.own
    ]
    theirs = [json.loads(card_text(card)) for card in ring.theirs]
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"format": RING, "own": own, "theirs": theirs}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    made.rename(path)


def _own(row: dict[str, Any], department: str, side: Side) -> Own:
    return Own(
        department=department,
        side=side,
        signing=Ed25519PrivateKey.from_private_bytes(_raw(row["sign"])),
        opening=X25519PrivateKey.from_private_bytes(_raw(row["box"])),
    )


def _raw(text: str) -> bytes:
    found = b64decode(text, validate=True)
    if len(found) != LENGTH:
        raise ValueError("length")
    return found
