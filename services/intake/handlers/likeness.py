"""Finding matters that may be the same, keeping their sketches, and counting who reports them.

A search opens nothing: it compares sketches. Sketches are written right after their registration; what a
stopped process left out, and everything after a change of the key, is made by `catch_up`.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.intake.model import Registration
from services.intake.model.likeness import Group, Sketch, Sketched
from services.intake.rules import sealing
from services.intake.rules.likeness import grouping
from services.intake.rules.likeness.judging import GROUPED, Alike, Here, alike
from services.intake.rules.likeness.sketch import Hasher, sketch
from services.intake.store import Stores
from services.intake.store.sketches import Sketches
from shared.aggregate import Held
from shared.crypto import Sealer
from shared.decision import Cause, Decision
from shared.place import Place

PURPOSE = "likeness"
LAG = timedelta(minutes=10)  # what is younger may still be on its way in
AT_ONCE = 100


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a search found, the surest first; of equals the newest."""

    sketch: Sketch
    found: tuple[Alike, ...]


@dataclass(frozen=True, kw_only=True)
class Words:
    """What of a matter is compared."""

    title: str
    text: str
    region: str
    at: datetime


def hasher(box: Sealer) -> Hasher:
    """Makes numbers under a key that lies outside the database."""
    return Hasher(key=box.derived_key(PURPOSE))


def words_of(all: Stores, registration: Registration) -> Words:
    """The words of a registration."""
    return Words(
        title=sealing.opened(registration, "title", all.sealer),
        text=sealing.opened(registration, "summary", all.sealer),
        region=registration.region,
        at=registration.registered_at,
    )


def look(all: Stores, words: Words, *, but: str = "", beside: Sequence[Sketches] = ()) -> Look:
    """Earlier matters that may be the same as these words, sketched under whatever key of the index."""
    mine = hasher(all.sealer)
    others = {made.scheme: made for each in all.sealer.markers() if (made := hasher(each)) != mine}
    sketches = [sketch(words.title, words.text, each) for each in (mine, *others.values())]
    judged = {
        one.found.reg_id: one
        for made in reversed(sketches)
        for one in _judged(Here(sketch=made, region=words.region, at=words.at), (all.sketches, *beside))
    }
    judged.pop(but, None)
    order = sorted(judged.values(), key=lambda one: (one.percent, one.found.at), reverse=True)
    return Look(sketch=sketches[0], found=tuple(order))


def _judged(here: Here, places: Sequence[Sketches]) -> Iterator[Alike]:
    for place in places:
        for found in place.near(here.sketch.keys):
            if judged := alike(here, found):
                yield judged


def sketched(all: Stores, registration: Registration, made: Sketch) -> Sketched:
    """A sketch with what is shown beside it."""
    return Sketched(
        reg_id=registration.reg_id,
        case_id=registration.case_id,
        case_no=registration.case_no,
        region=registration.region,
        category=registration.category,
        protected=registration.protected,
        at=registration.registered_at,
        group=registration.reg_id,
        scheme=hasher(all.sealer).scheme,
        sketch=made,
    )


def remember(all: Stores, registration: Registration, looked: Look) -> None:
    """Keep a registration's sketch, in the group of what it looks most like. Repeating it changes nothing."""
    mine = sketched(all, registration, looked.sketch)
    with_it = next((one.found for one in looked.found if _groups(mine, one)), None)
    if with_it:
        with_it = all.sketches.several([with_it.reg_id]).get(with_it.reg_id, with_it)
        mine = replace(mine, group=with_it.group)
    all.sketches.keep([mine])
    if with_it:
        count(all, mine, with_it, registration)


def _groups(mine: Sketched, judged: Alike) -> bool:
    """Counted together is what is surely alike; protected matters with nobody; and the earlier one leads."""
    other = judged.found
    secret = mine.protected or other.protected
    return judged.percent >= GROUPED and not secret and (other.at, other.reg_id) != (mine.at, mine.reg_id)


def count(all: Stores, mine: Sketched, with_it: Sketched, registration: Registration) -> None:
    """Count a registration in its group, once."""
    cause = Cause(at=registration.registered_at, key=f"joined:{mine.reg_id}")
    people = people_of(all, registration, mine.group)

    def rule(group: Group | None) -> Decision[Group]:
        return grouping.joined(group or _founded(all, with_it), mine, people, cause.at)

    all.groups.open(mine.group, cause, rule)


