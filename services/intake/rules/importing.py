"""An import on its way: started, row by row with its answer, finished; every step is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import cast

from services.intake.model import Counts, Import, Mapping
from services.intake.model.imports import FileRead
from services.intake.model.words import CHANNELS
from services.intake.rules.mapping import Fault
from shared.contracts.base import Event
from shared.contracts.fields import Channel
from shared.contracts.hall import ImportStopped
from shared.contracts.intake import (
    ImportFinished,
    ImportProgressed,
    ImportStarted,
    RegistrationRejectedInput,
)
from shared.decision import Actor, Decision

MOST_CODES = 40  # kinds of fault named in one event


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What became of one row."""

    accepted: bool = False
    duplicate: bool = False
    repeated: bool = False
    faults: tuple[Fault, ...] = ()


def written(mapping: Mapping) -> str:
    """A mapping as text, always the same for the same mapping."""
    return json.dumps(asdict(mapping), sort_keys=True)


def digest(file_hash: str, mapping: Mapping) -> str:
    """The same file with the same mapping gives the same."""
    return hashlib.sha256(f"{file_hash}\n{written(mapping)}".encode()).hexdigest()


def _channel(mapping: Mapping) -> Channel:
    """The channel of the whole file, where the mapping names one."""
    column = mapping.columns.get("channel")
    found: Channel = cast(Channel, column.constant) if column and column.constant in CHANNELS else "platform"
    return found


def start(
    import_id: str, file: FileRead, mapping: Mapping, *, actor: Actor, region: str, now: datetime
) -> Decision[Import]:
    """A file was taken."""
    state = Import(
        import_id=import_id,
        region=region,
        state="running",
        mapping=written(mapping),
        mapping_name=mapping.name,
        channel=_channel(mapping),
        kind=file.kind,
        file_hash=file.file_hash,
        file_name=file.file_name,
        header=file.header,
        counts=Counts(total=file.rows),
        created_at=now,
        created_by=actor.ref,
        created_role=actor.role,
        created_unit=actor.unit,
    )
    return Decision(state=state, events=(ImportStarted(import_id=import_id, total=file.rows),))


def progress(state: Import, answered: Iterable[Answered], now: datetime) -> Decision[Import] | None:
    """More rows have their answer; after the last one the import is done. Nothing changes once it is.

    No answers at all mean that the rest of the file is lost: the import stops and says so.
    """
    if state.state != "running":
        return None
    rows = list(answered)
    if not rows and state.counts.handled < state.counts.total:
        return _lost(state, now)
    counts = Counts(
        total=state.counts.total,
        accepted=state.counts.accepted + sum(row.accepted for row in rows),
        duplicates=state.counts.duplicates + sum(row.duplicate for row in rows),
        repeated=state.counts.repeated + sum(row.repeated for row in rows),
        rejected=state.counts.rejected + sum(bool(row.faults) for row in rows),
    )
    codes = {_code(fault.field) for row in rows for fault in row.faults}
    after = replace(
        state, counts=counts, error_codes=tuple(sorted({*state.error_codes, *codes}))[:MOST_CODES]
    )
    told = ImportProgressed(import_id=state.import_id, handled=counts.handled, total=counts.total)
    if counts.handled < counts.total:
        return Decision(state=after, events=(told,))
    return Decision(state=replace(after, state="done", finished_at=now), events=(told, *_ending(after)))


def _lost(state: Import, now: datetime) -> Decision[Import]:
    codes = tuple(sorted({*state.error_codes, "file.lost"}))[:MOST_CODES]
    after = replace(state, state="lost", error_codes=codes, finished_at=now)
    told = ImportStopped(import_id=state.import_id, handled=state.counts.handled, total=state.counts.total)
    return Decision(state=after, events=(told,), reason="file_lost")


def _code(field: str) -> str:
    return field.lower()[:48] or "row"


def _ending(state: Import) -> tuple[Event, ...]:
    told: list[Event] = [ImportFinished(import_id=state.import_id, **asdict(state.counts))]
    if state.error_codes:
        told.insert(
            0,
            RegistrationRejectedInput(
                import_id=state.import_id, channel=state.channel, error_codes=state.error_codes
            ),
        )
    return tuple(told)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
