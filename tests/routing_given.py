"""Cases for the tests of routing: registered, sorted, assigned, … each one step further, by named people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from services.routing.model import Case
from services.routing.model import commands as asks
from services.routing.rules import closing, escalation, mediation, resting, taking_in, triage, units
from services.routing.rules.by import By
from services.routing.rules.clocks import runs
from shared import ids
from shared.clock import CHINA
from shared.contracts.fields import MediationResult
from shared.contracts.intake import RegistrationAccepted
from shared.contracts.mediation import (
    MediationAgreementEffective,
    MediationMatterClosed,
    MediationMatterOpened,
    MediationSessionFailed,
)
from shared.decision import Actor, Decision
from shared.errors import Problem, Refused
from shared.profile import Profile, load

ROOT = Path(__file__).resolve().parents[1]
VILLAGE = "990101101201"
COMMITTEE = "committee_101201"
MM = ids.derived("tests", "matter")
MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=CHINA).astimezone(UTC)
"""Nine o'clock on an ordinary working Monday."""


@cache
def county(name: str = "xx-county") -> Profile:
    """A county's profile."""
    return load(ROOT / f"profiles/{name}.yaml")


@cache
def connected() -> Profile:
    """The county with every department connected by a system of its own."""
    found = county()
    return replace(found, departments=tuple(replace(unit, adapter=True) for unit in found.departments))


PEOPLE: dict[str, Actor] = {
    role: Actor(ref=ids.derived("tests", role), role=role, unit="centre_county", region="990101")
    for role in ("director", "dispatcher", "clerk", "guide", "verifier", "duty_leader")
} | {
    "staff": Actor(ref=ids.derived("tests", "staff"), role="unit_staff", unit=COMMITTEE, region=VILLAGE),
    "head": Actor(ref=ids.derived("tests", "head"), role="unit_head", unit=COMMITTEE, region=VILLAGE),
    "mediation": Actor(ref="mediation", role="service", region=VILLAGE),
    "time": Actor(ref="system", role="system"),
    "town_dispatcher": Actor(
        ref=ids.derived("tests", "town"), role="dispatcher", unit="centre_101", region="990101101"
    ),
}


def by(who: str = "dispatcher", *, at: datetime = MONDAY, profile: Profile | None = None, **more: Any) -> By:
    """Somebody acts."""
    return By(actor=replace(PEOPLE[who], **more), at=at, profile=profile or county())


def staff_of(unit: str, *, at: datetime = MONDAY, role: str = "unit_staff") -> By:
    """Somebody of a unit acts."""
    actor = Actor(ref=ids.derived("tests", unit), role=role, unit=unit, region="990101")
    return By(actor=actor, at=at, profile=county())


def registration(**changes: Any) -> RegistrationAccepted:
    """A quarrel between neighbours, told by intake."""
    told: dict[str, Any] = {
        "reg_id": ids.derived("tests", "registration"),
        "case_id": ids.derived("tests", "case"),
        "case_no": "990101-2026-000001",
        "channel": "window",
        "matter_type": "dispute",
        "category": "neighbour",
        "region": VILLAGE,
        "received_at": MONDAY,
        "registered_at": MONDAY,
        "first_receiver": PEOPLE["clerk"].ref,
    }
    return RegistrationAccepted(**told | changes)


def sorting(**changes: Any) -> asks.Triage:
    """What a dispatcher finds in an ordinary quarrel."""
    found: dict[str, Any] = {
        "matter_type": "dispute",
        "category": "neighbour",
        "complexity": "general",
        "willingness": "both",
    }
    return asks.Triage(**found | changes)


def registered(**changes: Any) -> Case:
    """A case that has just been opened."""
    return taking_in.register(registration(**changes), by("mediation", profile=county())).state


def triaged(**changes: Any) -> Case:
    """A case that a dispatcher has sorted."""
    return triage.triage(registered(), sorting(**changes), by()).state


def assigned(**changes: Any) -> Case:
    """A case that was given to a unit."""
    return units.assign(triaged(**changes), asks.Assign(), by()).state


