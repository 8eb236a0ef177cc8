"""The organisation: cards of units, who holds which post when, and what hangs on the wall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.identity.handlers.accounts import note
from services.identity.handlers.units import unit_id
from services.identity.model import Account, Unit
from services.identity.model.organisation import SOCIAL, Card, Posting, WallEntry
from services.identity.rules import organisation as rules
from services.identity.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.calendar import day_of
from shared.decision import Cause
from shared.errors import NotFound, Refused
from shared.profile import Profile, profile

BESIDE = ("people_committee", "police")
MOST = 200
KINDS = Path(__file__).parent.parent / "kinds.yaml"


@dataclass(frozen=True, kw_only=True)
class OnTheWall:
    """One line of the public sheet: a person in a post, and what they agreed to show."""

    account: Account
    posts: tuple[str, ...]
    entry: WallEntry | None


@cache
def kinds() -> Mapping[str, Mapping[str, Any]]:
    """The kinds of units that can be registered: what each is called, and which forces it counts as."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(KINDS.read_text(encoding="utf-8"))
    return found


def card_id(unit: str) -> str:
    """The id of a unit's card."""
    return ids.derived("card", unit)


def card(stores: Stores, code: str) -> tuple[Held[Unit], Held[Card]]:
    """A unit and its card, empty where nobody has filled it in."""
    unit = stores.units.load(unit_id(code))
    held = stores.cards.find(card_id(code))
    return unit, held or Held(id=card_id(code), version=0, state=Card(unit=code, region=unit.state.region))


def fill_in(stores: Stores, code: str, asked: Mapping[str, Any], cause: Cause) -> Held[Card]:
    """Bring a unit's card to what is asked. Raises Refused for units that do not exist."""
    unit = stores.units.load(unit_id(code)).state
    wanted = Card(unit=code, region=unit.region, **asked)
    rules.check_growth(wanted, unit.kind)
    rules.check_zones(wanted, profile().centre.zones)
    providers = (contract.provider for contract in wanted.contracts)
    named = (wanted.hosted_by, *wanted.composed_of, *(seat.unit for seat in wanted.seats), *providers)
    _known(stores, [each for each in named if each])
    held = stores.cards.open(card_id(code), cause, lambda state: rules.fill_in(state, wanted))
    _noted(stores, cause, "card_change", code)
    return held


def social(stores: Stores, region: str, after: str, limit: int) -> list[tuple[Held[Unit], Card]]:
    """Social organisations of a region, each with its card."""
    found = stores.units.within(region, after=after, limit=limit, kinds=(SOCIAL,))
    return [(held, card(stores, held.state.code)[1].state) for held in found]


def rename(stores: Stores, code: str, name: str, since: date, cause: Cause) -> Held[Card]:
    """A unit is called otherwise from a day on."""
    unit, held = card(stores, code)
    found = stores.cards.open(
        held.id, cause, lambda state: rules.rename(state or held.state, name, str(since), unit.state.name)
    )
    _noted(stores, cause, "unit_rename", code)
    return found


def merge(stores: Stores, code: str, into: str, on: date, cause: Cause) -> Held[Card]:
    """A unit goes into another one; both cards say so, and the unit may still be looked up."""
    _, held = card(stores, code)
    _, other = card(stores, into)
    found = stores.cards.open(held.id, cause, lambda state: rules.merge(state or held.state, into, str(on)))
    again = Cause(at=cause.at, actor=cause.actor)
    stores.cards.open(other.id, again, lambda state: rules.take_in(state or other.state, code, str(on)))
    _noted(stores, cause, "unit_merge", code)
    return found


def post(stores: Stores, asked: Posting, cause: Cause) -> Held[Posting]:
    """Somebody holds a post at a unit. Raises Refused when there is no such person in office."""
    who = stores.accounts.find(asked.account)
    if who is None or not who.state.active:
        raise Refused("没有这个在用的账户", code="account_unknown", fields={"account": ["没有这个账户"]})
    role = _county().roles.get(asked.post)
    others = [held.state for held in stores.postings.of(asked.unit)]
    id = ids.derived("posting", asked.unit, asked.post, asked.account, asked.since)
    stores.postings.check_key(id, cause)
    held = stores.postings.open(
        id, cause, lambda state: rules.post(state, id, asked, others, role.held_by if role else ())
    )
    _noted(stores, cause, "posting_begin", asked.unit)
    return held


def leave_post(stores: Stores, id: str, until: date, cause: Cause) -> Held[Posting]:
    """Somebody holds a post no longer from a day on."""
    held = stores.postings.change(id, cause, lambda posting: rules.leave_post(posting, id, str(until)))
    _noted(stores, cause, "posting_end", held.state.unit)
    return held


def posted(stores: Stores, code: str, day: date | None) -> list[Held[Posting]]:
    """Who holds which post at a unit on a day; without a day, everybody who ever did."""
    stores.units.load(unit_id(code))
    found = stores.postings.of(code)
    return found if day is None else [held for held in found if held.state.holds(str(day))]


def readiness(stores: Stores, code: str, day: date) -> Mapping[str, str]:
    """What a centre is not ready without."""
    _, held = card(stores, code)
    postings = [each.state for each in stores.postings.of(code)]
    return rules.missing(held.state, postings, str(day))


def agree(stores: Stores, account: str, contact: str, photo: bytes, cause: Cause) -> Held[WallEntry]:
    """What hangs on the wall about oneself, by one's own word."""
    found = stores.accounts.load(account).state
    asked = WallEntry(
        account=account, region=found.region, unit=found.unit, contact=contact, photo=photo,
        agreed_at=str(day_of(cause.at)),
    )  # fmt: skip
    held = stores.wall.open(account, cause, lambda entry: rules.agree(entry, asked))
    note(stores, cause, "sheet_agree", account)
    return held


def take_down(stores: Stores, account: str, cause: Cause) -> None:
    """The word is taken back. Raises NotFound when it was never given."""
    if stores.wall.find(account) is None:
        raise NotFound("您没有登记公示信息", code="sheet_not_found")
    stores.wall.change(account, cause, rules.take_down)
    note(stores, cause, "sheet_take_down", account)


def wall(stores: Stores, code: str, day: date) -> list[OnTheWall]:
    """The public sheet of a unit: who holds a post there today and agreed to be shown.

    Members of the mediation committee of the same place, and its police officer, hang there too.
    """
    region = stores.units.load(unit_id(code)).state.region
    near = stores.units.within(region, limit=MOST, kinds=BESIDE)
    units = {code, *(held.state.code for held in near if held.state.region == region)}
    posts: dict[str, list[str]] = {}
    for held in (each for unit in sorted(units) for each in posted(stores, unit, day)):
        posts.setdefault(held.state.account, []).append(held.state.post)
    lines = []
    for account, of in posts.items():
        who, entry = stores.accounts.find(account), stores.wall.find(account)
        if who is not None and who.state.active and entry is not None and entry.state.shown:
            lines.append(OnTheWall(account=who.state, posts=tuple(of), entry=entry.state))
    return sorted(lines, key=lambda line: (line.posts[0] != "director", line.account.name))


def _known(stores: Stores, codes: list[str]) -> None:
    unknown = [code for code in codes if stores.units.find(unit_id(code)) is None]
    if unknown:
        raise Refused("没有这个单位", code="unit_unknown", fields={"units": unknown})


def _county() -> Profile:
    return profile()


def _noted(stores: Stores, cause: Cause, action: str, unit: str) -> None:
    stores.audit.append(cause.actor, action, f"unit/{unit}", at=cause.at)
