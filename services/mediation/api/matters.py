"""Addresses of matters: opening, reading, who wants it, who leads it, more time, the end."""

from __future__ import annotations

from typing import Any

from services.mediation.api.reach import READ, WORK, act, scoped
from services.mediation.handlers import acting, answers
from services.mediation.model import Mediator
from services.mediation.model import commands as asks
from services.mediation.rules import complaining, ending, panel, time, willing
from services.mediation.schemas import given
from services.mediation.schemas import opening as bodies
from services.mediation.store import Stores, Wanted
from shared.place import place
from shared.web import answer, blueprint, caller, cause, here, in_scope, needs, record

blp = blueprint("matters", "Matters: who mediates what with whom, and how it ends")


@blp.route("/matters", methods=["POST"])
@needs(*WORK)
@blp.arguments(bodies.OpenSchema)
@blp.response(201, given.MatterAnswer)
def open_matter(ask: asks.Open) -> Any:
    """Begin to mediate a case; 409 `mediation_declined` with the other routes when somebody refused."""
    all = here(Stores)
    view = acting.case(all, ask.case_id)
    in_scope(view.region, protected=view.protected)
    made = acting.open_matter(all, view, ask, cause())
    return answer(made.held, answers.matter(made.held.state), 201 if made.new else 200)


@blp.route("/matters")
@needs(*READ)
@blp.arguments(given.ListQuery, location="query")
@blp.response(200, given.MatterList)
def listed(query: dict[str, Any]) -> Any:
    """Matters of the caller's region, newest first."""
    limit, after = query.pop("limit"), query.pop("after", "")
    wanted = Wanted(region=caller().region, before=place(after), **query)
    return answers.page(here(Stores).matters.listed(wanted, limit + 1), limit)


@blp.route("/matters/<uuid:mm_id>")
@needs(*READ)
@blp.response(200, given.MatterAnswer)
def matter(mm_id: Any) -> Any:
    """One matter with its sittings, limits and what may be done next."""
    held = scoped(str(mm_id))
    return answer(held, answers.matter(held.state))


@blp.route("/matters/<uuid:mm_id>/consents", methods=["POST"])
@needs(*WORK)
@blp.arguments(bodies.ConsentSchema)
@blp.response(200, given.MatterAnswer)
def consent(ask: asks.Consent, mm_id: Any) -> Any:
    """A party says yes or no; a no ends the matter, and the answer names the other routes."""
    routes = willing.routes_of(here(Stores).county) if ask.answer == "refused" else []
    return act(mm_id, willing.record_consent, ask, routes=routes)


@blp.route("/matters/<uuid:mm_id>/conflicts", methods=["POST"])
@needs(*WORK)
@blp.arguments(bodies.ConflictSchema)
@blp.response(200, given.MatterAnswer)
def conflict(ask: asks.Conflict, mm_id: Any) -> Any:
    """A mediator declares an interest and steps back."""
    return act(mm_id, panel.declare_conflict, ask)


@blp.route("/matters/<uuid:mm_id>/mediators", methods=["POST"])
@needs(*WORK)
@blp.arguments(bodies.MediatorSchema)
@blp.response(200, given.MatterAnswer)
def appoint(ask: Mediator, mm_id: Any) -> Any:
    """Another mediator joins."""
    return act(mm_id, panel.appoint, ask)


@blp.route("/matters/<uuid:mm_id>/extensions", methods=["POST"])
@needs(*WORK)
@blp.arguments(bodies.ExtendSchema)
@blp.response(200, given.MatterAnswer)
def extend(ask: asks.Extend, mm_id: Any) -> Any:
    """All sides agree to more time."""
    return act(mm_id, time.extend, ask)


@blp.route("/matters/<uuid:mm_id>/close", methods=["POST"])
@needs(*WORK)
@blp.arguments(bodies.CloseSchema)
@blp.response(200, given.MatterAnswer)
def close(ask: asks.Close, mm_id: Any) -> Any:
    """End the matter without an agreement."""
    return act(mm_id, ending.close, ask)


@blp.route("/matters/<uuid:mm_id>/complaints", methods=["POST"])
@needs("clerk", "dispatcher", "verifier", "director")
@blp.arguments(bodies.ComplainSchema)
@blp.response(200, given.MatterAnswer)
def complain(ask: asks.Complain, mm_id: Any) -> Any:
    """A party complains about a mediator, through somebody else."""
    return act(mm_id, complaining.complain, ask)


@blp.route("/matters/<uuid:mm_id>/complaints")
@needs("director", "supervisor")
@blp.response(200, given.ComplaintsAnswer)
def complaints(mm_id: Any) -> Any:
    """The complaints in words, for those above; that they were read is kept."""
    all, held = here(Stores), scoped(str(mm_id))
    record(all.audit, "complaints.read", f"matter/{held.id}", purpose="supervision")
    return answer(held, {"items": complaining.opened(held.state, all.sealer)})
