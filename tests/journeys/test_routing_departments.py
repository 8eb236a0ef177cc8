"""A wage dispute goes to the county's labour department, whose own system answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.routing.model import State
from services.routing.model import commands as asks
from services.routing.model.delivery import Stage, ask_id, delivery_id
from services.routing.rules.deliveries import is_owed
from services.routing.store import memory_stores
from shared import ids
from shared.contracts.edge import (
    AnswerAccepted,
    AnswerConcluded,
    AnswerProgressed,
    AnswerReceived,
    AnswerReturned,
)
from shared.errors import Poison
from tests import routing_given as given
from tests.routing_town import Town

LABOUR = "human_resources"


def assigned_to_the_county(town: Town) -> str:
    """A case of unpaid wages that the county's labour department leads."""
    case_id = town.register(category="labour_wages", case_id=given.registration().case_id)
    sorted_ = given.sorting(category="labour_wages", complexity="complex", tier="county")
    town.order(case_id, "triage", "dispatcher", sorted_)
    town.order(case_id, "assign", "dispatcher", asks.Assign())
    return case_id


def answers(delivery: str, town: Town) -> tuple[object, ...]:
    return (
        AnswerReceived(delivery_id=delivery),
        AnswerAccepted(delivery_id=delivery, accepted_at=town.now),
        AnswerProgressed(delivery_id=delivery, step="employer_heard"),
        AnswerConcluded(delivery_id=delivery, outcome="settled", concluded_at=town.now),
    )


@pytest.mark.requirement("COR-27", "RT-01")
def test_a_department_gets_the_case_in_its_mailbox_and_its_answers_move_it() -> None:
    town = Town()
    case_id = assigned_to_the_county(town)

    town.pass_(seconds=1)

    (ask,) = town.asks(LABOUR)
    delivery = delivery_id(case_id, LABOUR, 1)
    assert (ask.type, ask.subject, ask.data["case_no"]) == (
        "ask.handle_case.v1",
        f"delivery/{delivery}",
        "990101-2026-000001",
    )
    assert town.case(case_id).state is State.ASSIGNED
    received, accepted, _, concluded = answers(delivery, town)
    town.answer(LABOUR, received)  # type: ignore[arg-type]
    assert (town.delivery().stage, town.case(case_id).state) == (Stage.RECEIVED, State.ASSIGNED)
    town.answer(LABOUR, accepted)  # type: ignore[arg-type]
    assert (town.delivery().stage, town.case(case_id).state) == (Stage.ACCEPTED, State.HANDLING)
    town.answer(LABOUR, concluded)  # type: ignore[arg-type]
    assert (town.delivery().stage, town.case(case_id).state) == (Stage.CONCLUDED, State.RESOLVED)


@pytest.mark.requirement("COR-28")
@pytest.mark.parametrize("shuffle", range(6))
def test_answers_twice_and_in_any_order_come_to_the_same_end(shuffle: int) -> None:
    town = Town(copies=2, shuffle=shuffle)
    case_id = assigned_to_the_county(town)
    town.pass_(seconds=1)

    town.answer(LABOUR, *answers(delivery_id(case_id, LABOUR, 1), town))  # type: ignore[arg-type]

    case, delivery = town.case(case_id), town.delivery()
    assert len(town.asks(LABOUR)) == 1
    assert (case.state, case.outcome, case.closures) == (State.RESOLVED, "settled", 1)
    assert (delivery.stage, delivery.steps, delivery.outcome) == (
        Stage.CONCLUDED,
        ("employer_heard",),
        "settled",
    )
    assert delivery.accepted_at == delivery.received_at == town.now
    assert case.handlers == (LABOUR,)


def sent_to_labour(town: Town) -> tuple[str, str]:
    """(case, delivery) of a case whose ask lies in the mailbox."""
    case_id = assigned_to_the_county(town)
    town.pass_(seconds=1)
    return case_id, delivery_id(case_id, LABOUR, 1)


def test_a_department_gives_the_case_back_and_the_dispatcher_sends_it_elsewhere() -> None:
    town = Town(copies=2, shuffle=3)
    case_id, delivery = sent_to_labour(town)

    town.answer(LABOUR, AnswerReturned(delivery_id=delivery, reason="not_competent"))
    asked = town.case(case_id)
    town.order(case_id, "return", "dispatcher", asks.Return())
    elsewhere = asks.Assign(lead_unit="housing", reason="functional_line")
    town.order(case_id, "assign", "dispatcher", elsewhere)
    town.pass_(seconds=1)

    assert (asked.state, asked.return_request and asked.return_request.reason) == (
        State.ASSIGNED,
        "not_competent",
    )
    assert [turn.ended for turn in town.case(case_id).assignments] == ["returned", ""]
    assert [len(town.asks(unit)) for unit in (LABOUR, "housing")] == [1, 1]
    assert sorted(held.state.stage for held in town.deliveries.all()) == ["returned", "sent"]


