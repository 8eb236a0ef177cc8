"""A wage dispute goes to the county's labour department, whose own system answers."""

from __future__ import annotations

import pytest

from services.routing.model import State
from services.routing.model import commands as asks
from services.routing.model.delivery import Stage, delivery_id
from shared.contracts.edge import (
    AnswerAccepted,
    AnswerConcluded,
    AnswerProgressed,
    AnswerReceived,
)
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
