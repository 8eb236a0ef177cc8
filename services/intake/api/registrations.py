"""Registering, the vault, and the resident's own question."""

from __future__ import annotations

from typing import Any

from flask import request

from services.intake import schemas
from services.intake.handlers import answers, registering, vault
from services.intake.handlers.policy import policy
from services.intake.model.form import Form
from services.intake.rules.revealing import READERS, Ask
from services.intake.store import Stores
from services.intake.store.registrations import Wanted
from shared.place import place
from shared.web import answer, blueprint, caller, cause, here, in_scope, needs, public, record, site

CLERKS = ("clerk", "dispatcher", "grid_worker", "service")
blp = blueprint("registrations", "Registrations, the vault, and the resident's own question")


@blp.route("/registrations", methods=["POST"])
@needs(*CLERKS, "department")
@blp.arguments(schemas.RegisterQuery, location="query")
@blp.arguments(schemas.NewRegistration)
@blp.response(201, schemas.RegisteredAnswer)
def register(query: dict[str, str], form: Form) -> Any:
    """Register a matter. The same Idempotency-Key, or the same outside number, answers 200 with the same."""
    in_scope(form.region, field="region")
    all, why = here(Stores), cause()
    found, ask = policy(form.region, why.at), query["on_duplicate"] == "ask"
    made = registering.register(all, form, why, found, ask=ask, roles=caller().roles)
    return answer(made.held, answers.registered(made.held.state, found, all.sealer), 201 if made.new else 200)


@blp.route("/registrations")
@needs(*READERS)
@blp.arguments(schemas.ListQuery, location="query")
@blp.response(200, schemas.RegistrationList)
def listed(query: dict[str, Any]) -> Any:
    """Registrations of the caller's region, newest first."""
    limit, after = query.pop("limit"), query.pop("after", "")
    wanted = Wanted(region=caller().region, before=place(after), **query)
    found = here(Stores).registrations.listed(wanted, limit + 1)
    return answers.page(vault.visible(here(Stores), found, caller().actor, caller().roles), found, limit)


@blp.route("/registrations/<uuid:id>")
@needs(*READERS)
@blp.response(200, schemas.RegistrationAnswer)
def registration(id: Any) -> Any:
    """One registration with masked numbers; that it was read is kept."""
    all = here(Stores)
    held = vault.readable(all, str(id), caller().actor, caller().roles)
    record(all.audit, "registration.read", f"registration/{held.id}", purpose="handling")
    found = policy(held.state.region, site().clock())
    body = answers.registration(held.state, found, all.sealer, caller().roles)
    return answer(held, body | answers.handling(held.state, vault.view(all, held.state), found))


@blp.route("/vault/reveal", methods=["POST"])
@needs()
@blp.arguments(schemas.RevealBody)
@blp.response(200, schemas.RevealAnswer)
def reveal(ask: Ask) -> Any:
    """Sealed fields of a party in words, for a purpose; granted or denied, it is kept and told."""
    all, why = here(Stores), cause()
    shown = vault.reveal(all, ask, why, caller().roles)
    return answer(shown.held, {"values": shown.values, "purpose": ask.purpose}, 200)


@blp.route("/query", methods=["POST"])
@public
@blp.arguments(schemas.QueryBody)
@blp.response(200, schemas.StandingAnswer)
def query(body: dict[str, str]) -> Any:
    """How a matter stands, for whoever has the query code and the end of the phone number."""
    source = request.remote_addr or ""
    return vault.ask_standing(here(Stores), body["query_code"], body["phone_tail"], source, site().clock())
