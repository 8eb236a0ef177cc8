"""A grid worker's finding becomes a registration, once, however often and in whatever order it is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.intake.store import Stores, memory_stores
from services.intake.worker import IntakeWorker
from shared import ids
from shared.bus.memory import MemoryBus
from shared.contracts import base, wire
from shared.contracts.fields import Urgency
from shared.contracts.grid import GridFindingReported
from tests.unit.intake.forms import NOW

WORKER = ids.derived("tests", "grid worker")
FINDING = ids.derived("tests", "finding")


def finding(urgency: Urgency = "normal", category: str | None = "neighbour") -> bytes:
    found = GridFindingReported(
        finding_id=FINDING,
        kind="dispute",
        urgency=urgency,
        region="990101101201",
        grid_id="990101101201001",
        category=category,
        place_kind="residence",
        persons_band="2-4",
        found_at=NOW + timedelta(minutes=5),  # a device whose clock is ahead
        reporter=WORKER,
    )
    return wire.encode(
        wire.Envelope(
            id=ids.derived("tests", "event"),
            source="/svc/grid/990101",
            type="grid.finding_reported.v1",
            subject=f"finding/{FINDING}",
            time="2026-03-10T02:35:00.000Z",
            sequence="0000000001.00",
            regioncode="990101101201001",
            data=base.dump(found),
        )
    )


def heard(*bodies: bytes) -> tuple[Stores, MemoryBus]:
    all = memory_stores()
    worker = IntakeWorker(all, lambda: NOW)
    bus = MemoryBus([worker])
    for body in bodies:
        worker.hear(body)
    bus.settle()
    return all, bus


def test_a_finding_is_registered_with_the_grid_worker_as_first_receiver() -> None:
    all, bus = heard(finding(), finding())

    (held,) = all.registrations.all()  # type: ignore[attr-defined]
    assert (held.state.channel, held.state.matter_type, held.state.first_receiver) == (
        "grid",
        "dispute",
        WORKER,
    )
    assert (held.state.discovered_at, held.state.finding_id) == (NOW, FINDING)
    assert [event.name for event in bus.told] == ["registration.received", "registration.accepted"]
    assert bus.told[1].data["finding_id"] == FINDING


@pytest.mark.parametrize(
    ("urgency", "emergency", "flags"), [("normal", False, []), ("emergency", True, ["sudden"])]
)
def test_how_urgent_it_is_travels_on(urgency: Urgency, emergency: bool, flags: list[str]) -> None:
    _, bus = heard(finding(urgency))

    assert (bus.told[1].data["emergency"], bus.told[1].data["flags"]) == (emergency, flags)


def test_a_category_that_the_county_does_not_have_is_left_to_triage() -> None:
    all, _ = heard(finding(category="old_code"))

    assert all.registrations.all()[0].state.category is None  # type: ignore[attr-defined]
