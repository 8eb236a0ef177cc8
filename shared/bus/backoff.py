"""Which addresses the relay leaves alone for a while, because the broker took nothing that was sent there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

LONGEST = 30.0  # seconds
Address = tuple[str, str]
"""(destination, routing key): one department's full mailbox holds up no other. With key "", all of it."""


def address(entry: Mapping[str, Any]) -> Address:
    """Where an outbox entry goes."""
    return entry["dest"], entry["key"]


class BackOff:
    """Pauses of 1, 2, 4 … seconds per address, until something is taken there again."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.monotonic = monotonic
        self.pauses: dict[Address, tuple[float, float]] = {}  # address -> (until, seconds)

    def shut(self, where: Address) -> None:
        """Leave an address alone; however many messages were refused together, once."""
        until, seconds = self.pauses.get(where, (0.0, 0.5))
        if until <= self.monotonic():
            seconds = min(seconds * 2, LONGEST)
            self.pauses[where] = (self.monotonic() + seconds, seconds)

    def open(self, where: Address) -> None:
        """Something was taken there."""
        self.pauses.pop(where, None)
        self.pauses.pop((where[0], ""), None)

    def is_open(self, entry: Mapping[str, Any]) -> bool:
        """Whether an entry may be sent now."""
        where = address(entry)
        return not self.pauses or not {where, (where[0], "")} & set(self._present())

    def query(self) -> dict[str, Any]:
        """Matches documents with something to send now: those that wait do not fill the first page."""
        shut = [{"dest": dest, "key": key} if key else {"dest": dest} for dest, key in self._present()]
        return {"outbox": {"$elemMatch": {"$nor": shut}}} if shut else {}

    def _present(self) -> list[Address]:
        return [where for where, (until, _) in self.pauses.items() if until > self.monotonic()]
