"""The addresses of petition for programs: a few lines each."""

from __future__ import annotations

from typing import Any

from flask import Flask

from services.petition.handlers import acting, answers
from services.petition.handlers.acting import Rule
from services.petition.model import Petition
from services.petition.model import commands as asks
from services.petition.rules import ending, going, registering, relating
from services.petition.schemas import given, taken
from services.petition.store import Stores, Wanted, stores
from shared.aggregate import Held
from shared.clock import Clock, now
from shared.errors import Forbidden, NotFound
from shared.place import place
from shared.web import answer, blueprint, caller, cause, here, in_scope, make_app, needs, record

DESK = ("petition_officer",)
UNIT = ("petition_officer", "unit_head", "unit_staff")
READ = (
    "petition_officer",
    "dispatcher",
    "director",
    "verifier",
    "supervisor",
    "service",
    "unit_head",
    "unit_staff",
)
TEXTS = ("petition_officer", "director", "verifier", "unit_head", "unit_staff")
ALL_UNITS = {"petition_officer", "dispatcher", "director", "verifier", "supervisor", "service"}

blp = blueprint("petitions", "Petitions with their legal steps and limits")


def scoped(pet_id: str) -> Held[Petition]:
    """A petition of the caller's own region and unit; none for a unit that it complains about (art. 30)."""
    held, who = here(Stores).petitions.load(pet_id), caller()
    _hidden_from_the_accused(held)
    in_scope(held.state.region, protected=held.state.protected)
    if not ALL_UNITS & set(who.roles) and who.unit != held.state.unit:
        raise Forbidden("不是您单位承办的信访事项", code="not_the_unit")
    return held


def _hidden_from_the_accused(held: Held[Petition]) -> None:
    if caller().unit in held.state.complained_units:
        raise NotFound("没有找到这条记录", code="petition_not_found")


def act(pet_id: Any, rule: Rule, *asked: Any) -> Any:
    """One step of a petition, and the petition as the answer."""
    id = str(pet_id)
    scoped(id)
    held = acting.act(here(Stores), id, cause(), rule, *asked)
    return answer(held, answers.petition(held.state))


@blp.route("/petitions", methods=["POST"])
@needs("petition_officer", "clerk")
@blp.arguments(taken.RegisterSchema)
@blp.response(201, given.PetitionAnswer)
def register(ask: asks.Register) -> Any:
    """Register a petition. The same Idempotency-Key, or the same case, answers 200 with the same."""
    ask = acting.completed(here(Stores), ask)
    in_scope(ask.region, protected=ask.protected, field="region")
    made = acting.register(here(Stores), ask, cause())
    if not made.new:
        _hidden_from_the_accused(made.held)
    return answer(made.held, answers.petition(made.held.state), 201 if made.new else 200)


@blp.route("/petitions")
@needs(*READ)
@blp.arguments(taken.ListQuery, location="query")
@blp.response(200, given.PetitionList)
def listed(query: dict[str, Any]) -> Any:
    """Petitions of the caller's region, newest first; for a department those it must answer."""
    limit, after, who = query.pop("limit"), query.pop("after", ""), caller()
    if not ALL_UNITS & set(who.roles):
        query["unit"] = who.unit
    wanted = Wanted(region=who.region, but_not_about=who.unit, before=place(after), **query)
    return answers.page(here(Stores).petitions.listed(wanted, limit + 1), limit)


@blp.route("/petitions/<uuid:pet_id>")
@needs(*READ)
@blp.response(200, given.PetitionAnswer)
def petition(pet_id: Any) -> Any:
    """One petition with its limits, its steps and what may be done next."""
    held = scoped(str(pet_id))
    return answer(held, answers.petition(held.state))


@blp.route("/petitions/<uuid:pet_id>", methods=["DELETE"])
@needs()
def delete(pet_id: Any) -> Any:
    """No petition is ever deleted, by nobody (PT-10)."""
    raise Forbidden("信访事项不能删除；录错的由两人批准作废", code="petition_is_never_deleted")


@blp.route("/petitions/<uuid:pet_id>/texts")
@needs(*TEXTS)
@blp.response(200, given.TextsAnswer)
def texts(pet_id: Any) -> Any:
    """What was asked and answered, in words; that it was read is kept."""
    all, held = here(Stores), scoped(str(pet_id))
    found = answers.texts(held.state, all.sealer)
    record(all.audit, "petition.read", f"petition/{held.id}", purpose="handling")
    return answer(held, found)


