"""What the county's words make of a text: which categories they speak for, and how clearly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, log2

from services.intake.rules.triage.persons import figures_gone
from shared.profile import Profile
from shared.profile.words import Keyword, Trust
from shared.text import fold

TITLE = 2.0  # a word in the title counts so much more than one in the body
BODY = 40_000  # characters of the body that words are looked for in


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word of the list that stands in a text, and how much it says for a category."""

    word: str
    strength: float


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """One category, how much was said for it, and the words that said it, the strongest first."""

    category: str
    score: float
    words: tuple[Word, ...]


class Words:
    """A list of words, ready to be looked for: one pass over a text however long the list is."""

    def __init__(self, keywords: Iterable[Keyword]) -> None:
        self.meanings: dict[str, list[tuple[str, float]]] = {}
        for keyword in keywords:
            self.meanings.setdefault(figures_gone(fold(keyword.word)), []).append(
                (keyword.category, float(keyword.weight**1.5))
            )
        self.lengths = sorted({len(word) for word in self.meanings})

    def spoken(self, found: Mapping[str, float]) -> tuple[Spoken, ...]:
        """Every category that the words found in a text speak for, the clearest first."""
        said: dict[str, list[Word]] = {}
        for word, times in found.items():
            for category, weight in self.meanings[word]:
                said.setdefault(category, []).append(Word(word=word, strength=weight * times))
        return tuple(sorted((_spoken(*found) for found in said.items()), key=_clearest))

    def found(self, title: str, body: str) -> dict[str, float]:
        """The words in a folded text and how much each counts: double in the title, in the body the less
        the more often it comes."""
        often = {word: log2(1 + n) for word, n in self._found(body[:BODY]).items()}
        return {word: TITLE + often.pop(word, 0) for word in self._found(title)} | often

    def _found(self, text: str) -> Counter[str]:
        runs = (text[start : start + n] for n in self.lengths for start in range(len(text) - n + 1))
        return Counter(run for run in runs if run in self.meanings)


def _spoken(category: str, words: list[Word]) -> Spoken:
    strongest = tuple(sorted(words, key=lambda word: (-word.strength, word.word)))
    return Spoken(category=category, score=sum(word.strength for word in words), words=strongest)


def _clearest(spoken: Spoken) -> tuple[float, str]:
    return -spoken.score, spoken.category


def of_kind(spoken: Iterable[Spoken], kind: str, profile: Profile) -> tuple[Spoken, ...]:
    """Those of them that are categories of disputes, or of messages."""
    codes = {category.code for category in profile.categories if category.kind == kind}
    return tuple(one for one in spoken if one.category in codes)


def sureness(spoken: tuple[Spoken, ...], trust: Trust) -> dict[str, float]:
    """How likely each category is, by how far the first leads; what is left is nobody's."""
    if not spoken:
        return {}
    second = spoken[1].score if len(spoken) > 1 else 0.0
    lead = (spoken[0].score - second) / (spoken[0].score + second + 1.0)
    first = 1 / (1 + exp(-(trust.base + trust.slope * lead)))
    rest = sum(one.score for one in spoken[1:]) or 1.0
    return {spoken[0].category: first} | {o.category: (1 - first) * 0.9 * o.score / rest for o in spoken[1:]}


def most_hits(text: str, table: Mapping[str, tuple[str, ...]]) -> str | None:
    """The entry of a table whose words stand most often in the text; the first of equals."""
    hits = {code: sum(1 for word in words if word in text) for code, words in table.items()}
    best = max(hits, key=lambda code: hits[code], default=None)
    return best if best and hits[best] else None
