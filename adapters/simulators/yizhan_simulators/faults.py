"""The disturbances a simulator shows on demand: down, failing, slow, forgetful, doubling, recoding."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any, Literal

Reply = tuple[int, Any]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """`down` and `recode` last until lifted; the others are for the next calls."""

    next: int = 0  # so many calls answer `status`, or hang
    status: int = 0
    after: bool = False  # it is done, and the reply is lost
    hang_s: float = 0.0
    down: bool = False
    twice: int = 0  # takes what it has as another one
    recode: str = ""  # says this code instead of its usual one


class Faults:
    """The disturbance that is on, counted down call by call."""

    def __init__(self) -> None:
        self._fault, self._lock = Fault(), Lock()

    def order(self, fault: Fault) -> None:
        """Disturb from now on; an empty order lifts everything."""
        with self._lock:
            self._fault = fault

    @property
    def recode(self) -> str:
        """The code to be said, if any."""
        return self._fault.recode

    def drawn(self, name: Literal["next", "twice"]) -> Fault | None:
        """The disturbance, if one of these is left for this call."""
        with self._lock:
            fault, left = self._fault, int(getattr(self._fault, name))
            if left:
                self._fault = Fault(**(asdict(fault) | {name: left - 1}))
            return fault if left else None

    def around(self, act: Callable[[], Reply], refused: Callable[[str], Any]) -> Reply:
        """What a call comes to under the present disturbance."""
        if self._fault.down:
            return 503, refused("down for maintenance")
        fault = self.drawn("next")
        if fault is None:
            return act()
        time.sleep(fault.hang_s)
        done = act() if fault.after or not fault.status else None
        return (fault.status, refused("simulated fault")) if fault.status else done or (500, {})
