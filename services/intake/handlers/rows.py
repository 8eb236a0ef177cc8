"""The rows of an import: each is registered, found to be registered already, or kept aside with reasons."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from typing import Any

from marshmallow import ValidationError

from services.intake.handlers import likeness, registering
from services.intake.handlers.likeness import Look
from services.intake.handlers.policy import policy
from services.intake.model import Form, Import, Mapping, Registration, Similar
from services.intake.model.channel import ASKS
from services.intake.model.likeness import Sketched
from services.intake.rules import checks, mapping, sealing
from services.intake.rules.importing import Answered
from services.intake.rules.mapping import Fault
from services.intake.rules.policy import Policy
from services.intake.rules.registering import protected
from services.intake.schemas import BroughtRegistration
from services.intake.store import Stores
from services.intake.store.sketches import MemorySketches
from shared import ids
from shared.decision import Actor, Cause
from shared.profile import profile
from shared.tables import Row, Table
from shared.web.words import in_chinese

Known = Callable[[str], Policy]
SURE = {"same_text", "same_person"}
LEAST = ("applicant.name", "representatives", *ASKS)


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A row that can be registered."""

    at: int  # its place among the rows
    reg_id: str
    form: Form
    policy: Policy


@dataclass(frozen=True, kw_only=True)
class Source:
    """How the rows of an import are read."""

    mapping: Mapping
    table: Table


def _source(state: Import) -> Source:
    read = mapping.parsed(json.loads(state.mapping))
    return Source(mapping=read, table=Table(header=state.header, rows=()))


def county() -> str:
    """The county of this installation."""
    return profile().county6


def answer(all: Stores, state: Import, some: Sequence[Row], now: datetime, parallel: int) -> list[Answered]:
    """What becomes of some rows; doing it again gives the same and registers nothing twice."""
    source = _source(state)
    known = cache(partial(policy, at=now))
    answered: dict[int, Answered] = {}
    ready: list[Ready] = []
    for n, row in enumerate(some):
        made = _ready(n, row, state, source, known, now)
        if isinstance(made, Ready):
            ready.append(made)
        else:
            answered[n] = Answered(faults=made)
    answered |= _registered(all, state, ready, now, parallel)
    return [answered[n] for n in range(len(some))]


def _ready(
    n: int, row: Row, state: Import, source: Source, known: Known, now: datetime
) -> Ready | tuple[Fault, ...]:
    if row.broken:
        return (Fault(field=row.code or "row", sentence=row.broken, label="整行"),)
    words = known(state.region).category_words
    body, faults = mapping.body(source.mapping, source.table, row, words=words, region=state.region)
    if faults:
        return tuple(faults)
    try:
        form = checks.clean(_form(body, state, row), now)
    except ValidationError as wrong:
        return tuple(_fault(source, body, path, sentence) for path, sentence in _flat(wrong.messages))
    found = known(form.region)
    wrongs = [*_outside(form, state), *checks.faults(form, found, now)]
    if wrongs:
        return tuple(_fault(source, body, path, sentence) for path, sentence in wrongs)
    return Ready(at=n, reg_id=_identity(form, state, row), form=form, policy=found)


def _outside(form: Form, state: Import) -> Iterator[checks.Fault]:
    if not form.region.startswith(state.region):
        yield "region", "不在导入人的辖区范围内"


@cache
def _schema() -> BroughtRegistration:
    """One for all rows: making one copies every field."""
    return BroughtRegistration()


def _form(body: dict[str, Any], state: Import, row: Row) -> Form:
    form: Form = _schema().load(body)
    return replace(form, import_id=state.import_id, import_row=row.number, not_given=LEAST)


def _identity(form: Form, state: Import, row: Row) -> str:
    if form.external_ref:
        return ids.derived("registration", form.channel, form.external_ref)
    return ids.derived("registration", "import", state.import_id, str(row.number))


def _fault(source: Source, body: dict[str, Any], path: str, sentence: str) -> Fault:
    field = mapping.target_of(path, body)
    return Fault(field=field, sentence=sentence, label=mapping.label(source.mapping, field))


