"""Bringing a file of matters in: taking it, then registering it row by row, wherever it was interrupted."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.intake.handlers import rows
from services.intake.model import Import, Mapping
from services.intake.model.imports import FileRead
from services.intake.rules import importing, reading
from services.intake.rules.guessing import guessed
from services.intake.rules.importing import Answered
from services.intake.rules.mapping import parsed
from services.intake.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.clock import Clock
from shared.decision import Actor, Cause
from shared.errors import Forbidden, Stale

BRINGERS = ("clerk", "dispatcher", "director", "sys_admin", "service")
MOST_BYTES = 20 * 1024 * 1024
PLAIN = Mapping(name="", title="", columns={})
PIECE = 256 * 1024
CHUNK = 100  # rows answered between two marks of progress
PARALLEL = 8  # rows written at the same time


@dataclass(frozen=True, kw_only=True)
class Taken:
    """An import, and whether this request began it."""

    held: Held[Import]
    new: bool


def take(all: Stores, data: bytes, file_name: str, mapping: Mapping | None, cause: Cause) -> Taken:
    """Take a file: read it once to see that it can be read, keep it sealed, and begin.

    Without a mapping, one is guessed from the names of the columns. The same file with the same mapping is
    the import that was begun before. Raises what `reading` raises, Refused for a key of another file, and
    Forbidden for a file that another region brought.
    """
    kind = reading.sniff(data, file_name)
    mapping = mapping or guessed(reading.opened(kind, data, PLAIN).header)
    table = reading.read(kind, data, mapping)
    file_hash = hashlib.sha256(data).hexdigest()
    id = ids.derived("import", importing.digest(file_hash, mapping))
    all.imports.check_key(id, cause)
    if earlier := all.imports.find(id):
        return _again(all, earlier, cause)
    all.pieces.put(id, "file", enumerate(data[at : at + PIECE] for at in range(0, len(data), PIECE)))
    file = FileRead(
        kind=kind,
        file_hash=file_hash,
        file_name=all.sealer.seal(reading.text(file_name)[-120:], owner=id, field="file_name"),
        header=table.header,
        rows=len(table.rows),
    )
    region = cause.actor.region or rows.county()
    begun = importing.start(id, file, mapping, actor=cause.actor, region=region, now=cause.at)
    return Taken(held=all.imports.open(id, cause, lambda state: None if state else begun), new=True)


def _again(all: Stores, earlier: Held[Import], cause: Cause) -> Taken:
    if not earlier.state.region.startswith(cause.actor.region):
        raise Forbidden("这个文件已由别的地区导入", code="out_of_region")
    return Taken(held=all.imports.open(earlier.id, cause, lambda state: None), new=False)


class Importer:
    """Works on the imports that are not done. Any replica may go on where another stopped."""

    def __init__(self, all: Stores, clock: Clock, parallel: int = PARALLEL) -> None:
        self.all, self.clock, self.parallel = all, clock, parallel
        self._open: tuple[str, rows.Source] | None = None

    def work(self, seconds: float) -> int:
        """Answer rows for about so long; returns how many.

        Raises ExceptionGroup at the end for the imports that failed: none of them holds up the others.
        """
        until, done, failures = time.monotonic() + seconds, 0, []
        for id in self.all.imports.running():
            try:
                while time.monotonic() < until and (some := self.chunk(id)):
                    done += some
            except Exception as error:
                failures.append(error)
        if failures:
            raise ExceptionGroup("imports that did not go on", failures)
        return done

    def chunk(self, id: str) -> int:
        """Answer the next rows of one import; 0 when there is none left or somebody else was faster."""
        held = self.all.imports.load(id)
        if held.state.state == "done":
            return 0
        source, handled = self._source(held.state), held.state.counts.handled
        some = source.table.rows[handled : handled + CHUNK]
        answered = rows.answer(self.all, held.state, source, some, self.clock(), self.parallel)
        self._keep_rejects(id, some, answered)
        cause = Cause(at=self.clock(), expected=held.version, actor=Actor(ref="intake", role="system"))
        try:
            after = self.all.imports.change(id, cause, lambda s: importing.progress(s, answered, cause.at))
        except Stale:
            return 0
        if after.state.state == "done":
            self.all.pieces.drop(id, "file")
        return len(some)

    def _source(self, state: Import) -> rows.Source:
        if self._open is None or self._open[0] != state.import_id:
            data = b"".join(piece for _, piece in self.all.pieces.get(state.import_id, "file"))
            mapping = parsed(json.loads(state.mapping))
            table = reading.read(state.kind, data, mapping)
            self._open = state.import_id, rows.Source(mapping=mapping, table=table)
        return self._open[1]

    def _keep_rejects(self, id: str, some: Sequence[reading.Row], answered: Sequence[Answered]) -> None:
        faulty = [(row, one) for row, one in zip(some, answered, strict=True) if one.faults]
        self.all.pieces.put(id, "reject", [(row.number, _reject(row, one)) for row, one in faulty])


def _reject(row: reading.Row, answered: Answered) -> bytes:
    kept = {"cells": [reading.text(cell) for cell in row.cells], "why": [str(f) for f in answered.faults]}
    return json.dumps(kept, ensure_ascii=False).encode()


def rejects(all: Stores, state: Import) -> Iterator[str]:
    """The rows that were not registered, as CSV for a spreadsheet: their own columns, row number, reasons."""
    yield "\ufeff" + _line((*state.header, "行号", "原因"))
    for number, piece in all.pieces.get(state.import_id, "reject"):
        kept = json.loads(piece)
        cells = [*kept["cells"], *[""] * len(state.header)][: max(len(state.header), len(kept["cells"]))]
        yield _line((*map(importing.harmless, cells), str(number), "；".join(kept["why"])))


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue()
