"""The adapter's clerk: takes stored asks to the back office and brings its answers back.

It runs in a thread of its own and knows no broker. What it does is safe to do twice, because it may be killed
between the back office's reply and the note of it.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from threading import Event

from yizhan_adapter.answers import Answer
from yizhan_adapter.asks import Ask
from yizhan_adapter.clock import Clock, now
from yizhan_adapter.crash import crash_here
from yizhan_adapter.disclosures import Discloses
from yizhan_adapter.errors import NeverPossible, OfficeDown, TryLater
from yizhan_adapter.plugins import Adapter, Polls
from yizhan_adapter.store import NEVER, NEW, Open, Store

log = logging.getLogger(__name__)

PATIENCE = (2.0, 10.0, 60.0, 300.0, 1_800.0)  # seconds before the next try; the last one for ever
TRIES = 8  # of an error nobody foresaw; one that says "later" is tried without end
PROBE = 60.0  # the longest pause while the whole back office is down
IDLE = 1.0
DISK = 5.0


class Desk:
    """Works on one ask at a time, oldest first."""

    def __init__(
        self,
        adapter: Adapter,
        store: Store,
        *,
        clock: Clock = now,
        poll_s: float = 30.0,
        patience: tuple[float, ...] = PATIENCE,
        told: Callable[[], None] = lambda: None,
        vault: Discloses | None = None,
    ) -> None:
        self.adapter, self.store, self.clock, self.vault = adapter, store, clock, vault
        self.poll_s, self.patience, self.told = poll_s, patience, told
        self.closed_until = 0.0  # the whole back office is down until then
        self.refused = 0  # calls in a row that found it down

    def run(self, stop: Event, wake: Event) -> None:
        """Work until asked to stop; the ask in hand is finished first."""
        while not stop.is_set():
            wake.clear()
            try:
                busy = self.round(time.time(), stop)
            except (
                sqlite3.OperationalError
            ) as error:  # the disk is full or gone; every ask is still as it was
                log.error("cannot note", extra={"error": str(error)})
                busy = stop.wait(DISK)
            if not busy:
                wake.wait(IDLE)

    def round(self, at: float, stop: Event | None = None) -> int:
        """Work on every ask that is due; how many that were."""
        done = 0
        for held in self.store.due(at) if at >= self.closed_until else ():
            if (stop and stop.is_set()) or at < self.closed_until:
                break
            self.work(held, at)
            done += 1
        return done

    def work(self, held: Open, at: float) -> None:
        """One ask, one call to the back office, one note of what came of it."""
        crash_here("adapter.before_handle")
        try:
            told = list(self._asked(held))
            self.refused = 0
            crash_here("adapter.before_answer")
            fresh = self.store.tell(held.ask, told, self.clock(), self._next(at))
        except OfficeDown as error:
            self._closed(held, at, error)
        except NeverPossible as error:
            self._stuck(held, error)
        except TryLater as error:
            self._later(held, at, error)
        else:
            if fresh:
                self.told()

    def _asked(self, held: Open) -> Iterable[Answer]:
        """What the plug-in says; an error it did not foresee is worth another try, but not for ever."""
        ask = self._able(held.ask)
        try:
            if held.state == NEW or not isinstance(self.adapter, Polls):
                answer = self.adapter.handle(ask)
                return () if answer is None else (answer,)
            return tuple(self.adapter.poll(ask))
        except (TryLater, NeverPossible):
            raise
        except Exception as error:
            log.exception("the plug-in failed", extra=_about(held))
            kind = NeverPossible if held.tries + 1 >= TRIES else TryLater
            raise kind(f"{type(error).__name__} in the plug-in") from error

    def _able(self, ask: Ask) -> Ask:
        """The ask, able to claim fields from the vault."""
        return replace(ask, vault=self.vault)

    def _next(self, at: float) -> float:
        return at + self.poll_s if isinstance(self.adapter, Polls) else NEVER

    def _closed(self, held: Open, at: float, error: OfficeDown) -> None:
        self.closed_until = at + min(PROBE, self._pause(self.refused))
        self.refused += 1
        self.store.later(held.ask, str(error), self.closed_until, counted=False)
        log.warning("the back office is down", extra=_about(held) | {"error": str(error)})

    def _later(self, held: Open, at: float, error: TryLater) -> None:
        self.store.later(held.ask, str(error), at + self._pause(held.tries))
        log.warning("later", extra=_about(held) | {"error": str(error), "tries": held.tries + 1})

    def _stuck(self, held: Open, error: NeverPossible) -> None:
        self.store.stick(held.ask, str(error))
        log.error("stuck: a person must look", extra=_about(held) | {"error": str(error)})

    def _pause(self, failures: int) -> float:
        return self.patience[min(failures, len(self.patience) - 1)]


def _about(held: Open) -> dict[str, object]:
    return {"delivery_id": held.ask.delivery_id, "case_no": held.ask.case_no, "state": held.state}
