"""The outward half of a gate: what waits is put into bundles, and bundles without a receipt go again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from yizhan_adapter.bundles import manifest as inside
from yizhan_adapter.bundles.database import Database
from yizhan_adapter.bundles.going import Going, Sent
from yizhan_adapter.bundles.keys import Ring
from yizhan_adapter.bundles.manifest import Direction, Entry, Manifest, Receipt
from yizhan_adapter.bundles.sealed import seal
from yizhan_adapter.clock import instant
from yizhan_adapter.crash import crash_here


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How large, how many, how soon again."""

    size: int = 4 * 1024 * 1024  # bytes of entries in one bundle; a single larger entry goes alone
    window: int = 100  # bundles with entries that may be without a receipt
    again_s: float = 900.0  # after which one without a receipt is written again
    ahead: int = 1_000  # numbers that a bundle may be early


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A bundle to be written now."""

    number: int
    times: int
    name: str
    data: bytes


class Sending:
    """Makes bundles; the receipt for the other direction is asked for when one is made."""

    def __init__(
        self,
        db: Database,
        ring: Callable[[], Ring],
        direction: Direction,
        receipt: Callable[[], Receipt],
        limits: Limits,
    ) -> None:
        self.db, self.ring, self.direction, self.receipt = db, ring, direction, receipt
        self.limits, self.going, self.department = limits, Going(db), ring().department

    def due(self, now: float) -> Iterator[Parcel]:
        """The bundles whose files are to be written now: new ones, and those that are wanted again.

        Raises Misconfigured while keys are missing.
        """
        ring = self.ring()
        ring.check()  # without keys nothing is put into a bundle either
        while self._bundled(now):
            pass
        for sent in overdue(self.going.without_receipt(), now, self.limits.again_s):
            yield self._parcel(sent, ring)

    def written(self, parcel: Parcel, now: float) -> None:
        """The file of a bundle lies where the ferry fetches it."""
        with self.db.write():
            self.going.written(parcel.number, parcel.times, now)

    def _parcel(self, sent: Sent, ring: Ring) -> Parcel:
        """The same manifest as ever, under the keys of the day."""
        about, times = inside.read(sent.manifest), sent.times + 1
        data = seal(
            inside.pack(sent.manifest, self.going.bodies(sent.number)),
            own=ring.signer(self.db.fact("proven")), to=ring.recipient(),
            department=self.department, direction=self.direction, series=about.series,
            number=sent.number, created=about.created,
        )  # fmt: skip
        name = f"{self.department}.{self.direction}.{about.series}.{sent.number:010d}.{times}.yzb"
        return Parcel(number=sent.number, times=times, name=name, data=data)

    def _bundled(self, now: float) -> bool:
        """Put what waits into one more bundle; whether there may be still more."""
        crash_here("gate.before_bundle")
        with self.db.write():
            chosen = self._chosen()
            if not chosen and not self.db.fact("owe"):
                return False
            number = self.db.number("last") + 1
            manifest = self._manifest(number, [entry for _, entry in chosen], now).encode()
            self.going.bundled(number, manifest, inside.digest(manifest), [n for n, _ in chosen])
            self.db.set("owe", "")
        crash_here("gate.after_bundle")
        return bool(chosen)

    def _chosen(self) -> list[tuple[int, Entry]]:
        """As many as fit, in their order; none while too many bundles are without a receipt."""
        if sum(1 for sent in self.going.without_receipt() if sent.entries) >= self.limits.window:
            return []
        chosen: list[tuple[int, Entry]] = []
        room = self.limits.size
        for n, entry in self.going.loose():
            room -= len(entry.body)
            if chosen and room < 0:
                break
            chosen.append((n, entry))
        return chosen

    def _manifest(self, number: int, entries: Sequence[Entry], now: float) -> Manifest:
        return Manifest(
            department=self.department,
            direction=self.direction,
            series=self.db.number("series"),
            number=number,
            created=instant(datetime.fromtimestamp(now, UTC)),
            previous=self.db.fact("last_digest"),
            confirmed=self.db.number("confirmed"),
            receipt=self.receipt(),
            entries=tuple(inside.line(entry) for entry in entries),
        )


def overdue(sent: Sequence[Sent], now: float, again_s: float) -> list[Sent]:
    """Which bundles are to be written: never written, wanted again, or too long without a receipt.

    A bundle that holds a receipt only is not sent again for its own sake, but for a later one's.
    """
    last = max((one.number for one in sent if one.entries and not one.beyond), default=0)
    return [one for one in sent if one.last_at is None or one.wanted or _late(one, last, now, again_s)]


def _late(one: Sent, last: int, now: float, again_s: float) -> bool:
    waited = now - (one.last_at or 0.0)
    return one.number <= last and not one.beyond and not 0 <= waited < again_s  # or the clock was set back
