"""Handing over: an answer leads on, never back, and none counts twice; a window stays within its size."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.routing.model import Case, Delivery, Stage, State
from services.routing.model import commands as asks
from services.routing.rules import answers, deliveries, replies, units
from shared.contracts.delivery import DeliveryAccepted, DeliveryConcluded, DeliveryReturned
from shared.contracts.edge import (
    AnswerAccepted,
    AnswerConcluded,
    AnswerProgressed,
    AnswerReceived,
    AskHandleCase,
)
from shared.contracts.routing import CaseNoted
from tests import routing_given as given
from tests.routing_given import MONDAY, by, staff_of, told

LABOUR = "human_resources"


def led_by_labour() -> Case:
    """A wage case that the county's labour department leads."""
    return given.assigned(category="labour_wages", tier="county", complexity="complex")


def queued(case: Case | None = None) -> Delivery:
    case = case or led_by_labour()
    assert case.assignment is not None
    return deliveries.queued(case, case.assignment, by("time")).state


def sent() -> Delivery:
    done = deliveries.sent(queued(), led_by_labour(), by("time"))
    assert done is not None
    return done.state


def test_a_department_with_a_mailbox_is_owed_its_case_and_a_committee_is_not() -> None:
    village, county = given.assigned(), led_by_labour()
    assert village.assignment and county.assignment

    assert not deliveries.is_owed(village, village.assignment, by("time"))
    assert deliveries.is_owed(county, county.assignment, by("time"))


def test_what_is_asked_names_no_person_and_hides_the_category_of_a_protected_case() -> None:
    case = replace(led_by_labour(), protected=True, flags=("mass", "dv"))

    ask = deliveries.asked(queued(case))

    assert isinstance(ask, AskHandleCase)
    assert (ask.category, ask.flags, ask.complexity) == (None, ("mass",), "complex")
    assert (ask.accept_by, ask.due_at) == (queued().accept_by, queued().due_at)


def test_an_ask_is_sent_once() -> None:
    once = deliveries.sent(queued(), led_by_labour(), by("time", profile=given.connected()))

    assert once is not None
    assert told(once) == ["delivery.sent", "ask.handle_case"]
    assert deliveries.sent(once.state, led_by_labour(), by("time")) is None


def test_a_unit_without_a_system_finds_its_case_at_its_desk_and_nothing_is_put_into_a_mailbox() -> None:
    once = deliveries.sent(queued(), led_by_labour(), by("time"))

    assert once is not None
    assert (told(once), once.state.stage, once.reason) == (
        ["delivery.sent", "delivery.link_issued"],
        Stage.SENT,
        "已送达办件台",
    )


def test_a_case_that_went_another_way_is_withdrawn_instead_of_sent() -> None:
    gone = units.return_(led_by_labour(), asks.Return(reason="not_competent"), by()).state

    done = deliveries.sent(queued(), gone, by("time"))

    assert told(done) == ["delivery.withdrawn"]


ALL: tuple[Any, ...] = (
    AnswerReceived(delivery_id=queued().delivery_id),
    AnswerAccepted(delivery_id=queued().delivery_id, accepted_at=MONDAY),
    AnswerProgressed(delivery_id=queued().delivery_id, step="heard"),
    AnswerConcluded(delivery_id=queued().delivery_id, outcome="settled", concluded_at=MONDAY),
)


def after(*heard: Any) -> Delivery:
    delivery = sent()
    for answer in heard:
        done = replies.answered(answer, delivery, by("mediation"))
        delivery = done.state if done else delivery
    return delivery


@pytest.mark.requirement("COR-28")
@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_whatever_the_order_of_the_answers_the_end_is_the_same(order: tuple[int, ...]) -> None:
    end = after(*(ALL[n] for n in order))

    assert replace(end, late=0) == replace(after(*ALL), late=0)
    assert end.stage is Stage.CONCLUDED


def test_receipts_acceptances_and_results_said_twice_are_heard_once() -> None:
    received, accepted, _, concluded = ALL

    for answer in (received, accepted, concluded):
        assert replies.answered(answer, after(answer), by("mediation")) is None


