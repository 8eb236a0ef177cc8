"""The part of a profile that suggestions are made from: words, their weights, and how sure one must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Literal

from marshmallow import validate

from shared.profile.shape import Basis, Code, Count, Positive, Text

Weight = Annotated[int, validate.Range(min=1, max=5, error="应当是1到5")]
Percent = Annotated[int, validate.Range(min=1, max=100, error="应当是1到100")]


@dataclass(frozen=True, kw_only=True)
class Triage:
    """How suggestions are made; a person decides."""

    min_margin: Count  # of the words' weights: below it nothing is suggested
    default_category: Code
    suggestions: Positive
    auto_apply: Literal[False]
    flags_need_human: Literal[True]
    basis: Basis
    enabled: bool = True
    least_confidence: Percent = 50  # per cent: below it nothing is suggested


@dataclass(frozen=True, kw_only=True)
class Keyword:
    """A word that speaks for a category, the stronger the heavier."""

    word: Text
    category: Code
    weight: Weight


@dataclass(frozen=True, kw_only=True)
class Trust:
    """How sure the words make us: the logistic curve over the lead of the best category (docs/triage.md)."""

    base: float = -1.0
    slope: float = 4.0


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """The words that suggestions are made from, in simplified script.

    `words` holds them by category and weight (w5: 一锤定音 … w1: 只是沾边), with blanks between;
    `keywords` has one word with its weight on each line, as a county adds them.
    """

    version: Positive
    keywords: tuple[Keyword, ...] = ()
    words: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    trust: Mapping[str, Trust] = field(default_factory=dict)  # by kind of category
    flag_words: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
    complexity_words: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
    matter_type_words: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)

    @cached_property
    def every(self) -> tuple[Keyword, ...]:
        """All words, in whichever way they were written down."""
        listed = (
            Keyword(word=word, category=category, weight=int(weight[1:]))
            for category, weights in self.words.items()
            for weight, words in weights.items()
            for word in words.split()
        )
        return (*listed, *self.keywords)
