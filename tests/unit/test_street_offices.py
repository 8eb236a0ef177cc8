"""The three offices that coordinate for a street are registered, and given what the county file sends."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from services.identity.handlers.start import begin
from services.identity.handlers.units import place
from services.identity.store import memory_stores
from services.routing.model import commands as asks
from services.routing.rules import units
from services.routing.rules.by import By
from shared.contracts.routing import CaseAssigned
from shared.decision import Actor
from shared.errors import Forbidden
from shared.profile import Profile, load
from tests import routing_given as given
from tests.unit.county_files import TEXT, written

STREET = "990101101"
OFFICES = {  # office: its kind, and what the county file sends it
    "peace_101": ("governance_office", "labour_wages"),
    "justice_101": ("justice_office", "neighbour"),
    "police_101": ("police", "traffic"),
}
COUNTY = given.county()


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    """The county with the offices of one street, and a row of the table for each."""
    text = TEXT
    for id, (kind, category) in OFFICES.items():
        office = f"  - {{id: {id}, name: 街道{id}, kind: {kind}, region: '{STREET}'}}\n"
        row = (
            f"  - {{category: {category}, tier: township, region: '{STREET}', lead: '{id[:-3]}{{town3}}',"
            " co: [], reason: 街道的事由街道办公室协调, basis: 设计默认}\n"
        )
        text = _under(_under(text, "units", office), "competence", row)
    return load(written(tmp_path_factory.mktemp("street"), text))


def _under(text: str, section: str, line: str) -> str:
    return re.sub(rf"^{section}:.*\n", lambda found: found.group() + line, text, count=1, flags=re.M)


@pytest.mark.requirement("XO-10")
def test_the_three_offices_of_a_street_are_registered_under_its_centre(county: Profile) -> None:
    stores = memory_stores()

    begin(stores, county, "first-admin-for-tests")

    found = {id: place(stores, id) for id in OFFICES}
    assert {id: at.unit.state.kind for id, at in found.items()} == {
        id: kind for id, (kind, _) in OFFICES.items()
    }
    assert {at.above[0].state.code for at in found.values()} == {"centre_101"}
    assert set(OFFICES) - {"peace_101"} <= {held.state.code for held in found["peace_101"].beside}


@pytest.mark.requirement("XO-10")
@pytest.mark.parametrize("office", OFFICES)
def test_an_office_of_a_street_is_given_what_the_county_file_sends_it(county: Profile, office: str) -> None:
    case = replace(given.triaged(category=OFFICES[office][1]), tier="township")
    others = [each for each in OFFICES if each != office]

    sent = units.assign(case, asks.Assign(), given.by(profile=county))
    plain = units.assign(case, asks.Assign(), given.by(profile=COUNTY))

    (told,) = (event for event in sent.events if isinstance(event, CaseAssigned))
    assert (told.lead_unit, sent.state.lead_unit, plain.state.lead_unit) == (office, office, "centre_101")
    assert units.accept(sent.state, staff(office, county)).state.state == "accepted"
    for other in others:
        with pytest.raises(Forbidden):
            units.accept(sent.state, staff(other, county))


def staff(unit: str, county: Profile) -> By:
    """Somebody of an office acts."""
    actor = Actor(ref=f"staff of {unit}", role="unit_staff", unit=unit, region=STREET)
    return By(actor=actor, at=given.MONDAY, profile=county)
