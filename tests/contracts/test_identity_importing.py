"""A county's organisation from a table, kept in memory and in the real database: one suite for both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.identity.handlers import importing
from services.identity.handlers.accounts import account_id
from services.identity.handlers.units import open_unit, unit_id
from services.identity.model import Unit
from services.identity.model.importing import OrganisationImport
from services.identity.store import Stores, memory_stores, stores
from shared import clock
from shared.decision import Actor, Cause
from tests.servers import TestServers

ADMIN = Actor(ref="admin", role="sys_admin", region="990101")
UNITS = """单位代码,单位名称,单位种类,区划代码,上级单位
station_a,甲村网格站,网格站,990101101201,office_a
office_a,甲镇综治办,governance_office,990101101,
office_b,没有上级的办,网格站,990101101,nowhere
""".encode()
PEOPLE = "用户名,姓名,岗位,所在单位\nwang.fang,王芳,网格员、调解员,甲村网格站\n".encode("gb18030")


@pytest.fixture(params=["memory", "mongo"])
def all(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    """Identity's stores, in memory and real."""
    if request.param == "memory":
        yield memory_stores()
        return
    servers: TestServers = request.getfixturevalue("servers")
    with servers.entered(monkeypatch):
        stores.cache_clear()
        real = stores()
        real.prepare()
        yield real
        stores.cache_clear()


def brought(all: Stores, data: bytes) -> OrganisationImport:
    taken = importing.take(all, data, "table.csv", Cause(at=clock.now(), actor=ADMIN))
    assert all.imports.running() == [taken.held.id]
    importing.work(all, clock.now, 30)
    return all.imports.load(taken.held.id).state


def test_units_and_people_are_brought_in_once_and_what_is_left_says_why(all: Stores) -> None:
    centre = Unit(code="centre_of_tests", name="县中心", kind="centre", region="990101")
    open_unit(all, centre, Cause(at=clock.now(), actor=ADMIN))

    units, people = brought(all, UNITS), brought(all, PEOPLE)
    again = importing.take(all, PEOPLE, "table.csv", Cause(at=clock.now(), actor=ADMIN))

    assert (units.state, units.added, [row.cells[0] for row in units.rejects]) == ("done", 2, ["office_b"])
    assert (people.added, people.opened) == (1, (account_id("wang.fang"),))
    assert (again.new, all.imports.running()) == (False, [])
    assert all.units.load(unit_id("station_a")).state.parent == "office_a"
    assert all.rows.load(people.import_id).state.lines == ()


def test_a_first_password_is_made_for_an_account_that_had_none(all: Stores) -> None:
    brought(all, UNITS)
    people = brought(all, PEOPLE)
    cause = Cause(at=clock.now(), actor=ADMIN)

    (given,), following = importing.first_passwords(all, people, 0, 20, cause)

    kept = all.credentials.find(account_id("wang.fang"))
    assert (given.username, following) == ("wang.fang", None)
    assert kept is not None and kept.must_change and given.first_password not in kept.password
