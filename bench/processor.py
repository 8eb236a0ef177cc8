"""Who uses the processors while something is measured: our workers, the database, the broker, others."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import psutil


@dataclass(frozen=True, kw_only=True)
class Use:
    """Processor seconds of a stretch of time: of named groups, and of the machine."""

    seconds: float
    of: Mapping[str, float]
    busy: float
    idle: float

    def shares(self) -> dict[str, float]:
        """Processors used by each group, and by everybody else on the machine."""
        found = {name: used / self.seconds for name, used in self.of.items()}
        return found | {"others": max(0.0, self.busy / self.seconds - sum(found.values()))}


@dataclass
class Meter:
    """Begins to count when it is made; groups are process ids, their children included."""

    groups: Mapping[str, Iterable[int]]
    _began: tuple[float, dict[str, float], float, float] = field(init=False)

    def __post_init__(self) -> None:
        self._began = self._look()

    def read(self) -> Use:
        """What was used since it was made."""
        (then, before, busy, idle), (now, after, busy_now, idle_now) = self._began, self._look()
        used = {name: after[name] - before[name] for name in after}
        return Use(seconds=now - then, of=used, busy=busy_now - busy, idle=idle_now - idle)

    def _look(self) -> tuple[float, dict[str, float], float, float]:
        machine = psutil.cpu_times()
        idle = machine.idle + machine.iowait
        used = {name: sum(map(_seconds, pids)) for name, pids in self.groups.items()}
        return time.monotonic(), used, sum(machine[:8]) - idle, idle


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0))


def _seconds(pid: int) -> float:
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return sum(sum(member.cpu_times()[:4]) for member in family)  # with those of children that have ended
