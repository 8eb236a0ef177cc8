"""How often suggestions are right: every text of a sorted history is sorted anew and compared."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from services.intake.model.suggestion import Kind
from services.intake.rules.triage.examples import Example
from services.intake.rules.triage.suggesting import KINDS, Read, Reader, read
from services.intake.rules.triage.words import Words
from services.intake.store.models import BadModel, Learned
from services.intake.store.models import read as read_model
from shared.profile import Profile

__all__ = ["BadModel", "examined", "reader"]
Pairs = Sequence[tuple[str, str | None]]


def reader(county: Profile, model: Path | None) -> Reader:
    """What texts are read with: the words, and the model if there is one. Raises BadModel."""
    learned = read_model(model) if model else Learned(heads={}, version=f"words@{county.lexicon.version}")
    return Reader(profile=county, words=Words(county.keywords), heads=learned.heads, by=learned.version)


def examined(reader: Reader, examples: Sequence[Example]) -> dict[str, Any]:
    """Accuracy, macro F1 and time, for all and for each kind; of those it was sure of also how many."""
    began = time.perf_counter()
    found = [_sorted(reader, example) for example in examples]
    took = time.perf_counter() - began
    truths = [
        (e.category, r.first.category if r.first else None) for e, r in zip(examples, found, strict=True)
    ]
    sure = [pair for pair, one in zip(truths, found, strict=True) if one.sure]
    kinds = {kind: [p for p, e in zip(truths, examples, strict=True) if e.kind == kind] for kind in KINDS}
    return {
        "accuracy": accuracy(truths),
        "macro_f1": macro(truths),
        "per_class": per_class(truths),
        "ms_per_text": round(1000 * took / max(1, len(examples)), 3),
        "texts": len(examples),
        "by_kind": {
            k: {"accuracy": accuracy(p), "macro_f1": macro(p), "texts": len(p)} for k, p in kinds.items() if p
        },
        "suggested": round(len(sure) / max(1, len(truths)), 4),
        "accuracy_suggested": accuracy(sure),
        "calibration_error": calibration_error(found, truths),
        "by": reader.by,
    }


def _sorted(reader: Reader, given: Example) -> Read:
    example = given.plain()
    kind: Kind = "dispute" if example.kind == "dispute" else "message"
    return read(reader, kind, example.title, example.body, reader.words.found(example.title, example.body))


def accuracy(pairs: Pairs) -> float:
    """The share that is right; what nothing was said about is wrong."""
    return round(sum(truth == said for truth, said in pairs) / max(1, len(pairs)), 4)


def macro(pairs: Pairs) -> float:
    """The mean of the F1 of the classes that the data holds."""
    scores = [one["f1"] for one in per_class(pairs).values()]
    return round(sum(scores) / max(1, len(scores)), 4)


def per_class(pairs: Pairs) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of every class that the data holds."""
    true, said = Counter(truth for truth, _ in pairs), Counter(said for _, said in pairs)
    right = Counter(truth for truth, said in pairs if truth == said)
    return {one: _scores(right[one], true[one], said[one]) for one in sorted(true)}


def _scores(right: int, true: int, said: int) -> dict[str, float]:
    shares = {"precision": right / max(1, said), "recall": right / max(1, true)}
    shares["f1"] = 2 * right / max(1, true + said)
    return {name: round(share, 4) for name, share in shares.items()} | {"texts": true}


def calibration_error(found: Iterable[Read], truths: Pairs) -> float:
    """By how much confidence and truth differ, over ten equal steps of confidence."""
    steps: dict[int, list[tuple[float, bool]]] = {}
    for one, (truth, said) in zip(found, truths, strict=True):
        if one.first:
            steps.setdefault(one.first.confidence // 10, []).append(
                (one.first.confidence / 100, truth == said)
            )
    gaps = [abs(sum(c for c, _ in step) - sum(right for _, right in step)) for step in steps.values()]
    return round(sum(gaps) / max(1, len(truths)), 4)
