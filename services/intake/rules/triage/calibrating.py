"""From scores to confidence: of a hundred suggestions that are 80 per cent sure, eighty should be right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.intake.rules.triage.learned import Floats, likely

Labels = NDArray[np.int64]
STEPS, PACE, HOLD = 400, 0.5, 0.02
RIGHT = 0.95  # of what is suggested, so much should be right; where that cannot be had, LOWEST holds
LOWEST, HIGHEST = 0.35, 0.85


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """How sharply scores part the classes, and how much each class is lifted."""

    sharpness: float
    lift: Floats

    def shares(self, scores: Floats) -> Floats:
        """Scores as confidence."""
        return likely(scores, self.sharpness, self.lift)


def calibrated(scores: Floats, truth: Labels) -> Curve:
    """The curve under which the truth is likeliest; only for scores of texts that were not learned from."""
    many, few = scores.shape
    goal = np.eye(few, dtype=np.float32)[truth]
    sharpness, lift = 1.0, np.zeros(few, dtype=np.float32)
    for _ in range(STEPS):
        gap = likely(scores, sharpness, lift) - goal
        sharpness = max(0.1, sharpness - PACE * float((gap * scores).sum()) / many)
        lift = lift - PACE * (gap.mean(axis=0) + HOLD * lift)
    return Curve(sharpness=round(sharpness, 4), lift=lift.astype(np.float32))


def least_for(shares: Floats, truth: Labels) -> float:
    """The confidence from which on suggestions are right often enough to be shown."""
    first, right = shares.max(axis=1), shares.argmax(axis=1) == truth
    order = np.argsort(-first, kind="stable")
    good = np.flatnonzero(np.cumsum(right[order]) / np.arange(1, len(order) + 1) >= RIGHT)
    reached = float(first[order][good[-1]]) if len(good) else HIGHEST
    return round(min(HIGHEST, max(LOWEST, reached)), 4)
