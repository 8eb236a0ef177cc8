"""People who merge at once, on the stores in memory and on the real database: no chain, nobody lost."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.routing.handlers import merging
from services.routing.model import State
from services.routing.model import commands as asks
from services.routing.rules import taking_in
from services.routing.rules.invariants import assert_owned
from services.routing.store import Stores, memory_stores
from services.routing.store.cases import MongoCases
from services.routing.store.leases import MongoLeases
from shared import ids
from shared.database import open_database
from shared.decision import Cause
from shared.errors import Problem
from tests import routing_given as given
from tests.routing_given import MONDAY, by
from tests.servers import TestServers


@pytest.fixture(params=["memory", "mongo"])
def stores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    """Cases and the right to merge, in memory and in the real database."""
    made = memory_stores(given.county())
    if request.param == "memory":
        yield made
        return
    servers: TestServers = request.getfixturevalue("servers")
    with servers.entered(monkeypatch):
        leases, cases = MongoLeases(open_database("routing")), MongoCases()
        cases.prepare()
        yield Stores(**vars(made) | {"cases": cases, "leases": leases})


def registered(stores: Stores, count: int) -> list[str]:
    """So many cases."""
    found = []
    for n in range(count):
        told = given.registration(
            case_id=ids.derived("race", str(n)), reg_id=ids.derived("reg", str(n)),
            case_no=f"990101-2026-{n + 1:06d}",
        )  # fmt: skip
        opened = taking_in.register(told, by("mediation"))
        found.append(stores.cases.open(told.case_id, Cause(at=MONDAY), lambda case, o=opened: o).id)  # type: ignore[misc]
    return found


def test_clerks_who_merge_and_part_in_all_directions_leave_no_chain_and_nothing_without_an_owner(
    stores: Stores,
) -> None:
    cases = registered(stores, 4)
    pairs = [(one, into) for one in cases for into in cases if one != into] * 2
    clerk = Cause(at=MONDAY, actor=by("clerk").actor)

    def attempt(n: int) -> None:
        one, into = pairs[n]
        try:
            if n % 5 == 4:
                merging.unmerge(stores, one, clerk, asks.Unmerge(confirmed=True, reason="other"))
            else:
                merging.merge(stores, one, clerk, asks.Merge(into_case_id=into, confirmed=True))
        except Problem as refused:
            assert refused.status in (409, 422, 503)

    with ThreadPoolExecutor(6) as clerks:
        list(clerks.map(attempt, range(len(pairs))))

    found = {id: stores.cases.load(id).state for id in cases}
    for case in found.values():
        assert_owned(case)
        if case.merged_into:
            assert found[case.merged_into].state == State.REGISTERED
        listed = {one.case_id for one in case.joined}
        assert listed == {id for id, other in found.items() if other.merged_into == case.case_id}
