"""Whatever people, departments, mediation and time do, in whatever order: some things always hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.routing import handlers
from services.routing.model import ENDED, Case, State
from services.routing.model import commands as asks
from services.routing.model.delivery import delivery_id
from services.routing.rules import mediation
from services.routing.rules.invariants import assert_owned
from shared.contracts import wire
from shared.contracts.edge import AnswerAccepted, AnswerConcluded, AnswerReturned
from shared.decision import Cause
from shared.errors import Illegal, Problem
from tests import routing_given as people
from tests.routing_town import Town

Act = Callable[[Town, str], None]
LABOUR = "human_resources"


def order(command: str, who: str, ask: Any = None, **actor: Any) -> Act:
    """Somebody gives a command, for whichever unit leads."""

    def act(town: Town, id: str) -> None:
        lead = town.case(id).lead_unit
        more = {"unit": lead} if who in ("staff", "head") and lead else {}
        town.order(id, command, who, ask, **more | actor)

    return act


def heard(event: Any) -> Act:
    """Mediation tells something."""

    def act(town: Town, id: str) -> None:
        act = people.by("mediation", at=town.now)
        town.stores.cases.change(id, Cause(at=town.now), lambda case: mediation.hear(event, case, act))

    return act


def answered(kind: Any, **more: Any) -> Act:
    """The department's system answers the latest ask."""

    def act(town: Town, id: str) -> None:
        owed = delivery_id(id, LABOUR, len(town.case(id).assignments))
        if town.stores.deliveries.find(owed):
            town.answer(LABOUR, kind(delivery_id=owed, **more))

    return act


def later(**length: float) -> Act:
    """Time passes."""
    return lambda town, id: town.pass_(**length)


REST = asks.Suspend(
    reason="appraisal", until=people.MONDAY + timedelta(days=9), approved_by="head", document=True
)
ACTS: tuple[Act, ...] = (
    order("triage", "dispatcher", people.sorting()),
    order("triage", "dispatcher", people.sorting(category="labour_wages", tier="county")),
    order("triage", "dispatcher", people.sorting(flags=("cross_township",))),
    order("not_accept", "dispatcher", asks.NotAccept(reason="court_accepted", notice=True)),
    order("assign", "dispatcher", asks.Assign()),
    order("assign", "dispatcher", asks.Assign(lead_unit=LABOUR, reason="common_superior_decides")),
    order("accept", "staff"),
    order("accept", "staff", unit="housing"),
    order("ask_return", "staff", asks.Return(reason="not_competent")),
    order("return", "dispatcher", asks.Return(reason="wrong_region")),
    order("return", "director", asks.Return(reason="wrong_region")),
    order("refuse_return", "dispatcher"),
    order("transfer", "dispatcher", asks.Transfer(to_unit="centre_101", reason="functional_line")),
    order("start", "staff"),
    order("arrive", "guide"),
    order("escalate", "director", asks.Escalate(trigger="complex_major", material_complete=True)),
    order("escalate", "director", asks.Escalate(trigger="failed", material_complete=True)),
    order("accept_escalation", "dispatcher"),
    order("send_back", "dispatcher", asks.Reasoned(reason="material_unclear")),
    order("whistle", "director", asks.Blow(reasons=("complex_major",), units=("police",))),
    order("suspend", "head", REST),
    order("resume", "head"),
    order("resolve", "staff", asks.Resolve(outcome="settled", requests_answered=True)),
    order("call_back", "verifier", asks.Call(reached=True)),
    order("call_back", "verifier", asks.Call(reached=False)),
    order("verify", "verifier"),
    order("rework", "verifier", asks.Reasoned(reason="requests_unanswered")),
    order("refer_out", "staff", asks.ReferOut(route="court", material=True, receipt=True)),
    order("withdraw", "clerk", asks.Withdraw(reason="settled_privately", statement=True)),
    order("relapse", "clerk", asks.Relapse(confirmed=True)),
    heard(people.opened()),
    heard(people.failed()),
    heard(people.failed(counts=False)),
    heard(people.ended("declined")),
    heard(people.agreement()),
    answered(AnswerAccepted, accepted_at=people.MONDAY),
    answered(AnswerConcluded, outcome="settled", concluded_at=people.MONDAY),
    answered(AnswerReturned, reason="not_competent"),
    later(minutes=45),
    later(days=2),
    later(days=9),
    lambda town, id: _close(town, id),
)


