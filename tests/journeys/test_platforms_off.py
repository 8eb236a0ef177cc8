"""Without any outside platform a matter is registered, handled and closed: they are never needed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.intake.store import memory_stores as intake_stores
from services.intake.worker import IntakeWorker
from services.routing import handlers
from services.routing.model import State
from services.routing.model import commands as asks
from services.routing.store import memory_stores
from shared.decision import Cause
from shared.profile import Profile
from tests import routing_given as given
from tests.journeys.test_from_window_to_unit import at_the_window
from tests.routing_town import Town


def alone() -> Profile:
    """The county with no adapter, no platform, no video network and no camera platform."""
    county = given.county()
    units = tuple(
        replace(unit, adapter=False, reports=None, services=())
        for unit in county.departments
        if unit.kind != "platform"
    )
    return replace(county, adapters=(), departments=units, rooms=replace(county.rooms, places=()))


@pytest.mark.requirement("SU-30")
def test_a_matter_goes_from_the_window_to_the_closed_file_with_every_platform_off() -> None:
    town, all = Town(stores=memory_stores(alone())), intake_stores()
    town.bus.workers.append(IntakeWorker(all, town.clock))

    made = at_the_window(town, all)
    town.order(made.case_id, "triage", "dispatcher", given.sorting())
    town.order(made.case_id, "assign", "dispatcher", asks.Assign())
    town.order(made.case_id, "accept", "staff")
    town.order(made.case_id, "start", "staff")
    town.order(made.case_id, "resolve", "staff", replace(given.DONE, outcome="settled"))
    town.order(made.case_id, "call_back", "verifier", asks.Call(reached=True, satisfied=5))
    town.order(made.case_id, "verify", "verifier")
    handlers.close(town.stores, made.case_id, Cause(at=town.now, actor=given.by("director").actor))
    town.settle()

    case = town.case(made.case_id)
    assert (case.state, case.case_no) == (State.CLOSED, made.case_no)
    assert not any(town.bus.mailboxes.values())  # nothing was even tried outside
