"""Opening the vault: masked records, sealed fields for a purpose, and the resident's own question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.intake.handlers.policy import policy
from services.intake.model import CaseView, Registration, Reveal
from services.intake.model.reveal import SECOND_PERSON
from services.intake.rules import disclosing, exporting, marking, revealing, sealing, standing
from services.intake.rules.policy import Policy
from services.intake.rules.revealing import Ask
from services.intake.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.decision import Actor, Cause
from shared.errors import Forbidden, NotFound, TooMany

MOST_TRIES = 10  # queries a minute from one place, and for one code
TOO_MANY_LOOKS = "查看次数已到上限，须由另一人同意后再看"
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
        return tuple(unit for found in views(all, registration) for unit in found.units)

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


def views(all: Stores, registration: Registration) -> list[CaseView]:
    """What was copied of its case and, when that is handled as one matter with another, of that one."""
    own = view(all, registration)
    with_it = all.views.find(own.merged_into) if own and own.merged_into else None
    return [found for found in (own, with_it and with_it.state) if found]


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
    over = all.reveals.find(id) is None and not hindered and _is_over(all, found.state.region, cause, roles)
    decision = revealing.decide(
        ask, found.state, hindered, id, actor=cause.actor, roles=roles, now=cause.at, over=over
    )
    held = all.reveals.open(id, cause, lambda state: None if state else decision)
    refused = hindered or ("" if held.state.granted else held.state.reason)
    _record(all, held.state, cause, refused or "ok")
    if refused == SECOND_PERSON:
        raise Forbidden(TOO_MANY_LOOKS, code=refused, reveal_id=held.id)
    _stop(refused)  # a granted one is repeated only for who may still see it
    return Shown(held=held, values=_values(found.state, held.state, all))


def _is_over(all: Stores, region: str, cause: Cause, roles: Sequence[str]) -> bool:
    """Count one more look of this person; whether there were too many this hour or today."""
    if "service" in roles:
        return False
    known = policy(region, cause.at)
    limits = ((timedelta(hours=1), known.reveals_hour), (timedelta(days=1), known.reveals_day))
    counted = [all.attempts.count(f"reveal:{cause.actor.ref}", cause.at, window) for window, _ in limits]
    return any(n > most for n, (_, most) in zip(counted, limits, strict=True))


def approve(all: Stores, id: str, cause: Cause, roles: Sequence[str]) -> Held[Reveal]:
    """A second person agrees to a look above the limit; raises what the rule raises, and NotFound."""
    waiting = all.reveals.load(id).state
    found = all.registrations.load(waiting.reg_id).state
    _stop(_hindrance(all, found, cause.actor, roles))
    held = all.reveals.change(
        id, cause, lambda state: revealing.approve(state, actor=cause.actor, now=cause.at)
    )
    _record(all, held.state, cause, "approved")
    return held


def show(all: Stores, id: str, cause: Cause, roles: Sequence[str]) -> Shown:
    """The fields of a look that a second person agreed to; each time it is written down."""
    held = all.reveals.load(id)
    revealing.check_show(held.state, actor=cause.actor, now=cause.at)
    found = all.registrations.load(held.state.reg_id).state
    _stop(_hindrance(all, found, cause.actor, roles))
    _record(all, held.state, cause, "ok")
    return Shown(held=held, values=_values(found, held.state, all))


def waiting(all: Stores, actor: Actor, roles: Sequence[str], now: datetime) -> list[Held[Reveal]]:
    """The looks above the limit that wait for a second person, about matters that this person may see."""
    found = all.reveals.having(reason=SECOND_PERSON)
    recent = [h for h in found if h.state.waits and now - h.state.asked_at <= revealing.WAITS]
    mine = seen(all, {h.state.reg_id for h in recent}, actor, roles)
    return [h for h in recent if h.state.reg_id in mine]


def seen(all: Stores, reg_ids: set[str], actor: Actor, roles: Sequence[str]) -> set[str]:
    """Those of some registrations that this reader may see."""
    found = list(all.registrations.several(reg_ids).values())
    return {held.id for held in visible(all, found, actor, roles)}


def _record(all: Stores, reveal: Reveal, cause: Cause, result: str) -> None:
    """Beside the event, in the trail that nobody can alter unnoticed."""
    what = f"party/{reveal.party_id}"
    all.audit.append(
        cause.actor, "vault.reveal", what, at=cause.at, purpose=reveal.purpose, result=result,
        case=reveal.case_id,
    )  # fmt: skip


def _values(registration: Registration, reveal: Reveal, all: Stores) -> dict[str, str]:
    party = registration.party(reveal.party_id)
    assert party
    return {field: sealing.personal(registration, party, field, all.sealer) for field in reveal.fields}


def ask_standing(all: Stores, code: str, phone_tail: str, source: str, now: datetime) -> standing.Standing:
    """How the matter behind a query code stands.

    Raises TooMany for the eleventh try in a minute from one place or for one code, and NotFound with one
    sentence for every wrong pair.
    """
    found = proven(all, code, phone_tail, source, now)
    known = policy(found.region, now)
    looks, seen = looked(all, found, known), views(all, found)
    return standing.standing(found, seen[-1] if seen else None, known.promises, known.units, looks)


def proven(all: Stores, code: str, phone_tail: str, source: str, now: datetime) -> Registration:
    """The registration behind a query code and a phone tail; tries are counted. Raises as the query does."""
    _count(all, "source", source, now)
    _count(all, "query_code", code.strip().upper(), now)
    found = all.registrations.by_query(*marking.queries_sought(code.strip(), phone_tail.strip(), all.sealer))
    if found is None:
        raise NotFound("查询码或手机号后四位不对，请核对后再查", code="query_not_found")
    return found.state


def looked(all: Stores, found: Registration, known: Policy) -> tuple[disclosing.Look, ...]:
    """Who was shown what of a matter, the newest first: departments' systems, people, lists taken out."""
    given = [held.state for held in all.disclosures.having(case_id=found.case_id)]
    shown = [held.state for held in all.reveals.having(case_id=found.case_id)]
    lists = [held.state for held in all.exports.naming(found.registered_at)]
    every = (
        *disclosing.looks(given, known.units),
        *revealing.looks(shown, known.units, known.posts),
        *exporting.looks(lists, found, known.units, known.posts),
    )
    return tuple(sorted(every, key=lambda look: look.at, reverse=True))


def _count(all: Stores, kind: str, what: str, now: datetime) -> None:
    if all.attempts.count(all.sealer.blind_index(kind, what), now) > MOST_TRIES:
        raise TooMany("查询太频繁，请过一分钟再试")
