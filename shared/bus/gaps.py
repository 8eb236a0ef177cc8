"""Messages that came before their turn: give them when it comes, and fetch what never came (BUS b8)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NoReturn

from shared.aggregate.held import Kept
from shared.aggregate.store import Early, Store
from shared.bus.outcome import without_database
from shared.bus.telemetry import GAPS_LATE
from shared.bus.worker import Worker
from shared.contracts import wire
from shared.decision import Cause

log = logging.getLogger(__name__)

ASK_AFTER = timedelta(minutes=5)
ALARM_AFTER = timedelta(minutes=15)
ASK_AGAIN = 30.0  # seconds between two questions about one gap

Fetch = Callable[[str, str], list[bytes]]
"""(stream, sequence) -> the owner's exact events of that stream from that sequence on."""

GiveBack = Callable[[Kept, Exception], bool]
"""Puts a kept message whose handler failed back into its queue, where tries are counted; False: could not."""


def refuse(kept: Kept, error: Exception) -> NoReturn:
    """Without a queue to give it back to, a failure is the caller's."""
    raise error


class Healer:
    """Looks after the gaps of one worker's stores. One stream that fails holds up no other."""

    def __init__(self, worker: Worker, fetch: Fetch, give_back: GiveBack = refuse) -> None:
        self.worker, self.fetch, self.give_back = worker, fetch, give_back
        self.asked: dict[tuple[str, str], float] = {}  # (aggregate, stream) -> when its owner was asked last

    def round(self) -> int:
        """Handle what is in turn, ask the owner for what is missing long; returns how many streams wait."""
        left = self._waiting()
        while any([self._heal(store, first) for store, first in left]):
            left = self._waiting()  # each pass may bring the next of a stream into its turn
        self.asked = {_gap(kept): self.asked[_gap(kept)] for _, kept in left if _gap(kept) in self.asked}
        for store, first in left:
            if self._age(first) > ASK_AFTER and self._may_ask(first):
                self._fill(store, first)
        GAPS_LATE.labels(self.worker.service).set(sum(self._age(kept) > ALARM_AFTER for _, kept in left))
        return len(left)

    def _waiting(self) -> list[tuple[Store[Any], Kept]]:
        """The first kept message of each stream."""
        return [(store, kept) for store in self.worker.stores for kept in store.kept()]

    def _may_ask(self, kept: Kept) -> bool:
        return time.monotonic() - self.asked.get(_gap(kept), -ASK_AGAIN) >= ASK_AGAIN

    def _age(self, kept: Kept) -> timedelta:
        return self.worker.clock() - kept.since

    def _heal(self, store: Store[Any], kept: Kept) -> bool:
        """Whether a kept message had its turn."""
        expected = store.expected(kept.aggregate, kept.stream)
        if kept.sequence > expected or (kept.sequence == expected and not self._heard(store, kept)):
            return False
        store.release(kept)
        return True

    def _heard(self, store: Store[Any], kept: Kept) -> bool:
        """Whether it was heard, or waits elsewhere now."""
        try:
            return self._catch_up(store, kept, kept.body)
        except Exception as error:
            if without_database(error):
                raise
            return self.give_back(kept, error)

    def _fill(self, store: Store[Any], kept: Kept) -> None:
        expected = store.expected(kept.aggregate, kept.stream)
        about = {"service": self.worker.service, "stream": kept.stream, "expected": expected}
        log.warning("gap", extra=about)
        self.asked[_gap(kept)] = time.monotonic()
        try:
            for body in self.fetch(kept.stream, expected):
                self._catch_up(store, kept, body)
        except Exception as error:  # the owner is away, or the missing one cannot be handled: ask again later
            log.warning("gap stays", extra={**about, "error": type(error).__name__})

    def _catch_up(self, store: Store[Any], kept: Kept, body: bytes) -> bool:
        """Hear what was kept or missed; False when it is early after all, and kept.

        A type that nobody here takes only moves the mark on.
        """
        try:
            if not self.worker.hear(body):
                cause = Cause(at=self.worker.clock(), heard=wire.decode(body), order="strict", body=body)
                store.change(kept.aggregate, cause, lambda state: None)
        except Early as early:
            early.keep()
            return False
        return True


def _gap(kept: Kept) -> tuple[str, str]:
    return kept.aggregate, kept.stream
