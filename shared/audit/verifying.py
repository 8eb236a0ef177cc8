"""Whether a chain is whole, and if not: which entry, and what was done to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from shared.audit.entry import START, Entry, Head, hash_of

Kind = Literal["changed", "removed", "reordered", "replaced", "cut_off"]
NEAR = 2_000  # numbers around its own that an entry may have had before


@dataclass(frozen=True, kw_only=True)
class Break:
    """The first place of a chain that does not hold, and what was done there."""

    chain: str
    n: int
    kind: Kind
    why: str


def verify(entries: Iterable[Entry], noted: Head | Iterable[Head] | None = None) -> Head | Break | None:
    """The head of a whole chain, its first broken place, or None when there is nothing.

    `noted` are heads that were written down before: the chain must still contain each of them.
    """
    heads = [noted] if isinstance(noted, Head) else list(noted or ())
    anchors = {head.n: head.hash for head in heads}
    before: Entry | None = None
    left = iter(entries)
    for entry in left:
        broken = _broken(entry, before, left) or _unlike(entry, anchors)
        if broken:
            return broken
        before = entry
    return _cut_off(before, heads) or _head(before)


def _head(last: Entry | None) -> Head | None:
    return Head(chain=last.chain, n=last.n, hash=last.hash) if last else None


def _cut_off(last: Entry | None, noted: list[Head]) -> Break | None:
    reached = last.n if last else 0
    beyond = [head for head in noted if head.n > reached]
    if not beyond:
        return None
    why = f"entries up to {max(head.n for head in beyond)} were noted outside, and are gone"
    return Break(chain=beyond[0].chain, n=reached + 1, kind="cut_off", why=why)


def _unlike(entry: Entry, anchors: dict[int, str]) -> Break | None:
    if anchors.get(entry.n, entry.hash) == entry.hash:
        return None
    why = "is not the entry that was noted outside"
    return Break(chain=entry.chain, n=entry.n, kind="replaced", why=why)


def _broken(entry: Entry, before: Entry | None, left: Iterator[Entry]) -> Break | None:
    """What is wrong with an entry after the one before it, if anything."""
    place = before.n + 1 if before else 1
    follows = entry.prev_hash == (before.hash if before else START)
    if entry.n == place and follows and hash_of(entry) == entry.hash:
        return None
    if entry.n != place:
        return Break(chain=entry.chain, n=place, kind="removed", why=f"is missing, the next is {entry.n}")
    return _moved(entry, place, left) or _altered(entry, before, place, follows=follows)


def _altered(entry: Entry, before: Entry | None, place: int, *, follows: bool) -> Break:
    """Either it was changed itself, or it still remembers what the one before it was."""
    if hash_of(entry) != entry.hash or before is None:
        return Break(chain=entry.chain, n=place, kind="changed", why="was changed")
    why = f"was changed and given a new hash: entry {place} remembers another one"
    return Break(chain=entry.chain, n=place - 1, kind="changed", why=why)


def _moved(entry: Entry, place: int, left: Iterator[Entry]) -> Break | None:
    """When its hash fits another number it was moved; if that number's own entry is gone, one was removed."""
    near = (place + shift * sign for shift in range(1, NEAR) for sign in (1, -1))
    own = next((n for n in near if n > 0 and hash_of(entry, n=n) == entry.hash), 0)
    if not own:
        return None
    rest = [entry, *left]
    if any(other.hash == entry.prev_hash for other in rest) or own < place:
        return Break(chain=entry.chain, n=place, kind="reordered", why=f"was entry {own} before it was moved")
    why = f"is missing, and those after it were given new numbers (this one was {own})"
    return Break(chain=entry.chain, n=place, kind="removed", why=why)
