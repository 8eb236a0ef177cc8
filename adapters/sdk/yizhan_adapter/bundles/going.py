"""What is to cross: entries, the bundles they are in, and which of those have no receipt yet.

An entry is kept until the other side's receipt names its bundle, and for no other reason forgotten before.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yizhan_adapter.bundles.database import Database
from yizhan_adapter.bundles.manifest import Entry

BEAT = "beat"  # the key of heartbeats: of those only the newest matters


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A bundle of ours without a receipt; `last_at` is when its file was last written."""

    number: int
    manifest: bytes
    entries: int
    times: int
    last_at: float | None
    wanted: bool
    beyond: bool


class Going:
    """The outward half of a gate's memory; every change is made inside the caller's transaction."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def put(self, key: str, entry: Entry, at: float) -> bool:
        """One more entry; false when the same waits or is on its way already."""
        sql = (
            "INSERT INTO going (key, id, type, body, at) SELECT ?, ?, ?, ?, ?"
            " WHERE NOT EXISTS (SELECT 1 FROM going WHERE key = ?)"
        )
        return bool(self.db.do(sql, key, entry.id, entry.type, entry.body, at, key))

    def beat(self, entry: Entry, at: float) -> None:
        """The newest heartbeat; one that has not left yet is forgotten for it."""
        self.db.do("DELETE FROM going WHERE key = ? AND bundle IS NULL", BEAT)
        sql = "INSERT INTO going (key, id, type, body, at) VALUES (?, ?, ?, ?, ?)"
        self.db.do(sql, BEAT, entry.id, entry.type, entry.body, at)

    def loose(self, limit: int = 200) -> list[tuple[int, Entry]]:
        """Entries that are in no bundle yet, in their order."""
        sql = "SELECT n, id, type, body FROM going WHERE bundle IS NULL ORDER BY n LIMIT ?"
        return [(n, Entry(id=id, type=type, body=body)) for n, id, type, body in self.db.rows(sql, limit)]

    def bundled(self, number: int, manifest: bytes, digest: str, rows: Sequence[int]) -> None:
        """These entries now belong to a bundle, the last one so far."""
        self.db.each("UPDATE going SET bundle = ? WHERE n = ?", [(number, n) for n in rows])
        sql = "INSERT INTO sent (number, manifest, digest, entries) VALUES (?, ?, ?, ?)"
        self.db.do(sql, number, manifest, digest, len(rows))
        self.db.set("last", number)
        self.db.set("last_digest", digest)

    def bodies(self, number: int) -> list[bytes]:
        """The entries of a bundle, in their order."""
        return [row[0] for row in self.db.rows("SELECT body FROM going WHERE bundle = ? ORDER BY n", number)]

    def without_receipt(self) -> list[Sent]:
        """Bundles without a receipt, in their order."""
        sql = "SELECT number, manifest, entries, times, last_at, wanted, beyond FROM sent ORDER BY number"
        return [
            Sent(
                number=number, manifest=manifest, entries=entries, times=times, last_at=last_at,
                wanted=bool(wanted), beyond=bool(beyond),
            )
            for number, manifest, entries, times, last_at, wanted, beyond in self.db.rows(sql)
        ]  # fmt: skip

    def written(self, number: int, times: int, at: float) -> None:
        """Its file lies in the folder."""
        self.db.do("UPDATE sent SET times = ?, last_at = ?, wanted = 0 WHERE number = ?", times, at, number)

    def agrees(self, have: int, head: str) -> bool:
        """Whether the other side's last bundle of ours is one we know: else one of us was set back."""
        if have == self.db.number("confirmed"):
            return True
        return bool(self.db.one("SELECT 1 FROM sent WHERE number = ? AND digest = ?", have, head))

    def receipted(self, have: int, wanted: Iterable[int], beyond: Iterable[int]) -> None:
        """Up to here it has everything; what it lacks goes again, and what lies there does not."""
        self.db.do("DELETE FROM going WHERE bundle <= ?", have)
        self.db.do("DELETE FROM sent WHERE number <= ?", have)
        self.db.set("confirmed", have)
        self.db.do("UPDATE sent SET wanted = 0, beyond = 0")
        self.db.each("UPDATE sent SET wanted = 1 WHERE number = ?", [(n,) for n in wanted])
        self.db.each("UPDATE sent SET beyond = 1 WHERE number = ?", [(n,) for n in beyond])

    def begin_again(self, beyond: int = 0) -> None:
        """A new series, later than `beyond`: whatever has no receipt is numbered anew, in its order."""
        self.db.do("UPDATE going SET bundle = NULL")
        self.db.do("DELETE FROM sent")
        latest = max(self.db.number("series"), beyond)
        self.db.set("series", max(int(time.time() * 1_000), latest + 1))
        for name in ("last", "last_digest", "confirmed"):
            self.db.set(name, "")

    def waiting(self) -> tuple[int, float | None]:
        """How many entries have no receipt, heartbeats left out, and when the oldest came."""
        sql = "SELECT count(*), min(at) FROM going WHERE key <> ?"
        count, oldest = self.db.rows(sql, BEAT)[0]
        return int(count), oldest
