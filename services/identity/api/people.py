"""Accounts of staff over HTTP: opened, changed, stood in for, closed."""

from __future__ import annotations

from typing import Any

from services.identity.handlers import accounts, leaving
from services.identity.model import Account, StandIn
from services.identity.schemas import (
    AccountAnswer,
    AccountList,
    AccountRequest,
    ChangeRequest,
    CloseRequest,
    MediatorList,
    PageQuery,
    PasswordAnswer,
    PasswordRequest,
    StandInRequest,
    TrainingRequest,
)
from services.identity.store import Stores
from shared.aggregate import Held
from shared.errors import Forbidden
from shared.web import answer, blueprint, caller, cause, here, in_scope, needs

SEES = ("sys_admin", "sec_admin", "audit_admin", "director")
people = blueprint("accounts", "Accounts of staff")


@people.route("/accounts", methods=["POST"])
@needs("sys_admin")
@people.arguments(AccountRequest)
@people.response(201, AccountAnswer)
def open_account(asked: dict[str, Any]) -> Any:
    """Open an account; without a password one is made and shown once."""
    in_scope(asked["region"], field="region")
    why = cause()
    password = asked.pop("password")
    account = Account(opened_at=why.at, **(asked | {"roles": tuple(asked["roles"])}))
    opened = accounts.open_account(here(Stores), account, password, why)
    once = {"first_password": opened.first_password} if opened.first_password else {}
    return answer(opened.held, shown(opened.held) | once)


@people.route("/accounts")
@needs(*SEES)
@people.arguments(PageQuery, location="query")
@people.response(200, AccountList)
def list_accounts(asked: dict[str, Any]) -> Any:
    """The accounts of one's own region."""
    found = here(Stores).accounts.within(subtree(asked["region"]), after=asked["after"], limit=asked["limit"])
    return {"items": [row(held, shown(held)) for held in found], "next": following(found, asked["limit"])}


@people.route("/mediators")
@needs("service", *SEES)
@people.arguments(PageQuery, location="query")
@people.response(200, MediatorList)
def list_mediators(asked: dict[str, Any]) -> Any:
    """Mediators in office, for the registers of other platforms: name, unit and region, nothing else."""
    found = here(Stores).accounts.within(subtree(asked["region"]), after=asked["after"], limit=asked["limit"])
    in_office = [h for h in found if h.state.active and "mediator" in h.state.roles]
    items = [
        {"id": h.id, "name": h.state.name, "unit": h.state.unit, "region": h.state.region} for h in in_office
    ]
    return {"items": items, "next": following(found, asked["limit"])}


@people.route("/accounts/<account_id>/change", methods=["POST"])
@needs("sys_admin")
@people.arguments(ChangeRequest)
@people.response(200, AccountAnswer)
def change_account(asked: dict[str, Any], account_id: str) -> Any:
    """Give an account other posts, another unit or region."""
    in_scope(asked["region"], field="region")
    held = accounts.change_account(
        here(Stores), mine(account_id), cause(),
        roles=tuple(asked["roles"]), unit=asked["unit"], region=asked["region"],
    )  # fmt: skip
    return answer(held, shown(held))


@people.route("/accounts/<account_id>/close", methods=["POST"])
@needs("sys_admin")
@people.arguments(CloseRequest)
@people.response(200, AccountAnswer)
def close_account(asked: dict[str, Any], account_id: str) -> Any:
    """Close an account; its person is signed out, and the successor is on record."""
    if asked["successor"]:
        mine(asked["successor"])
    held = leaving.leave(here(Stores), mine(account_id), cause(), asked["reason"], asked["successor"])
    return answer(held, shown(held))


@people.route("/accounts/<account_id>/password", methods=["POST"])
@needs()
@people.arguments(PasswordRequest)
@people.response(200, PasswordAnswer)
def password(asked: dict[str, Any], account_id: str) -> Any:
    """Change one's own password, or give somebody of one's region a one-time password."""
    stores, who = here(Stores), caller()
    if account_id == who.ref:
        old, new = asked["old_password"], asked["new_password"]
        accounts.change_own_password(stores, who.ref, cause(), old=old, new=new)
        return {"first_password": None}
    if "sys_admin" not in who.roles:
        raise Forbidden("只能修改自己的密码", code="role_missing")
    return {"first_password": accounts.reset_password(stores, mine(account_id), cause())}


@people.route("/accounts/<account_id>/stand-in", methods=["POST"])
@needs("sys_admin", "director")
@people.arguments(StandInRequest)
@people.response(200, AccountAnswer)
def name_stand_in(asked: dict[str, Any], account_id: str) -> Any:
    """Somebody acts for a person who is away: with their posts, under the own name, until a day."""
    mine(asked["stand_in"])
    named = StandIn(account=asked["stand_in"], since=asked["starts_at"], until=asked["until"])
    held = accounts.name_stand_in(here(Stores), mine(account_id), named, cause())
    return answer(held, shown(held))


@people.route("/accounts/<account_id>/stand-in/end", methods=["POST"])
@needs("sys_admin", "director")
@people.response(200, AccountAnswer)
def end_stand_in(account_id: str) -> Any:
    """The person is back."""
    held = accounts.end_stand_in(here(Stores), mine(account_id), cause())
    return answer(held, shown(held))


@people.route("/accounts/<account_id>/trainings", methods=["POST"])
@needs("trainer", "sys_admin")
@people.arguments(TrainingRequest)
@people.response(200, AccountAnswer)
def train(asked: dict[str, Any], account_id: str) -> Any:
    """Somebody of one's region was trained."""
    held = accounts.train(here(Stores), mine(account_id), asked["topic"], str(asked["on"]), cause())
    return answer(held, shown(held))


@people.route("/accounts/<account_id>/unlock", methods=["POST"])
@needs("sec_admin")
@people.response(200, AccountAnswer)
def unlock(account_id: str) -> Any:
    """An account rests after wrong passwords, and its person has shown who they are otherwise."""
    held = accounts.unlock(here(Stores), mine(account_id), cause())
    return answer(held, shown(held))


@people.route("/accounts/<account_id>/unlink", methods=["POST"])
@needs("sec_admin")
@people.response(200, AccountAnswer)
def unlink(account_id: str) -> Any:
    """Untie an account from a person of the single sign-on."""
    held = accounts.unlink(here(Stores), mine(account_id), cause())
    return answer(held, shown(held))


def mine(account_id: str) -> str:
    """The id of an account inside the caller's region. Raises NotFound, or Forbidden for another region."""
    in_scope(here(Stores).accounts.load(account_id).state.region)
    return account_id


def subtree(asked: str) -> str:
    """The region to list: the asked one if it is the caller's, else the caller's own."""
    if not asked:
        return caller().region
    in_scope(asked, field="region")
    return asked


def row(held: Held[Any], body: dict[str, Any]) -> dict[str, Any]:
    """Something in a list."""
    return {"id": held.id, "version": held.version} | body


def following(found: list[Held[Any]], limit: int) -> str | None:
    """Where the next page of a list begins."""
    return found[-1].id if len(found) == limit else None


def shown(held: Held[Account]) -> dict[str, Any]:
    """An account as administrators see it."""
    a = held.state
    return {
        "username": a.username, "name": a.name, "roles": list(a.roles), "unit": a.unit, "region": a.region,
        "active": a.active, "locked_until": a.locked_until, "successor": a.successor,
        "stand_in": a.stand_in.account if a.stand_in else None,
        "stand_in_until": a.stand_in.until if a.stand_in else None, "single_sign_on": bool(a.external),
        "trained": [each.topic for each in a.trained],
    }  # fmt: skip
