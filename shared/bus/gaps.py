"""Messages that came before their turn: give them when it comes, and fetch what never came (BUS b8)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from shared.aggregate.held import FIRST, Kept
from shared.aggregate.store import Early, Store
from shared.bus.telemetry import EARLY, GAPS_LATE
from shared.bus.worker import Worker

log = logging.getLogger(__name__)

ASK_AFTER = timedelta(minutes=5)
ALARM_AFTER = timedelta(minutes=15)

Fetch = Callable[[str, str], list[bytes]]
"""(stream, sequence) -> the owner's exact events of that stream from that sequence on."""


class Healer:
    """Looks after the gaps of one worker's stores."""

    def __init__(self, worker: Worker, fetch: Fetch) -> None:
        self.worker, self.fetch = worker, fetch

    def round(self) -> int:
        """Handle what is in turn, ask the owner for what is missing; returns how many streams wait."""
        while any([self._heal(store, first) for store, first in self._waiting()]):
            pass  # each pass may bring the next of a stream into its turn
        left = self._waiting()
        for store, first in left:
            if self.worker.clock() - first.since > ASK_AFTER:
                self._fill(first, self._expected(store, first))
        EARLY.labels(self.worker.service).set(len(left))
        late = [k for _, k in left if self.worker.clock() - k.since > ALARM_AFTER]
        GAPS_LATE.labels(self.worker.service).set(len(late))
        return len(left)

    def _waiting(self) -> list[tuple[Store[Any], Kept]]:
        """The first kept message of each stream."""
        return [(store, kept) for store in self.worker.stores for kept in store.kept()]

    def _heal(self, store: Store[Any], kept: Kept) -> bool:
        """Whether a kept message had its turn."""
        expected = self._expected(store, kept)
        if kept.sequence > expected:
            return False
        if kept.sequence == expected:
            self.worker.hear(kept.body)
        store.release(kept)
        return True

    def _fill(self, kept: Kept, expected: str) -> None:
        log.warning(
            "gap", extra={"service": self.worker.service, "stream": kept.stream, "expected": expected}
        )
        for body in self.fetch(kept.stream, expected):
            try:
                self.worker.hear(body)
            except Early as early:
                early.keep()

    @staticmethod
    def _expected(store: Store[Any], kept: Kept) -> str:
        held = store.find(kept.aggregate)
        return held.seen.get(kept.stream, FIRST) if held else FIRST
