"""Goes through places and says what was found where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from deploy.local.privacy.disguises import disguises
from deploy.local.privacy.needles import Haystack, Needle
from deploy.local.privacy.places import Place


@dataclass(frozen=True)
class Finding:
    """Something that people gave, where it should not be."""

    place: str
    needle: Needle


def search(
    places: Iterable[Place], haystack: Haystack, seen: Callable[[Place, int], None] = lambda place, size: None
) -> set[Finding]:
    """Everything found; `seen` hears of each place and how many bytes it had."""
    found: set[Finding] = set()
    for place in places:
        size = 0
        for piece in place.read():
            size += len(piece)
            found |= {Finding(place.name, needle) for needle in in_bytes(piece, haystack)}
        seen(place, size)
    return found


def in_bytes(data: bytes, haystack: Haystack) -> set[Needle]:
    """The needles in some bytes, in whatever disguise."""
    return {needle for shown in disguises(data) for needle in haystack.found(shown)}
