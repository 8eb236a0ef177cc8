"""The hand-over board: where every case is between us and a department, stuck ones first; and replay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.routing import handlers
from services.routing.api.scope import limits, mine
from services.routing.model import Delivery
from services.routing.model.delivery import DONE, OUTSTANDING, Stage
from services.routing.rules import board as rules
from services.routing.rules import gates
from services.routing.schemas import departments as ask
from services.routing.store import DeliveryFilter, Stores, Stuck
from shared.aggregate import Held
from shared.errors import NotFound
from shared.place import Place, place
from shared.web import answer, blueprint, cause, here, needs, record, site

FLOWS = "flows~"  # a page that ended among those that do not hang
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


@board.route("/hand-overs")
@needs(*WATCH, "service")
@board.arguments(ask.BoardQuery, location="query")
@board.response(200, ask.Board)
def hand_overs(asked: dict[str, Any]) -> Any:
    """Each hop with its times: stuck ones first, then the longest under way; one case's hops to their end."""
    found, following = _page(_wanted(asked), asked["after"], asked["limit"], stuck_only=asked["stuck"])
    return {"items": [_hop(held) for held in found], "next": following}


def _page(
    wanted: DeliveryFilter, cursor: str, most: int, *, stuck_only: bool
) -> tuple[list[Held[Delivery]], str | None]:
    """A page and where the next one begins: through all that hang, then through the others."""
    hangs, mark = not cursor.startswith(FLOWS), place(cursor.removeprefix(FLOWS))
    found = _some(wanted, mark, most, hangs=hangs)
    if hangs and len(found) < most and not stuck_only:
        hangs, found = False, [*found, *_some(wanted, None, most - len(found), hangs=False)]
    if len(found) < most:
        return found, None
    last = found[-1]
    return found, ("" if hangs else FLOWS) + str(Place(at=last.state.queued_at, id=last.id))


def _some(wanted: DeliveryFilter, after: Place | None, most: int, *, hangs: bool) -> list[Held[Delivery]]:
    signs = here(Stores).signs.all().values()
    away = frozenset(sign.department for sign in signs if sign.liveness == "offline")
    stuck = Stuck(hangs=hangs, at=site().clock(), away=away)
    return here(Stores).deliveries.listed(replace(wanted, stuck=stuck), after, most)


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
    at_gate = sign is not None and gates.waits_there(held.state, gates.standing(sign.gate, sign.at))
    why = rules.stuck(held.state, now, sign.liveness if sign else "unknown", at_gate=at_gate)
    waiting = int((now - rules.since(held.state)).total_seconds())
    ended = held.state.ended_at if held.state.stage is Stage.CONCLUDED else None
    return vars(held.state) | {
        "id": held.id, "version": held.version, "stuck": why, "at_gate": at_gate,
        "waiting_s": max(0, waiting), "concluded_at": ended,
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
