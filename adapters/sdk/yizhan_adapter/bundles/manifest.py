"""What is inside a bundle: its number in an unbroken series, what it holds, what its sender has received.

The manifest names every entry with its hash, and the manifest before it. It travels encrypted; what stands
in the open is only what a ferry's operator may know (`sealed.Header`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from marshmallow import EXCLUDE, Schema, ValidationError, validate
from marshmallow import fields as mm

from yizhan_adapter.bundles.refusals import Refused

Direction = Literal["to", "from"]  # the department
MOST_NAMED = 200  # numbers that one receipt names
SHA = validate.Regexp(r"^[0-9a-f]{64}$")


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the sender of a bundle has of the other direction.

    `have` is the last number of the unbroken row it has taken and `head` that bundle's hash; `beyond` lies
    there and waits for what is in `wanted`; `unread` counts entries its software does not understand.
    """

    series: int = 0
    have: int = 0
    head: str = ""
    beyond: tuple[int, ...] = ()
    wanted: tuple[int, ...] = ()
    unread: int = 0


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event, exactly as it travels by AMQP."""

    id: str
    type: str
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Line:
    """What the manifest says of one entry."""

    id: str
    type: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The list on top of a bundle; `confirmed` is how far its sender knows the other side to have come."""

    department: str
    direction: Direction
    series: int
    number: int
    created: str
    previous: str
    confirmed: int
    receipt: Receipt
    entries: tuple[Line, ...] = ()

    def encode(self) -> bytes:
        """Its bytes; they are made once and kept, because their hash is what makes the bundle itself."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode()


class _Receipt(Schema):
    class Meta:
        unknown = EXCLUDE

    series = mm.Integer(required=True, strict=True)
    have = mm.Integer(required=True, strict=True)
    head = mm.String(required=True)
    beyond = mm.List(mm.Integer(strict=True), required=True)
    wanted = mm.List(mm.Integer(strict=True), required=True)
    unread = mm.Integer(strict=True, load_default=0)


class _Line(Schema):
    class Meta:
        unknown = EXCLUDE

    id = mm.String(required=True)
    type = mm.String(required=True)
    size = mm.Integer(required=True, strict=True, validate=validate.Range(min=0))
    sha256 = mm.String(required=True, validate=SHA)


class _Manifest(Schema):
    class Meta:
        unknown = EXCLUDE

    department = mm.String(required=True)
    direction = mm.String(required=True, validate=validate.OneOf(["to", "from"]))
    series = mm.Integer(required=True, strict=True, validate=validate.Range(min=1))
    number = mm.Integer(required=True, strict=True, validate=validate.Range(min=1))
    created = mm.String(required=True)
    previous = mm.String(required=True)
    confirmed = mm.Integer(required=True, strict=True)
    receipt = mm.Nested(_Receipt, required=True)
    entries = mm.List(mm.Nested(_Line), required=True)


def digest(manifest: bytes) -> str:
    """The hash by which the next bundle names this one."""
    return hashlib.sha256(manifest).hexdigest()


def line(entry: Entry) -> Line:
    """What a manifest says of an entry."""
    hash = hashlib.sha256(entry.body).hexdigest()
    return Line(id=entry.id, type=entry.type, size=len(entry.body), sha256=hash)


def pack(manifest: bytes, bodies: Sequence[bytes]) -> bytes:
    """Manifest and entries in one piece."""
    return len(manifest).to_bytes(4, "big") + manifest + b"".join(bodies)


def unpack(packed: bytes) -> tuple[Manifest, bytes, tuple[Entry, ...]]:
    """The manifest, its bytes, and the entries, each of them compared with its hash; raises Refused."""
    end = 4 + int.from_bytes(packed[:4], "big")
    manifest = read(packed[4:end])
    found: list[Entry] = []
    for named in manifest.entries:
        body = packed[end : end + named.size]
        end += named.size
        if hashlib.sha256(body).hexdigest() != named.sha256:
            raise Refused("unreadable", detail=f"{named.id} 的内容与清单不符")
        found.append(Entry(id=named.id, type=named.type, body=body))
    if end != len(packed):
        raise Refused("unreadable", detail="长度与清单不符")
    return manifest, packed[4 : 4 + int.from_bytes(packed[:4], "big")], tuple(found)


def read(text: bytes) -> Manifest:
    """A manifest from its bytes; raises Refused."""
    try:
        raw: dict[str, Any] = _Manifest().load(json.loads(text))
    except (ValueError, ValidationError, TypeError) as error:  # UnicodeDecodeError is a ValueError
        raise Refused("unreadable", detail="清单不合格式") from error
    receipt = raw.pop("receipt")
    numbers = {name: tuple(receipt[name]) for name in ("beyond", "wanted")}
    lines = tuple(Line(**row) for row in raw.pop("entries"))
    return Manifest(receipt=Receipt(**(receipt | numbers)), entries=lines, **raw)
