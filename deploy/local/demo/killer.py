"""Kills parts of the running suite with -9 while the demo works, again and again."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress

from deploy.local.demo.suite import processes

TIMES = 3  # each part at least
PAUSE = 6.0  # seconds between two kills: long enough for a queue to be older than ten


class Killer:
    """`broker`, `mongod` and `worker` (each worker in turn), in a thread of its own."""

    def __init__(self, parts: list[str]) -> None:
        self.parts = parts
        self.kills: dict[str, int] = dict.fromkeys(parts, 0)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Begin."""
        if self.parts:
            self.thread.start()

    def finish(self) -> None:
        """Go on until each part was killed often enough, then leave the suite in peace."""
        if self.parts:
            self.stop.set()
            self.thread.join()

    def _work(self) -> None:
        while not (self.stop.is_set() and min(self.kills.values()) >= TIMES):
            for part in self.parts:
                self._kill(part)
                time.sleep(PAUSE)

    def _kill(self, part: str) -> None:
        alive = [p for p in processes() if p.alive and _is(p.name, p.kind, part)]
        if not alive:
            return
        victim = alive[self.kills[part] % len(alive)]
        with suppress(ProcessLookupError):
            os.kill(victim.pid, signal.SIGKILL)
            self.kills[part] += 1


def _is(name: str, kind: str, part: str) -> bool:
    return kind == part or (kind == "server" and part in name)