def accepted(**changes: Any) -> Case:
    """A case that its unit has taken."""
    return units.accept(assigned(**changes), by("staff")).state


def handling(**changes: Any) -> Case:
    """A case that its unit works on."""
    return mediation.start(accepted(**changes), by("staff")).state


def opened(at: datetime = MONDAY) -> MediationMatterOpened:
    """Mediation tells that a matter is open."""
    return MediationMatterOpened(
        mm_id=MM, case_id=registered().case_id, kind="people", organisation=COMMITTEE
    )


def failed(tier: Any = "village", counts: bool = True) -> MediationSessionFailed:
    """Mediation tells of a round without agreement."""
    return MediationSessionFailed(
        mm_id=MM,
        session_id=ids.new(),
        case_id=registered().case_id,
        tier=tier,
        counts_as_attempt=counts,
        reason_code="no_agreement",
    )


def ended(result: MediationResult = "failed") -> MediationMatterClosed:
    """Mediation tells that a matter ended."""
    return MediationMatterClosed(mm_id=MM, case_id=registered().case_id, result=result, days=3)


def agreement() -> MediationAgreementEffective:
    """Mediation tells of an agreement."""
    return MediationAgreementEffective(
        mm_id=MM,
        agr_id=ids.derived("tests", "agreement"),
        case_id=registered().case_id,
        form="written",
        effective_at=MONDAY,
    )


def heard(case: Case, *told: Any, at: datetime = MONDAY, profile: Profile | None = None) -> Case:
    """The case after these events of mediation."""
    for event in told:
        decision = mediation.hear(event, case, by("mediation", at=at, profile=profile))
        case = decision.state if decision else case
    return case


def mediating(**changes: Any) -> Case:
    """A case in mediation."""
    return heard(handling(**changes), opened())


def agreed() -> Case:
    """A case whose parties agreed."""
    return heard(mediating(), agreement())


def escalating(profile: Profile | None = None) -> Case:
    """A case whose village asks the township to take it over."""
    case = heard(mediating(), failed())
    ask = asks.Escalate(trigger="failed", material_complete=True)
    return escalation.escalate(case, ask, by("director", profile=profile)).state


DONE = asks.Resolve(outcome="mediated_written", requests_answered=True)


def resolved() -> Case:
    """A case whose unit says it is done."""
    return closing.resolve(agreed(), DONE, by("staff")).state


def called_back() -> Case:
    """A resolved case whose resident was asked."""
    ask = asks.Call(reached=True, performed=True, satisfied=5, places_visited=1)
    return closing.call_back(resolved(), ask, by("verifier")).state


def verified() -> Case:
    """A case that somebody else has checked."""
    return closing.verify(called_back(), by("verifier")).state


def closed() -> Case:
    """A closed case."""
    return closing.close(verified(), asks.Close(), by("director")).state


def suspended() -> Case:
    """A case that rests."""
    ask = asks.Suspend(
        reason="appraisal", until=MONDAY + timedelta(days=10), approved_by="head", document=True
    )
    return resting.suspend(handling(), ask, by("head")).state


EACH = (
    registered, triaged, assigned, accepted, handling, mediating, agreed, escalating, suspended, resolved,
    verified, closed,
)  # fmt: skip


def every_case() -> Iterator[Case]:
    """One case in each state on the way."""
    yield from (given() for given in EACH)


def told(decision: Decision[Any] | None) -> list[str]:
    """The names of what was told, clocks left out."""
    events = decision.events if decision else ()
    return [event.TYPE for event in events if not event.TYPE.startswith("sla.")]


def clocks(case: Case) -> set[str]:
    """The kinds of clock that run."""
    return {clock.kind for clock in case.clocks if runs(clock)}


def refusal(act: Callable[[], Any], kind: type[Problem] = Refused) -> str:
    """The code with which something is refused."""
    with pytest.raises(kind) as refused:
        act()
    assert refused.value.message
    return refused.value.code
