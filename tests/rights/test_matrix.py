"""Every combination of post, region and operation against the table; how many there were is printed."""

from __future__ import annotations

import json

import pytest

from services.identity.model import ADMINS, ROLES
from tests.rights.bodies import body
from tests.rights.matrix import County, Tried, try_all
from tests.rights.table import SPECIAL, rows
from tests.signing import bearer


@pytest.fixture(scope="module")
def county() -> County:
    """All services in memory."""
    return County()


def test_every_operation_has_its_line_in_the_table_and_every_line_its_operation(county: County) -> None:
    described = {f"{method} {path}" for _, method, path, _, _ in county.described()}

    missing = sorted(described - rows().keys())
    stale = sorted(rows().keys() - described)

    assert missing == [], "write into tests/rights/table.txt who may: posts | scope | METHOD /path"
    assert stale == []


def test_the_table_names_posts_that_exist() -> None:
    named = {post for row in rows().values() for post in row.posts}

    assert named <= {*ROLES, "service", *SPECIAL}


def test_who_runs_guards_or_watches_the_system_reads_no_case() -> None:
    about_cases = ("/routing/cases", "/routing/deliveries", "/intake/registrations", "/intake/imports",
                   "/mediation/matters", "/petition/petitions", "/reporting/cases", "/reporting/handovers",
                   "/grid/findings")  # fmt: skip

    readers = {
        row.operation for row in rows().values()
        if row.operation.split()[1].startswith(about_cases) and row.posts & ADMINS
    }  # fmt: skip

    assert readers == set()


def told(tried: Tried, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print("\n" + json.dumps({
            "operations": tried.operations, "combinations": tried.combinations,
            "from_outside": tried.by_region, "kept_out": tried.kept_out, "wrong": len(tried.wrong),
        }))  # fmt: skip


@pytest.mark.requirement("XS-01")
def test_everybody_gets_what_the_table_says(county: County, capsys: pytest.CaptureFixture[str]) -> None:
    tried = try_all(county, share=6)

    told(tried, capsys)
    assert tried.wrong == []
    assert tried.operations > 150
    assert tried.combinations > 2_000


@pytest.mark.nightly
def test_everybody_gets_what_the_table_says_everywhere(
    county: County, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = try_all(county)

    told(tried, capsys)
    assert tried.wrong == []
    assert tried.combinations > 8_000
    assert tried.kept_out > 900


@pytest.mark.requirement("XF-05", "XI-03")
def test_a_screen_on_the_wall_shows_boards_and_changes_nothing(county: County) -> None:
    screen = bearer("display", region="990101", unit="centre_county")
    table = rows()
    board = county.call("reporting", "GET", "/reporting/board", screen)
    changes = {}
    for service, method, path, described, operation in county.described():
        row = table.get(f"{method} {path}")
        if row is not None and method != "GET" and "everybody" not in row.posts and service != "identity":
            sent = body(described, operation)
            reply = county.call(service, method, county.address(service, path), screen, sent)
            changes[row.operation] = reply.status_code

    assert board.status_code == 200
    assert len(changes) > 100
    assert set(changes.values()) == {403}
