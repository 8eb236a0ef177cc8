"""The adapter's own durable memory: every ask, every answer, and which answers the centre has not confirmed.

One SQLite file with a write-ahead log that is flushed at every commit. An acknowledged ask is on disk; an
answer and the new state of its ask are one transaction; both outlive a kill at any point. Each thread
opens its own.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from yizhan_adapter import answers, asks, envelope
from yizhan_adapter.answers import Answer, Received, Said
from yizhan_adapter.asks import Ask

NEW, WAITING, STUCK, DONE = "new", "waiting", "stuck", "done"
NEVER = 1e18  # not before the back office or a person moves it
LONGEST = 3_600.0  # no pause is longer; one that seems so was written before the system's clock was set back
KEPT = 400 * 86_400  # seconds a finished ask is remembered: longer than any replay of it

_TABLES = """
CREATE TABLE IF NOT EXISTS asks (
    key TEXT PRIMARY KEY, delivery_id TEXT NOT NULL, body BLOB NOT NULL, state TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, next_at REAL NOT NULL, taken_at REAL NOT NULL, done_at REAL,
    error TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS asks_next ON asks (next_at) WHERE state IN ('new', 'waiting');
CREATE TABLE IF NOT EXISTS answers (
    n INTEGER PRIMARY KEY AUTOINCREMENT, ask TEXT NOT NULL, delivery_id TEXT NOT NULL,
    number INTEGER NOT NULL, said TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL,
    UNIQUE (ask, said), UNIQUE (delivery_id, number));
CREATE TABLE IF NOT EXISTS outbox (n INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS pulse (one INTEGER PRIMARY KEY, at REAL NOT NULL);
"""


@dataclass(frozen=True, kw_only=True)
class Open:
    """An ask that is not finished, and how far it came."""

    ask: Ask
    state: str
    tries: int = 0
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """An answer on its way to the centre."""

    n: int
    id: str
    name: str
    body: bytes


class Store:
    """Opens (and makes, if new) the file; raises sqlite3.Error when the disk does not let us write."""

    def __init__(self, path: Path | str) -> None:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    def check(self) -> None:
        """Prove that the disk takes writes, before anything is promised to the broker."""
        with self._write() as db:
            db.execute("INSERT OR REPLACE INTO pulse VALUES (1, ?)", (time.time(),))

    def keep(self, ask: Ask, body: bytes, now: datetime, *, again: bool = False) -> bool:
        """Store an ask with its `received`; false when we have it already, and then nothing new is said.

        `again`: the centre itself published it again, so it has not heard us: the same answers, with the
        same ids, go out once more.
        """
        with self._write() as db:
            at = time.time()
            row = (ask.key, ask.delivery_id, body, NEW, at, at)
            took = db.execute(
                "INSERT OR IGNORE INTO asks (key, delivery_id, body, state, next_at, taken_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                row,
            ).rowcount
            if took:
                self._say(ask, Received(), now)
            elif again:
                db.execute("INSERT OR IGNORE INTO outbox SELECT n FROM answers WHERE ask = ?", (ask.key,))
        return bool(took)

    def due(self, at: float, limit: int = 20) -> list[Open]:
        """Unfinished asks whose time has come, oldest first."""
        rows = self._db.execute(
            "SELECT body, state, tries, error FROM asks WHERE state IN (?, ?)"
            " AND (next_at <= ? OR (next_at > ? AND next_at < ?)) ORDER BY next_at LIMIT ?",
            (NEW, WAITING, at, at + LONGEST, NEVER, limit),
        )
        return [_open(row) for row in rows]

    def tell(self, ask: Ask, told: Iterable[Answer], now: datetime, next_at: float) -> int:
        """Say what is new among these answers and move the ask on, in one write; how many were new."""
        with self._write():
            fresh = answers.fresh(self._spoken(ask), told)
            for answer in fresh:
                self._say(ask, answer, now)
            self._move(ask, DONE if answers.finished(self._spoken(ask)) else WAITING, next_at)
        return len(fresh)

    def later(self, ask: Ask, error: str, next_at: float, *, counted: bool = True) -> None:
        """Try this ask again at an instant."""
        with self._write() as db:
            db.execute(
                "UPDATE asks SET next_at = ?, tries = tries + ?, error = ? WHERE key = ?",
                (next_at, int(counted), error, ask.key),
            )

    def stick(self, ask: Ask, error: str) -> None:
        """Leave this ask to a person."""
        with self._write() as db:
            db.execute("UPDATE asks SET state = ?, error = ? WHERE key = ?", (STUCK, error, ask.key))

    def retry(self, delivery_id: str | None = None) -> int:
        """Take up at once what a person has mended (one ask, or every stuck one); how many that were."""
        states = (STUCK,) if delivery_id is None else (STUCK, NEW)
        with self._write() as db:
            return db.execute(
                "UPDATE asks SET state = ?, tries = 0, next_at = ? WHERE state IN (?, ?)"
                " AND (? IS NULL OR delivery_id = ?)",
                (NEW, time.time(), states[0], states[-1], delivery_id, delivery_id),
            ).rowcount

    def reopen(self, delivery_id: str) -> int:
        """Take up a finished ask once more: what it led to is not there; what was said is not said again."""
        with self._write() as db:
            return db.execute(
                "UPDATE asks SET state = ?, next_at = ?, done_at = NULL WHERE state = ? AND delivery_id = ?",
                (NEW, time.time(), DONE, delivery_id),
            ).rowcount

    def unfinished(self) -> list[Open]:
        """Every ask without a final answer, in the order of arrival."""
        rows = self._db.execute(
            "SELECT body, state, tries, error FROM asks WHERE state <> ? ORDER BY taken_at", (DONE,)
        )
        return [_open(row) for row in rows]

    def outgoing(self, limit: int = 50) -> list[Letter]:
        """Answers the centre has not confirmed, in the order they were said."""
        rows = self._db.execute(
            "SELECT n, id, name, body FROM outbox JOIN answers USING (n) ORDER BY n LIMIT ?", (limit,)
        )
        return [Letter(n=n, id=id, name=name, body=body) for n, id, name, body in rows]

    def sent(self, letters: Sequence[Letter]) -> None:
        """The centre's broker has these: take them out of the outbox."""
        if letters:
            with self._write() as db:
                db.executemany("DELETE FROM outbox WHERE n = ?", [(letter.n,) for letter in letters])

    def hurry(self, error: str) -> int:
        """Take up at once the asks that wait because of an error that begins so: what they lacked is here."""
        with self._write() as db:
            return db.execute(
                "UPDATE asks SET next_at = ? WHERE state IN (?, ?) AND error LIKE ? || '%'",
                (time.time(), NEW, WAITING, error),
            ).rowcount

    def say_again(self) -> int:
        """Everything ever said goes out once more, under its ids: who carried it has lost its memory."""
        with self._write() as db:
            return db.execute("INSERT OR IGNORE INTO outbox SELECT n FROM answers").rowcount

    def burden(self, at: float) -> tuple[int, int]:
        """Asks that wait for this adapter (not for the department) and the age in seconds of the oldest."""
        count, oldest = self._db.execute(
            "SELECT count(*), min(taken_at) FROM asks WHERE state IN (?, ?)"
            " OR key IN (SELECT ask FROM outbox JOIN answers USING (n))",
            (NEW, STUCK),
        ).fetchone()
        return count, max(0, int(at - oldest)) if oldest else 0

    def forget(self, at: float) -> None:
        """Drop what was finished so long ago that nobody will send it again."""
        with self._write() as db:
            old = (at - KEPT,)
            db.execute("DELETE FROM answers WHERE ask IN (SELECT key FROM asks WHERE done_at < ?)", old)
            db.execute("DELETE FROM asks WHERE done_at < ?", old)
            db.execute("DELETE FROM outbox WHERE n NOT IN (SELECT n FROM answers)")

    def _spoken(self, ask: Ask) -> set[str]:
        return {row[0] for row in self._db.execute("SELECT said FROM answers WHERE ask = ?", (ask.key,))}

    def _say(self, ask: Ask, answer: Said, now: datetime) -> None:
        number = self._db.execute(
            "SELECT coalesce(max(number), 0) + 1 FROM answers WHERE delivery_id = ?", (ask.delivery_id,)
        ).fetchone()[0]
        id = envelope.new_id()
        body = envelope.answer(ask, answer, number, now, id)
        row = (ask.key, ask.delivery_id, number, answers.said(answer), id, answer.name, body)
        cursor = self._db.execute(
            "INSERT INTO answers (ask, delivery_id, number, said, id, name, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        self._db.execute("INSERT INTO outbox VALUES (?)", (cursor.lastrowid,))

    def _move(self, ask: Ask, state: str, next_at: float) -> None:
        done_at = time.time() if state == DONE else None
        self._db.execute(
            "UPDATE asks SET state = ?, next_at = ?, done_at = ?, tries = 0, error = '' WHERE key = ?",
            (state, next_at, done_at, ask.key),
        )

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it on disk, or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise


def _open(row: tuple[bytes, str, int, str]) -> Open:
    body, state, tries, error = row
    return Open(ask=asks.parse(body), state=state, tries=tries, error=error)
