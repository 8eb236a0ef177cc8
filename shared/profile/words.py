"""The part of a profile that suggestions are made from: words, their weights, and how sure one must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shared.profile.shape import Basis, Code, Count, Positive, Text


@dataclass(frozen=True, kw_only=True)
class Triage:
    """How suggestions are made; a person decides."""

    min_margin: Count
    default_category: Code
    suggestions: Positive
    auto_apply: Literal[False]
    flags_need_human: Literal[True]
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Keyword:
    """A word that speaks for a category, the stronger the heavier."""

    word: Text
    category: Code
    weight: Positive


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """The words that suggestions are made from, in simplified script."""

    version: Positive
    keywords: tuple[Keyword, ...]
    flag_words: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
    complexity_words: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
    matter_type_words: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
