"""Which words two matters share: told out of the text in hand, so that nothing of the other one is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from services.intake.model.likeness import Sketch
from services.intake.rules.likeness.sketch import TITLE, Hasher, head_of
from services.intake.rules.likeness.words import GAP, plain
from shared.text import letters

MOST = 5  # phrases shown
SHORTEST = 2  # characters of one

_HALF = 0xFFFFFFFF


def shared_words(title: str, text: str, hasher: Hasher, found: Sketch) -> tuple[str, ...]:
    """The longest phrases of a matter's own words that an earlier matter's sketch has too."""
    said = letters(text)
    in_title = {*found.title, *found.trouble}
    in_body = set(found.body)
    phrases = [
        *_runs(head_of(letters(title), said)[:TITLE], 2, lambda p: hasher("title", p) & _HALF in in_title),
        *_runs(plain(said), 3, lambda p: hasher("body", p) & _HALF in in_body),
    ]
    return tuple(_longest(phrases))


def _runs(text: str, length: int, has: Callable[[str], bool]) -> Iterator[str]:
    """Each run of pieces that are all there, as the words they make."""
    for part in text.split(GAP):
        run = ""
        for n in range(len(part) - length + 1):
            piece = part[n : n + length]
            if has(piece):
                run = run + piece[-1] if run else piece
            elif run:
                yield run
                run = ""
        if run:
            yield run


def _longest(phrases: list[str]) -> Iterator[str]:
    taken: list[str] = []
    for phrase in sorted(dict.fromkeys(phrases), key=len, reverse=True):
        if len(taken) < MOST and len(phrase) >= SHORTEST and not any(phrase in longer for longer in taken):
            taken.append(phrase)
            yield phrase
