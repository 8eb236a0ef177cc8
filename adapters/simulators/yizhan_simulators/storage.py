"""A simulated platform's own storage: records others sent, and what it hands out. One SQLite file."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from threading import Lock
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS kept (
    n INTEGER PRIMARY KEY AUTOINCREMENT, shelf TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS kept_key ON kept (shelf, key);
CREATE TABLE IF NOT EXISTS handed (n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL, heard TEXT NOT NULL DEFAULT '');
"""
Row = tuple[int, dict[str, Any]]


class Storage:
    """Opens (and makes, if new) the file."""

    def __init__(self, path: Path | str) -> None:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._lock = Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    def put(self, shelf: str, key: str, body: dict[str, Any], *, again: bool = False) -> tuple[int, bool]:
        """Keep a record under the sender's key; its number, and whether it is new. `again`: by mistake."""
        text = json.dumps(body, ensure_ascii=False)
        with self._lock:
            had = self._had(shelf, key)
            if had and not again:
                self._db.execute("UPDATE kept SET body = ? WHERE n = ?", (text, had))
                return had, False
            made = self._db.execute(
                "INSERT INTO kept (shelf, key, body) VALUES (?, ?, ?)", (shelf, key, text)
            )
        return int(made.lastrowid or 0), True

    def rows(self, shelf: str, key: str = "", *, skip: int = 0, most: int = 100) -> list[Row]:
        """Records of a shelf, in the order of arrival."""
        found = self._all(
            "SELECT n, body FROM kept WHERE shelf = ? AND (? = '' OR key = ?) ORDER BY n LIMIT ? OFFSET ?",
            (shelf, key, key, most, skip),
        )
        return [(n, json.loads(body)) for n, body in found]

    def plant(self, shelf: str, key: str, change: dict[str, Any] | None) -> int:
        """Spoil what is kept, for a test: None removes, else fields change; how many that were."""
        rows = self.rows(shelf, key)
        for n, body in rows:
            with self._lock:
                if change is None:
                    self._db.execute("DELETE FROM kept WHERE n = ?", (n,))
                else:
                    text = json.dumps(body | change, ensure_ascii=False)
                    self._db.execute("UPDATE kept SET body = ? WHERE n = ?", (text, n))
        return len(rows)

    def hand_out(self, id: str, body: dict[str, Any]) -> None:
        """Something a citizen asked for there; the same number again is the same."""
        with self._lock:
            self._db.execute(
                "INSERT OR IGNORE INTO handed (id, body) VALUES (?, ?)",
                (id, json.dumps(body, ensure_ascii=False)),
            )

    def handed(self, after: int = 0) -> list[tuple[int, str, dict[str, Any], str]]:
        """What was handed out later than a serial number, with what we heard of it."""
        found = self._all("SELECT n, id, body, heard FROM handed WHERE n > ? ORDER BY n", (after,))
        return [(n, id, json.loads(body), heard) for n, id, body, heard in found]

    def hear(self, id: str, heard: dict[str, Any]) -> bool:
        """Note what the receiver said about it; false when there is no such number."""
        with self._lock:
            return bool(
                self._db.execute(
                    "UPDATE handed SET heard = ? WHERE id = ?", (json.dumps(heard, ensure_ascii=False), id)
                ).rowcount
            )

    def _had(self, shelf: str, key: str) -> int:
        found = self._db.execute(
            "SELECT min(n) FROM kept WHERE shelf = ? AND key = ?", (shelf, key)
        ).fetchone()
        return int(found[0] or 0)

    def _all(self, sql: str, values: tuple[Any, ...]) -> list[Any]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()
