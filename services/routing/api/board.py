"""The hand-over board: where every case is between us and a department, stuck ones first; and replay."""

from __future__ import annotations

from typing import Any

from services.routing import handlers
from services.routing.api.scope import limits, mine
from services.routing.model import Delivery
from services.routing.model.delivery import DONE, OUTSTANDING, Stage
from services.routing.rules import board as rules
from services.routing.rules import gates
from services.routing.schemas import departments as ask
from services.routing.store import DeliveryFilter, Stores
from shared.aggregate import Held
from shared.errors import NotFound
from shared.web import answer, blueprint, cause, here, needs, record, site

board = blueprint("hand-overs", "The hand-over board")
WATCH = (
    "director",
    "dispatcher",
    "duty_leader",
    "supervisor",
    "leader",
    "sys_admin",
    "unit_head",
    "unit_staff",
)
MOST = 2_000  # hops that are put in order for one look


@board.route("/hand-overs")
@needs(*WATCH, "service")
@board.arguments(ask.BoardQuery, location="query")
@board.response(200, ask.Board)
def hand_overs(asked: dict[str, Any]) -> Any:
    """Each hop with its times: stuck ones first, then the longest standing; one case's hops to their end."""
    found = here(Stores).deliveries.listed(_wanted(asked), limit=MOST)
    hops = sorted((_hop(held) for held in found), key=lambda hop: hop["place"])
    chosen = [hop for hop in hops if hop["stuck"] or not asked["stuck"]]
    return {"items": chosen[: asked["limit"]], "next": None}


def _wanted(asked: dict[str, Any]) -> DeliveryFilter:
    allowed = limits(asked.get("region", ""), asked.get("department", ""))
    case_id = mine(str(asked["case_id"])).id if asked["case_id"] else ""
    return DeliveryFilter(
        region=allowed.region,
        department=allowed.unit,
        stages=(*OUTSTANDING, *DONE) if case_id else (*OUTSTANDING, Stage.FAILED),
        case_id=case_id,
        not_about=allowed.not_about,
        protected_too=allowed.protected_too,
    )


def _hop(held: Held[Delivery]) -> dict[str, Any]:
    now, sign = site().clock(), here(Stores).signs.all().get(held.state.department)
    at_gate = sign is not None and gates.waits_there(held.state, sign.gate)
    why = rules.stuck(held.state, now, sign.liveness if sign else "unknown", at_gate=at_gate)
    waiting = int((now - rules.since(held.state)).total_seconds())
    ended = held.state.ended_at if held.state.stage is Stage.CONCLUDED else None
    return vars(held.state) | {
        "id": held.id, "version": held.version, "stuck": why, "at_gate": at_gate,
        "waiting_s": max(0, waiting), "concluded_at": ended, "place": rules.place(held.state, why),
    }  # fmt: skip


@board.route("/hand-overs/<uuid:delivery_id>/replay", methods=["POST"])
@needs("director", "dispatcher", "sys_admin")
@board.response(200, ask.HopAnswer)
def replay(delivery_id: Any) -> Any:
    """Put the same ask into the mailbox again, under the same id; written down with who did it."""
    id = str(delivery_id)
    found = here(Stores).deliveries.find(id)
    if found is None:
        raise NotFound("没有找到这次交接", code="delivery_not_found")
    mine(found.state.case_id)
    held = handlers.replay(here(Stores), id, cause())
    record(here(Stores).audit, "hand_over_replayed", f"delivery/{id}", purpose=held.state.department)
    return answer(held, _hop(held))
