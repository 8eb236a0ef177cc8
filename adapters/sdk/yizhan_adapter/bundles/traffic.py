"""One look at the folders: what came is taken or refused, what is due is written."""

from __future__ import annotations

import logging
import time
from collections import Counter

from yizhan_adapter.bundles.folders import Folders
from yizhan_adapter.bundles.gate import Gate
from yizhan_adapter.bundles.refusals import Refused

log = logging.getLogger(__name__)


class Traffic:
    """The two halves of a round; `every_s` is the pace at which new bundles are made."""

    def __init__(self, gate: Gate, folders: Folders, every_s: float = 30.0) -> None:
        self.gate, self.folders, self.every_s = gate, folders, every_s
        self._next = 0.0

    def round(self) -> int:
        """Take in what is there, send out when it is time; how many bundles were taken."""
        taken = self.take_in()["taken"]
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self.every_s
            self.send_out()
        return taken

    def take_in(self) -> Counter[str]:
        """Every file that lies in `in`: how many were taken, were there before, or were refused."""
        counts: Counter[str] = Counter()
        with self.folders.alone():
            for path in self.folders.arrived():
                try:
                    outcome = self.gate.take(path.name, self.folders.read(path), time.time())
                except Refused as refused:
                    log.error(
                        "bundle refused",
                        extra={"file": path.name, "code": refused.code, "why": str(refused)},
                    )
                    self.folders.reject(path, str(refused))
                    counts["refused"] += 1
                    continue
                log.info("bundle taken", extra={"file": path.name, "outcome": outcome})
                self.folders.accept(path)
                counts["repeated" if outcome == "repeat" else "taken"] += 1
        return counts

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

    def _tidy(self, now: float) -> None:
        db = self.gate.db
        kin = f"{self.gate.department}.{self.gate.sending.direction}."
        self.folders.clear(now, kin, db.number("series"), db.number("confirmed"))
