"""Visits, papers and spot checks: begun, recorded, ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from services.intake.handlers import hall, vault
from services.intake.model import Registration
from services.intake.model.papers import Handed, Paper, Papers
from services.intake.model.reception import Reception
from services.intake.model.spot_check import SpotCheck
from services.intake.rules import papers, receiving, registering, spot_checking
from services.intake.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.contracts.intake import RegistrationAnswered
from shared.decision import SYSTEM, Actor, Cause
from shared.errors import NotFound, Refused
from shared.profile import profile

TO_ASK = timedelta(days=7)  # DOMAIN 3.5: a call-back within seven days
MOST = 200


def begin(all: Stores, reg_id: str, cause: Cause, roles: Sequence[str]) -> Held[Reception]:
    """Receive the visit of a matter that the caller may see."""
    registration = vault.readable(all, reg_id, cause.actor, roles).state
    duty = hall.leading(all, cause.actor.unit, cause.at)
    id = ids.derived("reception", cause.key) if cause.key else ids.new()
    made = receiving.begin(id, registration, duty, actor=cause.actor, now=cause.at)
    return all.receptions.open(id, cause, lambda state: None if state else made)


def reception(all: Stores, id: str, actor: Actor, roles: Sequence[str]) -> Held[Reception]:
    """A visit whose matter the caller may see."""
    held = all.receptions.load(id)
    vault.readable(all, held.state.reg_id, actor, roles)
    return held


def write(
    all: Stores, id: str, words: dict[str, str], received_at: datetime, cause: Cause, roles: Sequence[str]
) -> Held[Reception]:
    """Write down what was said and answered."""
    reception(all, id, cause.actor, roles)
    if received_at > cause.at + timedelta(minutes=2):
        said = "接待时间不能晚于现在"
        raise Refused(said, code="invalid_fields", fields={"received_at": [said]})
    rule = partial(
        receiving.write, words=words, received_at=received_at, sealer=all.sealer, actor=cause.actor
    )
    return all.receptions.change(id, cause, rule)


def end(
    all: Stores, id: str, rating: int | None, comment: str, cause: Cause, roles: Sequence[str]
) -> Held[Reception]:
    """The visit is over; the visitor may have rated it."""
    reception(all, id, cause.actor, roles)
    return all.receptions.change(
        id, cause, lambda state: receiving.end(state, rating, comment, all.sealer, cause.at)
    )


def take_papers(
    all: Stores, reg_id: str, to_unit: str, given: Sequence[Handed], cause: Cause, roles: Sequence[str]
) -> Held[Papers]:
    """Take papers from a resident against a receipt."""
    registration = vault.readable(all, reg_id, cause.actor, roles).state
    if to_unit not in profile().all_units:
        raise Refused("没有这个单位", code="unit_unknown", fields={"to_unit": ["没有这个单位"]})
    id = ids.derived("papers", cause.key) if cause.key else ids.new()
    if earlier := all.papers.find(id):
        return all.papers.open(earlier.id, cause, lambda state: None)
    made = papers.take(_papers(all, id, registration, to_unit, given, cause))
    return all.papers.open(id, cause, lambda state: None if state else made)


def _papers(
    all: Stores, id: str, registration: Registration, to_unit: str, given: Sequence[Handed], cause: Cause
) -> Papers:
    return Papers(
        document_id=id,
        region=registration.region,
        protected=registration.protected,
        reg_id=registration.reg_id,
        case_id=registration.case_id,
        receipt_no=all.numbers.take(f"papers-{cause.actor.unit}-{hall.today(cause.at)[:4]}"),
        from_unit=cause.actor.unit,
        to_unit=to_unit,
        items=tuple(
            Paper(
                title=all.sealer.seal(one.title, owner=id, field=f"title.{n}"),
                copies=one.copies,
                original=one.original,
            )
            for n, one in enumerate(given)
        ),
        taken_at=cause.at,
        taken_by=cause.actor.ref,
    )


def papers_of(all: Stores, reg_id: str, actor: Actor, roles: Sequence[str]) -> list[Held[Papers]]:
    """The papers of a matter."""
    vault.readable(all, reg_id, actor, roles)
    return all.papers.having(reg_id=reg_id)


def forward(all: Stores, id: str, cause: Cause, roles: Sequence[str]) -> Held[Papers]:
    """Hand papers on."""
    vault.readable(all, all.papers.load(id).state.reg_id, cause.actor, roles)
    return all.papers.change(id, cause, lambda state: papers.forward(state, cause.at))


def receive(all: Stores, id: str, cause: Cause) -> Held[Papers]:
    """Whom they are for says that they have them."""
    found = all.papers.load(id).state
    if found.protected and found.to_unit != cause.actor.unit:
        raise NotFound("没有找到这条记录", code="document_not_found")
    return all.papers.change(id, cause, lambda state: papers.receive(state, actor=cause.actor, now=cause.at))


def find_late(all: Stores, at: datetime) -> int:
    """Papers that nobody has said for a day that they have; each is told once."""
    found = [
        held
        for state in ("taken", "forwarded")
        for held in all.papers.inside("", MOST, "taken_at", state=state, overdue_told=False)
        if papers.late(held.state, at)
    ]
    for held in found:
        all.papers.change(held.id, Cause(at=at, actor=SYSTEM), lambda state: papers.late(state, at))
    return len(found)


def consider(all: Stores, told: RegistrationAnswered, cause: Cause) -> None:
    """Draw what was answered on the spot, if its number says so."""
    found = all.registrations.find(told.reg_id)
    share = profile().callback.sample_instant
    drawn = found and not found.state.import_id and spot_checking.is_drawn(told.reg_id, share)
    if found and drawn:
        id = ids.derived("spot_check", told.reg_id)
        made = spot_checking.draw(id, found.state, cause.at + TO_ASK)
        all.spot_checks.open(id, cause, lambda state: None if state else made)


def to_ask(all: Stores, actor: Actor) -> list[Held[SpotCheck]]:
    """Those of a region that wait to be asked about, the most urgent first; nobody's own."""
    found = all.spot_checks.inside(actor.region, MOST, "due_at", done_at=None)
    return [held for held in found if held.state.answered_by != actor.ref]


def ask(
    all: Stores,
    id: str,
    cause: Cause,
    *,
    reached: bool,
    answered: bool | None,
    satisfied: int | None,
    places_visited: int | None,
) -> Held[SpotCheck]:
    """Keep what the resident said; what was not answered after all is handled under its own number."""
    held = all.spot_checks.load(id)
    if not held.state.region.startswith(cause.actor.region):
        raise NotFound("没有找到这条记录", code="spot_check_not_found")
    rule = partial(
        spot_checking.ask,
        reached=reached,
        answered=answered,
        satisfied=satisfied,
        places_visited=places_visited,
        actor=cause.actor,
        most_tries=profile().callback.attempts,
        now=cause.at,
    )
    done = all.spot_checks.change(id, cause, rule)
    if done.state.reached and done.state.answered is False:
        again = Cause(at=cause.at, actor=cause.actor, correlation=cause.correlation)
        all.registrations.change(done.state.reg_id, again, registering.take_up)
    return done
