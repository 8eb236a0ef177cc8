"""Learning from a county's sorted history: which runs of characters speak for which category, how surely.

The scores that confidence is measured on come from texts that were not learned from, copies kept together.
The same history gives the same model. Only this module needs scikit-learn; suggesting does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.svm import LinearSVC

from services.intake.rules.triage.calibrating import calibrated, least_for
from services.intake.rules.triage.examples import Example
from services.intake.rules.triage.grams import Hashes, grams
from services.intake.rules.triage.learned import BODY, TITLE, Floats, Head, joined, word_hashes
from services.intake.rules.triage.words import Words
from shared.errors import Refused
from shared.profile import Profile
from shared.text import letters

SEED, PARTS = 2026, 5
AT_LEAST = 3  # texts a run of characters stands in; what fewer say might be about a person
FEWEST = 40  # examples of one kind, and two categories of it: with fewer there is nothing to learn
SMOOTH, COST, TRUST_IN_WORDS = 0.1, 0.3, 3.0
PRIOR = 2.0  # how far the county's words are believed before anything is learned
MOST = 60_000  # examples of one kind; of more the last ones
Labels = NDArray[np.int64]
Found = Mapping[str, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class Seen:
    """Texts as numbers: their runs, what the words say of them, and what people said they are."""

    runs: csr_matrix
    words: Floats
    truth: Labels
    few: int
    listed: NDArray[np.bool_]  # which of the runs are words of the county's list
    straight: Floats  # what the list's words speak for, as it stands in the list

    def only(self, these: Labels) -> Seen:
        """Some of the texts."""
        return replace(self, runs=self.runs[these], words=self.words[these], truth=self.truth[these])


@dataclass(frozen=True, kw_only=True, eq=False)
class Lesson:
    """What was learned: the weights of the runs, of the words, and of nothing at all."""

    weights: Floats
    from_words: Floats
    base: Floats


Way = Callable[[Seen], Lesson]


@dataclass(frozen=True, kw_only=True)
class Taught:
    """A model, and what is told about how it was learned."""

    heads: Mapping[str, Head]
    facts: Mapping[str, Any]


def teach(given: Sequence[Example], county: Profile) -> Taught:
    """A model of everything a history holds enough of. Raises Refused when that is nothing."""
    examples = list({one.mark + one.category: one for one in (each.plain() for each in given)}.values())
    words = Words(county.keywords)
    heads, facts = {}, {}
    for kind in ("dispute", "message"):
        mine = [one for one in examples if one.kind == kind][-MOST:]
        counted = Counter(one.category for one in mine)
        if len(mine) < FEWEST or len(counted) < 2:
            continue
        listed = tuple(sorted(c.code for c in county.categories if c.kind == kind))
        heads[kind], measured = _head(kind, mine, words, listed)
        facts[kind] = {"texts": len(mine), "categories": dict(sorted(counted.items()))} | measured
    if not heads:
        raise Refused(f"已分类的文字太少：一种事项至少要{FEWEST}条、两个类别", code="too_little_to_learn")
    return Taught(heads=heads, facts=facts)


def _head(
    kind: str, mine: list[Example], words: Words, words_for: tuple[str, ...]
) -> tuple[Head, dict[str, Any]]:
    """What was learned of one kind, by the way of learning that was right more often on unseen texts."""
    classes = tuple(sorted({one.category for one in mine}))
    seen, bare = _seen(kind, mine, words, words_for, classes)
    unseen = {name: held_back(seen, way, parts(mine)) for name, way in WAYS.items()}
    right = {name: accuracy(scores, seen.truth) for name, scores in unseen.items()}
    best = max(right, key=lambda name: right[name])
    curve = calibrated(unseen[best], seen.truth)
    head = replace(
        bare,
        **vars(WAYS[best](seen)),
        sharpness=curve.sharpness,
        lift=curve.lift,
        least=least_for(curve.shares(unseen[best]), seen.truth),
    )
    return head, {"way": best, "held_back_accuracy": right}


def _seen(
    kind: str, mine: list[Example], words: Words, words_for: tuple[str, ...], classes: tuple[str, ...]
) -> tuple[Seen, Head]:
    found = [words.found(one.title, one.body) for one in mine]
    bare = _bare(kind, classes, words_for, *vocabulary(mine, found))
    seen = Seen(
        runs=rows(bare, mine, found),
        words=said(bare, found, words),
        truth=np.array([classes.index(one.category) for one in mine]),
        few=len(classes),
        listed=np.isin(bare.known, word_hashes(words.meanings)),
        straight=np.array([[one == other for other in classes] for one in words_for], dtype=np.float32),
    )
    return seen, bare


def accuracy(scores: Floats, truth: Labels) -> float:
    """The share that is right."""
    return round(float((scores.argmax(axis=1) == truth).mean()), 4)


def _bare(
    kind: str, classes: tuple[str, ...], words_for: tuple[str, ...], known: Hashes, rarity: Floats
) -> Head:
    """A head that knows which runs there are and nothing of what they mean."""
    few = len(classes)
    return Head(
        kind=kind,
        classes=classes,
        words_for=words_for,
        known=known,
        rarity=rarity,
        weights=np.zeros((len(known), few), dtype=np.float32),
        from_words=np.zeros((len(words_for), few), dtype=np.float32),
        base=np.zeros(few, dtype=np.float32),
        sharpness=1.0,
        lift=np.zeros(few, dtype=np.float32),
        least=0.5,
    )


def vocabulary(mine: Sequence[Example], found: Sequence[Found]) -> tuple[Hashes, Floats]:
    """The runs and words that stand in enough texts, sorted, and how rare each is."""
    each = [
        np.unique(np.concatenate([*places(one), word_hashes(words)]))
        for one, words in zip(mine, found, strict=True)
    ]
    runs, often = np.unique(np.concatenate(each), return_counts=True)
    kept = often >= AT_LEAST
    rarity = np.log((1 + len(mine)) / (1 + often[kept])) + 1
    return runs[kept], rarity.astype(np.float32)


def places(one: Example) -> tuple[Hashes, Hashes]:
    """The runs of a whole text, and those of its title."""
    return grams(joined(one.title, one.body), BODY), grams(one.title, TITLE)


def rows(head: Head, mine: Sequence[Example], found: Sequence[Found]) -> csr_matrix:
    """Every text as the weights of its known runs and words."""
    pairs = [
        head.known_of(head.look(one.title, one.body), one.title, words)
        for one, words in zip(mine, found, strict=True)
    ]
    ends = np.cumsum([0, *(len(at) for at, _ in pairs)])
    at, weight = (np.concatenate([pair[n] for pair in pairs]) for n in (0, 1))
    return csr_matrix(
        (weight, at.astype(np.int64), ends), shape=(len(mine), len(head.known)), dtype=np.float32
    )


def said(head: Head, found: Sequence[Found], words: Words) -> Floats:
    """What the county's words say of every text."""
    told = (words.spoken(one) for one in found)
    shares: Floats = np.stack([head.evidence({s.category: s.score for s in spoken}) for spoken in told])
    return shares


