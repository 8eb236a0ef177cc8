"""Reads deliveries as they came, whatever a foreign program put around the body (BUS b16, N3).

The libraries below us unpack, decode and refuse more than they should: a body that claims to be compressed is
acknowledged when it cannot be unpacked, and a property that is not UTF-8 ends the process that reads it.
"""

from __future__ import annotations

from typing import Any

from amqp.serialization import PROPERTY_CLASSES, decode_properties_basic
from amqp.spec import Basic
from kombu.transport.pyamqp import Message


def _readable(buf: bytes, offset: int) -> tuple[dict[str, Any], int]:
    """A message's properties, or none when they cannot be read: it is then parked, for want of a type."""
    try:
        properties: tuple[dict[str, Any], int] = decode_properties_basic(buf, offset)
        return properties
    except Exception:
        return {}, offset


PROPERTY_CLASSES[Basic.CLASS_ID] = _readable


def unopened(channel: Any) -> None:
    """Have a channel hand over bodies as they are: neither decoded nor unpacked."""
    channel.auto_decode = False
    channel.message_to_python = lambda found: _message(found, channel)


def _message(found: Any, channel: Any) -> Any:
    (found.properties.get("application_headers") or {}).pop("compression", None)
    return Message(found, channel=channel)
