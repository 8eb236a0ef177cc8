"""Bringing in a county's organisation: the file is taken at once, its rows one after another behind it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.identity.handlers import accounts, lines
from services.identity.model.importing import (
    Line,
    OrganisationImport,
    SheetRead,
    WaitingRows,
)
from services.identity.rules import importing as rules
from services.identity.store import Stores
from shared import ids, tables
from shared.aggregate import Held
from shared.clock import Clock
from shared.decision import Actor, Cause, Decision
from shared.errors import Refused, Stale
from shared.profile import profile

MOST_BYTES = 8 * 1024 * 1024
CHUNK = 50


@dataclass(frozen=True, kw_only=True)
class Taken:
    """An import, and whether this request began it."""

    held: Held[OrganisationImport]
    new: bool


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a file holds: the sheets of units and people, those that are neither, and all rows in order."""

    sheets: tuple[SheetRead, ...]
    unread: tuple[str, ...]
    lines: tuple[Line, ...]


def take(stores: Stores, data: bytes, file_name: str, cause: Cause) -> Taken:
    """Take a file and begin; the same file of the same region is the import that was begun before.

    Raises what `tables` raises, and Refused for a file without units or people, or with too many rows.
    """
    found = _read(data, file_name)
    region = cause.actor.region or profile().county6
    id = ids.derived("organisation import", region, hashlib.sha256(data).hexdigest())
    stores.imports.check_key(id, cause)
    if stores.imports.find(id) is not None:
        return Taken(held=stores.imports.open(id, cause, lambda state: None), new=False)
    alone = Cause(at=cause.at, actor=cause.actor)
    waiting = WaitingRows(import_id=id, region=region, lines=found.lines)
    stores.rows.open(id, alone, lambda state: None if state else Decision(state=waiting))
    begun = _begun(id, region, found, cause)
    held = stores.imports.open(id, cause, lambda state: None if state else Decision(state=begun))
    stores.audit.append(cause.actor, "organisation_import", f"import/{id}", at=cause.at, result="ok")
    return Taken(held=held, new=True)


def _read(data: bytes, file_name: str) -> Found:
    kind = tables.sniff(data, file_name)
    sheets: list[SheetRead] = []
    unread, found = [], list[Line]()
    for name in tables.sheets(kind, data):
        stream = tables.streamed(kind, data, tables.Sheet(sheet=name))
        holds = rules.kind_of(stream.header)
        if holds is None:
            unread.append(name)
            continue
        rules.check_columns(stream.header, holds)
        sheets.append(SheetRead(name=name, kind=holds, header=stream.header))
        found += rules.lines(len(sheets) - 1, sheets[-1], stream.rows)
        if len(found) > rules.MOST_ROWS:
            raise Refused(f"一次最多导入{rules.MOST_ROWS}行，请分成几个文件", code="too_many_rows")
    if not found:
        said = "文件里没有单位，也没有人员；请先下载模板，按模板填写"
        raise Refused(said, code="columns_missing", fields={"file": [said]})
    return Found(sheets=tuple(sheets), unread=tuple(unread), lines=rules.planned(found))


def _begun(id: str, region: str, found: Found, cause: Cause) -> OrganisationImport:
    return OrganisationImport(
        import_id=id,
        region=region,
        state="running",
        sheets=found.sheets,
        unread_sheets=found.unread,
        total=len(found.lines),
        created_at=cause.at,
        created_by=cause.actor.ref,
        created_role=cause.actor.role,
        created_unit=cause.actor.unit,
    )


def work(stores: Stores, clock: Clock, seconds: float) -> int:
    """Answer rows for about so long, some of each import in turn; returns how many.

    Raises ExceptionGroup at the end for the imports that failed: none of them holds up the others.
    """
    until, done, failures = time.monotonic() + seconds, 0, list[Exception]()
    waiting = stores.imports.running()
    while waiting and time.monotonic() < until:
        id = waiting.pop(0)
        try:
            some = _chunk(stores, id, clock)
        except Exception as error:
            failures.append(error)
            continue
        done += some
        waiting += [id] if some else []
    if failures:
        raise ExceptionGroup("imports that did not go on", failures)
    return done


def _chunk(stores: Stores, id: str, clock: Clock) -> int:
    """Answer the next rows of one import; 0 when there is none left or somebody else was faster."""
    held = stores.imports.load(id)
    begun = held.state
    some = stores.rows.load(id).state.lines[begun.handled : begun.handled + CHUNK]
    now = clock()
    actor = Actor(ref=begun.created_by, role=begun.created_role, unit=begun.created_unit, region=begun.region)
    answered = [
        lines.answer(stores, begun, line, Cause(at=now, actor=actor, key=_key(id, line))) for line in some
    ]
    cause = Cause(at=now, actor=actor, expected=held.version)
    try:
        after = stores.imports.change(id, cause, lambda state: rules.progress(state, answered, now))
    except Stale:
        return 0
    if after.state.state == "done":
        stores.rows.change(id, replace(cause, expected=None), rules.forget)
    return len(some)


def _key(id: str, line: Line) -> str:
    """The same row acts once."""
    return f"{id}/{line.sheet}/{line.number}"


@dataclass(frozen=True, kw_only=True)
class FirstPassword:
    """What somebody is told to sign in with for the first time."""

    name: str
    unit: str
    username: str
    first_password: str


def first_passwords(
    stores: Stores, state: OrganisationImport, after: int, limit: int, cause: Cause
) -> tuple[list[FirstPassword], int | None]:
    """First passwords for people of an import who have none of their own yet, and where to go on.

    They are kept nowhere: asked again, there are others, and those given out before are good for nothing.
    """
    some: Sequence[str] = state.opened[after : after + limit]
    given = [one for id in some if (one := _first(stores, id, state.region, cause))]
    return given, after + limit if after + limit < len(state.opened) else None


def _first(stores: Stores, id: str, region: str, cause: Cause) -> FirstPassword | None:
    account, kept = stores.accounts.load(id).state, stores.credentials.find(id)
    if not account.active or not account.region.startswith(region) or (kept and not kept.must_change):
        return None
    made = accounts.reset_password(stores, id, Cause(at=cause.at, actor=cause.actor))
    return FirstPassword(name=account.name, unit=account.unit, username=account.username, first_password=made)
