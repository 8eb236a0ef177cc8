"""What a timeline keeps of an event: which post, when, and codes. Never an id of a person, never a text."""

from __future__ import annotations

from bisect import insort
from typing import Any

from services.reporting.model import Entry
from shared.contracts.wire import Envelope

LEFT_OUT = (
    "case_no",
    "region",
    "first_receiver",
    "reporter",
    "receiving_unit",
    "repeat_of",
)


def noted(timeline: tuple[Entry, ...], heard: Envelope) -> tuple[Entry, ...]:
    """The timeline with one more entry at its place."""
    entries = list(timeline)
    insort(entries, entry(heard), key=lambda each: each.place)
    return tuple(entries)


def entry(heard: Envelope) -> Entry:
    """What is kept of an event."""
    return Entry(
        at=heard.at,
        name=heard.name,
        sequence=heard.sequence,
        service=service_of(heard),
        role=heard.actorrole,
        codes={key: _text(value) for key, value in heard.data.items() if _is_kept(key, value)},
    )


def service_of(heard: Envelope) -> str:
    """Who told it: `/svc/routing/990101` is routing."""
    parts = heard.source.split("/")
    return parts[2] if len(parts) > 2 else heard.source


def _is_kept(key: str, value: Any) -> bool:
    return value not in (None, "", []) and not key.endswith(("_id", "_ids", "_ref")) and key not in LEFT_OUT


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(_text(each) for each in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