def test_a_case_that_is_taken_away_is_withdrawn_and_its_late_answer_only_kept() -> None:
    town = Town(copies=2, shuffle=5)
    case_id, delivery = sent_to_labour(town)
    town.order(case_id, "transfer", "dispatcher", asks.Transfer(to_unit="housing", reason="functional_line"))

    town.answer(LABOUR, AnswerAccepted(delivery_id=delivery, accepted_at=town.now))

    late = town.stores.deliveries.load(delivery).state
    assert (late.stage, late.late, late.accepted_at) == (Stage.WITHDRAWN, 1, town.now)
    assert (town.case(case_id).state, town.case(case_id).lead_unit) == (State.ASSIGNED, "housing")
    noted = [event for event in town.bus.told if event.name == "case.noted"]
    assert [event.data["reason"] for event in noted] == ["moved_on"]


def test_a_case_that_goes_another_way_before_it_was_sent_is_never_sent() -> None:
    town = Town()
    case_id = assigned_to_the_county(town)
    town.order(case_id, "return", "dispatcher", asks.Return(reason="not_competent"))

    town.pass_(seconds=1)

    assert town.asks(LABOUR) == []
    assert town.delivery().stage is Stage.WITHDRAWN


def test_what_the_desk_of_the_department_does_by_hand_ends_the_hand_over() -> None:
    town = Town()
    case_id, _ = sent_to_labour(town)

    town.order(case_id, "accept", "staff", unit=LABOUR)
    between = town.delivery().stage
    town.order(case_id, "start", "staff", unit=LABOUR)
    done = asks.Resolve(outcome="admin_resolved", requests_answered=True)
    town.order(case_id, "resolve", "staff", done, unit=LABOUR)

    assert (between, town.delivery().stage) == (Stage.SENT, Stage.WITHDRAWN)
    assert is_owed(town.case(case_id), town.case(case_id).assignments[0], given.by("time")) is False


@pytest.mark.requirement("COR-28")
def test_a_mailbox_is_filled_up_to_its_window_and_the_rest_waits_in_order() -> None:
    county = given.county()
    small = tuple(replace(d, window=2, adapter=True) if d.id == LABOUR else d for d in county.departments)
    town = Town(stores=memory_stores(replace(county, departments=small)))
    for n in range(4):
        _one_more(town, n)

    town.pass_(seconds=1)
    first = [ask.data["case_no"][-1] for ask in town.asks(LABOUR)]
    (one, _) = [ask.data["delivery_id"] for ask in town.asks(LABOUR)]
    town.answer(LABOUR, AnswerReceived(delivery_id=one))
    town.pass_(seconds=1)
    received_only = len(town.asks(LABOUR))
    town.answer(LABOUR, AnswerAccepted(delivery_id=one, accepted_at=town.now))
    town.pass_(seconds=1)

    assert (first, received_only) == (["0", "1"], 2)
    assert [ask.data["case_no"][-1] for ask in town.asks(LABOUR)] == ["0", "1", "2"]


def _one_more(town: Town, n: int) -> None:
    town.now += timedelta(seconds=1)
    id = town.register(
        category="labour_wages", case_id=ids.derived("w", str(n)), case_no=f"990101-2026-00010{n}"
    )
    town.order(id, "triage", "dispatcher", given.sorting(category="labour_wages", tier="county"))
    town.order(id, "assign", "dispatcher", asks.Assign())


@pytest.mark.requirement("COR-27")
@pytest.mark.parametrize(
    ("outlet", "source", "cause", "fault"),
    [
        ("police", LABOUR, "", "foreign_outlet"),
        (LABOUR, "police", "", "foreign_source"),
        (LABOUR, LABOUR, ids.derived("another", "ask"), "foreign_cause"),
        ("police", "police", "", "foreign_outlet"),
    ],
)
def test_an_answer_that_is_not_the_departments_own_is_set_aside_and_written_down(
    outlet: str, source: str, cause: str, fault: str
) -> None:
    town = Town()
    case_id, delivery = sent_to_labour(town)
    body = town.answer_body(source, AnswerAccepted(delivery_id=delivery, accepted_at=town.now), cause)

    with pytest.raises(Poison):
        town.bus.reply(outlet, body)

    (entry,) = town.stores.audit.entries()
    assert (entry.action, entry.object, entry.result) == ("answer_refused", f"delivery/{delivery}", fault)
    assert (town.delivery().stage, town.case(case_id).state) == (Stage.SENT, State.ASSIGNED)


def test_an_answer_about_another_subject_or_to_nothing_is_set_aside() -> None:
    town = Town()
    _, delivery = sent_to_labour(town)
    answer = AnswerReceived(delivery_id=delivery)
    elsewhere = town.body(f"/dept/{LABOUR}", f"delivery/{ids.new()}", answer, ask_id(delivery))
    nothing = town.answer_body(LABOUR, AnswerReceived(delivery_id=ids.new()))

    for body in (elsewhere, nothing):
        with pytest.raises(Poison):
            town.bus.reply(LABOUR, body)

    assert [entry.result for entry in town.stores.audit.entries()] == ["foreign_subject", "unknown_delivery"]


@pytest.mark.requirement("RT-04")
def test_a_department_that_does_not_accept_in_time_breaches_once_although_it_stays_owed() -> None:
    town = Town(copies=2, shuffle=1)
    case_id, delivery = sent_to_labour(town)

    town.pass_(hours=2)
    town.answer(LABOUR, AnswerAccepted(delivery_id=delivery, accepted_at=town.now))

    breaches = [event.data["kind"] for event in town.bus.told if event.name == "sla.breached"]
    assert breaches == ["pickup"]
    assert town.case(case_id).state is State.HANDLING
