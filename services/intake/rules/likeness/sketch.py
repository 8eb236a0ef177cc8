"""A sketch of a matter: a few keyed numbers by which the same matter is found again, and no word of it.

Texts are cut into overlapping pieces of two and three characters; each piece becomes a number under a key
that lies outside the database. Of the numbers of a text only the smallest are kept (bottom-k MinHash), which
is enough to say how large a part two texts share. Keys for looking up are pairs of smallest numbers: texts
that share much share some pair, texts that share little hardly ever do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

from services.intake.model.likeness import Sketch
from services.intake.rules.likeness.words import GAP, plain, troubles
from shared.text import letters

SCHEME = 1  # of everything below: with another one every sketch is made anew
TITLE = 60  # letters of a title; where there is none, the first letters of the text
BODY = 64  # smallest numbers kept of a text
BINS = 16  # pairs of which a text is looked up by
NAMES = 12  # pieces of a title that it is looked up by
PIECE = 4  # characters of such a piece: most names of places and firms are as long
SHORTEST = 12  # letters of a text that is looked up as a whole: shorter ones are alike by chance

_HALF = 0xFFFFFFFF


@dataclass(frozen=True, kw_only=True)
class Hasher:
    """Turns pieces of text into numbers under a key."""

    key: bytes

    def __call__(self, kind: str, piece: str) -> int:
        """64 bits, the same for the same piece of the same kind; signed, as the database keeps them."""
        made = blake2b(piece.encode("utf-8", "replace"), digest_size=8, key=self.key, person=kind.encode())
        return int.from_bytes(made.digest(), "big", signed=True)

    @property
    def scheme(self) -> str:
        """Names the key and the way of sketching without giving the key away."""
        return f"{SCHEME}.{self('scheme', 'yizhan') & _HALF:08x}"


def sketch(title: str, text: str, hasher: Hasher) -> Sketch:
    """The sketch of a matter."""
    said = letters(text)
    head, body = head_of(letters(title), said), plain(said)
    found = {hasher("body", piece) for piece in pieces(body, 3)}
    own, common = _title(head[:TITLE], hasher)
    return Sketch(
        title=tuple(sorted(own - common)),
        trouble=tuple(sorted(common)),
        body=tuple(sorted({number & _HALF for number in found})[:BODY]),
        size=len(found),
        whole=hasher("whole", said) if len(said) >= SHORTEST else None,
        pairs=tuple(_pairs(found, hasher)),
        names=tuple(sorted({hasher("name", piece) for piece in pieces(head[:TITLE], PIECE)})[:NAMES]),
        titled=bool(title.strip()),
    )


def _title(head: str, hasher: Hasher) -> tuple[set[int], set[int]]:
    """The pieces of a title: those of its own, and those inside words for everybody's troubles."""
    at = troubles(head)
    own: set[int] = set()
    common: set[int] = set()
    for n in range(len(head) - 1):
        if GAP not in head[n : n + 2]:
            within = n in at and n + 1 in at
            (common if within else own).add(hasher("title", head[n : n + 2]) & _HALF)
    return own, common


def head_of(title: str, said: str) -> str:
    """The title as it is compared; where there is none, how the text begins."""
    return plain(title or said[: 2 * TITLE])


def pieces(text: str, length: int) -> Iterator[str]:
    """Every run of so many characters that crosses no gap."""
    for part in text.split(GAP):
        yield from (part[n : n + length] for n in range(len(part) - length + 1))


def _pairs(numbers: Iterable[int], hasher: Hasher) -> Iterator[int]:
    """One key for each pair of neighbouring bins: the smallest number of each, together."""
    least: dict[int, int] = {}
    for number in numbers:
        high = number >> 32
        bin = high % BINS
        least[bin] = min(high, least.get(bin, high))
    ring = sorted(least)
    for one, next in pairwise([*ring, *ring[:1]] if len(ring) > 1 else ring):
        yield hasher("pair", f"{one}:{least[one]}:{least[next]}")
