"""What mediation tells moves a case where it still fits, and is only noted where it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.routing.model import State
from services.routing.model import commands as asks
from services.routing.rules import closing, escalation, mediation
from shared import ids
from shared.contracts.mediation import (
    MediationMatterClosed,
    MediationSessionDeclined,
    MediationSessionHeld,
)
from shared.contracts.routing import CaseAttemptRecorded, CaseMediationClosed, CaseNoted
from tests import routing_given as given
from tests.routing_given import MM, agreement, by, ended, failed, heard, opened, told


def hear(case: Any, event: Any) -> Any:
    return mediation.hear(event, case, by("mediation"))


def declined() -> MediationSessionDeclined:
    return MediationSessionDeclined(
        mm_id=MM, session_id=ids.new(), case_id=given.registered().case_id, side_count=1
    )


def test_a_matter_that_opens_takes_the_case_into_mediation() -> None:
    done = hear(given.handling(), opened())

    assert told(done) == ["case.mediation_opened"]
    assert (done.state.state, done.state.mediation.mm_id) == (State.MEDIATING, MM)


@pytest.mark.requirement("COR-11")
def test_a_failed_round_that_counts_is_recorded_with_what_the_tier_needs() -> None:
    done = hear(given.mediating(), failed())

    (event,) = [each for each in done.events if isinstance(each, CaseAttemptRecorded)]
    assert (event.tier, event.n, event.threshold) == ("village", 1, 1)
    assert done.state.state is State.MEDIATING


def test_a_failed_round_that_does_not_count_is_only_noted() -> None:
    done = hear(given.mediating(), failed(counts=False))

    (event,) = done.events
    assert isinstance(event, CaseNoted)
    assert (event.about, event.reason) == ("mediation.session_failed", "does_not_count")
    assert done.state.attempts == {}


def test_who_declines_brings_the_case_back_to_its_unit_without_an_attempt() -> None:
    done = hear(given.mediating(), declined())

    (event,) = done.events
    assert isinstance(event, CaseMediationClosed)
    assert (event.result, done.state.state, done.state.attempts) == ("declined", State.HANDLING, {})
    assert done.state.mediation.declined_sides == 1


@pytest.mark.parametrize("result", ["failed", "declined", "expired", "withdrawn"])
def test_mediation_that_ends_without_agreement_gives_the_case_back(result: Any) -> None:
    done = hear(given.mediating(), ended(result))

    assert told(done) == ["case.mediation_closed"]
    assert (done.state.state, done.state.mediation.result) == (State.HANDLING, result)


def test_an_agreement_is_reached() -> None:
    done = hear(given.mediating(), agreement())

    assert told(done) == ["case.agreement_reached"]
    assert (done.state.state, done.state.agreement.form) == (State.AGREED, "written")


def test_a_matter_that_closes_after_its_agreement_says_nothing_new() -> None:
    assert hear(given.agreed(), ended("agreed")) is None


@pytest.mark.parametrize("event", [opened(), failed(), declined(), ended(), agreement()])
@pytest.mark.parametrize(
    "make", [given.registered, given.assigned, given.escalating, given.resolved, given.closed]
)
def test_what_comes_when_the_case_has_moved_on_is_noted_and_moves_nothing(make: Any, event: Any) -> None:
    case = make()

    done = hear(case, event)

    assert [type(each) for each in done.events] == [CaseNoted]
    assert (done.state.state, done.state.attempts, done.state.clocks) == (
        case.state,
        case.attempts,
        case.clocks,
    )


def test_another_matter_of_the_same_case_does_not_end_this_one() -> None:
    other = MediationMatterClosed(
        mm_id=ids.new(), case_id=given.registered().case_id, result="failed", days=1
    )

    done = hear(given.mediating(), other)

    assert isinstance(done.events[0], CaseNoted)
    assert (done.events[0].reason, done.state.state) == ("other_matter", State.MEDIATING)


def test_an_agreement_that_came_after_mediation_was_given_up_still_lets_the_unit_resolve_by_it() -> None:
    back = heard(given.mediating(), declined(), agreement())

    done = closing.resolve(back, given.DONE, by("staff"))

    assert (back.state, done.state.outcome) == (State.HANDLING, "mediated_written")


def test_mediation_of_what_cannot_be_mediated_is_noted_with_the_reason() -> None:
    case = replace(given.handling(), category="discipline")

    done = hear(case, opened())

    assert isinstance(done.events[0], CaseNoted)
    assert (done.events[0].reason, done.state.state) == ("not_mediable", State.HANDLING)


def test_what_matters_only_elsewhere_changes_nothing() -> None:
    sitting = MediationSessionHeld(
        mm_id=MM, session_id=ids.new(), case_id=given.registered().case_id, tier="village", mode="centre",
        outcome="adjourned",
    )  # fmt: skip

    assert hear(given.mediating(), sitting) is None
    assert hear(given.mediating(), None) is None


def test_a_case_in_mediation_may_be_reported_up_at_once() -> None:
    case = heard(given.mediating(), failed())
    ask = asks.Escalate(trigger="failed", material_complete=True)

    assert escalation.escalate(case, ask, by("director")).state.state is State.ESCALATING
