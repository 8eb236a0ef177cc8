"""Two neighbours quarrel; the village mediates, reports up, and the township brings them together."""

from __future__ import annotations

from typing import Any

import pytest

from services.routing import handlers
from services.routing.model import Case, State
from services.routing.model import commands as asks
from shared import ids
from shared.contracts.mediation import (
    MediationAgreementEffective,
    MediationMatterClosed,
    MediationMatterOpened,
    MediationSessionFailed,
    MediationSessionScheduled,
)
from shared.decision import Cause
from tests import routing_given as given
from tests.routing_town import Town

VILLAGE_MATTER, TOWN_MATTER = ids.derived("matter", "village"), ids.derived("matter", "town")


def opened(case_id: str, mm_id: str, unit: str) -> MediationMatterOpened:
    return MediationMatterOpened(mm_id=mm_id, case_id=case_id, kind="people", organisation=unit)


def failed(case_id: str, mm_id: str, tier: Any) -> MediationSessionFailed:
    return MediationSessionFailed(
        mm_id=mm_id, session_id=ids.new(), case_id=case_id, tier=tier, counts_as_attempt=True,
        reason_code="no_agreement",
    )  # fmt: skip


def quarrel(town: Town) -> str:
    """A case that the village committee handles."""
    case_id = town.register()
    town.order(case_id, "triage", "dispatcher", given.sorting())
    for command, who, ask in (("assign", "dispatcher", asks.Assign()), ("accept", "staff", None)):
        town.order(case_id, command, who, ask)
    town.order(case_id, "start", "staff")
    return case_id


def whole_story(town: Town) -> Case:
    """From the window to the closed file, through two tiers."""
    case_id = quarrel(town)
    town.tell("mediation", f"matter/{VILLAGE_MATTER}",
        opened(case_id, VILLAGE_MATTER, given.COMMITTEE),
        MediationSessionScheduled(
            mm_id=VILLAGE_MATTER, session_id=ids.new(), case_id=case_id, mode="centre", start=town.now
        ),
        failed(case_id, VILLAGE_MATTER, "village"),
        MediationMatterClosed(mm_id=VILLAGE_MATTER, case_id=case_id, result="failed", days=2),
    )  # fmt: skip
    town.pass_(days=1)
    town.order(case_id, "escalate", "director", asks.Escalate(trigger="failed", material_complete=True))
    town.order(case_id, "accept_escalation", "town_dispatcher")
    town.order(case_id, "assign", "town_dispatcher", asks.Assign())
    town.order(case_id, "accept", "staff", unit="centre_101")
    town.order(case_id, "start", "staff", unit="centre_101")
    town.tell("mediation", f"matter/{TOWN_MATTER}",
        opened(case_id, TOWN_MATTER, "centre_101"),
        MediationAgreementEffective(
            mm_id=TOWN_MATTER, agr_id=ids.derived("agreement"), case_id=case_id, form="written",
            effective_at=town.now,
        ),
        MediationMatterClosed(mm_id=TOWN_MATTER, case_id=case_id, result="agreed", days=1),
    )  # fmt: skip
    town.order(case_id, "resolve", "staff", given.DONE, unit="centre_101")
    town.order(case_id, "call_back", "verifier", asks.Call(reached=True, satisfied=5))
    town.order(case_id, "verify", "verifier")
    return _closed(town, case_id)


def _closed(town: Town, case_id: str) -> Case:
    handlers.close(town.stores, case_id, Cause(at=town.now, actor=given.by("director").actor))
    town.settle()
    return town.case(case_id)


@pytest.mark.requirement("RT-38", "IN-01", "COR-06")
def test_a_quarrel_goes_through_two_tiers_under_one_number_to_a_closed_file() -> None:
    case = whole_story(Town())

    assert (case.state, case.outcome, case.resolved_tier) == (State.CLOSED, "mediated_written", "township")
    assert [(turn.unit, turn.ended) for turn in case.assignments] == [
        (given.COMMITTEE, "escalated"),
        ("centre_101", ""),
    ]
    assert case.attempts == {"village": 1}


@pytest.mark.parametrize("shuffle", range(8))
def test_the_same_story_told_twice_and_in_any_order_ends_the_same(shuffle: int) -> None:
    calm, wild = whole_story(Town()), whole_story(Town(copies=2, shuffle=shuffle))

    assert wild == calm


def test_a_registration_told_three_times_is_one_case() -> None:
    town = Town(copies=3)

    case_id = town.register()
    town.register()

    assert [held.id for held in town.cases.all()] == [case_id]
    assert [event.name for event in town.bus.told].count("case.registered") == 1


def test_a_reminder_is_told_once_although_time_is_asked_again_and_again() -> None:
    town = Town()
    quarrel(town)

    for _ in range(3):
        town.pass_(hours=40)

    told = [(e.data["kind"], e.data["pct"]) for e in town.bus.told if e.name == "sla.threshold_reached"]
    breaches = [event.data["kind"] for event in town.bus.told if event.name == "sla.breached"]
    assert [each for each in told if each[0] == "general"] == [
        ("general", 50),
        ("general", 80),
        ("general", 120),
    ]
    assert breaches == ["general"]
