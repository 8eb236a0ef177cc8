"""The one place that asks what time it is.

Demos and tests move the clock of every process at once by writing seconds into one shared file; the
system clock is never set. Without that file this is the system clock.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

Clock = Callable[[], datetime]

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")  # no daylight saving since 1991
_OFFSET = struct.Struct("<d")
_open: dict[str, mmap.mmap] = {}


def now() -> datetime:
    """The present instant in UTC, moved by the shared offset, in whole milliseconds as MongoDB keeps them."""
    at = datetime.now(UTC) + timedelta(seconds=offset())
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def real() -> datetime:
    """The present instant of the system clock, which demos do not move: for people at their desks."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def offset() -> float:
    """Seconds by which the shared clock is ahead of the system clock."""
    path = os.environ.get("YIZHAN_CLOCK")
    if not path:
        return 0.0
    seconds: float = _OFFSET.unpack(_mapped(path)[:8])[0]
    return seconds


def advance(seconds: float) -> None:
    """Move the shared clock of every process forward."""
    path = os.environ["YIZHAN_CLOCK"]
    create(Path(path))
    file = _mapped(path)
    file[:8] = _OFFSET.pack(offset() + seconds)


def create(path: Path) -> None:
    """Make the shared clock file, if it is not there, showing the system time; whole at once, never half."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{os.getpid()}")
    made.write_bytes(_OFFSET.pack(0.0))
    with suppress(FileExistsError):
        os.link(made, path)
    made.unlink()


def _mapped(path: str) -> mmap.mmap:
    if path not in _open:
        create(Path(path))
        with open(path, "r+b") as file:
            _open[path] = mmap.mmap(file.fileno(), 8)
    return _open[path]


def local(at: datetime) -> datetime:
    """The instant as people in the county read it."""
    return at.astimezone(CHINA)
