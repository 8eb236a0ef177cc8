"""What the platform has of ours and its receipts, and what came from there: one SQLite file, codes only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yizhan_adapter.clock import instant, now
from yizhan_adapter.platforms.card import Record
from yizhan_adapter.platforms.fields import Flat

_TABLES = """
CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL, id TEXT NOT NULL, digest TEXT NOT NULL, body TEXT NOT NULL, revision INTEGER NOT NULL,
    cause TEXT NOT NULL, receipt TEXT NOT NULL DEFAULT '', there TEXT NOT NULL DEFAULT '',
    sent_at TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS taken (
    id TEXT PRIMARY KEY, cursor INTEGER NOT NULL, case_id TEXT NOT NULL DEFAULT '',
    case_no TEXT NOT NULL DEFAULT '', told INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '')
    WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS taken_case ON taken (case_id);
"""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A record of ours; `there` is the digest of what the platform confirmed."""

    kind: str
    id: str
    digest: str
    body: Flat
    revision: int
    cause: str
    receipt: str
    there: str
    sent_at: str
    reason: str

    @property
    def settled(self) -> bool:
        """Whether the platform has confirmed exactly this content."""
        return bool(self.receipt) and self.there == self.digest


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Something of theirs; without `case_no` it could not be registered, and `reason` says why."""

    id: str
    cursor: int
    case_id: str
    case_no: str
    told: bool
    reason: str


class Book:
    """Opens (and makes, if new) the file; ':memory:' for an exchange that is only played."""

    def __init__(self, path: Path | str) -> None:
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    def want(self, record: Record) -> Row:
        """The platform is to have this; an older revision than the one known changes nothing."""
        values = (record.kind, record.id, record.digest, json.dumps(record.body, ensure_ascii=False))
        self._db.execute(
            "INSERT INTO records (kind, id, digest, body, revision, cause) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (kind, id) DO UPDATE SET digest = excluded.digest, body = excluded.body,"
            " revision = excluded.revision, cause = excluded.cause, reason = ''"
            " WHERE excluded.revision >= records.revision",
            (*values, record.revision, record.cause),
        )
        return self.rows("WHERE kind = ? AND id = ?", record.kind, record.id)[0]

    def confirm(self, record: Record, receipt: str) -> None:
        """The platform has it and gave a receipt."""
        self._db.execute(
            "UPDATE records SET receipt = ?, there = ?, sent_at = ?, reason = '' WHERE kind = ? AND id = ?",
            (receipt, record.digest, instant(now()), record.kind, record.id),
        )

    def refuse(self, record: Record, reason: str) -> None:
        """The platform did not take it, and said why."""
        self._db.execute(
            "UPDATE records SET reason = ? WHERE kind = ? AND id = ?", (reason, record.kind, record.id)
        )

    def doubt(self, kind: str, id: str) -> None:
        """What we believed to be there is not, or differs: it is sent again."""
        self._db.execute("UPDATE records SET receipt = '', there = '' WHERE kind = ? AND id = ?", (kind, id))

    def rows(self, where: str = "", *values: object) -> list[Row]:
        """Records of ours, by a condition."""
        names = ("kind", "id", "digest", "body", "revision", "cause", "receipt", "there", "sent_at", "reason")
        found = self._db.execute(f"SELECT {', '.join(names)} FROM records {where}", values)  # noqa: S608 our words
        made = (dict(zip(names, row, strict=True)) for row in found.fetchall())
        return [Row(**(one | {"body": json.loads(one["body"])})) for one in made]

    def take(self, id: str, cursor: int, *, case_id: str = "", case_no: str = "", reason: str = "") -> None:
        """Something of theirs was registered, or could not be."""
        self._db.execute(
            "INSERT INTO taken (id, cursor, case_id, case_no, reason) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET case_id = excluded.case_id, case_no = excluded.case_no,"
            " reason = excluded.reason",
            (id, cursor, case_id, case_no, reason),
        )

    def told(self, id: str) -> None:
        """The platform knows our case number for it."""
        self._db.execute("UPDATE taken SET told = 1 WHERE id = ?", (id,))

    def taken(self, where: str = "", *values: object) -> Iterator[Taken]:
        """What came from there, by a condition, in their order."""
        names = ("id", "cursor", "case_id", "case_no", "told", "reason")
        sql = f"SELECT {', '.join(names)} FROM taken {where} ORDER BY cursor"  # noqa: S608 our words
        for row in self._db.execute(sql, values).fetchall():
            yield Taken(**(dict(zip(names, row, strict=True)) | {"told": bool(row[4])}))

    def cursor(self) -> int:
        """How far their list was read; refused rows are read again from the first of them."""
        done = self.last()
        refused = self._db.execute("SELECT min(cursor) FROM taken WHERE reason <> ''").fetchone()[0]
        return int(done if refused is None else refused - 1)

    def last(self) -> int:
        """The furthest that their list was ever read."""
        return int(self._db.execute("SELECT coalesce(max(cursor), 0) FROM taken").fetchone()[0])

    def theirs(self, case_id: str) -> str:
        """Their number of a case that came from them; empty for every other."""
        return next((one.id for one in self.taken("WHERE case_id = ?", case_id)), "")
