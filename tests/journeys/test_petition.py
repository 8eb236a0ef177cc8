"""A petition at the window: intake and routing tell of it, petition keeps its limits."""

from __future__ import annotations

import pytest

from services.petition.handlers import time
from services.petition.store import Stores, Wanted, memory_stores
from services.petition.worker import PetitionWorker
from tests import routing_given
from tests.routing_town import Town


def told(town: Town, name: str) -> int:
    return sum(envelope.name == name for envelope in town.bus.told)


@pytest.mark.parametrize(("copies", "shuffle"), [(1, None), (2, 5), (3, 17)])
def test_a_petition_taken_in_at_a_window_runs_its_legal_limits_once(copies: int, shuffle: int | None) -> None:
    all: Stores = memory_stores(routing_given.county())
    town = Town(copies=copies, shuffle=shuffle)
    town.bus.workers.append(PetitionWorker(all, town.clock))

    case_id = town.register(matter_type="petition", category=None)
    town.order(case_id, "triage", "dispatcher", routing_given.sorting(matter_type="petition"))
    for _ in range(2):
        town.pass_(days=8)
        time.tick(all, town.now)
        time.tick(all, town.now)
        town.settle()

    (held,) = all.petitions.listed(Wanted(region="990101"), 9)
    assert (held.state.case_id, held.state.state) == (case_id, "registered")
    assert told(town, "petition.registered") == 1
    assert told(town, "petition.clock_threshold") == 6  # 50, 80 and 100 of two limits