@pytest.mark.requirement("COR-28")
def test_a_delivery_stays_owed_until_a_business_answer_however_long_that_takes() -> None:
    assert after(ALL[0]).stage is Stage.RECEIVED
    assert after(ALL[0], ALL[1]).stage is Stage.ACCEPTED


def test_a_late_answer_is_kept_and_counts_no_more() -> None:
    gone = deliveries.withdrawn(sent(), "transferred", by("time")).state

    done = replies.answered(ALL[1], gone, by("mediation"))

    assert done is not None
    assert (done.state.stage, done.state.accepted_at, done.state.late) == (Stage.WITHDRAWN, MONDAY, 1)


def test_an_answer_of_a_later_version_changes_nothing() -> None:
    assert replies.answered(None, sent(), by("mediation")) is None


# ── what the answers do to the case ─────────────────────────────────────────────────────────────


def fact(kind: Any, **more: Any) -> Any:
    delivery = queued()
    return kind(
        delivery_id=delivery.delivery_id, case_id=delivery.case_id, department=delivery.department, **more
    )


ACCEPTED = fact(DeliveryAccepted, accepted_at=MONDAY)
CONCLUDED = fact(DeliveryConcluded, outcome="settled", concluded_at=MONDAY)
RETURNED = fact(DeliveryReturned, reason="not_competent")


def hear(case: Case, event: Any, **more: Any) -> Any:
    return answers.hear(event, case, by("mediation", **more))


def test_a_department_that_accepts_takes_the_case_and_begins() -> None:
    done = hear(led_by_labour(), ACCEPTED)

    assert told(done) == ["case.accepted", "case.handling_started"]
    assert (done.state.state, done.state.owner.unit, done.state.handlers) == (
        State.HANDLING,
        LABOUR,
        (LABOUR,),
    )


def test_a_department_that_only_says_it_is_done_is_taken_to_have_accepted() -> None:
    done = hear(led_by_labour(), CONCLUDED)

    assert told(done) == ["case.accepted", "case.handling_started", "case.resolved"]
    assert done.state.state is State.RESOLVED


def test_an_acceptance_that_comes_after_the_desk_has_accepted_changes_nothing() -> None:
    case = units.accept(led_by_labour(), staff_of(LABOUR)).state

    assert hear(case, ACCEPTED) is None


def test_a_department_that_fails_leaves_the_case_to_people_until_the_routes_were_shown() -> None:
    done = hear(led_by_labour(), replace(CONCLUDED, outcome="failed"))

    assert told(done) == ["case.accepted", "case.handling_started", "case.noted"]
    assert (done.state.state, done.events[-1].reason) == (State.HANDLING, "routes_notice_missing")


def test_a_return_by_a_department_waits_for_the_dispatcher() -> None:
    done = hear(led_by_labour(), RETURNED)

    assert told(done) == ["case.return_requested"]
    assert (done.state.state, done.state.return_request.reason) == (State.ASSIGNED, "not_competent")


def test_a_county_may_agree_to_some_returns_beforehand_but_never_to_the_third() -> None:
    county = replace(
        given.county(), returns=replace(given.county().returns, auto_agree=("not_competent",), max=0)
    )
    open_handed = replace(county, returns=replace(county.returns, max=2))

    third = hear(led_by_labour(), RETURNED, profile=county)
    first = hear(led_by_labour(), RETURNED, profile=open_handed)

    assert told(third) == ["case.return_requested"]
    assert told(first) == ["case.return_requested", "case.returned"]
    assert first.state.state is State.TRIAGED


@pytest.mark.parametrize("event", [ACCEPTED, CONCLUDED, RETURNED])
def test_answers_for_an_earlier_turn_are_noted_and_move_nothing(event: Any) -> None:
    moved = units.transfer(
        led_by_labour(),
        asks.Transfer(to_unit="housing", reason="functional_line"),
        by(at=MONDAY + timedelta(1)),
    ).state

    done = hear(moved, event)

    assert [type(each) for each in done.events] == [CaseNoted]
    assert (done.state.state, done.state.lead_unit) == (State.ASSIGNED, "housing")


def test_facts_about_deliveries_that_are_only_steps_move_no_case() -> None:
    assert hear(led_by_labour(), None) is None
