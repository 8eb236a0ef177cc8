"""A text as numbers that a model can weigh: every run of one to four characters, by its hash.

Only hashes are kept, so that no piece of anybody's text lies in a model.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

LONGEST = 4
MOST = 12_000  # characters read of one text: the first two thirds of them and the last third
_STEP, _STIR, _SPREAD = np.uint64(0x100000001B3), np.uint64(31), np.uint64(0x9E3779B97F4A7C15)


def shortened(text: str) -> str:
    """The beginning and the end of a very long text."""
    return text if len(text) <= MOST else text[: MOST * 2 // 3] + text[-MOST // 3 :]


def grams(text: str, place: int = 0) -> Hashes:
    """The hashes of all runs of characters; the same run has another hash in another place (title, body)."""
    signs = np.frombuffer(shortened(text).encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    found, running = [], np.zeros(len(signs), dtype=np.uint64) + np.uint64(place + 1)
    for length in range(1, LONGEST + 1):
        if len(signs) < length:
            break
        running = running[: len(signs) - length + 1] * _STEP + signs[length - 1 :]
        found.append(_spread(running))
    return np.concatenate(found) if found else np.zeros(0, dtype=np.uint64)


def run_at(text: str, n: int) -> str:
    """The run of characters whose hash stands at a place of what `grams` gives."""
    length = 1
    while n >= len(text) - length + 1:
        n, length = n - (len(text) - length + 1), length + 1
    return text[n : n + length]


def _spread(hashes: Hashes) -> Hashes:
    mixed = (hashes ^ (hashes >> _STIR)) * _SPREAD
    return mixed ^ (mixed >> _STIR)
