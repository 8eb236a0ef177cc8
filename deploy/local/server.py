"""What every private server has in common: prepare, start, wait until it answers, stop, kill, start again."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from pathlib import Path

from deploy.local.child import Child, Command, start

GRACE = 20.0


class ServerFailed(RuntimeError):
    """A server ended, or did not answer in time; the message says which log to read."""


class Server(ABC):
    """A server whose files live in one folder, so that its data outlives every kind of death."""

    name: str

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder = folder
        self.log = log
        self.child: Child | None = None

    @abstractmethod
    def command(self) -> Command:
        """Writes what the server reads at its start and says how it is started."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it can be used now. Never raises."""

    @property
    def pid(self) -> int:
        """The process to kill; raises ServerFailed when it was not started here."""
        if self.child is None:
            raise ServerFailed(f"{self.name} is not running")
        return self.child.pid

    def launch(self) -> None:
        """Starts without waiting, if it is not running already."""
        if self.child is None or self.child.ended:
            self.child = start(self.command())

    def wait(self, timeout: float = 180) -> None:
        """Returns when it answers; raises ServerFailed when it ended or the time is over."""
        deadline = time.monotonic() + timeout
        while not self.answers():
            if self.child is not None and self.child.ended:
                raise ServerFailed(f"{self.name} ended while starting, see {self.log}")
            if time.monotonic() > deadline:
                raise ServerFailed(f"{self.name} does not answer after {timeout:.0f} s, see {self.log}")
            time.sleep(0.1)

    def start(self) -> None:
        self.launch()
        self.wait()

    def stop(self) -> None:
        """Ends it in good order."""
        if self.child is not None:
            self.child.stop(GRACE)

    def kill(self) -> None:
        """kill -9: what the fault tests and the demo do to it."""
        if self.child is not None:
            self.child.kill()

    def restart(self) -> None:
        """Starts it again after a stop or a kill, or ends it first when it runs."""
        self.stop()
        self.start()
