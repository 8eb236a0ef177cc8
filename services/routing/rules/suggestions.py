"""The first look at a text by the county's keyword table: what it may be, why, and who would lead.

It only suggests: a person decides (DOMAIN 3.9). The text is read and forgotten; what is kept are words of the
table, never of the resident.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.routing.model import Reason
from services.routing.rules.competence import choose
from services.routing.rules.places import tier_of
from shared.profile import Profile


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One category with the words that spoke for it."""

    category: str
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What the table makes of a text; `category` is empty when the best is not clearly the best."""

    category: str | None
    candidates: tuple[Candidate, ...]
    complexity: str | None
    matter_type: str | None
    flags: tuple[str, ...]
    tier: str
    unit: str | None
    unit_reason: str


def advise(text: str, region: str, profile: Profile) -> Advice:
    """What the keyword table suggests for a text in simplified script."""
    candidates = _candidates(text, profile)
    category = _clear_winner(candidates, profile)
    tier = tier_of(region, profile)
    choice = choose(category, tier, region, profile) if category else None
    return Advice(
        category=category,
        candidates=candidates[: profile.triage.suggestions],
        complexity=_most_hits(text, profile.lexicon.complexity_words),
        matter_type=_most_hits(text, profile.lexicon.matter_type_words),
        flags=tuple(flag for flag, words in profile.lexicon.flag_words.items() if _hits(text, words)),
        tier=tier,
        unit=choice.lead if choice else None,
        unit_reason=choice.reason if choice else "",
    )


def _candidates(text: str, profile: Profile) -> tuple[Candidate, ...]:
    found: dict[str, list[Reason]] = {}
    for keyword in profile.keywords:
        if keyword.word in text:
            reason = Reason(word=keyword.word, weight=keyword.weight)
            found.setdefault(keyword.category, []).append(reason)
    scored = (
        Candidate(category=c, score=sum(r.weight for r in reasons), reasons=tuple(reasons))
        for c, reasons in found.items()
    )
    return tuple(sorted(scored, key=lambda c: (-c.score, c.category)))


def _clear_winner(candidates: tuple[Candidate, ...], profile: Profile) -> str | None:
    """The best one if it leads by the county's margin."""
    if not candidates:
        return None
    second = candidates[1].score if len(candidates) > 1 else 0
    margin = candidates[0].score - second
    return candidates[0].category if margin >= profile.triage.min_margin else None


def _hits(text: str, words: tuple[str, ...]) -> int:
    return sum(1 for word in words if word in text)


def _most_hits(text: str, table: Mapping[str, tuple[str, ...]]) -> str | None:
    """The entry of a table whose words stand most often in the text; the first of equals."""
    hits = {code: _hits(text, words) for code, words in table.items()}
    best = max(hits, key=lambda code: hits[code], default=None)
    return best if best and hits[best] else None
