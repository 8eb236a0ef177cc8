"""What the desk does beside a matter: report to an authority, hand the duty to answer on, lead on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.intake.handlers import vault
from services.intake.model import Registration
from services.intake.model.desk import Report
from services.intake.rules import answering, gates
from services.intake.rules.answering import Answerable
from services.intake.store import Stores
from shared.aggregate import Held
from shared.decision import Actor, Cause, Decision

MOST = 100  # matters in one list of what somebody answers for


@dataclass(frozen=True, kw_only=True)
class Answering:
    """A matter, and the duty to answer for it."""

    held: Held[Registration]
    duty: Answerable


def report(all: Stores, id: str, made: Report, cause: Cause, roles: Sequence[str]) -> Held[Registration]:
    """Note a report to an authority that was made after the registration."""
    vault.readable(all, id, cause.actor, roles)
    own = replace(made, at=min(made.at, cause.at), by=cause.actor.ref)
    held = all.registrations.change(id, cause, lambda state: gates.report(state, own))
    what = f"registration/{id}"
    all.audit.append(cause.actor, "registration.report", what, at=cause.at, purpose="handling")
    return held


def duty(all: Stores, id: str, actor: Actor, roles: Sequence[str]) -> Answering:
    """Who answers for a matter that the caller may see."""
    held = vault.readable(all, id, actor, roles)
    return Answering(held=held, duty=answering.answerable(held.state, vault.view(all, held.state)))


def succeed(all: Stores, id: str, to: str, reason: str, cause: Cause, roles: Sequence[str]) -> Answering:
    """Hand the duty to answer on to somebody else."""
    before = vault.readable(all, id, cause.actor, roles)
    view = vault.view(all, before.state)

    def rule(state: Registration) -> Decision[Registration]:
        known = answering.answerable(state, view)
        return answering.succeed(state, to, reason, known, actor=cause.actor, now=cause.at)

    held = all.registrations.change(id, cause, rule)
    return Answering(held=held, duty=answering.answerable(held.state, view))


def lead(all: Stores, id: str, zone: str, cause: Cause, roles: Sequence[str]) -> Held[Registration]:
    """Lead the resident to another zone; it is a step of the matter."""
    vault.readable(all, id, cause.actor, roles)
    return all.registrations.change(
        id, cause, lambda state: answering.lead(state, zone, actor=cause.actor, now=cause.at)
    )


def mine(all: Stores, actor: Actor) -> list[Answering]:
    """What somebody still answers for, the oldest first: follow it until the resident is answered (IN-23)."""
    found = all.registrations.answered_by(actor.ref, MOST)
    views = {held.id: vault.view(all, held.state) for held in found}
    all_of_them = [
        Answering(held=held, duty=answering.answerable(held.state, views[held.id])) for held in found
    ]
    return [one for one in all_of_them if one.duty.lasts]