@blp.route("/petitions/<uuid:pet_id>/sort", methods=["POST"])
@needs(*DESK)
@blp.arguments(taken.SortSchema)
@blp.response(200, given.PetitionAnswer)
def sort(ask: asks.Sort, pet_id: Any) -> Any:
    """Say which kind it is in law and which way it goes."""
    return act(pet_id, registering.sort, ask)


@blp.route("/petitions/<uuid:pet_id>/transfer", methods=["POST"])
@needs(*DESK, "dispatcher")
@blp.arguments(taken.TransferSchema)
@blp.response(200, given.PetitionAnswer)
def transfer(ask: asks.Transfer, pet_id: Any) -> Any:
    """Send it to the unit that must answer."""
    return act(pet_id, going.transfer, ask)


@blp.route("/petitions/<uuid:pet_id>/notify", methods=["POST"])
@needs(*UNIT)
@blp.arguments(taken.NotifySchema)
@blp.response(200, given.PetitionAnswer)
def notify(ask: asks.Notify, pet_id: Any) -> Any:
    """The petitioner was told in writing."""
    return act(pet_id, going.notify, ask)


@blp.route("/petitions/<uuid:pet_id>/accept", methods=["POST"])
@needs(*UNIT)
@blp.arguments(taken.AcceptSchema)
@blp.response(200, given.PetitionAnswer)
def accept(ask: asks.Accept, pet_id: Any) -> Any:
    """The responsible unit accepts it."""
    return act(pet_id, going.accept, ask)


@blp.route("/petitions/<uuid:pet_id>/start", methods=["POST"])
@needs(*UNIT)
@blp.response(200, given.PetitionAnswer)
def start(pet_id: Any) -> Any:
    """The unit begins to work on it."""
    return act(pet_id, going.start)


@blp.route("/petitions/<uuid:pet_id>/extension", methods=["POST"])
@needs("unit_head")
@blp.arguments(taken.ExtendSchema)
@blp.response(200, given.PetitionAnswer)
def extend(ask: asks.Extend, pet_id: Any) -> Any:
    """The head of the unit grants more time, once."""
    return act(pet_id, going.extend, ask)


@blp.route("/petitions/<uuid:pet_id>/opinion", methods=["POST"])
@needs(*UNIT)
@blp.arguments(taken.ServeSchema)
@blp.response(200, given.PetitionAnswer)
def serve(ask: asks.Serve, pet_id: Any) -> Any:
    """The written opinion reached the petitioner."""
    return act(pet_id, ending.serve, ask)


@blp.route("/petitions/<uuid:pet_id>/conclude", methods=["POST"])
@needs(*DESK)
@blp.arguments(taken.ConcludeSchema)
@blp.response(200, given.PetitionAnswer)
def conclude(ask: asks.Conclude, pet_id: Any) -> Any:
    """End it, once nobody may ask for a review and the petitioner was asked how it went."""
    return act(pet_id, ending.conclude, ask)


@blp.route("/petitions/<uuid:pet_id>/first-or-repeat", methods=["POST"])
@needs(*DESK, "dispatcher")
@blp.arguments(taken.ConfirmSchema)
@blp.response(200, given.PetitionAnswer)
def confirm(ask: asks.Confirm, pet_id: Any) -> Any:
    """A person says whether it is the first petition of its matter."""
    return act(pet_id, relating.confirm, acting.looked_up(here(Stores), ask))


@blp.route("/petitions/<uuid:pet_id>/links", methods=["POST"])
@needs(*DESK, "dispatcher")
@blp.arguments(taken.LinkSchema)
@blp.response(200, given.PetitionAnswer)
def link(ask: asks.LinkTo, pet_id: Any) -> Any:
    """A person says that it is about the matter of a case."""
    return act(pet_id, relating.link, acting.known_case(here(Stores), ask))


@blp.route("/petitions/<uuid:pet_id>/void", methods=["POST"])
@needs(*DESK, "director")
@blp.arguments(taken.VoidSchema)
@blp.response(200, given.PetitionAnswer)
def void(ask: asks.Void, pet_id: Any) -> Any:
    """Say that the entry is an error; a second person must say so too."""
    return act(pet_id, ending.void, ask)


def create_app(given: Stores | None = None, clock: Clock = now) -> Flask:
    """The web application of petition."""
    return make_app("petition", [blp], stores=given or stores(), title="一站 · 信访", clock=clock)
