"""What the launcher writes down about itself, so that other commands can find, show and end it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil


class AlreadyRunning(RuntimeError):
    """Another launcher works in this home."""


@dataclass(frozen=True, kw_only=True)
class Running:
    """One process as it was when the state was written; pid 0 while it waits for its next start."""

    name: str
    kind: str
    pid: int
    born: float
    restarts: int
    since: str

    @property
    def alive(self) -> bool:
        """Whether this very process still runs, not another one that got its number."""
        return self.pid > 0 and born(self.pid) == self.born


@dataclass(frozen=True, kw_only=True)
class State:
    """The launcher and everything it started."""

    launcher: Running
    profile: str
    url: str
    ready_after: float | None
    probes: tuple[str, ...]  # addresses that answer 200 when the processes behind them work
    processes: tuple[Running, ...]

    def pid(self, name: str) -> int:
        """The process of that name: what a demo or a fault test kills. Raises KeyError when there is none."""
        return {process.name: process.pid for process in self.processes}[name]


def born(pid: int) -> float:
    """When the process was born, which tells it from a later one with the same number; 0 when it is gone."""
    try:
        process = psutil.Process(pid)
        return 0.0 if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.NoSuchProcess:
        return 0.0


def write(file: Path, state: State) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(asdict(state), ensure_ascii=False, indent=1))
    draft.replace(file)


def read(file: Path) -> State | None:
    """The last state written, which may be of a launcher long gone; None when there is none."""
    try:
        raw = json.loads(file.read_text())
    except (OSError, ValueError):
        return None
    raw["launcher"] = Running(**raw["launcher"])
    raw["probes"] = tuple(raw["probes"])
    raw["processes"] = tuple(Running(**process) for process in raw["processes"])
    return State(**raw)


def running(file: Path) -> State | None:
    """The state of a launcher that runs now."""
    state = read(file)
    return state if state is not None and state.launcher.alive else None


def end_leftovers(file: Path) -> None:
    """Kills what a killed launcher may have left for a moment; a stranger with a reused number is spared."""
    state = read(file)
    for process in () if state is None else state.processes:
        if process.alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@contextlib.contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Only one launcher per home; raises AlreadyRunning. The kernel frees the lock however we end."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise AlreadyRunning(str(lock)) from held
        yield