def _flat(messages: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from _flat(inner, (*path, str(key)))
    else:
        for sentence in messages if isinstance(messages, list) else [messages]:
            yield ".".join(path), in_chinese(str(sentence))


def _registered(
    all: Stores, state: Import, ready: list[Ready], now: datetime, parallel: int
) -> dict[int, Answered]:
    earlier = all.registrations.several({one.reg_id for one in ready})
    answered: dict[int, Answered] = {}
    fresh: dict[str, Ready] = {}
    for one in ready:
        held = earlier.get(one.reg_id)
        if held is None and one.reg_id not in fresh:
            fresh[one.reg_id] = one
        elif held and (held.state.import_id, held.state.import_row) == (state.import_id, one.form.import_row):
            answered[one.at] = _accepted(held.state.possible_duplicates)
        else:
            answered[one.at] = Answered(repeated=True)
    return answered | _written(all, state, list(fresh.values()), now, parallel)


def _accepted(similar: tuple[Similar, ...]) -> Answered:
    """Counted are the same words and the same person; what is only alike a clerk looks through."""
    return Answered(accepted=True, duplicate=any(SURE & set(one.reasons) for one in similar))


def _written(
    all: Stores, state: Import, fresh: list[Ready], now: datetime, parallel: int
) -> dict[int, Answered]:
    """Register what is new, side by side, under numbers taken at once."""
    if not fresh:
        return {}
    actor = Actor(ref=state.created_by, role=state.created_role, unit=state.created_unit, region=state.region)
    cause = Cause(at=now, actor=actor)
    first = all.numbers.take(registering.sequence(fresh[0].policy, cause), len(fresh))
    looked = _looked(all, fresh, first, cause)
    alike = [shown for shown, _ in looked]

    def write(n: int) -> Registration:
        one = fresh[n]
        made = registering.write(
            all, one.reg_id, one.form, cause, one.policy, number=first + n, similar=alike[n]
        )
        return made.held.state

    for n, kept in enumerate(_side_by_side(write, len(fresh), parallel)):  # in order: groups have a first
        likeness.remember(all, kept, looked[n][1])
    return {one.at: _accepted(alike[n]) for n, one in enumerate(fresh)}


def _side_by_side(write: Callable[[int], Registration], count: int, parallel: int) -> list[Registration]:
    if parallel == 1:
        return list(map(write, range(count)))
    with ThreadPoolExecutor(max_workers=parallel) as threads:
        return list(threads.map(write, range(count)))


def _looked(
    all: Stores, fresh: list[Ready], first: int, cause: Cause
) -> list[tuple[tuple[Similar, ...], Look]]:
    """For each row what looks the same: matters registered before, and rows above it in the same stretch."""
    found: list[tuple[tuple[Similar, ...], Look]] = []
    above: dict[str, Similar] = {}
    beside = MemorySketches()
    for n, one in enumerate(fresh):
        marks = _marks(all, one.form)
        near = tuple(above[mark] for mark in marks if mark in above)
        looked = registering.look(all, one.form, cause, but=one.reg_id, beside=(beside,))
        shown = registering.similar(all, one.form, cause, looked, but=one.reg_id)
        found.append((tuple({s.reg_id: s for s in (*near, *shown)}.values())[:10], looked))
        number = registering.case_no(one.policy, cause, first + n)
        above |= dict.fromkeys(marks, _seen(one, number, cause))
        beside.keep([_sketched(all, one, number, cause, looked)])
    return found


def _seen(one: Ready, number: str, cause: Cause) -> Similar:
    """A row above, as it is shown to one below."""
    return Similar(
        case_no=number, category=one.form.category, reg_id=one.reg_id,
        case_id=ids.derived("case", one.reg_id), registered_at=cause.at, reasons=("same_text",),
    )  # fmt: skip


def _sketched(all: Stores, one: Ready, number: str, cause: Cause, looked: Look) -> Sketched:
    return Sketched(
        reg_id=one.reg_id, case_id=ids.derived("case", one.reg_id), case_no=number, region=one.form.region,
        category=one.form.category, protected=protected(one.form), at=cause.at,
        group=one.reg_id, scheme="", sketch=looked.sketch,
    )  # fmt: skip


def _marks(all: Stores, form: Form) -> list[str]:
    persons = [f"{mark}:{form.category}" for mark in sealing.person_marks(form, all.sealer)]
    text = sealing.text_mark(form.summary, all.sealer)
    return [*persons, *([text] if text else [])]