VILLAGE_WAY = (0, 4, 6, 13, 30, 34, 22, 23, 25, 41)  # triage … agreement … close, by their places in ACTS
COUNTY_WAY = (1, 4, 35, 36, 23, 25, 41)  # a department accepts and concludes


@st.composite
def stories(draw: st.DrawFn, extra: int) -> list[Act]:
    """A part of a straight way, with anything in between and after it."""
    way = draw(st.sampled_from((VILLAGE_WAY, COUNTY_WAY)))
    straight = [ACTS[n] for n in way[: draw(st.integers(0, len(way)))]]
    for act in draw(st.lists(st.sampled_from(ACTS), max_size=extra)):
        straight.insert(draw(st.integers(0, len(straight))), act)
    return straight


def _close(town: Town, id: str) -> None:
    act = people.by("director").actor
    handlers.close(town.stores, id, Cause(at=town.now, actor=act))
    town.settle()


def attempt(town: Town, id: str, act: Act) -> Exception | None:
    """Do it, or say why not; what is refused must have changed nothing."""
    before = town.stores.cases.load(id)
    try:
        act(town, id)
    except Problem as problem:
        assert town.stores.cases.load(id) == before
        return problem
    return None


def check(town: Town, id: str) -> None:
    """What must hold after every step."""
    held = town.stores.cases.load(id)
    assert_owned(held.state)
    history = town.stores.cases.timeline(id)
    assert [entry["v"] for entry in history] == list(range(1, held.version + 1))
    assert all(entry["events"] and entry["reason"] for entry in history)
    told = [wire.decode(bytes(body)) for entry in history for body in entry["events"]]
    assert [event.sequence for event in told] == sorted(event.sequence for event in told)
    _check_case(held.state)


def _check_case(case: Case) -> None:
    turns = [turn for turn in case.assignments if not turn.ended]
    assert len(turns) <= 1, "two units lead"
    assert case.lead_unit == (turns[0].unit if turns else "")
    residents = [clock for clock in case.clocks if clock.kind == "resident"]
    assert len(residents) == 1 + case.relapse_count, "the resident's clock was reset"
    assert len({proposal.clock_id for proposal in case.proposals}) == len(case.proposals)
    assert (case.state is State.SUSPENDED) == (case.suspension is not None) or case.state in ENDED


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(acts=stories(extra=20))
@pytest.mark.requirement("COR-06", "COR-30")
def test_no_order_of_events_leaves_a_case_without_owner_clock_or_history(acts: list[Act]) -> None:
    town = Town()
    id = town.register(resident_waiting=True)

    for act in acts:
        refused = attempt(town, id, act)
        if isinstance(refused, Illegal):
            assert refused.details["state"] == town.case(id).state.value
        check(town, id)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(acts=stories(extra=12), seed=st.integers(0, 999))
def test_messages_said_twice_and_in_any_order_leave_the_same_case(acts: list[Act], seed: int) -> None:
    calm, wild = Town(), Town(copies=2, shuffle=seed)
    ids = [town.register() for town in (calm, wild)]

    for act in acts:
        refusals = [attempt(town, id, act) for town, id in zip((calm, wild), ids, strict=True)]
        assert type(refusals[0]) is type(refusals[1])

    assert calm.case(ids[0]) == wild.case(ids[1])
    stages = [sorted(h.state.stage for h in town.deliveries.all()) for town in (calm, wild)]
    assert stages[0] == stages[1]
