"""A quarrel between neighbours: two rounds that fail, then an agreement, told to routing as it happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.mediation.handlers import acting, time
from services.mediation.model import Matter
from services.mediation.model import State as MatterState
from services.mediation.model.commands import Schedule, Sign, Start
from services.mediation.rules import agreeing, scheduling, sessions
from services.mediation.store import Stores, memory_stores
from services.mediation.worker import MediationWorker
from services.routing.model import State
from services.routing.model import commands as orders
from shared.decision import Cause
from shared.errors import Problem
from tests import routing_given
from tests.routing_town import Town
from tests.unit.mediation import given


@dataclass(kw_only=True)
class Hall:
    """Routing and mediation on one bus."""

    town: Town
    stores: Stores = field(default_factory=lambda: memory_stores(routing_given.county()))

    def __post_init__(self) -> None:
        self.town.bus.workers.append(MediationWorker(self.stores, self.town.clock))

    def cause(self, key: str = "") -> Cause:
        return Cause(at=self.town.now, actor=given.by().actor, key=key)

    def open(self, case_id: str) -> Matter:
        """A mediator opens a matter; the same key twice opens one."""
        view = acting.case(self.stores, case_id)
        for _ in range(2):
            ask = given.ask(case_id=case_id, tier=view.tier)
            held = acting.open_matter(self.stores, view, ask, self.cause(f"open {view.tier}")).held
        self.town.settle()
        return held.state

    def act(self, matter: Matter, rule: Callable[..., Any], *asked: Any) -> Matter:
        """A mediator does something."""
        held = acting.act(self.stores, matter.mm_id, self.cause(), rule, *asked)
        self.town.settle()
        return held.state

    def round(self, matter: Matter, outcome: str) -> Matter:
        """A sitting from its beginning to its end."""
        id = given.session_id(len(matter.sessions) + 1)
        matter = self.act(matter, scheduling.schedule, id, Schedule(mode="centre", start=self.town.now))
        matter = self.act(matter, sessions.start, id, Start(rights_notice=True))
        self.wait(hours=1)
        return self.act(matter, sessions.hold, id, given.ending(outcome))

    def wait(self, **length: float) -> None:
        """Time passes in both services."""
        self.town.pass_(**length)
        time.tick(self.stores, self.town.now)
        self.town.settle()


def handling(town: Town, **about: Any) -> str:
    """A case that the village committee works on."""
    case_id = town.register(**about)
    town.order(case_id, "triage", "dispatcher", routing_given.sorting(complexity="complex"))
    town.order(case_id, "assign", "dispatcher", orders.Assign())
    town.order(case_id, "accept", "staff")
    town.order(case_id, "start", "staff")
    return case_id


@pytest.fixture(
    params=[(1, None), (2, 7), (3, 11)], ids=["in order", "doubled and shuffled", "tripled and shuffled"]
)
def hall(request: pytest.FixtureRequest) -> Hall:
    copies, shuffle = request.param
    return Hall(town=Town(copies=copies, shuffle=shuffle))


def test_two_rounds_fail_and_the_third_ends_in_an_agreement(hall: Hall) -> None:
    case_id = handling(hall.town)
    matter = hall.open(case_id)
    assert hall.town.case(case_id).state is State.MEDIATING

    for _ in range(2):
        matter = hall.round(matter, "failed")
        hall.wait(days=1)
    assert hall.town.case(case_id).attempts == {"village": 2}

    matter = hall.round(matter, "agreed")
    matter = hall.act(matter, agreeing.draft, given.draft())
    matter = hall.act(matter, agreeing.sign, Sign(signatures=given.everybody(hall.town.now)))

    assert (matter.state, matter.result) == (MatterState.CLOSED, "agreed")
    case = hall.town.case(case_id)
    assert case.state is State.AGREED
    assert case.agreement and matter.agreement and case.agreement.agr_id == matter.agreement.agr_id
    assert acting.case(hall.stores, case_id).state == "agreed"


def test_talks_of_one_round_are_one_attempt_for_routing_too(hall: Hall) -> None:
    case_id = handling(hall.town)
    matter = hall.open(case_id)

    matter = hall.round(matter, "failed")
    hall.round(matter, "failed")

    assert hall.town.case(case_id).attempts == {"village": 1}


def test_a_matter_that_overruns_gives_the_case_back_to_its_unit(hall: Hall) -> None:
    case_id = handling(hall.town)
    matter = hall.open(case_id)

    hall.wait(days=31)

    assert hall.stores.matters.load(matter.mm_id).state.result == "expired"
    assert hall.town.case(case_id).state is State.HANDLING


def test_a_refusal_gives_the_case_back_and_a_new_matter_may_follow_a_new_yes(hall: Hall) -> None:
    case_id = handling(hall.town)
    matter = hall.open(case_id)
    id = given.session_id(1)
    matter = hall.act(matter, scheduling.schedule, id, Schedule(mode="centre", start=hall.town.now))
    hall.act(matter, sessions.hold, id, given.ending("declined", declined_by=(given.LI,)))
    assert hall.town.case(case_id).state is State.HANDLING

    view = acting.case(hall.stores, case_id)
    second = acting.open_matter(hall.stores, view, given.ask(case_id=case_id), hall.cause()).held
    hall.town.settle()

    assert second.id != matter.mm_id
    assert hall.town.case(case_id).state is State.MEDIATING


def test_a_case_that_is_withdrawn_takes_its_matter_with_it(hall: Hall) -> None:
    case_id = handling(hall.town)
    matter = hall.open(case_id)

    hall.town.order(case_id, "withdraw", "clerk", orders.Withdraw(reason="settled_privately", statement=True))

    ended = hall.stores.matters.load(matter.mm_id).state
    assert (ended.result, ended.close_reason) == ("withdrawn", "case_withdrawn")
    with pytest.raises(Problem):
        acting.open_matter(hall.stores, acting.case(hall.stores, case_id), given.ask(), hall.cause())


def test_a_case_that_rose_is_mediated_anew_at_the_upper_tier(hall: Hall) -> None:
    case_id = handling(hall.town)
    matter = hall.round(hall.open(case_id), "failed")
    ask = orders.Escalate(trigger="failed", material_complete=True)
    hall.town.order(case_id, "escalate", "director", ask)
    assert (
        hall.stores.matters.load(matter.mm_id).state.state is MatterState.FAILED
    )  # until the upper tier accepts

    hall.town.order(case_id, "accept_escalation", "town_dispatcher")

    below = hall.stores.matters.load(matter.mm_id).state
    assert (below.result, below.close_reason) == ("failed", "case_escalated")
    assert acting.case(hall.stores, case_id).tier == "township"
    hall.town.order(case_id, "assign", "town_dispatcher", orders.Assign())
    above = hall.open(case_id)
    assert (above.tier, above.mm_id != matter.mm_id) == ("township", True)
