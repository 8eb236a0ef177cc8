"""Showing a clerk what may be the same matter, and keeping what a person says about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.intake.handlers import likeness, vault
from services.intake.model import Registration
from services.intake.model.likeness import Group
from services.intake.rules.likeness import grouping, listing
from services.intake.rules.likeness.judging import MOST
from services.intake.rules.likeness.telling import shared_words
from services.intake.store import Stores
from shared.aggregate import Held
from shared.decision import Actor, Cause
from shared.errors import Forbidden, NotFound
from shared.place import Place

SHOWN = 200  # members of a group


def candidates(all: Stores, registration: Registration, actor: Actor, roles: Sequence[str]) -> dict[str, Any]:
    """Earlier matters that may be the same as a registration, with the words of it that they share."""
    words = likeness.words_of(all, registration)
    looked = likeness.look(all, words, but=registration.reg_id)
    hasher = likeness.hasher(all.sealer)
    shown = {}
    for judged in looked.found[: 2 * MOST]:
        shared = shared_words(words.title, words.text, hasher, judged.found.sketch)
        shown[judged.found.reg_id] = vars(listing.similar(judged)) | {"shared": shared}
    allowed = _seen(all, list(shown), actor, roles)
    mine = all.sketches.several([registration.reg_id]).get(registration.reg_id)
    items = [one | _standing(all, one["case_id"]) for id, one in shown.items() if id in allowed]
    return {"items": items[:MOST], "group_id": mine.group if mine else None}


def _seen(all: Stores, ids: Sequence[str], actor: Actor, roles: Sequence[str]) -> set[str]:
    """Those that are not hidden from this reader. Numbers of matters elsewhere in the county are shown."""
    held = all.registrations.several(ids)
    open = {id for id, one in held.items() if not one.state.protected}
    secret = [one for one in held.values() if one.state.protected]
    return open | {one.id for one in vault.visible(all, secret, actor, roles)}


def _standing(all: Stores, case_id: str) -> dict[str, Any]:
    view = all.views.find(case_id)
    state = view.state if view else None
    return {"state": state.state if state else "registered", "merged_into": state and state.merged_into}


def group(
    all: Stores, id: str, actor: Actor, roles: Sequence[str]
) -> tuple[Held[Group], list[dict[str, Any]]]:
    """A group and its newest members that this reader may see. Raises NotFound, Forbidden."""
    held = _mine(all, id, actor)
    found = all.registrations.several(all.sketches.members(held.state.group_id, SHOWN))
    seen = vault.visible(all, list(found.values()), actor, roles)
    newest = sorted(seen, key=lambda one: one.state.registered_at, reverse=True)
    return held, [_member(one.state) | _standing(all, one.state.case_id) for one in newest]


def _member(state: Registration) -> dict[str, Any]:
    return {name: getattr(state, name) for name in ("reg_id", "case_id", "case_no", "registered_at")}


def _mine(all: Stores, id: str, actor: Actor) -> Held[Group]:
    held = all.groups.find(id)
    if held is None:
        raise NotFound("没有找到这组事项", code="group_not_found")
    if not held.state.region.startswith(actor.region):
        raise Forbidden("这组事项不在您的辖区", code="out_of_region")
    return held


def listed(all: Stores, region: str, mass: str, before: Place | None, limit: int) -> dict[str, Any]:
    """A page of groups."""
    found = all.groups.listed(region, mass, before, limit + 1)
    more, last = len(found) > limit, found[limit - 1] if len(found) >= limit else None
    return {
        "items": [vars(held.state) | {"id": held.id, "version": held.version} for held in found[:limit]],
        "next": str(Place(at=last.state.grown_at, id=last.id)) if more and last else None,
    }


def decide(all: Stores, id: str, mass: bool, reason: str, cause: Cause) -> Held[Group]:
    """A person says whether a crowd is behind a group. Raises as the rule does, NotFound, Forbidden."""
    _mine(all, id, cause.actor)
    return all.groups.change(id, cause, lambda group: grouping.decided(group, mass, reason, cause.at))
