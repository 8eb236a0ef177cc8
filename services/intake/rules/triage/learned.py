"""What a county's own history taught: how much every short run of characters says for every category.

Needs no more than arithmetic. A model holds hashes and weights, no texts; learning it is another matter
(handlers/learning), and so is the file it lies in (store/models).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.intake.rules.triage.grams import Hashes, grams, run_at, shortened

Floats = NDArray[np.float32]

BODY, TITLE = 0, 1  # the two places a run of characters may stand in; words of the list have their own
DOUBT = 20.0  # so much must be said before the words weigh half of what they can
TRIED = 12  # pieces that are looked at for each that is shown
LEAST_KNOWN = 6  # runs that the model knows; with fewer it has nothing to go by
EMPTY: Hashes = np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Look:
    """One text as a model sees it: where each of its runs stands in the model, and whether it is known."""

    text: str
    at: NDArray[np.int64]
    there: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Head:
    """The part of a model for one kind of category: disputes, or messages."""

    kind: str
    classes: tuple[str, ...]
    words_for: tuple[str, ...]  # categories whose words of the county's list count as evidence
    known: Hashes  # sorted
    rarity: Floats  # of each known run
    weights: Floats  # known runs × classes
    from_words: Floats  # words_for × classes
    base: Floats
    sharpness: float  # from scores to confidence, measured on texts the scores were not learned from
    lift: Floats
    least: float  # the confidence below which nothing is suggested

    def look(self, title: str, body: str) -> Look:
        """Look every run of a text up, once."""
        text = shortened(joined(title, body))
        return Look(text=text, **self._find(grams(text, BODY)))

    def known_of(self, look: Look, title: str, words: Mapping[str, float]) -> tuple[Hashes, Floats]:
        """Where the runs and words of a text stand in the model, and how much each weighs in this text."""
        alone, listed = self._find(grams(title, TITLE)), self._find(word_hashes(words))
        often = np.fromiter(words.values(), dtype=np.float64)[listed["there"]]
        parts = (
            self._weighed(*_counted(look.at[look.there])),
            self._weighed(*_counted(alone["at"][alone["there"]])),
            self._weighed(listed["at"][listed["there"]], often),
        )
        return np.concatenate([at for at, _ in parts]), np.concatenate([share for _, share in parts])

    def _find(self, hashes: Hashes) -> dict[str, Any]:
        at = np.searchsorted(self.known, hashes)
        at[at == len(self.known)] = 0
        there = self.known[at] == hashes if len(self.known) else np.zeros(len(hashes), dtype=bool)
        return {"at": at, "there": there}

    def _weighed(self, at: NDArray[np.int64], times: NDArray[np.float64]) -> tuple[Hashes, Floats]:
        weight = times.astype(np.float32) * self.rarity[at]
        length = float(np.linalg.norm(weight))
        return at.astype(np.uint64), weight / np.float32(length) if length else weight

    def evidence(self, scores: Mapping[str, float]) -> Floats:
        """What the words of the county's list say, each category's share of it."""
        said = np.array([scores.get(category, 0.0) for category in self.words_for], dtype=np.float32)
        shares: Floats = said / (said.sum() + np.float32(DOUBT))
        return shares

    def confidence(self, look: Look, title: str, words: Mapping[str, float], said: Floats) -> Floats | None:
        """How likely each class is, `said` being what the words say; None for a text it knows nothing of."""
        at, share = self.known_of(look, title, words)
        if len(at) < LEAST_KNOWN and not said.any():
            return None
        scores = share @ self.weights[at] + said @ self.from_words + self.base
        shares: Floats = likely(scores[None, :], self.sharpness, self.lift)[0]
        return shares

    def speaking(self, look: Look, categories: Sequence[str], most: int) -> list[tuple[str, ...]]:
        """For each of these categories the pieces of the text that spoke most for it, as they stand in it."""
        here = np.flatnonzero(look.there)
        here = here[here >= len(look.text)]  # the first are single characters, which say little to a reader
        worth = self.weights[look.at[here]] * self.rarity[look.at[here], None]
        worth -= worth.mean(axis=1, keepdims=True)
        return [self._best(look.text, here, worth[:, self.classes.index(one)], most) for one in categories]

    def _best(self, text: str, here: NDArray[np.int64], worth: Floats, most: int) -> tuple[str, ...]:
        order = np.argsort(-worth, kind="stable")[: most * TRIED]
        pieces = [run_at(text, int(here[n])) for n in order if worth[n] > 0]
        return _apart([piece for piece in pieces if piece.isalnum()], most)


def word_hashes(words: Iterable[str]) -> Hashes:
    """Words of the county's list as hashes that no run of characters has."""
    return np.fromiter((_word_hash(word) for word in words), dtype=np.uint64)


@lru_cache(maxsize=16_384)
def _word_hash(word: str) -> int:
    return int.from_bytes(sha256(f"word:{word}".encode()).digest()[:8], "big")


def likely(scores: Floats, sharpness: float, lift: Floats) -> Floats:
    """Scores as shares of one: the calibrated confidence of every class."""
    sharp = scores * np.float32(sharpness) + lift
    raised = np.exp(sharp - sharp.max(axis=1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares


def joined(title: str, body: str) -> str:
    """Title and body as one text."""
    return f"{title}。{body}" if title and body else title or body


def _counted(at: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Every place once, with how much it counts: the less the more often it comes."""
    found, times = np.unique(at, return_counts=True)
    return found, 1 + np.log(times)


def _apart(ranked: list[str], most: int) -> tuple[str, ...]:
    """The first few that are not pieces of one another; the longer one stands for both."""
    chosen: list[str] = []
    for piece in ranked:
        if not any(piece in other or other in piece for other in chosen):
            chosen.append(piece)
    return tuple(chosen[:most])
