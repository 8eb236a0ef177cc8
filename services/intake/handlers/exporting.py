"""Making the list that was allowed: a spreadsheet with a watermark above, below and in every row."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime

import xlsxwriter

from services.intake.handlers import vault
from services.intake.handlers.policy import policy
from services.intake.model import Registration
from services.intake.model.export import MOST_ROWS, Export
from services.intake.model.words import CHANNELS, MATTER_TYPES, OUR_SIDE
from services.intake.rules import exporting, sealing
from services.intake.rules.exporting import HEADER, HEADER_PERSONAL
from services.intake.store import Stores
from services.intake.store.registrations import Wanted
from shared.aggregate import Held
from shared.clock import local
from shared.decision import Actor, Cause
from shared.errors import Refused
from shared.place import Place


def ask(all: Stores, export: Export, cause: Cause) -> Held[Export]:
    """Somebody wants a list; it waits for another person."""
    made = exporting.ask(export)
    held = all.exports.open(export.export_id, cause, lambda state: None if state else made)
    _record(all, held.state, cause, "export.ask", "ok")
    return held


def decide(all: Stores, id: str, granted: bool, reason: str, cause: Cause) -> Held[Export]:
    """Another person allows it or not; both are written down."""
    held = all.exports.change(
        id, cause, lambda state: exporting.decide(state, granted, reason, actor=cause.actor, now=cause.at)
    )
    _record(all, held.state, cause, "export.decide", held.state.state)
    return held


def take(all: Stores, id: str, cause: Cause, roles: Sequence[str]) -> tuple[Held[Export], bytes]:
    """The file, for whoever asked; counted, marked and written down before it is given."""
    export = all.exports.load(id).state
    exporting.take(export, 0, actor=cause.actor, now=cause.at)  # before anything is read
    chosen = list(_chosen(all, export, cause.actor, roles))
    held = all.exports.change(
        id, cause, lambda state: exporting.take(state, len(chosen), actor=cause.actor, now=cause.at)
    )
    _record(all, held.state, cause, "export.take", f"rows_{len(chosen)}")
    return held, _file(all, held.state, chosen, cause.at)


def _chosen(all: Stores, export: Export, actor: Actor, roles: Sequence[str]) -> Iterator[Registration]:
    """The registrations meant that whoever asked may see; none that are protected."""
    found, before = 0, Place(at=export.until_at, id="")
    while page := all.registrations.listed(Wanted(region=export.region, before=before), 200):
        for held in vault.visible(all, page, actor, roles):
            state = held.state
            if state.registered_at < export.from_at:
                return
            if exporting.names(export, state):
                found += 1
                _check(found)
                yield state
        before = Place(at=page[-1].state.registered_at, id=page[-1].id)


def _check(found: int) -> None:
    if found > MOST_ROWS:
        raise Refused(f"一次最多导出{MOST_ROWS}行，请缩短时间", code="too_many_rows")


def _file(all: Stores, export: Export, chosen: Sequence[Registration], now: datetime) -> bytes:
    mark, out = exporting.watermark(export, local(now)), io.BytesIO()
    header = (*HEADER, *(HEADER_PERSONAL if export.personal else ()), "水印")
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("名单")
        sheet.set_header(f"&C{mark}")
        sheet.set_footer(f"&C{mark}")
        sheet.write_row(0, 0, [mark])
        sheet.write_row(1, 0, header)
        for n, state in enumerate(chosen, 2):
            sheet.write_row(n, 0, [*_row(all, export, state), mark])
    return out.getvalue()


def _row(all: Stores, export: Export, state: Registration) -> list[str]:
    known = policy(state.region, state.registered_at)
    cells = [
        state.case_no,
        f"{local(state.registered_at):%Y-%m-%d %H:%M}",
        CHANNELS.get(state.channel, state.channel),
        MATTER_TYPES.get(state.matter_type, state.matter_type),
        known.categories.get(state.category or "", ""),
        state.region,
        state.state,
        state.persons_band,
    ]
    return cells + (_person(all, state) if export.personal else [])


def _person(all: Stores, state: Registration) -> list[str]:
    party = next((p for p in state.parties if p.role in OUR_SIDE), None)
    return [sealing.personal(state, party, f, all.sealer) if party else "" for f in ("name", "phone")]


def _record(all: Stores, export: Export, cause: Cause, action: str, result: str) -> None:
    what = f"export/{export.export_id}"
    all.audit.append(cause.actor, action, what, at=cause.at, purpose=export.purpose, result=result)
