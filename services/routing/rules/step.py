"""One step of a case along the table: may it be made, and what becomes true with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services.routing.model import Case, Transition, must_allow
from services.routing.model.table import target
from services.routing.rules import guards
from services.routing.rules.by import By
from services.routing.rules.clocks import follow
from services.routing.rules.owners import owner_of
from shared.contracts.base import Event
from shared.decision import Decision
from shared.errors import Forbidden

Told = Event | Callable[[Case], Event | tuple[Event, ...]]
"""A fact, or how to tell it, or several, once the case's state, owner and clocks are the new ones."""


def entered(case: Case, command: str, ask: object, by: By) -> Transition:
    """The row of the table for a command.

    Raises Illegal when the state does not know it, Forbidden when the post may not, and what a guard raises.
    """
    row = must_allow(case.state, command)
    if by.actor.role not in row.actors:
        raise Forbidden(f"您的岗位不能“{row.title}”", code="role_missing")
    for name in row.guards:
        getattr(guards, name)(case, ask, by)
    return row


def moved(
    case: Case, row: Transition, by: By, *told: Told, reason: str = "", **changes: Any
) -> Decision[Case]:
    """The case after a step, with its new state, owner and clocks, and what is told about it."""
    state = target(row, case.state, case.previous_state)
    after = replace(case, **{"state": state} | changes)
    after = replace(after, owner=owner_of(after, by.actor, by.profile))
    after, clocks = follow(after, row.emits, by)
    events = tuple(event for fact in told for event in _facts(fact, after))
    return Decision(state=after, events=(*events, *clocks), reason=reason or row.title)


def _facts(fact: Told, after: Case) -> tuple[Event, ...]:
    found = fact if isinstance(fact, Event) else fact(after)
    return found if isinstance(found, tuple) else (found,)


def then(first: Decision[Case], rule: Callable[[Case], Decision[Case]]) -> Decision[Case]:
    """Two steps in one write."""
    second = rule(first.state)
    events = (*first.events, *second.events)
    return Decision(state=second.state, events=events, reason=f"{first.reason}；{second.reason}")
