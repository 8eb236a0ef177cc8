"""Matters that look as if they were not there: to the unit complained about, and to whoever need not know."""

from __future__ import annotations

from typing import Any

import pytest

from services.identity.model import ROLES
from tests.fuzz.house import COMMITTEE, VILLAGE
from tests.rights.matrix import County
from tests.signing import bearer

SORTED = {"category": "neighbour", "complexity": "general", "willingness": "both", "matter_type": "dispute"}
MATTER = {
    "channel": "window", "region": VILLAGE, "matter_type": "dispute", "category": "neighbour",
    "summary": "屋后水沟堵了，雨水进屋。", "requests": ["疏通水沟"],
    "parties": [{"role": "applicant", "name": "甲某", "phone": "13800138009"}],
}  # fmt: skip
WHO_MUST_KNOW = {
    "/routing/cases/{case}": {
        "director", "dispatcher", "verifier", "clerk", "duty_leader", "mediator", "service",
    },
    "/routing/cases/{case}/timeline": {
        "director", "dispatcher", "verifier", "clerk", "duty_leader", "mediator", "service",
    },
    "/reporting/cases/{case}": {"director", "exec_deputy", "deputy_fulltime", "dispatcher", "service"},
}  # fmt: skip
"""DOMAIN 3.9 rule 10: whose work it is; by address, written from the posts and not from the code."""


@pytest.fixture(scope="module")
def county() -> County:
    return County()


@pytest.fixture(scope="module")
def harmed(county: County) -> str:
    """A matter of violence at home."""
    return taken(county, {"flags": ["dv"], "harm_reported": True})


@pytest.fixture(scope="module")
def complained(county: County) -> str:
    """A complaint about the village committee."""
    return taken(county, {"complained_units": [COMMITTEE]})


def taken(county: County, more: dict[str, Any]) -> str:
    clerk = bearer("clerk", region="990101101", unit="centre_101")
    made = county.call("intake", "POST", "/intake/registrations", clerk, MATTER).json
    county.house.settle()
    id = str(made["case_id"])
    sorted_ = county.call(
        "routing", "POST", f"/routing/cases/{id}/triage", bearer("dispatcher"), SORTED | more
    )
    assert sorted_.status_code == 200, sorted_.text
    county.house.settle()
    return id


@pytest.mark.parametrize("address", WHO_MUST_KNOW)
def test_a_protected_matter_is_there_for_those_only_who_must_know(
    county: County, harmed: str, address: str
) -> None:
    service = address.split("/")[1]
    seen = set()
    for post in sorted(ROLES | {"service"}):
        who = bearer(post, region="990101", unit="centre_county")
        reply = county.call(service, "GET", address.format(case=harmed), who)
        assert reply.status_code in (200, 403, 404), (post, reply.status_code)
        seen |= {post} if reply.status_code == 200 else set()

    assert seen == WHO_MUST_KNOW[address]


@pytest.mark.parametrize("place", ["/routing/cases", "/reporting/cases", "/reporting/handovers"])
def test_no_list_shows_a_protected_matter_to_whoever_need_not_know(
    county: County, harmed: str, place: str
) -> None:
    known = WHO_MUST_KNOW[f"/{place.split('/')[1]}/cases/{{case}}"]
    for post in sorted(ROLES - known):
        who = bearer(post, region="990101", unit="centre_county")
        reply = county.call(place.split("/")[1], "GET", f"{place}?limit=200", who)
        assert harmed not in reply.get_data(as_text=True), post


@pytest.mark.parametrize("address", ["/routing/cases/{case}", "/routing/cases/{case}/timeline"])
def test_the_unit_complained_about_finds_nothing_whatever_the_post(
    county: County, complained: str, address: str
) -> None:
    answers = {}
    for post in sorted(ROLES):
        who = bearer(post, region=VILLAGE, unit=COMMITTEE)
        answers[post] = county.call("routing", "GET", address.format(case=complained), who).status_code

    assert set(answers.values()) == {403, 404}
    assert {post for post, status in answers.items() if status == 404} >= {
        "director",
        "unit_head",
        "unit_staff",
    }


@pytest.mark.parametrize(
    "command", ["triage", "assign", "accept", "start", "resolve", "suspend", "close", "verify"]
)
def test_the_unit_complained_about_decides_nothing_in_it(
    county: County, complained: str, command: str
) -> None:
    for post in ("director", "dispatcher", "unit_head", "unit_staff", "verifier"):
        who = bearer(post, region=VILLAGE, unit=COMMITTEE)
        reply = county.call("routing", "POST", f"/routing/cases/{complained}/{command}", who, SORTED)
        assert reply.status_code in (403, 404, 422), (post, reply.status_code)


@pytest.mark.parametrize("place", ["/routing/cases", "/reporting/cases", "/reporting/handovers"])
def test_no_list_shows_a_unit_the_matter_that_is_about_it(
    county: County, complained: str, place: str
) -> None:
    for post in sorted(ROLES):
        who = bearer(post, region=VILLAGE, unit=COMMITTEE)
        reply = county.call(place.split("/")[1], "GET", f"{place}?limit=200", who)
        assert complained not in reply.get_data(as_text=True), post