def parts(mine: Sequence[Example]) -> Labels:
    """Which part each text is held back with; texts that begin alike stay together."""
    begins = [sha256(f"{SEED}{letters(one.title)[:24] or letters(one.body)[:40]}".encode()) for one in mine]
    return np.array([int.from_bytes(begin.digest()[:4], "big") % PARTS for begin in begins])


def held_back(seen: Seen, way: Way, part: Labels) -> Floats:
    """The scores of every text by what was learned from the other parts."""
    scores = np.zeros((len(seen.truth), seen.few), dtype=np.float32)
    for n in range(PARTS):
        rest, held = np.flatnonzero(part != n), np.flatnonzero(part == n)
        learned = way(seen.only(rest))
        scores[held] = (
            seen.runs[held] @ learned.weights + seen.words[held] @ learned.from_words + learned.base
        )
    return scores


def by_ratio(seen: Seen) -> Lesson:
    """Runs weighed by how much oftener they stand in a category than elsewhere; for long histories."""
    columns = [_ratio_one(seen, seen.truth == n) for n in range(seen.few)]
    return _lesson(columns, seen.words.shape[1], with_words=False)


def _ratio_one(seen: Seen, mine: NDArray[np.bool_]) -> tuple[Floats, float]:
    inside, outside = (np.asarray(seen.runs[m].sum(axis=0)).ravel() + SMOOTH for m in (mine, ~mine))
    ratio = np.log((inside / inside.sum()) / (outside / outside.sum())).astype(np.float32)
    ratio[seen.listed] = 0.0  # a long history knows more than the list
    return _separated(seen.runs @ diags(ratio), mine, COST, ratio)


def with_words(seen: Seen) -> Lesson:
    """The runs beside what the county's words say; for short histories, where the words know more."""
    both = hstack([seen.runs, csr_matrix(seen.words * np.float32(TRUST_IN_WORDS))]).tocsr()
    scale = np.ones(both.shape[1], dtype=np.float32)
    scale[seen.runs.shape[1] :] = TRUST_IN_WORDS
    columns = [_separated(both, seen.truth == n, 1.0, scale, "balanced") for n in range(seen.few)]
    learned = _lesson(columns, seen.words.shape[1], with_words=True)
    return replace(learned, from_words=learned.from_words + np.float32(PRIOR) * seen.straight)


def _separated(
    texts: csr_matrix, mine: NDArray[np.bool_], cost: float, scale: Floats, balance: str | None = None
) -> tuple[Floats, float]:
    """The weights that part one category from all others, in the measure of the unscaled runs."""
    if not mine.any() or mine.all():
        return np.zeros(texts.shape[1], dtype=np.float32), -1.0 if not mine.any() else 1.0
    machine = LinearSVC(C=cost, class_weight=balance, random_state=SEED).fit(texts, mine)
    return (machine.coef_[0] * scale).astype(np.float32), float(machine.intercept_[0])


def _lesson(columns: list[tuple[Floats, float]], said: int, *, with_words: bool) -> Lesson:
    weights = np.stack([weight for weight, _ in columns], axis=1)
    split = len(weights) - said if with_words else len(weights)
    from_words = weights[split:] if with_words else np.zeros((said, len(columns)), dtype=np.float32)
    base = np.array([base for _, base in columns], dtype=np.float32)
    return Lesson(weights=weights[:split], from_words=from_words, base=base)


WAYS: Mapping[str, Way] = {"ratio": by_ratio, "words": with_words}
