"""What the centre asks: to handle a case, to keep a copy of it, a service beside it; and how it is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError
from marshmallow import fields as mm

from yizhan_adapter.disclosures import Disclosed, Discloses, claim_of
from yizhan_adapter.errors import NeverPossible, Unreadable
from yizhan_adapter.files import CaseFile

CONTENT_TYPE = "application/cloudevents+json"
TYPE, REPORT, REQUEST = "ask.handle_case.v1", "ask.report_case.v1", "ask.request_service.v1"
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
    dataref: str | None = None  # where the files of the case are listed
    correlation: str = ""
    traceparent: str = ""
    vault: Discloses | None = field(default=None, compare=False, repr=False)

    def disclose(self, fields: Iterable[str], purpose: str, basis: str = "") -> Disclosed:
        """Personal fields of this case, for a purpose; the basis is the manifest's when none is given.

        Safe to ask again after a crash: the same claim is one disclosure. Raises TryLater or NeverPossible.
        """
        if self.vault is None:
            raise NeverPossible("no vault is set up: YIZHAN_URL is missing")
        return self.vault.claim(claim_of(self.delivery_id, self.case_id, fields, purpose, basis))

    def files(self) -> tuple[CaseFile, ...]:
        """The files of this case; `file.read()` fetches one. Raises TryLater or NeverPossible."""
        if self.dataref is None:
            return ()
        if self.vault is None:
            raise NeverPossible("no centre is set up: YIZHAN_URL is missing")
        return self.vault.files(self.dataref)

    @property
    def key(self) -> str:
        """What makes an ask one ask, however often it comes."""
        return f"{self.source}|{self.event_id}"


@dataclass(frozen=True, kw_only=True)
class Report(Ask):
    """A case as it stands, for a platform that keeps a copy of it; nothing is to be handled.

    A report with a higher `revision` says something newer about the same case.
    """

    revision: int
    state: str
    channel: str
    registered_at: datetime
    resolved_at: datetime | None = None
    lead_unit: str | None = None
    outcome: str | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Request(Ask):
    """A service beside a case: to confirm an agreement, to serve papers, to help on the spot."""

    service: str
    agreement_id: str | None = None
    asked_at: datetime | None = None
    target_region: str | None = None


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
    dataref = mm.String(allow_none=True)


class _Reported(_Data):
    """What a report has beside."""

    revision = mm.Integer(required=True)
    state = mm.String(required=True)
    channel = mm.String(required=True)
    registered_at = mm.AwareDateTime(required=True)
    resolved_at = mm.AwareDateTime(allow_none=True)
    lead_unit = mm.String(allow_none=True)
    outcome = mm.String(allow_none=True)
    late = mm.Boolean()


class _Requested(_Data):
    """What a request has beside."""

    service = mm.String(required=True)
    agreement_id = mm.String(allow_none=True)
    asked_at = mm.AwareDateTime(allow_none=True)
    target_region = mm.String(allow_none=True)


KINDS: Mapping[str, tuple[type[Schema], type[Ask]]] = {
    TYPE: (_Data, Ask),
    REPORT: (_Reported, Report),
    REQUEST: (_Requested, Request),
}
Fetch = Callable[[dict[str, Any]], bytes]


def whole(body: bytes, content_type: str | None, fetch: Fetch) -> bytes:
    """The message with its data inside; data that lies elsewhere (`dataref`) is fetched and checked.

    Raises Unreadable when it is none of ours, NotThere when the data cannot be had now.
    """
    if content_type != CONTENT_TYPE:
        raise Unreadable(f"content type {content_type}")
    raw = _event(body)
    if "data" in raw:
        return body
    inside = raw | {"data": _json(fetch(raw))}
    return json.dumps(inside, ensure_ascii=False).encode()


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
    schema, make = KINDS[raw["type"]]
    try:
        found: dict[str, Any] = schema().load(raw.get("data") or {})
    except ValidationError as error:
        raise Unreadable(f"data: {sorted(error.messages_dict)}") from error
    about = {"event_id": raw["id"], "source": raw["source"], "flags": tuple(found.pop("flags", ()))}
    trace = {"correlation": raw.get("correlationid") or "", "traceparent": raw.get("traceparent") or ""}
    return make(**(found | about | trace))


def _event(body: bytes) -> dict[str, Any]:
    raw = _json(body)
    if not isinstance(raw, dict) or not isinstance(raw.get("data", {}), dict):
        raise Unreadable("not an event")
    missing = [name for name in REQUIRED if not isinstance(raw.get(name), str) or not raw[name]]
    if missing:
        raise Unreadable(f"without {', '.join(missing)}")
    if raw["type"] not in KINDS:
        raise Unreadable(f"type {raw['type']}")
    if "data" not in raw and not isinstance(raw.get("dataref"), str):
        raise Unreadable("without data")
    return raw


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise Unreadable("not JSON") from error
