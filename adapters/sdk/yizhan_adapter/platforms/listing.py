"""Organisations, mediators and months: read from the centre as they are now, and sent where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from yizhan_adapter.answers import Reported
from yizhan_adapter.errors import NeverPossible
from yizhan_adapter.platforms.card import Kind
from yizhan_adapter.platforms.platform import Platform


class Lists(Protocol):
    """Whoever lists our records: the centre over HTTP."""

    def items(self, path: str) -> Iterable[Mapping[str, Any]]:
        """Every record at a path."""


@dataclass(kw_only=True)
class Sent:
    """How many records the platform confirmed, and which it could not get, with the reason."""

    confirmed: int = 0
    faults: dict[str, str] = field(default_factory=dict)


def send_lists(platform: Platform, centre: Lists) -> Sent:
    """Send every record that is not there as it is here; a faulty one holds up no other."""
    sent = Sent()
    for kind in platform.card.kinds.values():
        if kind.source:
            _send_all(platform, kind, centre, sent)
    return sent


def _send_all(platform: Platform, kind: Kind, centre: Lists, sent: Sent) -> None:
    """One list; that it cannot be read holds up no other list."""
    try:
        for ours in centre.items(kind.source):
            if kind.wanted(ours):
                _send(platform, kind, ours, sent)
    except NeverPossible as error:
        sent.faults[kind.name] = str(error)


def _send(platform: Platform, kind: Kind, ours: Mapping[str, Any], sent: Sent) -> None:
    try:
        answer = platform.send(kind, kind.record(ours))
    except NeverPossible as error:
        sent.faults[f"{kind.name} {ours.get(kind.our_id)}"] = str(error)
        return
    if isinstance(answer, Reported):
        sent.confirmed += 1
    else:
        sent.faults[f"{kind.name} {ours.get(kind.our_id)}"] = f"refused: {answer}"
