"""One child process, started so that it cannot outlive the one who started it."""

from __future__ import annotations

import contextlib
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

LARGEST_LOG = 10_000_000

# The kernel watches the *thread* that started a child, so all children are started by one that never ends.
_STARTER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter")


@dataclass(frozen=True, kw_only=True)
class Command:
    """What to start: who, with what words, in which surroundings, writing to which log."""

    name: str
    argv: tuple[str, ...]
    folder: Path
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None


class Child:
    """A running command with a process group of its own."""

    def __init__(self, command: Command, process: subprocess.Popen[bytes]) -> None:
        self.command = command
        self.process = process

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def ended(self) -> bool:
        """Whether it is over. It is not reaped yet, so that nobody else can get its number."""
        if self.process.returncode is not None:
            return True
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def ask_to_stop(self) -> None:
        """SIGTERM to the process itself, which ends its own children in good order."""
        if not self.ended:
            self.process.send_signal(signal.SIGTERM)

    def kill(self) -> int:
        """SIGKILL to what is left of its group, then its exit code."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        return self.process.wait()

    def stop(self, grace: float) -> int:
        """Asks, waits up to that many seconds, then kills; its whole group is gone afterwards."""
        self.ask_to_stop()
        deadline = time.monotonic() + grace
        while not self.ended and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.kill()


def start(command: Command) -> Child:
    """Starts the command; it is killed by the kernel when this process ends in whatever way."""
    return _STARTER.submit(_start, command).result()


def _start(command: Command) -> Child:
    command.log.parent.mkdir(parents=True, exist_ok=True)
    _rotate(command.log)
    with command.log.open("ab") as log:
        process = subprocess.Popen(
            [*_leash(command.user), *command.argv],
            cwd=command.folder,
            env=dict(command.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
    return Child(command, process)


def _leash(user: str | None) -> list[str]:
    """setpriv (util-linux, part of every Debian) sets the death signal after it has changed the user.

    We may die before it does so; the shell behind it then sees another parent than us and goes no further.
    """
    leash = ["setpriv", "--pdeathsig", "KILL"]
    if user is not None:
        entry = pwd.getpwnam(user)
        leash += [f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
    return [*leash, "--", "/bin/sh", "-c", '[ "$PPID" = "$0" ] && exec "$@"', str(os.getpid())]


def _rotate(log: Path) -> None:
    """Keeps one older log: files grow no further than this between two starts."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
