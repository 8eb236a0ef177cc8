"""The rows say of every case what routing itself says, after every step, whatever order it was heard in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from services.reporting.model import Row
from services.reporting.store import Stores as Rows
from services.reporting.store import Wanted, memory_stores
from services.reporting.worker import ReportingWorker
from services.routing.model import Case
from services.routing.model import commands as asks
from services.routing.model.delivery import delivery_id
from services.routing.rules.clocks import runs
from shared.deadlines import is_open
from tests import routing_given as given
from tests.journeys.test_routing_departments import LABOUR, answers, assigned_to_the_county
from tests.journeys.test_routing_village import quarrel, whole_story
from tests.routing_town import Town


@dataclass(kw_only=True)
class Watched(Town):
    """Routing with reporting beside it; after every step the two must agree."""

    rows: Rows = field(default_factory=lambda: memory_stores(given.county()))
    steps: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.bus.workers.append(ReportingWorker(self.rows, self.clock))

    def settle(self) -> None:
        super().settle()
        for held in self.cases.all():
            assert as_row(self.row(held.id)) == as_case(held.state)
            self.steps += 1
        for given_over in self.deliveries.all():
            mine = next(h for h in self.row(given_over.state.case_id).hops if h.id == given_over.id)
            assert (mine.unit, mine.stage) == (given_over.state.department, given_over.state.stage.value)

    def row(self, case_id: str) -> Row:
        """What reporting shows."""
        return self.rows.rows.load(case_id).state


def as_case(case: Case) -> dict[str, Any]:
    """What a row must say, as routing has it."""
    return {
        "state": case.state.value,
        "case_no": case.case_no,
        "tier": case.tier,
        "category": None if case.protected else case.category,
        "complexity": case.complexity or "",
        "lead_unit": case.lead_unit,
        "outcome": case.outcome or "",
        "returns": case.returns,
        "attempts": sum(case.attempts.values()),
        "relapses": case.relapse_count,
        "first_due": case.first_due,
        "open": {clock.id for clock in case.clocks if is_open(clock)},
        "running": {(clock.id, clock.due_at) for clock in case.clocks if runs(clock)},
        "ever_late": sum(1 for c in case.clocks if any(m.fired and m.pct >= 100 for m in c.marks)),
    }


def as_row(row: Row) -> dict[str, Any]:
    """The same as reporting has it."""
    ends = [at for at in (row.next_due, row.late_since) if at]
    return {
        "state": row.state,
        "case_no": row.case_no,
        "tier": row.tier,
        "category": row.category,
        "complexity": row.complexity,
        "lead_unit": row.lead_unit,
        "outcome": row.outcome,
        "returns": row.returns,
        "attempts": row.attempts,
        "relapses": row.relapses,
        "first_due": min(ends, default=None),
        "open": {clock.id for clock in row.clocks if clock.state in ("running", "paused", "late")},
        "running": {(clock.id, clock.due_at) for clock in row.clocks if clock.state in ("running", "late")},
        "ever_late": row.breaches,
    }


@pytest.mark.parametrize(("copies", "shuffle"), [(1, None), (2, 3), (2, 4)])
def test_a_quarrel_through_two_tiers(copies: int, shuffle: int | None) -> None:
    town = Watched(copies=copies, shuffle=shuffle)

    case = whole_story(town)

    assert town.row(case.case_id).state == "closed"
    assert town.steps > 10


@pytest.mark.parametrize(("copies", "shuffle"), [(1, None), (3, 5)])
def test_a_department_that_is_late_and_then_answers(copies: int, shuffle: int | None) -> None:
    town = Watched(copies=copies, shuffle=shuffle)
    case_id = assigned_to_the_county(town)
    town.pass_(hours=30)

    town.answer(LABOUR, *answers(delivery_id(case_id, LABOUR, 1), town))  # type: ignore[arg-type]
    town.pass_(days=40)

    row = town.row(case_id)
    assert (row.state, row.breaches > 1) == ("resolved", True)
    assert {entry.name for entry in row.timeline} >= {"sla.breached", "supervision.proposed", "sla.met"}


def test_a_rest_a_transfer_a_withdrawal_and_a_relapse() -> None:
    town = Watched()
    case_id = quarrel(town)
    rest = asks.Suspend(
        reason="appraisal", until=given.MONDAY.replace(day=20), approved_by="x", document=True
    )

    town.order(case_id, "suspend", "staff", rest)
    town.pass_(days=1)
    town.order(case_id, "resume", "staff")
    town.pass_(days=10)
    town.order(case_id, "withdraw", "dispatcher", asks.Withdraw(reason="settled", statement=True))
    town.order(case_id, "relapse", "dispatcher", asks.Relapse(confirmed=True))

    row = town.row(case_id)
    assert (row.state, row.relapses) == ("registered", 1)
    counted = town.rows.rows.counted("state", Wanted(region="990101"))
    assert counted == {"registered": 1}
