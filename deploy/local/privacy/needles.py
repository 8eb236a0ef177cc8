"""What must be found nowhere: the names, numbers, addresses and sentences that people gave.

Names, numbers and addresses count whole; of a text, any twelve characters in a row. What the county itself
publishes (its profile, its divisions and grids) is nobody's secret and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import ahocorasick_rs

GRAM = 12
SHORTEST = {"name": 2, "phone": 7, "id_no": 15, "address": 5}
DIGITS = frozenset(b"0123456789")


@dataclass(frozen=True)
class Needle:
    """Something that people gave, and of what kind it is."""

    kind: str
    words: str

    @property
    def masked(self) -> str:
        """As a report may show it."""
        return f"{self.kind} {self.words[:1]}…（{len(self.words)}字）"


def needles(given: Iterable[tuple[str, str]]) -> list[Needle]:
    """The needles of (kind, words) pairs, each once."""
    return list(dict.fromkeys(needle for kind, words in given for needle in _of(kind, words.strip())))


def _of(kind: str, words: str) -> Iterator[Needle]:
    if kind in SHORTEST:
        if len(words) >= SHORTEST[kind]:
            yield Needle(kind, words)
        return
    for at in range(len(words) - GRAM + 1):
        gram = words[at : at + GRAM]
        if not gram.isspace():
            yield Needle("text", gram)


@dataclass
class Haystack:
    """Finds any of many needles in bytes, in one pass."""

    needles: list[Needle]
    automaton: ahocorasick_rs.BytesAhoCorasick = field(init=False)

    def __post_init__(self) -> None:
        self.automaton = ahocorasick_rs.BytesAhoCorasick([n.words.encode() for n in self.needles])

    def found(self, data: bytes) -> Iterator[Needle]:
        """The needles in it; a number inside a longer number is another number."""
        for n, start, end in self.automaton.find_matches_as_indexes(data):
            needle = self.needles[n]
            if needle.kind not in ("phone", "id_no") or not _inside_a_number(data, start, end):
                yield needle


def _inside_a_number(data: bytes, start: int, end: int) -> bool:
    return (start > 0 and data[start - 1] in DIGITS) or (end < len(data) and data[end] in DIGITS)


def without_public(found: list[Needle], public: Iterable[bytes]) -> list[Needle]:
    """Those that are in nothing that the county publishes itself."""
    haystack = Haystack(found)
    known = {needle for text in public for needle in _all_in(haystack, text)}
    return [needle for needle in found if needle not in known]


def _all_in(haystack: Haystack, text: bytes) -> Iterator[Needle]:
    for n, _, _ in haystack.automaton.find_matches_as_indexes(text, overlapping=True):
        yield haystack.needles[n]
