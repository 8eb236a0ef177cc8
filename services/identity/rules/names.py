"""User names: typed by people with Chinese keyboards, and never two that look the same."""

from __future__ import annotations

import unicodedata

ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "2": "z", "8": "b", "9": "g"})
MARKS = str.maketrans("", "", "._-")


def typed(username: str) -> str:
    """A user name as it was meant: full-width letters of a Chinese keyboard are ordinary ones."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def looks(username: str) -> str:
    """What a user name looks like at a glance; two accounts must not look the same."""
    return typed(username).translate(MARKS).translate(ALIKE).replace("rn", "m").replace("vv", "w")
