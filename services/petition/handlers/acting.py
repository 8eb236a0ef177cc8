"""Every step of a petition that a person asks for: load, let the rule decide, save."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from services.petition.model import Petition
from services.petition.model.commands import Confirm, LinkTo, Register
from services.petition.rules import registering
from services.petition.rules.by import By
from services.petition.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.decision import Cause, Decision
from shared.errors import Refused

Rule = Callable[..., Decision[Petition] | None]


@dataclass(frozen=True, kw_only=True)
class Registered:
    """A petition, and whether this request made it."""

    held: Held[Petition]
    new: bool


def by(all: Stores, cause: Cause) -> By:
    """The present act, under the county's settings."""
    return By(actor=cause.actor, at=cause.at, profile=all.county, sealer=all.sealer)


def act(all: Stores, pet_id: str, cause: Cause, rule: Rule, *asked: Any) -> Held[Petition]:
    """One step of a petition: `rule(petition, *asked, by)`."""
    doing = by(all, cause)
    return all.petitions.change(pet_id, cause, lambda petition: rule(petition, *asked, doing))


def register(all: Stores, ask: Register, cause: Cause) -> Registered:
    """A petition at the desk, or the one that the same key or the same case made before."""
    if ask.case_id is not None:
        pet_id = of_case(ask.case_id)
    else:
        pet_id = ids.derived("petition", "key", cause.key) if cause.key else ids.new()
    return open_(all, pet_id, ask, cause)


def completed(all: Stores, ask: Register) -> Register:
    """The ask with what is known of its case: its number, its place, and whether it is hidden.

    Raises Refused for a case that nobody told of.
    """
    if ask.case_id is None:
        return ask
    known_case(all, LinkTo(case_id=ask.case_id))
    view = all.views.load(ask.case_id).state
    return replace(ask, case_no=view.case_no, region=view.region, protected=view.protected)


def of_case(case_id: str) -> str:
    """The id of the petition that a case is: one case is at most one petition."""
    return ids.derived("petition", "case", case_id)


def open_(all: Stores, pet_id: str, ask: Register, cause: Cause) -> Registered:
    """The one write that makes a petition; repeating it makes nothing new."""
    before = all.petitions.find(pet_id)
    doing = by(all, cause)

    def rule(petition: Petition | None) -> Decision[Petition] | None:
        return None if petition else registering.register(pet_id, ask, doing, cause.key)

    held = all.petitions.open(pet_id, cause, rule)
    return Registered(held=held, new=before is None)


def looked_up(all: Stores, ask: Confirm) -> Confirm:
    """The ask with the knowledge whether the earlier petition exists."""
    return replace(ask, earlier_exists=bool(ask.repeat_of and all.petitions.find(ask.repeat_of)))


def known_case(all: Stores, ask: LinkTo) -> LinkTo:
    """The ask, if its case is known here.

    Raises Refused for a case that nobody told of.
    """
    if all.views.find(ask.case_id) is None:
        raise Refused("没有找到这个案件；刚登记的请稍后再试", code="case_unknown")
    return ask