def _founded(all: Stores, first: Sketched) -> Group:
    held = all.registrations.find(first.reg_id)
    people = people_of(all, held.state, first.group) if held else ()
    return grouping.founded(first, people)


def people_of(all: Stores, registration: Registration, group: str) -> tuple[str, ...]:
    """Marks of who reports that are of use within one group only: nobody is followed from group to group."""
    return tuple(all.sealer.blind_index(f"group {group}", mark)[:12] for mark in registration.person_marks)


def forget(all: Stores, reg_id: str) -> None:
    """A registration was made anonymous, or is gone: its sketch goes too. The counts of its group stay."""
    all.sketches.forget(reg_id)


def redraw(all: Stores, registration: Registration) -> None:
    """Words of a registration were taken away: its sketch is of what is left, if anything is."""
    known = all.sketches.several([registration.reg_id]).get(registration.reg_id)
    forget(all, registration.reg_id)
    words = words_of(all, registration)
    if known and (words.text or words.title):
        left = sketch(words.title, words.text, hasher(all.sealer))
        all.sketches.keep([replace(sketched(all, registration, left), group=known.group)])


def regroup(all: Stores, case_id: str, into_case_id: str | None, cause: Cause) -> None:
    """A person merged two matters, or said that they are two: they are counted so."""
    mine = _of_case(all, case_id)
    into = _of_case(all, into_case_id) if into_case_id else None
    group = into.group if into else mine.reg_id if mine else ""
    if mine is None or mine.group == group or (into is None and into_case_id):
        return
    all.sketches.move(mine.reg_id, group)
    if all.groups.find(mine.group):
        leave = replace(cause, key=f"left:{mine.reg_id}:{cause.key}", heard=None, order="none")
        all.groups.change(mine.group, leave, lambda old: grouping.left(old, mine.reg_id, cause.at))
    if into:
        _join(all, replace(mine, group=group), into, cause)


def _join(all: Stores, mine: Sketched, into: Sketched, cause: Cause) -> None:
    held = all.registrations.load(mine.reg_id)
    join = replace(cause, key=f"joined:{mine.reg_id}:{cause.key}", heard=None, order="none")
    people = people_of(all, held.state, mine.group)
    first = all.sketches.several([mine.group]).get(mine.group, into)
    all.groups.open(
        mine.group,
        join,
        lambda group: grouping.joined(group or _founded(all, first), mine, people, cause.at),
    )


def _of_case(all: Stores, case_id: str) -> Sketched | None:
    held = all.registrations.by_case(case_id)
    return all.sketches.several([held.id]).get(held.id) if held else None


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one round of catching up did."""

    seen: int
    made: int
    done: bool


def catch_up(all: Stores, now: datetime, seconds: float, lag: timedelta = LAG) -> Round:
    """Make the sketches that are missing or of an older key, oldest registration first, for so long."""
    scheme, until = hasher(all.sealer).scheme, time.monotonic() + seconds
    seen = made = 0
    while time.monotonic() < until:
        some = all.registrations.in_order(all.sketches.progress(scheme), now - lag, AT_ONCE)
        if not some:
            return Round(seen=seen, made=made, done=True)
        made += _made(all, some, scheme)
        seen += len(some)
        all.sketches.mark(scheme, Place(at=some[-1].state.registered_at, id=some[-1].id))
    return Round(seen=seen, made=made, done=False)


def _made(all: Stores, some: Collection[Held[Registration]], scheme: str) -> int:
    known = all.sketches.several([held.id for held in some])
    missing = [held for held in some if held.id not in known or known[held.id].scheme != scheme]
    for held in missing:
        _make(all, held.state)
    return len(missing)


def _make(all: Stores, registration: Registration) -> None:
    words = words_of(all, registration)
    if not (words.text or words.title):
        return
    remember(all, registration, look(all, words, but=registration.reg_id))
    view = all.views.find(registration.case_id)
    into = _of_case(all, view.state.merged_into) if view and view.state.merged_into else None
    if into:  # a person said so, and it was counted then
        all.sketches.move(registration.reg_id, into.group)
