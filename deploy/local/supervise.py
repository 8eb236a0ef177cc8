"""Keeps processes running: starts them again when they die, and ends them all when asked to stop."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from deploy.local.child import Child, Command, start
from deploy.local.state import Running, born

FIRST_DELAY, LONGEST_DELAY = 0.5, 4.0
STEADY = 10.0  # having run that long, a process is forgiven its earlier deaths
GRACE = 20.0
TICK = 0.1


class Stopped(Exception):
    """Somebody asked the launcher to stop while it was waiting for something."""


class NotReady(RuntimeError):
    """Something did not happen in the time it should take."""


@dataclass(kw_only=True)
class Kept:
    """A command that is kept running."""

    command: Command
    kind: str
    child: Child
    started: float
    restarts: int = 0
    delay: float = FIRST_DELAY
    due: float | None = None  # when it is started again; None while it runs

    def running(self) -> Running:
        pid = 0 if self.due is not None else self.child.pid
        since = datetime.fromtimestamp(born(pid), UTC).isoformat(timespec="seconds") if pid else ""
        return Running(
            name=self.command.name,
            kind=self.kind,
            pid=pid,
            born=born(pid),
            restarts=self.restarts,
            since=since,
        )


class Supervisor:
    """A loop over child processes; calls ``changed`` when one starts or ends, and tells ``say`` of deaths."""

    def __init__(self, changed: Callable[[], None], say: Callable[[str], None]) -> None:
        self.kept: dict[str, Kept] = {}
        self.asked_to_stop = 0
        self._changed = changed
        self._say = say

    def listen(self) -> None:
        """Ctrl-C, make down and a closed terminal all mean: stop in good order. Twice means: at once."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def start(self, command: Command, kind: str) -> None:
        self.kept[command.name] = Kept(
            command=command, kind=kind, child=start(command), started=time.monotonic()
        )
        self._changed()

    def run_once(self, command: Command, timeout: float) -> int:
        """Runs a command to its end, minding the others meanwhile; gives its exit code."""
        child = start(command)
        try:
            self.until(lambda: child.ended, timeout, command.name)
        finally:
            code = child.kill()
        return code

    def until(self, condition: Callable[[], bool], timeout: float, what: str) -> None:
        """Minds the processes until the condition holds; raises NotReady, or Stopped when asked to stop."""
        deadline = time.monotonic() + timeout
        while not condition():
            self.tick()
            if time.monotonic() > deadline:
                raise NotReady(what)
            time.sleep(TICK)

    def run(self) -> None:
        """Minds the processes until somebody asks to stop."""
        while True:
            self.tick()
            time.sleep(TICK)

    def tick(self) -> None:
        """One look at every process. Raises Stopped when somebody asked."""
        if self.asked_to_stop:
            raise Stopped
        for kept in self.kept.values():
            if kept.due is None and kept.child.ended:
                self._bury(kept)
            elif kept.due is not None and time.monotonic() >= kept.due:
                self._revive(kept)

    def stop(self, *kinds: str) -> None:
        """Ends the processes of these kinds (all, when none is named) side by side, by force if need be."""
        leaving = [kept.child for kept in self.kept.values() if kept.kind in kinds or not kinds]
        for child in leaving:
            child.ask_to_stop()
        deadline = time.monotonic() + GRACE
        while self.asked_to_stop < 2 and time.monotonic() < deadline and not all(c.ended for c in leaving):
            time.sleep(TICK / 5)
        for child in leaving:
            child.kill()

    def _bury(self, kept: Kept) -> None:
        code = kept.child.kill()
        lived = time.monotonic() - kept.started
        kept.delay = (
            FIRST_DELAY if lived > STEADY or not kept.restarts else min(kept.delay * 2, LONGEST_DELAY)
        )
        kept.due = time.monotonic() + kept.delay
        self._say(f"{kept.command.name} 已退出（{code}），{kept.delay:g} 秒后重启，日志：{kept.command.log}")
        self._changed()

    def _revive(self, kept: Kept) -> None:
        kept.child, kept.started, kept.due = start(kept.command), time.monotonic(), None
        kept.restarts += 1
        self._changed()

    def _ask(self, number: int, _frame: object) -> None:
        self.asked_to_stop += 1
