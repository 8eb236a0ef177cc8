"""Lists that leave the system: asked for, allowed by another person, marked, counted."""

from __future__ import annotations

from typing import Any

from flask import Response

from services.intake.handlers import exporting
from services.intake.model.export import APPROVERS, ASKERS, Export
from services.intake.schemas import privacy as bodies
from services.intake.store import Stores
from shared import ids
from shared.web import answer, blueprint, caller, cause, here, in_scope, needs

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
blp = blueprint("exports", "Lists that are taken out of the system")


@blp.route("/exports", methods=["POST"])
@needs(*ASKERS)
@blp.arguments(bodies.ExportBody)
@blp.response(201, bodies.ExportAnswer)
def ask(terms: dict[str, Any]) -> Any:
    """Ask for a list of registrations; another person has to allow it."""
    in_scope(terms["region"], field="region")
    why = cause()
    export = Export(
        export_id=ids.derived("export", why.key) if why.key else ids.new(),
        asked_by=why.actor.ref,
        asked_role=why.actor.role,
        asked_unit=why.actor.unit,
        asked_at=why.at,
        **terms,
    )
    held = exporting.ask(here(Stores), export, why)
    return answer(held, vars(held.state), 201)


@blp.route("/exports/<uuid:id>/decide", methods=["POST"])
@needs(*APPROVERS)
@blp.arguments(bodies.ExportVerdict)
@blp.response(200, bodies.ExportAnswer)
def decide(verdict: dict[str, Any], id: Any) -> Any:
    """Allow somebody else's list, or not."""
    in_scope(here(Stores).exports.load(str(id)).state.region)
    held = exporting.decide(here(Stores), str(id), verdict["granted"], verdict["reason"], cause())
    return answer(held, vars(held.state))


@blp.route("/exports/<uuid:id>/file", methods=["POST"])
@needs(*ASKERS)
@blp.response(200, content_type=XLSX)
def take(id: Any) -> Response:
    """The spreadsheet, at most three times within a day, each time marked, counted and written down."""
    held, content = exporting.take(here(Stores), str(id), cause(), caller().roles)
    reply = Response(content, mimetype=XLSX)
    reply.headers["Content-Disposition"] = f'attachment; filename="export-{held.state.taken}.xlsx"'
    return reply
