"""The county's table names who leads, by kind of matter, tier and place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.routing.rules.competence import choose
from tests import routing_given as given


@pytest.mark.requirement("RT-09", "RT-12")
@pytest.mark.parametrize(
    ("category", "tier", "lead", "co"),
    [
        ("neighbour", "village", "committee_101201", ()),
        ("neighbour", "township", "centre_101", ()),
        ("traffic", "county", "police", ("industry_traffic", "court")),
        ("labour_wages", "county", "human_resources", ("housing", "industry_labour")),
        ("discipline", "village", "discipline_inspection", ()),
        ("neighbour", "county_leader", "centre_county", ()),
    ],
)
def test_the_table_names_the_lead_by_kind_tier_and_place(
    category: str, tier: str, lead: str, co: tuple[str, ...]
) -> None:
    choice = choose(category, tier, given.VILLAGE, given.county())

    assert choice is not None
    assert (choice.lead, choice.co) == (lead, co)
    assert choice.reason and choice.basis


def test_a_unit_complained_about_neither_leads_nor_helps() -> None:
    choice = choose("traffic", "county", given.VILLAGE, given.county(), without=("police", "court"))

    assert choice is not None
    assert (choice.lead, choice.co) == ("centre_county", ())


def test_a_place_known_only_as_the_county_has_no_village_committee() -> None:
    assert choose("neighbour", "village", "990101", given.county()) is None


@pytest.mark.requirement("XO-11")
@pytest.mark.parametrize("category", [each.code for each in given.county().categories])
def test_every_category_has_its_owner_in_an_entry_of_its_own(category: str) -> None:
    county = given.county()
    (own,) = (row for row in county.competence if (row.category, row.tier) == (category, "county"))
    others = tuple(row for row in county.competence if row is not own)
    moved = (replace(own, lead="women_federation", co=()), *others)

    choice = choose(category, "county", given.VILLAGE, county)
    elsewhere = choose(category, "county", given.VILLAGE, replace(county, competence=moved))
    nobody = choose(category, "county", given.VILLAGE, replace(county, competence=others))

    assert choice is not None and elsewhere is not None and nobody is not None
    assert (choice.lead, choice.reason, choice.basis) == (own.lead, own.reason, own.basis)
    assert own.lead in county.all_units and own.basis
    assert (elsewhere.lead, nobody.lead) == ("women_federation", "centre_county")
