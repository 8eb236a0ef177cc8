"""The gate before a department on a closed network, as its ferry last described it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What waits there, and since when nothing came from the other side."""

    at: datetime
    waiting: int = 0
    oldest_s: int = 0
    silent_s: int | None = None
    expect_s: int
    missing: int = 0
    refused: int = 0
