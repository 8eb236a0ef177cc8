"""How like two matters are, and the reasons a clerk is shown: text, place, time, and the same person.

The weights of titles and texts were fitted on pairs that people had labelled before (tests/data); what place
and time add or take away is set by hand, and so is said here beside each number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from typing import Literal

from services.intake.model.likeness import Sketch, Sketched
from services.intake.rules.likeness.sketch import BODY

Reason = Literal[
    "same_text", "part_of", "near_text", "same_title", "same_person", "same_place", "close_in_time"
]

TITLES, TEXTS, NEVER = 7.0, 5.0, -2.5  # of the logistic curve
SHOWN = 0.72  # from here on a pair is shown: nine of ten are then one matter
LITTLE, OWN = 0.3, 4  # texts that share so little need so many pieces of a name in their titles
COMMON = 0.35  # of a piece of a title that is a word for everybody's troubles
GROUPED = 85  # per cent from which on a matter is counted together with another one
ELSEWHERE = -2.0  # two places that share no township: the same trouble elsewhere is another matter
LONG_AGO = -1.0  # more than a year apart
OTHER_NAMES = -1.5  # both titles name something, and not the same
YEAR, MONTH = timedelta(days=365), timedelta(days=30)
FEW = 12  # pieces: of shorter texts it says little that one is part of the other
TOWNSHIP = 9  # digits of a township's code
MOST = 10  # matters shown to a clerk (DOMAIN 3.9)


@dataclass(frozen=True, kw_only=True)
class Here:
    """The matter that is compared with others."""

    sketch: Sketch
    region: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Alike:
    """An earlier matter that looks the same, how sure that is, and why."""

    found: Sketched
    percent: int
    reasons: tuple[Reason, ...]


def alike(here: Here, found: Sketched) -> Alike | None:
    """The judgement on one earlier matter, or None when it is not shown."""
    titles, texts = title_share(here.sketch, found.sketch), text_share(here.sketch, found.sketch)
    same = here.sketch.whole is not None and here.sketch.whole == found.sketch.whole
    names = len({*here.sketch.title} & {*found.sketch.title})
    if not same and texts < LITTLE and names < OWN:
        return None
    sure = 1.0 if same else _curve(TITLES * titles + TEXTS * texts + NEVER + _around(here, found, names))
    if sure < SHOWN:
        return None
    return Alike(found=found, percent=round(100 * sure), reasons=_reasons(here, found, same, titles, texts))


def _curve(x: float) -> float:
    return 1 / (1 + exp(-x))


def _around(here: Here, found: Sketched, names: int) -> float:
    """What place, time and the names in the titles take away."""
    titles = here.sketch.titled and found.sketch.titled
    named = titles and min(len(here.sketch.title), len(found.sketch.title)) >= OWN
    holds = {
        LONG_AGO: abs(here.at - found.at) > YEAR,
        ELSEWHERE: not near(here.region, found.region),
        OTHER_NAMES: named and names < 2,
    }
    return sum(weight for weight, so in holds.items() if so)


def near(one: str, other: str) -> bool:
    """Whether one place lies in the other, or both in one township."""
    return one.startswith(other) or other.startswith(one) or one[:TOWNSHIP] == other[:TOWNSHIP]


def _reasons(here: Here, found: Sketched, same: bool, titles: float, texts: float) -> tuple[Reason, ...]:
    whole = overlap(here.sketch, found.sketch)
    given: dict[Reason, bool] = {
        "same_text": same,
        "near_text": not same and whole >= 0.5,
        "part_of": not same and whole < 0.5 <= texts,
        "same_title": titles >= 0.5,
        "same_place": min(len(here.region), len(found.region)) >= TOWNSHIP
        and near(here.region, found.region),
        "close_in_time": abs(here.at - found.at) <= MONTH,
    }
    return tuple(reason for reason, holds in given.items() if holds)


def title_share(one: Sketch, other: Sketch) -> float:
    """What part of the pieces of two titles both have; words for everybody's troubles count little."""
    shared = _weight(set(one.title) & set(other.title), set(one.trouble) & set(other.trouble))
    every = _weight(set(one.title) | set(other.title), set(one.trouble) | set(other.trouble))
    return shared / every if every else 0.0


def _weight(own: set[int], common: set[int]) -> float:
    return len(own) + COMMON * len(common)


def overlap(one: Sketch, other: Sketch) -> float:
    """What part of the pieces of two texts both have, told from the smallest numbers of each."""
    a, b = set(one.body), set(other.body)
    least = sorted(a | b)[:BODY]
    return sum(number in a and number in b for number in least) / len(least) if least else 0.0


def text_share(one: Sketch, other: Sketch) -> float:
    """What part of the shorter of two texts is in the longer one; of very short ones, what both have."""
    both, shorter = overlap(one, other), min(one.size, other.size)
    if shorter < FEW:
        return both
    return min(1.0, both * (one.size + other.size) / (1 + both) / shorter)
