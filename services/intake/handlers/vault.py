"""Opening the vault: masked records, sealed fields for a purpose, and the resident's own question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.intake.handlers.policy import policy
from services.intake.model import CaseView, Registration, Reveal
from services.intake.rules import disclosing, marking, revealing, sealing, standing
from services.intake.rules.revealing import Ask
from services.intake.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.decision import Actor, Cause
from shared.errors import Forbidden, NotFound, TooMany

MOST_TRIES = 10  # queries a minute from one place, and for one code
HIDDEN = ("unit_complained_about", "protected")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Sealed fields in words, and the record that they were shown."""

    held: Held[Reveal]
    values: dict[str, str]


def readable(all: Stores, id: str, actor: Actor, roles: Sequence[str]) -> Held[Registration]:
    """A registration that this reader may see.

    Raises NotFound when there is none or it must look so, Forbidden when it is not theirs.
    """
    held = all.registrations.load(id)
    hindered = _hindrance(all, held.state, actor, roles)
    _stop(hindered)
    return held


def _hindrance(all: Stores, registration: Registration, actor: Actor, roles: Sequence[str]) -> str:
    def units() -> Sequence[str]:
        found = view(all, registration)
        return found.units if found else ()

    return revealing.hindrance(registration, units, actor, roles)


def _stop(hindered: str) -> None:
    if hindered in HIDDEN:
        raise NotFound("没有找到这条记录", code="registration_not_found")
    if hindered:
        raise Forbidden("您不能查看这件事项", code=hindered)


def visible(
    all: Stores, found: Sequence[Held[Registration]], actor: Actor, roles: Sequence[str]
) -> list[Held[Registration]]:
    """Those of a list that this reader may see."""
    return [held for held in found if not _hindrance(all, held.state, actor, roles)]


def view(all: Stores, registration: Registration) -> CaseView | None:
    """What was copied of its case."""
    held = all.views.find(registration.case_id)
    return held.state if held else None


def reveal(all: Stores, ask: Ask, cause: Cause, roles: Sequence[str]) -> Shown:
    """Show sealed fields of a party for a purpose, and keep who, when and why.

    Raises Refused for an unknown purpose or field, NotFound, and Forbidden after the denial was kept.
    """
    revealing.check(ask)
    found = all.registrations.by_party(ask.party_id)
    if found is None:
        raise NotFound("没有找到这位当事人", code="party_not_found")
    hindered = _hindrance(all, found.state, cause.actor, roles)
    id = ids.derived("reveal", cause.key) if cause.key else ids.new()
    decision = revealing.decide(ask, found.state, hindered, id, actor=cause.actor, roles=roles, now=cause.at)
    held = all.reveals.open(id, cause, lambda state: None if state else decision)
    refused = held.state.reason or hindered  # a granted one is repeated only for who may still see it
    _record(all, held.state, cause, refused or "ok")
    _stop(refused)
    return Shown(held=held, values=_values(found.state, held.state, all))


def _record(all: Stores, reveal: Reveal, cause: Cause, result: str) -> None:
    """Beside the event, in the trail that nobody can alter unnoticed."""
    what = f"party/{reveal.party_id}"
    all.audit.append(cause.actor, "vault.reveal", what, at=cause.at, purpose=reveal.purpose, result=result)


def _values(registration: Registration, reveal: Reveal, all: Stores) -> dict[str, str]:
    party = registration.party(reveal.party_id)
    assert party
    return {field: sealing.personal(registration, party, field, all.sealer) for field in reveal.fields}


def ask_standing(all: Stores, code: str, phone_tail: str, source: str, now: datetime) -> standing.Standing:
    """How the matter behind a query code stands.

    Raises TooMany for the eleventh try in a minute from one place or for one code, and NotFound with one
    sentence for every wrong pair.
    """
    _count(all, "source", source, now)
    _count(all, "query_code", code.strip().upper(), now)
    found = all.registrations.by_query(*marking.queries_sought(code.strip(), phone_tail.strip(), all.sealer))
    if found is None:
        raise NotFound("查询码或手机号后四位不对，请核对后再查", code="query_not_found")
    known = policy(found.state.region, now)
    given = [held.state for held in all.disclosures.having(case_id=found.state.case_id)]
    looks = disclosing.looks(given, known.units)
    return standing.standing(found.state, view(all, found.state), known.promises, known.units, looks)


def _count(all: Stores, kind: str, what: str, now: datetime) -> None:
    if all.attempts.count(all.sealer.blind_index(kind, what), now) > MOST_TRIES:
        raise TooMany("查询太频繁，请过一分钟再试")
