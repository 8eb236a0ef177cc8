"""One look at the folders: what came is taken or refused, what is due is written."""

from __future__ import annotations

import logging
import time
from collections import Counter
from pathlib import Path

from yizhan_adapter.bundles.folders import Folders
from yizhan_adapter.bundles.gate import Gate
from yizhan_adapter.bundles.refusals import Refused

HOUR = 3_600.0

log = logging.getLogger(__name__)


class Traffic:
    """The two halves of a round; `every_s` is the pace at which bundles are written."""

    def __init__(self, gate: Gate, folders: Folders, every_s: float = 30.0) -> None:
        self.gate, self.folders, self.every_s = gate, folders, every_s
        self._next = self._next_pruning = 0.0

    def take_in(self) -> Counter[str]:
        """Every file that lies in `in`: how many were taken, were there before, or were refused."""
        with self.folders.alone():
            return Counter(self._take(path) for path in self.folders.arrived())

    def send_in_time(self) -> int:
        """Write what is due, if it is time to; how many files that were."""
        if time.monotonic() < self._next:
            return 0
        self._next = time.monotonic() + self.every_s
        return self.send_out()

    def send_out(self) -> int:
        """Write every bundle that is due; how many files that were."""
        now, files = time.time(), 0
        with self.folders.alone():
            self._tidy(now)
            for parcel in self.gate.due(now):
                self.folders.write(parcel)
                self.gate.written(parcel, now)
                log.info("bundle written", extra={"file": parcel.name})
                files += 1
        return files

    def _take(self, path: Path) -> str:
        """One file; one that cannot even be read holds up no other."""
        about = {"file": path.name}
        try:
            outcome = self.gate.take(path.name, self.folders.read(path), time.time())
            self.folders.accept(path)
        except Refused as refused:
            log.error("bundle refused", extra=about | {"code": refused.code, "why": str(refused)})
            self.folders.reject(path, str(refused))
            return "refused"
        except OSError as error:
            log.error("file cannot be read or moved", extra=about | {"error": str(error)})
            return "unreadable"
        log.info("bundle taken", extra=about | {"outcome": outcome})
        return "repeated" if outcome == "repeat" else "taken"

    def _tidy(self, now: float) -> None:
        db = self.gate.db
        kin = f"{self.gate.department}.{self.gate.sending.direction}."
        self.folders.clear(kin, db.number("series"), db.number("confirmed"))
        if now >= self._next_pruning:
            self._next_pruning = now + HOUR
            self.folders.prune(now)
