"""From a text to a suggestion: kind, category with reasons and confidence, complexity, tier and lead unit.

Nothing here is ever applied by itself (DOMAIN 3.9); where the evidence is thin, no category is suggested.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from services.intake.model.suggestion import Candidate, Kind, Suggested, Suggestion
from services.intake.rules.triage.words import Spoken, Words, most_hits, of_kind, sureness
from shared.profile import Profile
from shared.profile.leading import choose, tier_of
from shared.profile.words import Trust

if TYPE_CHECKING:  # numbers are only reckoned with where a county has a model of its own
    from services.intake.rules.triage.learned import Head, Look

REASONS = 4
KINDS: tuple[Kind, Kind] = ("dispute", "message")


@dataclass(frozen=True, kw_only=True)
class Reader:
    """What texts are read with: the county's profile, its words, and what it learned, if anything."""

    profile: Profile
    words: Words
    heads: Mapping[str, Head]
    by: str


@dataclass(frozen=True, kw_only=True)
class Read:
    """What one text says about the categories of one kind."""

    kind: Kind
    candidates: tuple[Candidate, ...]
    least: int
    clear: bool  # whether the words alone lead by the county's margin; a model's confidence speaks for itself

    @property
    def first(self) -> Candidate | None:
        """The likeliest, sure or not."""
        return self.candidates[0] if self.candidates else None

    @property
    def sure(self) -> Candidate | None:
        """The likeliest, if it is likely enough to be suggested."""
        first = self.first
        return first if first and self.clear and first.confidence >= self.least else None


def suggestion(reader: Reader, title: str, body: str, region: str, matter_type: str | None) -> Suggestion:
    """The suggestion for a text without people in it; `matter_type` is what a clerk has chosen already."""
    text, lexicon = f"{title}。{body}", reader.profile.lexicon
    likely_type = most_hits(text, lexicon.matter_type_words)
    given = matter_type if matter_type not in (None, "unclassified") else likely_type
    words = reader.words.found(title, body)
    spoken = reader.words.spoken(words)
    found = {kind: read(reader, kind, title, body, words) for kind in KINDS}
    kind = _kind(given, found, spoken, reader.profile)
    chosen, other = found[kind], found["message" if kind == "dispute" else "dispute"]
    first = chosen.sure
    return Suggestion(
        kind=kind,
        category=first.category if first else None,
        confidence=chosen.first.confidence if chosen.first else 0,
        candidates=chosen.candidates[: reader.profile.triage.suggestions],
        beside=other.first,
        matter_type=cast(Any, likely_type),
        complexity=cast(Any, most_hits(text, lexicon.complexity_words)),
        flags=tuple(
            flag for flag, words in lexicon.flag_words.items() if any(word in text for word in words)
        ),
        by=reader.by,
        **_whose(first, region, reader.profile),
    )


def _kind(
    given: str | None, found: Mapping[Kind, Read], spoken: tuple[Spoken, ...], profile: Profile
) -> Kind:
    """Disputes are sorted as disputes; what is no dispute by a class of messages, unless none fits."""
    if given is not None:
        first: Kind = "dispute" if given == "dispute" else "message"
        return first if found[first].candidates else KINDS[first == "dispute"]
    said = {kind: sum(one.score for one in of_kind(spoken, kind, profile)[:1]) for kind in KINDS}
    return "dispute" if said["dispute"] >= said["message"] else "message"


def _whose(first: Candidate | None, region: str, profile: Profile) -> dict[str, Any]:
    tier = tier_of(region, profile)
    choice = choose(first.category, tier, region, profile) if first else None
    lead, why = (choice.lead, choice.reason) if choice else (None, "")
    return {"tier": tier, "unit": lead, "unit_reason": why}


def read(reader: Reader, kind: Kind, title: str, body: str, words: Mapping[str, float]) -> Read:
    """What a text says about one kind of categories: by what was learned, else by the words found alone."""
    mine = of_kind(reader.words.spoken(words), kind, reader.profile)
    head = reader.heads.get(kind)
    look = head.look(title, body) if head else None
    shares = learned(head, look, title, words, mine) if head and look else None
    by_words = _by_words(reader.profile, kind, mine)
    if head is None or look is None or shares is None or _knows_better(by_words, head, max(shares.values())):
        return by_words
    ranked = sorted(shares, key=lambda category: (-shares[category], category))
    ranked = ranked[: reader.profile.triage.suggestions]
    pieces = dict(zip(ranked, head.speaking(look, ranked, REASONS), strict=True))
    said = {one.category: one.words for one in mine}
    candidates = tuple(
        Candidate(
            category=category,
            confidence=_percent(shares[category]),
            reasons=_reasons(said.get(category, ()), pieces[category]),
        )
        for category in ranked
    )
    return Read(kind=kind, candidates=candidates, least=_percent(head.least), clear=True)


def _knows_better(by_words: Read, head: Head, surest: float) -> bool:
    """Whether the words are sure of a category that the history does not hold, while that is unsure."""
    sure = by_words.sure
    return sure is not None and sure.category not in head.classes and surest < head.least


def learned(
    head: Head, look: Look, title: str, words: Mapping[str, float], said: tuple[Spoken, ...]
) -> dict[str, float] | None:
    """How likely each category is by what the county learned; None for a text unlike any of it."""
    shares = head.confidence(look, title, words, head.evidence({one.category: one.score for one in said}))
    return None if shares is None else dict(zip(head.classes, map(float, shares), strict=True))


def _by_words(profile: Profile, kind: Kind, said: tuple[Spoken, ...]) -> Read:
    shares = sureness(said, profile.lexicon.trust.get(kind, Trust()))
    candidates = tuple(
        Candidate(
            category=one.category,
            confidence=_percent(shares[one.category]),
            reasons=_reasons(one.words),
        )
        for one in said[: profile.triage.suggestions]
    )
    lead = said[0].score - (said[1].score if len(said) > 1 else 0) if said else 0.0
    least = profile.triage.least_confidence
    return Read(kind=kind, candidates=candidates, least=least, clear=lead >= profile.triage.min_margin)


def _reasons(words: tuple[Any, ...], pieces: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Words of the county's list first, then pieces of the text that are no part of them."""
    chosen = [word.word for word in words[:REASONS]]
    for piece in pieces:
        if not any(piece in word or word in piece for word in chosen):
            chosen.append(piece)
    return tuple(chosen[:REASONS])


def _percent(share: float) -> int:
    return min(99, int(share * 100))


def kept(found: Suggestion) -> Suggested:
    """What is kept of a suggestion: its codes."""
    others = tuple(one.category for one in found.candidates if one.category != found.category)
    return Suggested(
        category=found.category,
        confidence=found.confidence,
        others=others[:2],
        matter_type=found.matter_type,
        complexity=found.complexity,
        tier=found.tier,
        unit=found.unit,
        by=found.by,
    )
