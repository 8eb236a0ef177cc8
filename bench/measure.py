"""The arithmetic of measuring: middles, percentiles, ratios, and whether each thing was done once."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Speeds:
    """Things per second in each round of one competitor."""

    rounds: tuple[float, ...]

    @property
    def middle(self) -> float:
        """The round in the middle."""
        return statistics.median(self.rounds)

    def shown(self) -> dict[str, float]:
        """For people: the middle and how far the rounds lie apart."""
        return {
            "per_second": round(self.middle),
            "least": round(min(self.rounds)),
            "most": round(max(self.rounds)),
        }


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of the values do not exceed.

    Raises ValueError when there are no values.
    """
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def latencies(seconds: Sequence[float]) -> dict[str, float]:
    """Milliseconds at the usual percentiles, and the worst."""
    found = {f"p{percent}_ms": percentile(seconds, percent) for percent in (50, 95, 99)}
    return {name: round(value * 1000, 1) for name, value in (found | {"max_ms": max(seconds)}).items()}


def ratio(ours: float, theirs: float) -> float:
    """How many times as much; two digits are all that such a measurement can bear."""
    return round(ours / theirs, 2)


@dataclass(frozen=True, kw_only=True)
class Faults:
    """What went wrong between what was told and what had its effect."""

    missing: int = 0
    twice: int = 0
    out_of_order: int = 0

    def __add__(self, other: Faults) -> Faults:
        return Faults(
            missing=self.missing + other.missing,
            twice=self.twice + other.twice,
            out_of_order=self.out_of_order + other.out_of_order,
        )


def faults(told: Mapping[str, Sequence[str]], done: Mapping[str, Sequence[str]]) -> Faults:
    """Compares, case by case, the events that were told with those that had an effect, in their order."""
    return sum((_fault(told.get(id, ()), done.get(id, ())) for id in told.keys() | done.keys()), Faults())


def _fault(told: Sequence[str], done: Sequence[str]) -> Faults:
    wanted, found = Counter(told), Counter(done)
    first = list(dict.fromkeys(done))
    turn = [id for id in told if id in found]
    return Faults(
        missing=(wanted - found).total(),
        twice=(found - wanted).total(),
        out_of_order=int([id for id in first if id in wanted] != turn),
    )


def limit(processors: int, used: Mapping[str, float], idle: float) -> str:
    """What held a run back, in words: who used how much of the processors, and how much was left over."""
    shares = ", ".join(f"{name} {share:.2f}" for name, share in used.items())
    judged = (
        "the processors"
        if idle < 0.15 * processors
        else "waiting (disk, locks or the network), not processors"
    )
    return f"{judged}: of {processors} processors {shares}; {idle:.2f} idle"
