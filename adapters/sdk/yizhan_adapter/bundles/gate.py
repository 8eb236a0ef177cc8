"""One side of a gate: numbers what is to cross, takes what comes in its order, and heals what went astray.

Nothing here touches a file. `due` says which bundles are to be written now, `take` is given what a file
holds. Every bundle carries a receipt for the other direction; what a receipt lacks is written again from
memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from yizhan_adapter.bundles import manifest as inside
from yizhan_adapter.bundles.coming import Coming, Had
from yizhan_adapter.bundles.database import Database
from yizhan_adapter.bundles.keys import Ring
from yizhan_adapter.bundles.manifest import MOST_NAMED, Direction, Entry, Manifest, Receipt
from yizhan_adapter.bundles.refusals import ASK_AGAIN, Refused
from yizhan_adapter.bundles.sealed import Header, unseal
from yizhan_adapter.bundles.sending import Limits, Parcel, Sending
from yizhan_adapter.crash import crash_here

HINTED = 20  # numbers beyond the last known one that a file's name may hint at
Outcome = Literal["new", "early", "repeat"]
NAME = re.compile(r"[a-z0-9_]+\.(?:to|from)\.\d+\.(\d{10,})\.\d+\.yzb")
OWED = ASK_AGAIN | {"other_content", "broken_chain", "too_far", "older_series"}
"""After these the other side is to hear how far we are."""


class Gate:
    """Joins a memory to a ring of keys; the ring is asked for anew each time, so that it can be changed."""

    def __init__(self, db: Database, ring: Callable[[], Ring], limits: Limits | None = None) -> None:
        self.db, self.ring, self.limits = db, ring, limits or Limits()
        self.coming = Coming(db)
        outward: Direction = "to" if ring().side == "centre" else "from"
        self.inward: Direction = "from" if ring().side == "centre" else "to"
        self.sending = Sending(db, ring, outward, self.receipt, self.limits)
        self.going, self.department = self.sending.going, self.sending.department

    # ── outward ─────────────────────────────────────────────────────────────────────────────────

    def put(self, key: str, entry: Entry, now: float) -> bool:
        """One more entry is to cross; false when it waits or is on its way already."""
        with self.db.write():
            return self.going.put(key, entry, now)

    def beat(self, entry: Entry, now: float) -> None:
        """A sign of life is to cross; only the newest."""
        with self.db.write():
            self.going.beat(entry, now)

    def due(self, now: float) -> Iterator[Parcel]:
        """The bundles whose files are to be written now; `written` is to be told of each."""
        return self.sending.due(now)

    def written(self, parcel: Parcel, now: float) -> None:
        """The file of a bundle lies where the ferry fetches it."""
        self.sending.written(parcel, now)

    def begin_again(self) -> None:
        """Number anew: a person knows that this gate's memory was set back."""
        with self.db.write():
            self.going.begin_again()

    def receipt(self) -> Receipt:
        """What this side has of the other direction."""
        have, beyond = self.coming.have, self.coming.beyond()
        return Receipt(
            series=self.coming.series,
            have=have,
            head=self._head(),
            beyond=beyond[:MOST_NAMED],
            wanted=self.missing()[:MOST_NAMED],
            unread=self.coming.unread(),
        )

    # ── inward ──────────────────────────────────────────────────────────────────────────────────

    def missing(self) -> tuple[int, ...]:
        """Numbers that must exist and are not here: holes, and what lay in files that were refused."""
        beyond = set(self.coming.beyond())
        holes = set(range(self.coming.have + 1, max(beyond, default=0)))
        hinted = {int(n) for n in self.db.fact("hinted").split() if int(n) > self.coming.have}
        return tuple(sorted((holes | hinted) - beyond))

    def take(self, name: str, data: bytes, now: float) -> Outcome:
        """What a file holds; raises Refused, which is also remembered, with a sentence that says why."""
        try:
            header, packed = unseal(data, self.ring(), self.inward)
            manifest, raw, entries = inside.unpack(packed)
            if not _agree(header, manifest):
                raise Refused("unreadable", detail="封面与清单不符")
            return self._taken(manifest, inside.digest(raw), entries, header, now)
        except Refused as refused:
            with self.db.write():
                self._refused(name, refused, now)
            raise

    def _taken(
        self, manifest: Manifest, digest: str, entries: Sequence[Entry], header: Header, now: float
    ) -> Outcome:
        """One transaction: entries, their turn, and what the receipt says."""
        crash_here("gate.before_take")
        with self.db.write():
            self._follow(manifest)
            before = self.coming.have
            had = Had(digest=digest, previous=manifest.previous)
            outcome = self._placed(manifest.number, had, entries, now)
            self._heard(manifest)
            self.db.set("proven", header.sealed_to)
            self.db.set("last_in", now)
            if entries or outcome != "new" or self.coming.have > before + 1:  # it let earlier ones through
                self.db.set("owe", 1)
        crash_here("gate.after_take")
        return outcome

    def _follow(self, manifest: Manifest) -> None:
        if manifest.series < self.coming.series:
            raise Refused("older_series", found=manifest.series, wanted=self.coming.series)
        if manifest.series > self.coming.series:
            self.coming.follow(manifest.series)
            self.db.set("hinted", "")

    def _placed(self, number: int, had: Had, entries: Sequence[Entry], now: float) -> Outcome:
        """Its place in the row; raises Refused for one that has none."""
        before, have = self.coming.had(number), self.coming.have
        if before and before.digest != had.digest:
            raise Refused("other_content", number=number)
        if number <= self.db.number("their_confirmed"):
            raise Refused("replayed", number=number)
        if before:
            return "repeat"
        if number > have + self.limits.ahead:
            raise Refused("too_far", number=number, have=have)
        if number == have + 1 and had.previous != self._head():
            raise Refused("broken_chain", number=number)
        self.coming.hold(number, had, entries)
        self._release(now)
        return "new" if number <= self.coming.have else "early"

    def _release(self, now: float) -> None:
        """Whatever's turn it is now; what lay there early and does not fit is forgotten and wanted again."""
        while following := self.coming.had(self.coming.have + 1):
            number = self.coming.have + 1
            if following.previous != self._head():
                self.coming.drop(number)
                self.db.refuse(now, "", "broken_chain", str(Refused("broken_chain", number=number)))
                return
            self.coming.release(number)

    def _head(self) -> str:
        last = self.coming.had(self.coming.have)
        return last.digest if last else ""

    def _heard(self, manifest: Manifest) -> None:
        """What its receipt says of our own bundles; only the newest receipt counts."""
        mark = (manifest.series, manifest.number)
        if mark <= (self.db.number("heard_series"), self.db.number("heard")):
            return
        self.db.set("heard_series", manifest.series)
        self.db.set("heard", manifest.number)
        self.db.set("their_confirmed", manifest.confirmed)
        self.db.set("their_unread", manifest.receipt.unread)
        receipt, series = manifest.receipt, self.db.number("series")
        known = receipt.series in (0, series)  # they who have seen nothing yet do not know our series
        if known and self.going.agrees(receipt.have, receipt.head):
            self.going.receipted(receipt.have, receipt.wanted, receipt.beyond)
        elif known or receipt.series > series:  # a side was set back: to an older copy of its disk, or none
            self.going.begin_again(receipt.series)

    def _refused(self, name: str, refused: Refused, now: float) -> None:
        self.db.refuse(now, name, refused.code, str(refused))
        if refused.code in OWED:
            self.db.set("owe", 1)
        found = NAME.fullmatch(name)
        if found and refused.code in ASK_AGAIN and self._could_be(int(found[1])):
            self.db.set("hinted", " ".join(map(str, sorted({*self.missing(), int(found[1])}))))

    def _could_be(self, number: int) -> bool:
        """A name is only a hint, nobody signed it: believed for the next few numbers."""
        have = self.coming.have
        highest = max(self.coming.beyond(), default=have)
        return have < number <= highest + HINTED and not self.coming.had(number)


def _agree(header: Header, manifest: Manifest) -> bool:
    names = ("department", "direction", "series", "number")
    return all(getattr(header, name) == getattr(manifest, name) for name in names)
