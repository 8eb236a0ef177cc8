"""A simulator's own storage: one record per reference number, however often it is handed over."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

_TABLE = """
CREATE TABLE IF NOT EXISTS records (
    n INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT NOT NULL UNIQUE, case_no TEXT NOT NULL,
    course TEXT NOT NULL, opened_at REAL NOT NULL, posted INTEGER NOT NULL DEFAULT 1)
"""


def now() -> float:
    """Seconds since the epoch, moved by the suite's shared clock file, if there is one."""
    path = os.environ.get("YIZHAN_CLOCK")
    moved = path and Path(path).exists()
    return time.time() + (struct.unpack("<d", Path(str(path)).read_bytes()[:8])[0] if moved else 0.0)


@dataclass(frozen=True, kw_only=True)
class Record:
    """One case in a simulated back office."""

    n: int
    reference: str
    case_no: str
    course: tuple[str, ...]
    opened_at: float
    posted: int  # how often it was handed over

    def passed(self, at: float, step_s: float) -> list[tuple[str, float]]:
        """The codes reached so far and when: one more for each step of time, or all when steps take none."""
        when = [(code, self.opened_at + i * step_s) for i, code in enumerate(self.course)]
        return [(code, reached) for code, reached in when if reached <= at or not step_s]


class Ledger:
    """The records of one simulator, in an SQLite file."""

    def __init__(self, path: Path | str, step_s: float = 0.0) -> None:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.step_s, self._lock = step_s, Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute(_TABLE)

    def take(self, reference: str, case_no: str, course: tuple[str, ...]) -> tuple[Record, bool]:
        """The record of a reference number, and whether it is new."""
        with self._lock:
            row = (reference, case_no, json.dumps(course), now())
            self._db.execute(
                "INSERT INTO records (reference, case_no, course, opened_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (reference) DO UPDATE SET posted = posted + 1",
                row,
            )
        record = self.find(reference)
        assert record is not None
        return record, record.posted == 1

    def find(self, reference: str) -> Record | None:
        """The record of a reference number, if there is one."""
        found = self._rows("WHERE reference = ?", reference)
        return found[0] if found else None

    def all(self) -> list[Record]:
        """Every record, in the order of arrival."""
        return self._rows("ORDER BY n")

    def passed(self, record: Record) -> list[tuple[str, float]]:
        """The codes a record has reached by now."""
        return record.passed(now(), self.step_s)

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    def _rows(self, where: str, *values: Any) -> list[Record]:
        with self._lock:
            rows = self._db.execute(f"SELECT * FROM records {where}", values).fetchall()  # noqa: S608 our words
        names = ("n", "reference", "case_no", "course", "opened_at", "posted")
        made = [dict(zip(names, row, strict=True)) for row in rows]
        return [Record(**(one | {"course": tuple(json.loads(one["course"]))})) for one in made]
