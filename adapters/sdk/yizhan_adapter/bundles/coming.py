"""What came: whose turn it is, what waits for an earlier bundle, what nobody here understands.

The hash of every bundle ever taken stays, so that no old one is ever taken for a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yizhan_adapter.bundles.database import Database
from yizhan_adapter.bundles.manifest import Entry

HELD, HERE, UNREAD = "held", "here", "unread"


@dataclass(frozen=True, kw_only=True)
class Came:
    """An entry whose turn it is and that was not handed on yet."""

    n: int
    id: str
    type: str
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Had:
    """What is kept of every bundle that came."""

    digest: str
    previous: str


class Coming:
    """The inward half of a gate's memory; changes are made inside the caller's transaction."""

    def __init__(self, db: Database) -> None:
        self.db = db

    @property
    def series(self) -> int:
        """The series of theirs that counts."""
        return self.db.number("their_series")

    @property
    def have(self) -> int:
        """The last number of the unbroken row."""
        return self.db.number("have")

    def had(self, number: int) -> Had | None:
        """What is known of a bundle of this series."""
        sql = "SELECT digest, previous FROM had WHERE series = ? AND number = ?"
        found = self.db.rows(sql, self.series, number)
        return Had(digest=found[0][0], previous=found[0][1]) if found else None

    def hold(self, number: int, had: Had, entries: Sequence[Entry]) -> None:
        """A bundle came; its entries wait for their turn."""
        self.db.do("INSERT INTO had VALUES (?, ?, ?, ?)", self.series, number, had.digest, had.previous)
        self.db.each(
            "INSERT INTO came (number, id, type, body, state) VALUES (?, ?, ?, ?, ?)",
            [(number, entry.id, entry.type, entry.body, HELD) for entry in entries],
        )

    def release(self, number: int) -> None:
        """It is this bundle's turn; its entries get new numbers, so that their order is that of the turns."""
        sql = "SELECT id, type, body FROM came WHERE state = ? AND number = ? ORDER BY n"
        rows = self.db.rows(sql, HELD, number)
        self.db.do("DELETE FROM came WHERE state = ? AND number = ?", HELD, number)
        self.db.each(
            "INSERT INTO came (number, id, type, body, state) VALUES (?, ?, ?, ?, ?)",
            [(number, *row, HERE) for row in rows],
        )
        self.db.set("have", number)

    def drop(self, number: int) -> None:
        """What was held does not fit after all; it may come again."""
        self.db.do("DELETE FROM came WHERE state = ? AND number = ?", HELD, number)
        self.db.do("DELETE FROM had WHERE series = ? AND number = ?", self.series, number)

    def follow(self, series: int) -> None:
        """They number anew; what was held of the old series comes again in the new one."""
        self.db.do("DELETE FROM came WHERE state = ?", HELD)
        for name, value in (("their_series", series), ("have", 0), ("their_confirmed", 0)):
            self.db.set(name, value)

    def beyond(self) -> tuple[int, ...]:
        """Numbers that came before their turn."""
        sql = "SELECT number FROM had WHERE series = ? AND number > ? ORDER BY number"
        return tuple(row[0] for row in self.db.rows(sql, self.series, self.have))

    def here(self, limit: int = 50) -> list[Came]:
        """Entries whose turn it is, in their order."""
        sql = "SELECT n, id, type, body FROM came WHERE state = ? ORDER BY n LIMIT ?"
        rows = self.db.rows(sql, HERE, limit)
        return [Came(n=n, id=id, type=type, body=body) for n, id, type, body in rows]

    def handed(self, numbers: Iterable[int]) -> None:
        """These were handed on."""
        with self.db.write():
            self.db.each("DELETE FROM came WHERE n = ?", [(n,) for n in numbers])

    def set_aside(self, n: int) -> None:
        """Nobody here understands this entry; it waits for a version that does."""
        self.db.do("UPDATE came SET state = ? WHERE n = ?", UNREAD, n)

    def take_up(self) -> None:
        """What an older version set aside may be understood by this one."""
        self.db.do("UPDATE came SET state = ? WHERE state = ?", HERE, UNREAD)

    def unread(self) -> int:
        """How many entries are set aside."""
        return int(self.db.one("SELECT count(*) FROM came WHERE state = ?", UNREAD))
