"""Which topic somebody means, by the words they use; when that is not clear, a person is to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.intake.model.guidance import Topic

EMERGENCY_WORDS = ("着火", "杀人", "持刀", "救命", "自杀", "打死", "流血", "昏倒", "车祸", "煤气泄漏")
BY_CATEGORY: Mapping[str, str] = {"labour_wages": "labour", "labour_other": "labour"}
"""Categories with a topic of their own; every other category of dispute is mediation's."""


def meant(topics: Iterable[Topic], wish: str) -> Topic | None:
    """The topic that most of the words speak for; None when none does, or two speak alike: never a guess."""
    scored = [(_score(topic, wish), topic) for topic in topics]
    best = max((score for score, _ in scored), default=0)
    leading = [topic for score, topic in scored if score == best]
    return leading[0] if best and len(leading) == 1 else None


def _score(topic: Topic, wish: str) -> int:
    return sum(len(word) for word in topic.words if word in wish)


def urgent(wish: str) -> bool:
    """Whether somebody should call for help before anything else."""
    return any(word in wish for word in EMERGENCY_WORDS)
