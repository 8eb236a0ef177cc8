"""Kills parts of the running suite with -9 while the demo works, again and again."""

from __future__ import annotations

import os
import signal
import threading
import time
from operator import attrgetter

from deploy.local.demo.suite import processes
from deploy.local.state import Running

TIMES = 4  # each part
PAUSE = 5.0  # seconds of work between two kills
RETURN = 30.0  # seconds at most until the part has come back and the next one is killed


by_name = attrgetter("name")


class Killer:
    """`broker`, `mongod` and `worker` (each worker in turn), in a thread of its own."""

    def __init__(self, parts: list[str]) -> None:
        self.parts = parts
        self.kills: dict[str, int] = dict.fromkeys(parts, 0)
        self.thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Begin."""
        if self.parts:
            self.thread.start()

    def finish(self) -> None:
        """Wait until each part was killed often enough."""
        if self.parts:
            self.thread.join()

    def _work(self) -> None:
        for _ in range(TIMES):
            for part in self.parts:
                self._kill(part)
                time.sleep(PAUSE)

    def _kill(self, part: str) -> None:
        """Kill one, then wait until one of that name runs again."""
        alive = sorted((p for p in processes() if p.alive and _is(p.name, p.kind, part)), key=by_name)
        victim = alive[self.kills[part] % len(alive)]
        os.kill(victim.pid, signal.SIGKILL)
        self.kills[part] += 1
        until = time.monotonic() + RETURN
        while time.monotonic() < until and not _back(victim):
            time.sleep(0.2)


def _back(victim: Running) -> bool:
    return any(p.name == victim.name and p.alive and p.pid != victim.pid for p in processes())


def _is(name: str, kind: str, part: str) -> bool:
    return kind == part or (kind == "server" and part in name)
