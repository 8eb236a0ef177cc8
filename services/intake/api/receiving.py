"""Visits with their records, papers with their receipts, and spot checks, over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.intake.handlers import receiving
from services.intake.model.papers import Handed, Papers
from services.intake.model.reception import Reception
from services.intake.rules.revealing import READERS
from services.intake.schemas import hall as bodies
from services.intake.store import Stores
from shared.aggregate import Held
from shared.web import answer, blueprint, caller, cause, here, needs, site

DESK = ("clerk", "dispatcher", "director", "petition_officer", "mediator", "duty_leader", "leader")
ASKS = ("verifier", "dispatcher", "director", "clerk")
blp = blueprint("receiving", "Visits, papers handed over, spot checks")


@blp.route("/receptions", methods=["POST"])
@needs(*DESK)
@blp.arguments(bodies.BeginBody)
@blp.response(201, bodies.ReceptionAnswer)
def begin(body: dict[str, Any]) -> Any:
    """Receive the visit of a registered matter; the leader on duty is kept with it."""
    held = receiving.begin(here(Stores), str(body["reg_id"]), cause(), caller().roles)
    return answer(held, _reception(held), 201)


@blp.route("/receptions/<uuid:id>/record", methods=["PUT"])
@needs(*DESK)
@blp.arguments(bodies.VisitRecordBody)
@blp.response(200, bodies.ReceptionAnswer)
def write(body: dict[str, Any], id: Any) -> Any:
    """Write down what was said, what is wanted and what was answered (接访记录)."""
    at = body.pop("received_at")
    held = receiving.write(here(Stores), str(id), body, at, cause(), caller().roles)
    return answer(held, _reception(held))


@blp.route("/receptions/<uuid:id>/close", methods=["POST"])
@needs(*DESK)
@blp.arguments(bodies.VisitEndBody)
@blp.response(200, bodies.ReceptionAnswer)
def end(body: dict[str, Any], id: Any) -> Any:
    """The visit is over, with what the visitor says of it; 422 without a record."""
    why = cause()
    held = receiving.end(here(Stores), str(id), body["rating"], body["comment"], why, caller().roles)
    return answer(held, _reception(held))


@blp.route("/receptions/<uuid:id>")
@needs(*READERS)
@blp.response(200, bodies.ReceptionAnswer)
def reception(id: Any) -> Any:
    """One visit."""
    held = receiving.reception(here(Stores), str(id), caller().actor, caller().roles)
    return answer(held, _reception(held))


def _reception(held: Held[Reception]) -> dict[str, Any]:
    return vars(held.state) | {"recorded": held.state.said is not None}


@blp.route("/registrations/<uuid:id>/papers", methods=["POST"])
@needs(*DESK, "guide")
@blp.arguments(bodies.PapersBody)
@blp.response(201, bodies.PapersAnswer)
def take(body: dict[str, Any], id: Any) -> Any:
    """Take papers from a resident; the receipt has a number of its own."""
    given: Sequence[Handed] = body["items"]
    held = receiving.take_papers(here(Stores), str(id), body["to_unit"], given, cause(), caller().roles)
    return answer(held, _papers(held), 201)


@blp.route("/registrations/<uuid:id>/papers")
@needs(*READERS)
@blp.response(200, bodies.PapersList)
def papers(id: Any) -> Any:
    """The papers of a matter and who has them."""
    found = receiving.papers_of(here(Stores), str(id), caller().actor, caller().roles)
    items = [_papers(held) | {"id": held.id, "version": held.version} for held in found]
    return {"items": items, "next": None}


@blp.route("/papers/<uuid:id>/forward", methods=["POST"])
@needs(*DESK, "guide")
@blp.response(200, bodies.PapersAnswer)
def forward(id: Any) -> Any:
    """Hand papers on to whom they are for."""
    held = receiving.forward(here(Stores), str(id), cause(), caller().roles)
    return answer(held, _papers(held))


@blp.route("/papers/<uuid:id>/receive", methods=["POST"])
@needs("unit_staff", *DESK)
@blp.response(200, bodies.PapersAnswer)
def receive(id: Any) -> Any:
    """Whom papers are for says that they have them."""
    held = receiving.receive(here(Stores), str(id), cause())
    return answer(held, _papers(held))


def _papers(held: Held[Papers]) -> dict[str, Any]:
    state, box = held.state, here(Stores).sealer
    titles = [
        box.open(item.title, owner=state.document_id, field=f"title.{n}") if item.title else ""
        for n, item in enumerate(state.items)
    ]
    items = [vars(item) | {"title": title} for item, title in zip(state.items, titles, strict=True)]
    late = state.due_at is not None and state.due_at <= site().clock()
    overdue = state.state != "received" and (late or state.overdue_told)
    return vars(state) | {"items": items, "overdue": overdue}


@blp.route("/spot-checks")
@needs(*ASKS)
@blp.response(200, bodies.SpotCheckList)
def to_ask() -> Any:
    """Matters answered on the spot that were drawn; nobody asks about the own answer."""
    found = receiving.to_ask(here(Stores), caller().actor)
    return {
        "items": [vars(held.state) | {"id": held.id, "version": held.version} for held in found],
        "next": None,
    }


@blp.route("/spot-checks/<uuid:id>", methods=["POST"])
@needs(*ASKS)
@blp.arguments(bodies.AskedBody)
@blp.response(200, bodies.SpotCheckAnswer)
def ask(body: dict[str, Any], id: Any) -> Any:
    """What the resident said; what was not answered after all is handled under its own number."""
    held = receiving.ask(here(Stores), str(id), cause(), **body)
    return answer(held, vars(held.state))
