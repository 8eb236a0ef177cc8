"""What time it is: the system's clock, moved by the suite's shared clock file, if there is one."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Clock = Callable[[], datetime]

_OFFSET = struct.Struct("<d")


def now() -> datetime:
    """The present instant in UTC, as every process of the suite sees it."""
    return datetime.now(UTC) + timedelta(seconds=_offset())


def _offset() -> float:
    path = os.environ.get("YIZHAN_CLOCK")
    if not path or not Path(path).exists():
        return 0.0
    seconds: float = _OFFSET.unpack(Path(path).read_bytes()[:8])[0]
    return seconds


def instant(at: datetime) -> str:
    """An instant as the wire writes it: UTC, milliseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
