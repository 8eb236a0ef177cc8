"""What the desk does beside a matter: reports to authorities, 首问负责 and its succession, zones."""

from __future__ import annotations

from typing import Any

from services.intake.handlers import desk
from services.intake.handlers.desk import Answering
from services.intake.model import Registration
from services.intake.model.desk import Report
from services.intake.rules import answering
from services.intake.rules.revealing import READERS
from services.intake.schemas.desk import (
    AnswerableAnswer,
    AnswerableList,
    DeskAnswer,
    SuccessionBody,
    ZoneBody,
)
from services.intake.schemas.taken import ReportSchema
from services.intake.store import Stores
from shared.aggregate import Held
from shared.web import answer, blueprint, caller, cause, here, needs

AT_DESK = ("clerk", "dispatcher", "director", "grid_worker", "mediator", "petition_officer", "guide")
blp = blueprint("desk", "What the desk does beside a matter")


@blp.route("/registrations/<uuid:id>/reports", methods=["POST"])
@needs(*AT_DESK, "service")
@blp.arguments(ReportSchema)
@blp.response(200, DeskAnswer)
def report(made: Report, id: Any) -> Any:
    """Note that something was reported at once to the police or another authority."""
    held = desk.report(here(Stores), str(id), made, cause(), caller().roles)
    return answer(held, _desk(held.state))


@blp.route("/registrations/<uuid:id>/zone", methods=["POST"])
@needs(*AT_DESK)
@blp.arguments(ZoneBody)
@blp.response(200, DeskAnswer)
def lead(body: dict[str, str], id: Any) -> Any:
    """Lead the resident to another zone of the centre; it becomes a step of the matter."""
    held = desk.lead(here(Stores), str(id), body["zone"], cause(), caller().roles)
    return answer(held, _desk(held.state))


@blp.route("/registrations/<uuid:id>/answerable")
@needs(*READERS)
@blp.response(200, AnswerableAnswer)
def answerable(id: Any) -> Any:
    """Who answers for the matter until the resident has been answered."""
    found = desk.duty(here(Stores), str(id), caller().actor, caller().roles)
    return answer(found.held, _duty(found))


@blp.route("/registrations/<uuid:id>/succession", methods=["POST"])
@needs(*AT_DESK)
@blp.arguments(SuccessionBody)
@blp.response(200, AnswerableAnswer)
def succeed(body: dict[str, str], id: Any) -> Any:
    """Hand the duty to answer on; who received first stays on record."""
    all, why = here(Stores), cause()
    made = desk.succeed(all, str(id), body["to"], body["reason"], why, caller().roles)
    return answer(made.held, _duty(made))


@blp.route("/registrations/<uuid:id>/first-receiver", methods=["PUT"])
@needs(*AT_DESK)
@blp.arguments(SuccessionBody)
@blp.response(200, AnswerableAnswer)
def replace(body: dict[str, str], id: Any) -> Any:
    """Always 409: the first receiver cannot be replaced; a succession is added instead."""
    found = desk.duty(here(Stores), str(id), caller().actor, caller().roles)
    answering.refuse_replacing(found.held.state)


@blp.route("/answering")
@needs(*READERS)
@blp.response(200, AnswerableList)
def mine() -> Any:
    """What the caller still answers for, the oldest first."""
    found = desk.mine(here(Stores), caller().actor)
    return {"items": [_duty(one) | _known(one.held) for one in found], "next": None}


def _known(held: Held[Registration]) -> dict[str, Any]:
    return {"id": held.id, "version": held.version}


def _duty(found: Answering) -> dict[str, Any]:
    state, duty = found.held.state, found.duty
    own = {name: getattr(state, name) for name in ("reg_id", "case_id", "case_no", "registered_at")}
    return own | {
        "first_receiver": duty.first,
        "answerable": duty.now,
        "lasts": duty.lasts,
        "until": duty.until,
        "successions": duty.successions,
        "pickup_late": duty.pickup_late,
    }


def _desk(state: Registration) -> dict[str, Any]:
    zone = state.desk.zones[-1].zone if state.desk.zones else state.zone
    return {
        "reg_id": state.reg_id,
        "reports": state.desk.reports,
        "reports_due": state.desk.reports_due,
        "zone": zone,
    }
