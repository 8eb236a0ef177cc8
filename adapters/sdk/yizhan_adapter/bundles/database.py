"""The gate's own durable memory, one SQLite file; `going` and `coming` say what the tables mean.

It is flushed at every commit, as the adapter's own store is. Each thread opens its own.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS going (
    n INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
    body BLOB NOT NULL, at REAL NOT NULL, bundle INTEGER);
CREATE INDEX IF NOT EXISTS going_key ON going (key);
CREATE INDEX IF NOT EXISTS going_bundle ON going (bundle);
CREATE TABLE IF NOT EXISTS sent (
    number INTEGER PRIMARY KEY, manifest BLOB NOT NULL, digest TEXT NOT NULL, entries INTEGER NOT NULL,
    times INTEGER NOT NULL DEFAULT 0, last_at REAL, wanted INTEGER NOT NULL DEFAULT 0,
    beyond INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS had (
    series INTEGER NOT NULL, number INTEGER NOT NULL, digest TEXT NOT NULL, previous TEXT NOT NULL,
    PRIMARY KEY (series, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS came (
    n INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
    body BLOB NOT NULL, state TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS came_state ON came (state, number);
CREATE TABLE IF NOT EXISTS refused (
    n INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, file TEXT NOT NULL, code TEXT NOT NULL,
    sentence TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS questions (id TEXT PRIMARY KEY, body BLOB NOT NULL, next_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS replies (id TEXT PRIMARY KEY, body BLOB NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class Database:
    """Opens (and makes, if new) the file; raises sqlite3.Error when the disk does not let us write."""

    def __init__(self, path: Path | str) -> None:
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_TABLES)
        self.do("INSERT OR IGNORE INTO facts VALUES ('series', ?)", str(int(time.time() * 1_000)))

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    @contextmanager
    def write(self) -> Iterator[None]:
        """One transaction: all of it on disk, or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What a question finds."""
        return self._db.execute(sql, values).fetchall()

    def one(self, sql: str, *values: object) -> Any:
        """The first column of the first row, or None."""
        row = self._db.execute(sql, values).fetchone()
        return row[0] if row else None

    def do(self, sql: str, *values: object) -> int:
        """Change something; how many rows that were."""
        return self._db.execute(sql, values).rowcount

    def each(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Change something for each of many."""
        self._db.executemany(sql, rows)

    def fact(self, name: str) -> str:
        """What is remembered under a name, or nothing."""
        return str(self.one("SELECT value FROM facts WHERE name = ?", name) or "")

    def number(self, name: str) -> int:
        """The same, as a number."""
        return int(self.fact(name) or 0)

    def set(self, name: str, value: object) -> None:
        """Remember it."""
        self.do("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, str(value))

    def refuse(self, at: float, file: str, code: str, sentence: str) -> None:
        """A file was refused; the reason is kept."""
        sql = "INSERT INTO refused (at, file, code, sentence) VALUES (?, ?, ?, ?)"
        self.do(sql, at, file, code, sentence)

    def refusals(self, since: float = 0.0) -> list[tuple[float, str, str, str]]:
        """Every refusal since then, the newest first: when, which file, code, sentence."""
        sql = "SELECT at, file, code, sentence FROM refused WHERE at >= ? ORDER BY n DESC LIMIT 200"
        return [(float(at), str(file), str(code), str(why)) for at, file, code, why in self.rows(sql, since)]
