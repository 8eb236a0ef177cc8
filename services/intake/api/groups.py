"""Matters that look like one: what a clerk is shown, how many report it, and who says it is a crowd."""

from __future__ import annotations

from typing import Any

from services.intake.handlers import groups, vault
from services.intake.schemas import groups as schemas
from services.intake.store import Stores
from shared.place import place
from shared.web import answer, blueprint, caller, cause, here, needs, record

SEERS = ("clerk", "dispatcher", "director", "duty_leader", "petition_officer")
DECIDERS = ("dispatcher", "director")
blp = blueprint("groups", "Matters that look like one")


@blp.route("/registrations/<uuid:id>/candidates")
@needs(*SEERS)
@blp.response(200, schemas.CandidateList)
def candidates(id: Any) -> Any:
    """At most ten earlier matters that may be the same, with reasons; that they were shown is kept."""
    all, who = here(Stores), caller()
    held = vault.readable(all, str(id), who.actor, who.roles)
    record(all.audit, "duplicates.shown", f"registration/{held.id}", purpose="duplicate_check")
    return groups.candidates(all, held.state, who.actor, who.roles)


@blp.route("/groups")
@needs(*SEERS)
@blp.arguments(schemas.GroupQuery, location="query")
@blp.response(200, schemas.GroupList)
def listed(query: dict[str, Any]) -> Any:
    """Groups of the caller's region, the last grown first."""
    return groups.listed(here(Stores), caller().region, query["mass"], place(query["after"]), query["limit"])


@blp.route("/groups/<uuid:id>")
@needs(*SEERS)
@blp.response(200, schemas.WholeGroupAnswer)
def group(id: Any) -> Any:
    """One group with its members."""
    held, members = groups.group(here(Stores), str(id), caller().actor, caller().roles)
    return answer(held, vars(held.state) | {"items": members})


@blp.route("/groups/<uuid:id>/mass", methods=["POST"])
@needs(*DECIDERS)
@blp.arguments(schemas.MassBody)
@blp.response(200, schemas.GroupAnswer)
def decide(asked: dict[str, Any], id: Any) -> Any:
    """A person says whether many people are behind it; the flag of its case follows."""
    held = groups.decide(here(Stores), str(id), asked["mass"], asked["reason"], cause())
    return answer(held, vars(held.state))
