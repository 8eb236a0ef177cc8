"""The asks of the sandbox: as the centre sends them, about cases that do not exist."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

CONTENT_TYPE = "application/cloudevents+json"
LARGEST = 64 * 1024

_numbers = count(1)


@dataclass(frozen=True, kw_only=True)
class SandboxAsk:
    """One ask, and what its answers must name."""

    department: str
    event_id: str = field(default_factory=lambda: some_id())
    delivery_id: str = field(default_factory=lambda: some_id())
    number: int = field(default_factory=lambda: next(_numbers))

    def body(self, more: Mapping[str, Any] | None = None, **envelope: Any) -> bytes:
        """The bytes; `more` is added to the data, `envelope` replaces attributes (None takes one away)."""
        event = self._event() | envelope
        if event["data"] is not None:
            event["data"] = event["data"] | dict(more or {})
        return encoded({name: value for name, value in event.items() if value is not None})

    def data(self) -> dict[str, Any]:
        """What the ask is about."""
        return {
            "delivery_id": self.delivery_id,
            "case_id": some_id(),
            "case_no": f"990101-2026-{self.number:06d}",
            "department": self.department,
            "category": "neighbour",
            "complexity": "general",
            "matter_type": "dispute",
            "tier": "county",
            "region": "990101101",
            "persons_band": "2-4",
            "accept_by": None,
            "due_at": None,
            "flags": [],
        }

    def _event(self) -> dict[str, Any]:
        return {
            "specversion": "1.0",
            "id": self.event_id,
            "source": "/svc/routing/990101",
            "type": "ask.handle_case.v1",
            "subject": f"delivery/{self.delivery_id}",
            "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "datacontenttype": "application/json",
            "dataschema": "urn:yizhan:schema:ask.handle_case:1.0",
            "sequence": "0000000002.01",
            "last": True,
            "correlationid": some_id(),
            "regioncode": "990101101",
            "data": self.data(),
        }


def padded(ask: SandboxAsk, size: int = LARGEST) -> bytes:
    """The ask with so much beside it that it is exactly as large as a message may be."""
    left = size - len(ask.body({"padding": ""}))
    return ask.body({"padding": "x" * left})


def encoded(event: Mapping[str, Any]) -> bytes:
    """As the centre writes JSON."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def some_id() -> str:
    """An id in the form of a UUID of version 7."""
    text = secrets.token_hex(16)
    return f"{text[:8]}-{text[8:12]}-7{text[13:16]}-8{text[17:20]}-{text[20:]}"
