"""Loads a profile: read, shape, compare, finish; or refuse it with everything that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from marshmallow import ValidationError

from shared.profile import bases, checks, shape, tables
from shared.profile.model import Profile
from shared.profile.source import Fault, ProfileError, Source, Steps, read_source
from shared.profile.times import ClockLimit
from shared.profile.words import Lexicon


def load(path: Path | str) -> Profile:
    """The profile in a file, with its lexicon. Raises ProfileError listing every fault with its line."""
    path = Path(path)
    source = read_source(path)
    shaped, faults = _shape(Profile, source)
    words, missing = _words(path, source)
    lexicon, wrong = _shape(Lexicon, words) if words else (None, missing)
    if shaped is None:
        raise ProfileError([*faults, *wrong])
    profile: Profile = replace(shaped, lexicon=lexicon or shaped.lexicon, limits=_limits(shaped))
    cited = bases.complaints(profile.documents, profile.effective, source.data)
    faults = _faults(source, [*checks.complaints(profile), *cited])
    if words and lexicon:
        wrong = _faults(words, tables.lexicon_complaints(profile))
    if faults or wrong:
        raise ProfileError([*faults, *wrong])
    return profile


def _words(path: Path, source: Source) -> tuple[Source | None, list[Fault]]:
    named = source.data.get("lexicon") if isinstance(source.data, dict) else None
    if not isinstance(named, str) or not named:
        return None, []
    try:
        return read_source(path.parent / named), []
    except ProfileError as error:
        return None, list(error.faults)


def _shape(cls: type[Any], source: Source) -> tuple[Any, list[Fault]]:
    try:
        return shape.read(cls, source.data), []
    except ValidationError as error:
        return None, _faults(source, shape.complaints(error))


def _faults(source: Source, complaints: Iterable[tuple[Steps, str]]) -> list[Fault]:
    return [source.fault(steps, sentence) for steps, sentence in complaints]


def _limits(p: Profile) -> Mapping[str, ClockLimit]:
    return MappingProxyType({kind: _limit(p, kind, limit) for kind, limit in p.limits.items()})


def _limit(p: Profile, kind: str, limit: ClockLimit) -> ClockLimit:
    """A limit with its name and its marks; class clocks start where the county says they do (COR-08)."""
    starts = (f"case.{p.class_clock_starts}",) if limit.complexity else limit.starts
    marks = tuple(row.pct for row in p.thresholds_for(kind))
    return replace(limit, kind=kind, thresholds=marks, starts=starts)
