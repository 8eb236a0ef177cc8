"""From the grid to the centre: what a grid worker reports becomes a registration with a number."""

from __future__ import annotations

import pytest

from services.grid.handlers import finding
from services.grid.model import Report
from services.grid.worker import GridWorker
from services.intake.handlers import registering
from services.intake.handlers.policy import policy
from services.intake.store import memory_stores as intake_stores
from services.intake.worker import IntakeWorker
from shared import ids
from shared.bus.memory import MemoryBus
from shared.decision import Actor, Cause
from tests.grid_given import GRID, NOW, VILLAGE, town
from tests.unit.intake.forms import form

WORKER = Actor(ref=ids.derived("tests", "grid worker"), role="grid_worker", region=VILLAGE)


@pytest.mark.requirement("GR-16")
@pytest.mark.parametrize(("copies", "shuffle"), [(1, None), (2, 7), (3, 11)])
def test_a_finding_becomes_one_registration_and_shows_its_number(copies: int, shuffle: int | None) -> None:
    grid, intake = town(), intake_stores()
    workers = [GridWorker(grid, lambda: NOW), IntakeWorker(intake, lambda: NOW)]
    bus = MemoryBus(workers, copies=copies, shuffle=shuffle)
    asked = Report(
        kind="dispute", place=GRID, text="两家为水沟争吵", urgency="emergency", category="neighbour"
    )

    found = finding.report(grid, asked, Cause(at=NOW, actor=WORKER, key="a")).held
    finding.report(grid, asked, Cause(at=NOW, actor=WORKER, key="a"))
    bus.settle()

    made = intake.registrations.all()  # type: ignore[attr-defined]
    assert len(made) == 1
    state = made[0].state
    assert (state.channel, state.region, state.grid_id, state.emergency) == ("grid", VILLAGE, GRID, True)
    assert (state.category, state.first_receiver) == ("neighbour", WORKER.ref)
    assert grid.cases.load(found.id).state.case_no == state.case_no == "990101-2026-000001"


def test_a_registration_that_came_from_elsewhere_leaves_grid_as_it_was() -> None:
    grid, intake = town(), intake_stores()
    bus = MemoryBus([GridWorker(grid, lambda: NOW), IntakeWorker(intake, lambda: NOW)])

    registering.register(intake, form(), Cause(at=NOW), policy(VILLAGE, NOW))
    bus.settle()

    assert "registration.accepted" in {told.name for told in bus.told}
    assert grid.cases.all() == []  # type: ignore[attr-defined]
