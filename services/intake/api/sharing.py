"""Sharing agreements, and giving sealed fields to departments that work on a case."""

from __future__ import annotations

from typing import Any

from services.intake.handlers import disclosing
from services.intake.model import Agreement
from services.intake.rules.sharing import Want, in_force
from services.intake.schemas.sharing import (
    AgreementAnswer,
    AgreementBody,
    AgreementList,
    AgreementQuery,
    DisclosureAnswer,
    DisclosureBody,
    EndBody,
)
from services.intake.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.web import answer, blueprint, caller, cause, here, in_scope, needs, site

KEEPERS = ("director", "dpo", "sec_admin")  # who agree for the centre on what leaves the vault
SEES = (*KEEPERS, "audit_admin", "supervisor", "department")
blp = blueprint("sharing", "Sharing agreements, and disclosures to departments")


@blp.route("/vault/disclosures", methods=["POST"])
@needs("department")
@blp.arguments(DisclosureBody)
@blp.response(201, DisclosureAnswer)
def disclose(want: Want) -> Any:
    """Fields of the parties of a case that was handed to the department, once, with a receipt.

    A lost answer is asked for again with the same Idempotency-Key, within a day.
    """
    all = here(Stores)
    given = disclosing.disclose(all, want, cause())
    parties = disclosing.parties(all, given)
    body = {
        "receipt_id": given.receipt.receipt_id,
        "disclosed_at": given.receipt.at,
        "delivery_id": given.held.state.delivery_id,
        "recipient_unit": given.held.state.unit,
        "receipt": given.receipt,
        "fields": disclosing.by_field(parties),
        "parties": parties,
    }
    return answer(given.held, body, 201)


@blp.route("/sharing-agreements", methods=["POST"])
@needs(*KEEPERS)
@blp.arguments(AgreementBody)
@blp.response(201, AgreementAnswer)
def agree(terms: dict[str, Any]) -> Any:
    """Agree that a unit may be given certain fields for one purpose (XE-08)."""
    in_scope(terms["region"], field="region")
    why = cause()
    id = ids.derived("sharing", why.key) if why.key else ids.new()
    made = disclosing.agree(here(Stores), Agreement(agreement_id=id, made_by=caller().ref, **terms), why)
    return answer(made, _shown(made), 201)


@blp.route("/sharing-agreements")
@needs(*SEES)
@blp.arguments(AgreementQuery, location="query")
@blp.response(200, AgreementList)
def listed(query: dict[str, str]) -> Any:
    """The agreements of a unit; a department sees its own."""
    unit = caller().unit if caller().role == "department" else query["unit"]
    found = here(Stores).agreements.having(unit=unit)
    mine = [held for held in found if caller().sees(held.state.region)]
    return {"items": [_shown(held) | {"id": held.id, "version": held.version} for held in mine], "next": None}


@blp.route("/sharing-agreements/<uuid:id>/end", methods=["POST"])
@needs(*KEEPERS)
@blp.arguments(EndBody)
@blp.response(200, AgreementAnswer)
def end(asked: dict[str, str], id: Any) -> Any:
    """End an agreement before its time; from now on nothing is given on it."""
    in_scope(here(Stores).agreements.load(str(id)).state.region)
    held = disclosing.end(here(Stores), str(id), asked["reason"], cause())
    return answer(held, _shown(held))


def _shown(held: Held[Agreement]) -> dict[str, Any]:
    return vars(held.state) | {"in_force": in_force(held.state, site().clock())}
