"""Services asked of departments beside a case: confirmation, filing, e-service, help, legal aid."""

from __future__ import annotations

from typing import Any

from services.routing.api.scope import READERS, mine
from services.routing.handlers import requests
from services.routing.model.request import OpenRequest, Request
from services.routing.schemas.services import ServiceAnswer, ServiceBody, ServiceList
from services.routing.store import Stores
from shared.aggregate import Held
from shared.web import answer, blueprint, cause, here, needs

asking = blueprint("services", "Cases: services asked of departments beside one")
ASK = ("director", "dispatcher", "duty_leader", "mediator", "clerk", "unit_staff", "unit_head")


@asking.route("/cases/<uuid:case_id>/requests", methods=["POST"])
@needs(*ASK)
@asking.arguments(ServiceBody)
@asking.response(201, ServiceAnswer)
def ask(wanted: OpenRequest, case_id: Any) -> Any:
    """Ask for a service. The police are asked, never ordered, and their answer is written down."""
    mine(str(case_id))
    held = requests.ask(here(Stores), str(case_id), wanted, cause())
    return answer(held, _shown(held), 201)


@asking.route("/cases/<uuid:case_id>/requests")
@needs(*READERS)
@asking.response(200, ServiceList)
def asked(case_id: Any) -> Any:
    """What was asked for beside the case, and what came of it."""
    mine(str(case_id))
    return {"items": [_shown(held) for held in here(Stores).requests.of_case(str(case_id))], "next": None}


def _shown(held: Held[Request]) -> dict[str, Any]:
    return vars(held.state) | {"id": held.id, "version": held.version}
