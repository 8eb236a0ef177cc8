"""How an answer and a heartbeat look on the wire: CloudEvents 1.0, structured JSON."""

from __future__ import annotations

import json
import secrets
import time
import uuid
from datetime import datetime
from typing import Any

from yizhan_adapter import answers
from yizhan_adapter.asks import Ask
from yizhan_adapter.clock import instant


def new_id() -> str:
    """A UUIDv7: sorts by time of birth."""
    born = int(time.time() * 1000).to_bytes(6, "big")
    rest = bytearray(secrets.token_bytes(10))
    rest[0], rest[2] = rest[0] & 0x0F | 0x70, rest[2] & 0x3F | 0x80
    return str(uuid.UUID(bytes=born + bytes(rest)))


def answer(ask: Ask, said: answers.Said, number: int, now: datetime, id: str) -> bytes:
    """The bytes of the `number`-th answer about an ask's delivery."""
    about = {
        "subject": f"delivery/{ask.delivery_id}",
        "sequence": f"{number:010d}.00",
        "correlationid": ask.correlation,
        "causationid": ask.event_id,
        "traceparent": ask.traceparent,
        "regioncode": ask.region,
    }
    return _event(said.name, ask.department, id, now, answers.data(said, ask.delivery_id, now), about)


def heartbeat(department: str, version: str, in_flight: int, oldest_s: int, now: datetime) -> bytes:
    """The bytes of one heartbeat; numbered by seconds, so that it sorts across restarts."""
    data = {"department": department, "version": version, "in_flight": in_flight, "oldest_s": oldest_s}
    about = {"subject": f"adapter/{department}", "sequence": f"{int(now.timestamp()):010d}.00"}
    return _event("adapter.heartbeat", department, new_id(), now, data, about)


def gate_heartbeat(department: str, data: dict[str, Any], now: datetime) -> bytes:
    """The bytes of one heartbeat of a department's gate; numbered as the adapters' are."""
    about = {"subject": f"gate/{department}", "sequence": f"{int(now.timestamp()):010d}.00"}
    return _event("gate.heartbeat", department, new_id(), now, {"department": department} | data, about)


def _event(
    name: str, department: str, id: str, now: datetime, data: dict[str, Any], about: dict[str, str]
) -> bytes:
    event = {
        "specversion": "1.0",
        "id": id,
        "source": f"/dept/{department}",
        "type": f"{name}.v1",
        "time": instant(now),
        "datacontenttype": "application/json",
        "dataschema": f"urn:yizhan:schema:{name}:1.0",
        "last": True,
        **about,
        "data": data,
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
