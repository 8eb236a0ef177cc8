"""How an event looks on the wire: CloudEvents 1.0, structured JSON, UTF-8, at most 64 KiB.

The official AMQP binding of CloudEvents is for AMQP 1.0; on 0-9-1 the whole event is the body and nothing
is needed from headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import orjson
from marshmallow import ValidationError

from shared.contracts import base
from shared.errors import Poison

CONTENT_TYPE = "application/cloudevents+json"
LIMIT = 64 * 1024
REQUIRED = ("specversion", "id", "source", "type", "subject", "sequence")

_PHONE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(19|20)\d{9}[\dXx](?![0-9A-Za-z])")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


class Leak(ValueError):
    """An event was about to carry a phone number, an identity number or words."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One event as it travels. `sequence` is `<version>.<index>`, padded so that it sorts as text."""

    id: str
    source: str
    type: str
    subject: str
    time: str
    sequence: str
    data: dict[str, Any]
    last: bool = True
    correlationid: str = ""
    causationid: str = ""
    traceparent: str = ""
    regioncode: str = ""
    profileversion: str = ""
    actorrole: str = ""
    classification: str = "normal"
    dataschema: str = ""
    specversion: str = "1.0"
    datacontenttype: str = "application/json"

    @property
    def name(self) -> str:
        """The type without its version: `case.assigned`."""
        return self.type.rpartition(".v")[0]

    @property
    def major(self) -> int:
        """The major version of the type."""
        return int(self.type.rpartition(".v")[2])

    @property
    def key(self) -> str:
        """The routing key: type, version and county."""
        return f"{self.type}.{self.regioncode[:6] or '000000'}"

    @property
    def at(self) -> datetime:
        """When the fact happened."""
        return datetime.fromisoformat(self.time)


def encode(envelope: Envelope) -> bytes:
    """The bytes of an event.

    Raises Leak when its data holds a phone number, an identity number or Chinese text, and ValueError when
    it is larger than 64 KiB: checked when it is written, because an oversize publish closes the channel.
    """
    for text in strings(envelope.data):
        if _PHONE.search(text) or _ID_NUMBER.search(text) or _HAN.search(text):
            raise Leak(f"{envelope.type} carries personal data or text")
    body = orjson.dumps({name: value for name, value in _attributes(envelope) if value != ""})
    if len(body) > LIMIT:
        raise ValueError(f"{envelope.type} is larger than {LIMIT} bytes")
    return body


def _attributes(envelope: Envelope) -> Iterator[tuple[str, Any]]:
    """CloudEvents knows no empty attribute: what we do not have is left out."""
    return ((f.name, getattr(envelope, f.name)) for f in fields(envelope))


_KNOWN = {f.name: {"data": dict, "last": bool}.get(f.name, str) for f in fields(Envelope)}


def decode(body: bytes | str) -> Envelope:
    """An event from bytes; required attributes are checked in the raw JSON before anything reads them.

    Raises Poison when it is no CloudEvent.
    """
    try:
        raw = orjson.loads(body)
    except ValueError as error:
        raise Poison("not JSON") from error
    missing = [name for name in REQUIRED if not isinstance(raw, dict) or not isinstance(raw.get(name), str)]
    if missing or not isinstance(raw.get("data", {}), dict) or not re.search(r".\.v\d+$", raw["type"]):
        raise Poison(f"not an event of ours: {', '.join(missing) or 'data or type'}")
    known = {name: value for name, value in raw.items() if name in _KNOWN and value is not None}
    wrong = [name for name, value in known.items() if not isinstance(value, _KNOWN[name])]
    if wrong:
        raise Poison(f"not an event of ours: {', '.join(wrong)}")
    return Envelope(**({"time": "", "data": {}} | known))


def read(envelope: Envelope) -> base.Event | None:
    """The typed event inside, or None when the type is not one we know.

    Raises Poison for an unknown major version of a known type and for data that breaks the contract.
    """
    major, data = base.newest(envelope.name, envelope.major, envelope.data)
    contract = base.find(envelope.name, major)
    if contract is None:
        if base.knows(envelope.name):
            raise Poison(f"unknown major version: {envelope.type}")
        return None
    try:
        return base.load(contract, data)
    except ValidationError as error:
        raise Poison(f"{envelope.type}: {sorted(error.messages_dict)}") from error


def strings(value: Any) -> Iterator[str]:
    """Every string inside a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)
