"""People's rights over their data: ask, have it decided, take the copy (PIPL 44-50)."""

from __future__ import annotations

from typing import Any

from flask import request

from services.intake.handlers import privacy
from services.intake.model.privacy import BASES, DECIDERS, REFUSALS, PrivacyRequest
from services.intake.rules.privacy import AskPrivacy, Verdict, is_late
from services.intake.schemas import privacy as bodies
from services.intake.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.decision import Actor, Cause
from shared.web import answer, blueprint, caller, cause, here, needs, public, site

WINDOW = ("clerk", "dispatcher", *DECIDERS)
RESIDENT = Actor(ref="resident", role="resident")
blp = blueprint("privacy", "People's rights over their data")


@blp.route("/privacy-requests/online", methods=["POST"])
@public
@blp.arguments(bodies.OnlineAskBody)
@blp.response(201, bodies.RequestAnswer)
def ask_online(body: dict[str, Any]) -> Any:
    """A resident asks for a copy, a correction or removal, with query code and phone tail."""
    source, ask = request.remote_addr or "", body["ask"]
    held = privacy.ask_online(here(Stores), body["query_code"], body["phone_tail"], ask, source, _resident())
    return answer(held, _shown(held), 201)


@blp.route("/privacy-requests/<uuid:id>/collect", methods=["POST"])
@public
@blp.arguments(bodies.CollectBody)
@blp.response(200, bodies.CopyAnswer)
def collect(body: dict[str, str], id: Any) -> Any:
    """The copy of the own data, within thirty days after it was granted."""
    source = request.remote_addr or ""
    return privacy.collect(here(Stores), str(id), body["query_code"], body["phone_tail"], source, _resident())


@blp.route("/privacy-requests", methods=["POST"])
@needs(*WINDOW)
@blp.arguments(bodies.WindowAskBody)
@blp.response(201, bodies.RequestAnswer)
def ask(body: dict[str, Any]) -> Any:
    """A clerk takes the request of somebody at the window."""
    asked: AskPrivacy = body["ask"]
    held = privacy.ask_at_window(
        here(Stores), str(body["reg_id"]), str(body["party_ref"]), asked, cause(), caller().roles
    )
    return answer(held, _shown(held), 201)


@blp.route("/privacy-requests")
@needs(*WINDOW)
@blp.arguments(bodies.RequestQuery, location="query")
@blp.response(200, bodies.RequestList)
def listed(query: dict[str, str]) -> Any:
    """The requests of the caller's region, the earliest due first."""
    found = privacy.listed(here(Stores), query["state"], caller().actor, caller().roles)
    return {
        "items": [_shown(held) | {"id": held.id, "version": held.version} for held in found],
        "next": None,
    }


@blp.route("/privacy-requests/<uuid:id>")
@needs(*DECIDERS)
@blp.response(200, bodies.RequestWords)
def one(id: Any) -> Any:
    """A request with what the person said, for who decides."""
    all = here(Stores)
    held = privacy.readable(all, str(id), caller().actor, caller().roles)

    def words(sealed: bytes | None, field: str) -> str:
        return all.sealer.open(sealed, owner=held.id, field=field) if sealed else ""

    said = {"value": words(held.state.value, "value"), "words": words(held.state.words, "words")}
    return answer(held, _shown(held) | said | {"party_ref": held.state.party_id})


@blp.route("/privacy-requests/<uuid:id>/decide", methods=["POST"])
@needs(*DECIDERS)
@blp.arguments(bodies.VerdictBody)
@blp.response(200, bodies.RequestAnswer)
def decide(verdict: Verdict, id: Any) -> Any:
    """Grant it, and it is done at once; or refuse it with a reason and its basis."""
    held = privacy.decide(here(Stores), str(id), verdict, cause(), caller().roles)
    return answer(held, _shown(held))


def _resident() -> Cause:
    return Cause(at=site().clock(), actor=RESIDENT, correlation=ids.new())


def _shown(held: Held[PrivacyRequest]) -> dict[str, Any]:
    state = held.state
    return vars(state) | {
        "due_at": state.clock.due_at,
        "late": is_late(state, site().clock()),
        "refusal_words": REFUSALS.get(state.refusal, ""),
        "basis_words": BASES.get(state.basis, ""),
    }
