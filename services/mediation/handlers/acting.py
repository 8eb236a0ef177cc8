"""Every step of a matter that a person asks for: load, let the rule decide, save."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.mediation.model import CaseView, Matter, State
from services.mediation.model.commands import Open
from services.mediation.rules import opening
from services.mediation.rules.by import By
from services.mediation.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.decision import Cause, Decision
from shared.errors import Illegal, NotFound

Rule = Callable[..., Decision[Matter] | None]


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A matter, and whether this request made it."""

    held: Held[Matter]
    new: bool


def by(all: Stores, cause: Cause) -> By:
    """The present act, under the county's settings."""
    return By(actor=cause.actor, at=cause.at, profile=all.county, sealer=all.sealer)


def act(all: Stores, mm_id: str, cause: Cause, rule: Rule, *asked: Any) -> Held[Matter]:
    """One step of a matter: `rule(matter, *asked, by)`."""
    doing = by(all, cause)
    return all.matters.change(mm_id, cause, lambda matter: rule(matter, *asked, doing))


def case(all: Stores, case_id: str) -> CaseView:
    """What is known of a case.

    Raises NotFound for a case that routing has not told of yet.
    """
    held = all.views.find(case_id)
    if held is None:
        raise NotFound("没有找到这个案件；刚登记的请稍后再试", code="case_not_found")
    return held.state


def open_matter(all: Stores, view: CaseView, ask: Open, cause: Cause) -> Opened:
    """A matter of a case, or the one that the same key made before. A case has one open matter at a time."""
    earlier = all.matters.of_case(view.case_id)
    same = next((h for h in earlier if cause.key and h.state.request_key == cause.key), None)
    if same:
        return Opened(held=all.matters.open(same.id, cause, lambda state: None), new=False)
    for held in earlier:
        _must_be_closed(held.state)
    mm_id = ids.derived("matter", view.case_id, str(len(earlier)))
    doing = by(all, cause)

    def rule(state: Matter | None) -> Decision[Matter]:
        if state is not None:  # somebody else was a moment faster
            raise _still_open(state)
        return opening.open_matter(mm_id, view, ask, doing, cause.key)

    return Opened(held=all.matters.open(mm_id, cause, rule), new=True)


def session_id(mm_id: str, cause: Cause, count: int) -> str:
    """The id of a new sitting: the same for the same key."""
    return ids.derived("session", mm_id, cause.key or str(count))


def _must_be_closed(matter: Matter) -> None:
    if matter.state is not State.CLOSED:
        raise _still_open(matter)


def _still_open(matter: Matter) -> Illegal:
    problem = Illegal("这个案件正在调解", state=matter.state, allowed=(), code="matter_is_open")
    problem.details["mm_id"] = matter.mm_id
    return problem
