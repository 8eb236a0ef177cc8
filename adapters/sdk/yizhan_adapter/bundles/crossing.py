"""The department's end of a gate: what the link is to a broker, for an adapter that has only folders.

Asks that came are put into the adapter's own store, answers in its outbox go into bundles. The desk, the
plug-in and the store are the same as ever and do not know.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event
from typing import Any

from yizhan_adapter import asks, envelope
from yizhan_adapter.bundles.coming import Came
from yizhan_adapter.bundles.manifest import Entry
from yizhan_adapter.bundles.questions import ASKED, REPLY, forget, keep_reply
from yizhan_adapter.bundles.traffic import Traffic
from yizhan_adapter.clock import Clock, now
from yizhan_adapter.crash import crash_here
from yizhan_adapter.errors import Misconfigured, Unreadable
from yizhan_adapter.store import Store

log = logging.getLogger(__name__)

HEARTBEAT = "adapter.heartbeat.v1"
BEAT = 30.0
TICK = 0.5
PAUSE = 5.0
LOST = (OSError, sqlite3.Error, Misconfigured)


class Crossing:
    """Serves one department by files until told to stop; `connection` is set while the folders work."""

    def __init__(
        self,
        department: str,
        version: str,
        store: Store,
        traffic: Traffic,
        stop: Event,
        *,
        clock: Clock = now,
        took: Callable[[], None] = lambda: None,
    ) -> None:
        self.department, self.version, self.store, self.traffic = department, version, store, traffic
        self.stop, self.clock, self.took = stop, clock, took
        self.gate = traffic.gate
        self.connection: Any = None
        self.alive = time.monotonic()
        self._wake = Event()
        self._next_beat = 0.0

    def run(self, finish: Callable[[], None] = lambda: None) -> None:
        """Look into the folders again and again; at the end `finish` is called, then what it left is sent."""
        self.gate.coming.take_up()
        while not self.stop.is_set():
            try:
                self.turn()
                self.connection = self.traffic
                self._wake.wait(TICK)
                self._wake.clear()
            except LOST as error:
                self.connection = None
                log.warning("the gate cannot be used", extra={"error": f"{type(error).__name__}: {error}"})
                self.stop.wait(PAUSE)
        finish()
        with suppress(*LOST):  # what stays behind goes when it is started again
            self.collect()
            self.traffic.send_out()

    def wake(self) -> None:
        """From another thread: there are answers."""
        self._wake.set()

    def turn(self) -> None:
        """One look: asks in, answers and a sign of life out."""
        self.alive = time.monotonic()
        self.collect()
        self._beat()
        self.traffic.take_in()
        if self.hand_over():
            self.took()
        self.traffic.send_in_time()

    def hand_over(self) -> int:
        """Put what came into the store, in its order; how much of it is work for the desk."""
        done = 0
        while here := self.gate.coming.here():
            for came in here:
                done += self._keep(came)
        return done

    def collect(self) -> None:
        """Everything the adapter has said goes to the gate's memory, and only then out of its outbox."""
        if not self.gate.db.fact("said_again"):  # a gate without a memory carries everything once more
            self.store.say_again()
            self.gate.db.set("said_again", 1)
        while letters := self.store.outgoing():
            for letter in letters:
                entry = Entry(id=letter.id, type=f"{letter.name}.v1", body=letter.body)
                self.gate.put(letter.id, entry, time.time())
            crash_here("gate.before_sent")
            self.store.sent(letters)

    def _keep(self, came: Came) -> bool:
        """One ask, or a reply; what this version does not understand is set aside for the next one."""
        if came.type == REPLY:
            keep_reply(self.gate, came)
            return bool(self.store.hurry(ASKED))
        try:
            ask = asks.read(came.body, asks.CONTENT_TYPE, self.department)
        except Unreadable as error:
            log.error("unreadable", extra={"error": str(error), "event_id": came.id})
            self.gate.coming.set_aside(came.n)
            return False
        crash_here("gate.before_keep")
        self.store.keep(ask, came.body, self.clock(), again=True)
        crash_here("gate.after_keep")
        self.gate.coming.handed([came.n])
        return True

    def _beat(self) -> None:
        if time.monotonic() < self._next_beat:
            return
        self._next_beat = time.monotonic() + max(BEAT, self.traffic.every_s)
        in_flight, oldest_s = self.store.burden(time.time())
        body = envelope.heartbeat(self.department, self.version, in_flight, oldest_s, self.clock())
        forget(self.gate)
        self.gate.beat(Entry(id=envelope.new_id(), type=HEARTBEAT, body=body), time.time())
