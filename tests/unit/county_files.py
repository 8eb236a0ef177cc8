"""Profiles on disk for tests: the default county, changed in one place, with a small lexicon beside it."""

from pathlib import Path

import pytest

from shared.profile import ProfileError, load

GOOD = Path(__file__).resolve().parents[2] / "profiles/xx-county.yaml"
TEXT = GOOD.read_text(encoding="utf-8")
WORDS = "version: 1\nkeywords:\n  - {word: 欠薪, category: labour_wages, weight: 5}\n"


def written(folder: Path, text: str, words: str = WORDS) -> Path:
    """A profile with its lexicon in a folder of the test."""
    (folder / "lexicon.yaml").write_text(words, encoding="utf-8")
    path = folder / "county.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path) -> list[str]:
    """What a profile is refused for, one sentence each."""
    with pytest.raises(ProfileError) as caught:
        load(path)
    return [str(fault) for fault in caught.value.faults]


def line(text: str, part: str) -> int:
    """The line on which a part of a text stands."""
    return text[: text.index(part)].count("\n") + 1
