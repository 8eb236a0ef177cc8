"""Two sides of a gate in memory, with keys that trust one another, and an unfaithful ferry between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from yizhan_adapter.bundles.database import Database
from yizhan_adapter.bundles.gate import Gate
from yizhan_adapter.bundles.keys import Ring
from yizhan_adapter.bundles.manifest import Entry
from yizhan_adapter.bundles.refusals import Refused
from yizhan_adapter.bundles.sending import Limits

NOON = 1_795_000_000.0


@cache
def rings(department: str = "court") -> tuple[Ring, Ring]:
    """The centre's keys and the department's, who trust one another."""
    centre = Ring(department=department, side="centre").make()
    there = Ring(department=department, side="department").make()
    return centre.trust(there.own[0].card), there.trust(centre.own[0].card)


def entry(number: int, size: int = 1, type: str = "ask.handle_case.v1") -> Entry:
    """The `number`-th event."""
    return Entry(id=f"e{number}", type=type, body=f"body {number}".encode() * size)


@dataclass
class Keys:
    """A ring that a test may change while the gate works."""

    ring: Ring

    def __call__(self) -> Ring:
        return self.ring


@dataclass
class Side:
    """One side: its gate, and what came out of it for those behind it."""

    keys: Keys
    path: Path | str = ":memory:"
    limits: Limits = field(default_factory=Limits)
    told: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate = Gate(Database(self.path), self.keys, self.limits)

    def say(self, *numbers: int, now: float = NOON) -> None:
        """These entries are to cross."""
        for number in numbers:
            self.gate.put(f"k{number}", entry(number), now)

    def export(self, now: float = NOON) -> list[tuple[str, bytes]]:
        """The files of one round."""
        made = []
        for parcel in self.gate.due(now):
            self.gate.written(parcel, now)
            made.append((parcel.name, parcel.data))
        return made

    def take(self, files: list[tuple[str, bytes]], now: float = NOON) -> None:
        """Files arrive, and what is its turn is handed on."""
        for name, data in files:
            try:
                self.gate.take(name, data, now)
            except Refused as refused:
                self.refused.append(refused.code)
        while here := self.gate.coming.here():
            self.told += [one.id for one in here]
            self.gate.coming.handed([one.n for one in here])

    def reopen(self) -> None:
        """As after a crash: nothing but what is on disk."""
        self.gate.db.close()
        self.gate = Gate(Database(self.path), self.keys, self.limits)


def pair(folder: Path | None = None, **limits: float) -> tuple[Side, Side]:
    """Centre and department."""
    made = []
    for ring in rings():
        path = folder / f"{ring.side}.sqlite" if folder else ":memory:"
        made.append(Side(keys=Keys(ring), path=path, limits=replace(Limits(), **limits)))  # type: ignore[arg-type]
    return made[0], made[1]


def until_quiet(centre: Side, court: Side, now: float, step: float, done: Callable[[], bool]) -> float:
    """A faithful ferry goes to and fro until everything has come; the instant it was done."""
    for _ in range(60):
        if done():
            return now
        now += step
        court.take(centre.export(now), now)
        centre.take(court.export(now), now)
    raise AssertionError("not healed")
