"""The folders a ferry reads and writes; beside them what was taken, what was refused, and why."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from yizhan_adapter.bundles.sealed import MOST
from yizhan_adapter.bundles.sending import Parcel
from yizhan_adapter.crash import crash_here

ENDING = ".yzb"
SETTLED = 2.0  # seconds since its last change after which a file is believed to be whole
KEPT = 7 * 86_400  # seconds that files stay in `taken` and `refused`


class Folders:
    """One gate's folders. A file appears in `out` whole or not at all: it is written beside and renamed."""

    def __init__(self, root: Path, settled: float = SETTLED) -> None:
        self.root, self.settled = root, settled
        names = ("in", "out", "taken", "refused", "writing")
        self.inward, self.out, self.taken, self.refused, self.writing = (root / name for name in names)
        for name in names:
            (root / name).mkdir(parents=True, exist_ok=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time works in these folders; another waits."""
        with open(self.root / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def write(self, parcel: Parcel) -> None:
        """Lay a bundle into `out`, in the place of an earlier copy that the ferry has left there."""
        made = self.writing / parcel.name
        with open(made, "wb") as file:
            file.write(parcel.data)
            file.flush()
            os.fsync(file.fileno())
        crash_here("gate.before_rename")
        made.rename(self.out / parcel.name)
        _flush(self.out)
        crash_here("gate.after_rename")
        for earlier in self.out.glob(f"{_family(parcel.name)}.*{ENDING}"):
            if earlier.name != parcel.name:
                _take_away(earlier)

    def arrived(self) -> list[Path]:
        """Whole files that the ferry has brought, by name, which is the order of their numbers."""
        found = [path for path in self.inward.glob(f"*{ENDING}") if path.is_file()]
        return sorted(path for path in found if self._is_settled(path))

    def read(self, path: Path) -> bytes:
        """What a file holds, and one byte too many of one that is too large."""
        with path.open("rb") as file:
            return file.read(MOST + 1)

    def accept(self, path: Path) -> None:
        """Put a file where the taken ones are."""
        os.replace(path, self.taken / path.name)

    def reject(self, path: Path, sentence: str) -> None:
        """Put a file where the refused ones are, with the reason beside it."""
        kept = self.refused / f"{path.name}.{int(time.time() * 1_000)}"
        kept.with_name(f"{kept.name}.txt").write_text(f"{sentence}\n", encoding="utf-8")
        os.replace(path, kept)

    def clear(self, kin: str, series: int, through: int) -> None:
        """Take away what nobody needs: bundles with a receipt that were never fetched, and half a file.

        `kin` is how names of our bundles begin.
        """
        for path in self.out.glob(f"{kin}*{ENDING}"):
            found = path.name.removeprefix(kin).split(".")
            if all(word.isdigit() for word in found[:2]) and not _needed(found, series, through):
                _take_away(path)
        for path in self.writing.iterdir():
            _take_away(path)

    def prune(self, now: float) -> None:
        """Take away what was taken or refused long ago."""
        for path in (*self.taken.iterdir(), *self.refused.iterdir()):
            if path.stat().st_mtime < now - KEPT:
                _take_away(path)

    def _is_settled(self, path: Path) -> bool:
        with suppress(FileNotFoundError):
            return abs(time.time() - path.stat().st_mtime) >= self.settled
        return False


def _family(name: str) -> str:
    """A bundle's name without the count of its copies."""
    return name.removesuffix(ENDING).rpartition(".")[0]


def _needed(found: list[str], series: int, through: int) -> bool:
    return int(found[0]) == series and int(found[1]) > through


def _take_away(path: Path) -> None:
    with suppress(OSError):  # the ferry may hold it, or have been quicker
        path.unlink()


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
