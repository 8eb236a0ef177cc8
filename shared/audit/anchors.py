"""Heads of chains written down outside the database: who alters a chain afterwards cannot alter these too.

One file a chain, `<chain>.jsonl`, one line for each head, in the folder `YIZHAN_ANCHORS`; without that folder
the log alone has them. The folder should be copied to where the database's administrator cannot write.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from shared.audit.entry import Head
from shared.audit.trail import Trail

log = logging.getLogger(__name__)


class Anchors:
    """The anchors of one folder."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def drop(self, trail: Trail, at: datetime) -> Head | None:
        """Write down where a chain ends now, if it has grown since the last time; returns that."""
        last = trail.last()
        head = Head(chain=last.chain, n=last.n, hash=last.hash) if last else None
        if head is None or head == next(iter(self._last(trail.chain)), None):
            return None
        log.info("audit anchor", extra=asdict(head))
        if self.folder is not None:
            self._write(head, at)
        return head

    def _write(self, head: Head, at: datetime) -> None:
        assert self.folder is not None
        self.folder.mkdir(parents=True, exist_ok=True)
        line = json.dumps(asdict(head) | {"at": at.isoformat()}) + "\n"
        file = os.open(self._file(head.chain), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(file, "w") as out:
            out.write(line)
            out.flush()
            os.fsync(out.fileno())

    def of(self, chain: str) -> list[Head]:
        """All anchors of a chain; a line that is broken off is no anchor."""
        try:
            lines = self._file(chain).read_text().splitlines() if self.folder else []
        except OSError:
            return []
        return [head for line in lines if (head := _read(line))]

    def chains(self) -> set[str]:
        """Which chains have anchors."""
        return {file.stem for file in self.folder.glob("*.jsonl")} if self.folder else set()

    def _last(self, chain: str) -> Iterator[Head]:
        yield from self.of(chain)[-1:]

    def _file(self, chain: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{chain}.jsonl"


def _read(line: str) -> Head | None:
    try:
        found = json.loads(line)
        return Head(chain=found["chain"], n=int(found["n"]), hash=found["hash"])
    except (ValueError, KeyError, TypeError):
        return None
