"""Addresses of findings: reporting one, reading one, and the list."""

from __future__ import annotations

from typing import Any

from services.grid import schemas
from services.grid.handlers import answers, finding
from services.grid.model import Report
from services.grid.store import Stores, Wanted
from shared.place import place
from shared.web import answer, blueprint, caller, cause, here, in_scope, needs, record

READERS = ("grid_worker", "dispatcher", "clerk", "mediator", "director", "leader", "service")
blp = blueprint("findings", "Findings of grid workers, which become registrations")


@blp.route("/findings", methods=["POST"])
@needs("grid_worker")
@blp.arguments(schemas.NewFinding)
@blp.response(201, schemas.FindingAnswer)
def report(asked: Report) -> Any:
    """Report what was found inside the own region. The same Idempotency-Key answers 200 with the same."""
    in_scope(asked.place, field="place")
    made = finding.report(here(Stores), asked, cause())
    return answer(made.held, answers.finding(here(Stores), made.held), 201 if made.new else 200)


@blp.route("/findings")
@needs(*READERS)
@blp.arguments(schemas.FindingQuery, location="query")
@blp.response(200, schemas.FindingList)
def listed(query: dict[str, Any]) -> Any:
    """Findings of the caller's region, newest first, without their words."""
    before = place(query["after"])
    wanted = Wanted(place=caller().region, kind=query.get("kind", ""), before=before)
    found = here(Stores).findings.listed(wanted, query["limit"] + 1)
    return answers.findings(here(Stores), found, query["limit"])


@blp.route("/findings/<uuid:id>")
@needs(*READERS)
@blp.response(200, schemas.FindingAnswer)
def read(id: Any) -> Any:
    """One finding with its words and the case that it became; that it was read is kept."""
    all = here(Stores)
    held = all.findings.load(str(id))
    in_scope(held.state.place)
    record(all.audit, "finding.read", f"finding/{held.id}", purpose="handling")
    return answer(held, answers.finding(all, held))
