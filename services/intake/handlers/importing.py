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
from services.intake.rules import columns, importing
from services.intake.rules import stretches as stretching
from services.intake.rules.guessing import guessed
from services.intake.rules.importing import Answered
from services.intake.store import Stores
from shared import ids, tables
from shared.aggregate import Held
from shared.clock import Clock
from shared.decision import Actor, Cause
from shared.errors import Forbidden, Refused, Stale

BRINGERS = ("clerk", "dispatcher", "director", "service")
MOST_BYTES = 128 * 1024 * 1024
PLAIN = Mapping(name="", title="", columns={})
CHUNK = stretching.ROWS
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
    kind = tables.sniff(data, file_name)
    mapping = mapping or guessed(tables.streamed(kind, data, PLAIN).header)
    found = tables.streamed(kind, data, mapping)
    columns.check_columns(found.header, mapping)
    file_hash = hashlib.sha256(data).hexdigest()
    id = ids.derived("import", importing.digest(file_hash, mapping))
    all.imports.check_key(id, cause)
    if earlier := all.imports.find(id):
        return _again(all, earlier, cause)
    file = FileRead(
        kind=kind,
        file_hash=file_hash,
        file_name=all.sealer.seal(tables.text(file_name)[-120:], owner=id, field="file_name"),
        header=found.header,
        rows=_put(all, id, found),
    )
    region = cause.actor.region or rows.county()
    begun = importing.start(id, file, mapping, actor=cause.actor, region=region, now=cause.at)
    return Taken(held=all.imports.open(id, cause, lambda state: None if state else begun), new=True)


def _put(all: Stores, id: str, found: tables.Stream) -> int:
    """Keep the rows sealed, stretch by stretch; how many there are."""
    counted = 0

    def seen() -> Iterator[tables.Row]:
        nonlocal counted
        for row in found.rows:
            counted += 1
            yield row

    try:
        all.pieces.put(id, "rows", stretching.stretches(seen()))
    except Refused:
        all.pieces.drop(id, "rows")
        raise
    return counted


def _again(all: Stores, earlier: Held[Import], cause: Cause) -> Taken:
    if not earlier.state.region.startswith(cause.actor.region):
        raise Forbidden("这个文件已由别的地区导入", code="out_of_region")
    return Taken(held=all.imports.open(earlier.id, cause, lambda state: None), new=False)


class Importer:
    """Works on the imports that are not done. Any replica may go on where another stopped."""

    def __init__(self, all: Stores, clock: Clock, parallel: int = PARALLEL) -> None:
        self.all, self.clock, self.parallel = all, clock, parallel

    def work(self, seconds: float) -> int:
        """Answer rows for about so long, a stretch of each import in turn; returns how many.

        Raises ExceptionGroup at the end for the imports that failed: none of them holds up the others.
        """
        until, done, failures = time.monotonic() + seconds, 0, list[Exception]()
        waiting = self.all.imports.running()
        while waiting and time.monotonic() < until:
            id = waiting.pop(0)
            try:
                some = self.chunk(id)
            except Exception as error:
                failures.append(error)
                continue
            done += some
            waiting += [id] if some else []
        if failures:
            raise ExceptionGroup("imports that did not go on", failures)
        return done

    def chunk(self, id: str) -> int:
        """Answer the next rows of one import; 0 when there is none left or somebody else was faster."""
        held = self.all.imports.load(id)
        if held.state.state != "running":
            return 0
        some = self._next(held.state)
        cause = Cause(at=self.clock(), expected=held.version, actor=Actor(ref="intake", role="system"))
        answered: list[Answered] = []
        if some:
            answered = rows.answer(self.all, held.state, some, self.clock(), self.parallel)
            self._keep_rejects(id, some, answered)
        try:
            after = self.all.imports.change(id, cause, lambda s: importing.progress(s, answered, cause.at))
        except Stale:
            return 0
        if after.state.state == "done":
            self.all.pieces.drop(id, "rows")
        return len(some)

    def _next(self, state: Import) -> list[tables.Row]:
        """The rows that come next; none when they are lost."""
        piece = self.all.pieces.one(state.import_id, "rows", state.counts.handled)
        return stretching.rows(piece) if piece is not None else []

    def _keep_rejects(self, id: str, some: Sequence[tables.Row], answered: Sequence[Answered]) -> None:
        faulty = [(row, one) for row, one in zip(some, answered, strict=True) if one.faults]
        self.all.pieces.put(id, "reject", [(row.number, _reject(row, one)) for row, one in faulty])


def _reject(row: tables.Row, answered: Answered) -> bytes:
    kept = {"cells": [tables.text(cell) for cell in row.cells], "why": [str(f) for f in answered.faults]}
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
