"""What the centre asks of a department: one case, named by ids and codes, and how such a message is read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError
from marshmallow import fields as mm

from yizhan_adapter.errors import Unreadable

CONTENT_TYPE = "application/cloudevents+json"
TYPE = "ask.handle_case.v1"
REQUIRED = ("specversion", "id", "source", "type", "subject")


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A case the department is asked to handle. Names are not in it: they are claimed from the vault."""

    event_id: str
    source: str
    delivery_id: str
    case_id: str
    case_no: str
    department: str
    region: str
    category: str | None = None  # empty for a protected case
    complexity: str | None = None
    matter_type: str | None = None
    tier: str | None = None
    persons_band: str | None = None
    accept_by: datetime | None = None
    due_at: datetime | None = None
    flags: tuple[str, ...] = ()
    correlation: str = ""
    traceparent: str = ""

    @property
    def key(self) -> str:
        """What makes an ask one ask, however often it comes."""
        return f"{self.source}|{self.event_id}"


class _Data(Schema):
    """What an adapter needs of an ask's data; fields added later are left out."""

    class Meta:
        unknown = EXCLUDE

    delivery_id = mm.String(required=True)
    case_id = mm.String(required=True)
    case_no = mm.String(required=True)
    department = mm.String(required=True)
    region = mm.String(required=True)
    category = mm.String(allow_none=True)
    complexity = mm.String(allow_none=True)
    matter_type = mm.String(allow_none=True)
    tier = mm.String(allow_none=True)
    persons_band = mm.String(allow_none=True)
    accept_by = mm.AwareDateTime(allow_none=True)
    due_at = mm.AwareDateTime(allow_none=True)
    flags = mm.List(mm.String())


def read(body: bytes, content_type: str | None, department: str) -> Ask:
    """The ask inside a message.

    Raises Unreadable when it is none of ours, of a version we do not know, or for another department.
    """
    if content_type != CONTENT_TYPE:
        raise Unreadable(f"content type {content_type}")
    ask = parse(body)
    if ask.department != department:
        raise Unreadable("addressed to another department")
    return ask


def parse(body: bytes) -> Ask:
    """The ask in a stored body."""
    raw = _event(body)
    try:
        found: dict[str, Any] = _Data().load(raw["data"])
    except ValidationError as error:
        raise Unreadable(f"data: {sorted(error.messages_dict)}") from error
    about = {"event_id": raw["id"], "source": raw["source"], "flags": tuple(found.pop("flags", ()))}
    trace = {"correlation": raw.get("correlationid") or "", "traceparent": raw.get("traceparent") or ""}
    return Ask(**(found | about | trace))


def _event(body: bytes) -> dict[str, Any]:
    try:
        raw = json.loads(body)
    except ValueError as error:  # UnicodeDecodeError is one
        raise Unreadable("not JSON") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("data"), dict):
        raise Unreadable("not an event")
    missing = [name for name in REQUIRED if not isinstance(raw.get(name), str) or not raw[name]]
    if missing:
        raise Unreadable(f"without {', '.join(missing)}")
    if raw["type"] != TYPE:
        raise Unreadable(f"type {raw['type']}")
    return raw
