"""Merging and parting cases: two aggregates, each written by itself, kept true to each other.

Whoever merges or parts holds one right for the county meanwhile, so that no two of them make a chain or a
circle. What a stopped process left half done is finished by what is told: see `follow`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from services.routing.handlers import by, told
from services.routing.model import Case
from services.routing.model import commands as asks
from services.routing.rules import merging
from services.routing.store import Stores
from shared import clock
from shared.aggregate import Held
from shared.contracts.base import Event
from shared.contracts.groups import GroupMassDecided
from shared.contracts.merging import CaseUnmerged
from shared.contracts.routing import CaseMerged
from shared.decision import Cause
from shared.errors import Illegal, NotFound, Unavailable

RIGHT, LASTS = "merging", timedelta(seconds=20)
TRIES, PAUSE = 40, 0.05


def merge(stores: Stores, case_id: str, cause: Cause, ask: asks.Merge) -> Held[Case]:
    """Merge a case into another one that is being worked on.

    Raises Illegal, Stale or Refused, and then neither case has changed; Unavailable while others merge.
    """
    with alone(stores):
        into = stores.cases.find(ask.into_case_id)
        known = _known(ask, into.state if into else None)
        done = stores.cases.change(case_id, cause, lambda case: merging.merge(case, known, by(stores, cause)))
        return _joined(stores, done, cause)


def _known(ask: asks.Merge, into: Case | None) -> asks.Merge:
    if into is None:
        return ask
    units = tuple(unit for unit in (into.lead_unit, *into.co_units) if unit)
    return replace(ask, into_state=into.state, into_protected=into.protected, into_units=units)


def _joined(stores: Stores, held: Held[Case], cause: Cause) -> Held[Case]:
    """The other case lists it; where it cannot any more, the merge is undone at once."""
    if held.state.merged_into is None:  # this request came again, after the merge was undone
        return held
    try:
        join(stores, held.state, held.state.merged_into, cause)
    except (Illegal, NotFound):
        part(stores, held.id, cause)
        raise
    return held


def join(stores: Stores, case: Case, into_case_id: str, cause: Cause) -> None:
    """The case that others are merged into lists them."""
    act = told(stores, cause)
    stores.cases.change(into_case_id, _beside(cause), lambda into: merging.join(into, case, act))


def part(stores: Stores, case_id: str, cause: Cause) -> Held[Case]:
    """A merge that cannot stand is undone: the case goes on by itself."""
    ask, act = asks.Unmerge(confirmed=True, reason="master_gone"), told(stores, cause)
    return stores.cases.change(case_id, _beside(cause), lambda case: merging.unmerge(case, ask, act))


def unmerge(stores: Stores, case_id: str, cause: Cause, ask: asks.Unmerge) -> Held[Case]:
    """Undo a merge, whatever has become of the other case. Raises Illegal, Stale or Refused."""
    with alone(stores):
        before = stores.cases.load(case_id).state.merged_into
        done = stores.cases.change(case_id, cause, lambda case: merging.unmerge(case, ask, by(stores, cause)))
        if before:
            leave(stores, done.state, before, cause)
        return done


def leave(stores: Stores, case: Case, from_case_id: str, cause: Cause) -> None:
    """The other case no longer lists it."""
    act = told(stores, cause)
    stores.cases.change(from_case_id, _beside(cause), lambda other: merging.part(other, case, act))


def follow(stores: Stores, event: Event, cause: Cause) -> None:
    """Finish what a stopped process left half done, one case at a time."""
    if isinstance(event, CaseMerged):
        _settle(stores, event.case_id, event.into_case_id, cause)
    elif isinstance(event, CaseUnmerged):
        _settle(stores, event.case_id, event.from_case_id, cause)


def _settle(stores: Stores, case_id: str, other_id: str, cause: Cause) -> None:
    """Both cases say the same of each other; where the other one took a way of its own, this one does too."""
    case = stores.cases.load(case_id).state
    if case.merged_into != other_id:
        leave(stores, case, other_id, cause)
        return
    try:
        join(stores, case, other_id, cause)
    except (Illegal, NotFound):
        part(stores, case_id, cause)


def decided(stores: Stores, event: GroupMassDecided, cause: Cause) -> None:
    """A person said whether a crowd is behind a matter: the case that counts is flagged so."""
    act, case = told(stores, cause), stores.cases.find(event.case_id)
    if case is None:
        return
    id = case.state.merged_into or event.case_id
    stores.cases.change(id, cause, lambda one: merging.flag(one, "mass", event.mass, act))


def _beside(cause: Cause) -> Cause:
    """The same act on the other case: what was read of the first one says nothing about its version."""
    key = f"{cause.key}#beside" if cause.key else ""
    return replace(cause, key=key, digest="", expected=None, heard=None, order="none")


@contextmanager
def alone(stores: Stores) -> Iterator[None]:
    """Nobody else merges meanwhile. Raises Unavailable when somebody else takes too long."""
    for _ in range(TRIES):
        now = clock.now()
        if stores.leases.take(RIGHT, now + LASTS, now):
            break
        time.sleep(PAUSE)
    else:
        raise Unavailable("有人正在并案，请稍后再试", code="merging_busy")
    try:
        yield
    finally:
        stores.leases.drop(RIGHT)
