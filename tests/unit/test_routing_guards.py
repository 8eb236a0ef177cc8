"""What the table forbids although the state allows it: who may not, and what a unit may not be given."""

from __future__ import annotations

from typing import Any

import pytest

from services.routing.model import State
from services.routing.model import commands as asks
from services.routing.rules import closing, escalation, merging, taking_in, triage, units
from shared.errors import Forbidden, Illegal
from tests import routing_given as given
from tests.routing_given import COMMITTEE, by, refusal, staff_of

# ── the person ──────────────────────────────────────────────────────────────────────────────────


def test_a_unit_that_does_not_lead_cannot_accept() -> None:
    assert (
        refusal(lambda: units.accept(given.assigned(), staff_of("housing")), Forbidden) == "not_the_lead_unit"
    )


def test_a_post_that_the_row_does_not_name_cannot_act() -> None:
    case = given.triaged()

    assert refusal(lambda: units.assign(case, asks.Assign(), by("clerk")), Forbidden) == "role_missing"


def test_a_township_does_not_assign_what_the_county_dispatches() -> None:
    case = given.triaged(flags=("cross_township",))

    code = refusal(lambda: units.assign(case, asks.Assign(), by("town_dispatcher")), Forbidden)

    assert code == "not_your_tier"


def test_only_the_tier_above_decides_on_an_escalation() -> None:
    village = by("town_dispatcher", region=given.VILLAGE)

    code = refusal(lambda: escalation.accept_escalation(given.escalating(), village), Forbidden)

    assert code == "not_your_tier"


@pytest.mark.requirement("RT-38")
def test_whoever_handled_a_case_neither_verifies_it_nor_calls_the_resident_back() -> None:
    handler = by("verifier", ref=given.PEOPLE["staff"].ref)

    verify = refusal(lambda: closing.verify(given.called_back(), handler), Forbidden)
    call = refusal(lambda: closing.call_back(given.resolved(), asks.Call(reached=True), handler), Forbidden)

    assert (verify, call) == ("verifier_is_handler", "verifier_is_handler")


@pytest.mark.requirement("IN-11")
def test_the_third_return_is_for_the_director() -> None:
    case = given.assigned()
    for _ in range(2):
        back = units.return_(case, asks.Return(reason="not_competent"), by()).state
        case = units.assign(back, asks.Assign(), by()).state

    code = refusal(lambda: units.return_(case, asks.Return(reason="not_competent"), by()))
    done = units.return_(case, asks.Return(reason="not_competent"), by("director"))

    assert (code, done.state.returns) == ("director_decides", 3)


# ── taking in and sorting ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (asks.Merge(into_case_id="x", confirmed=False, into_state=State.HANDLING), "not_confirmed"),
        (asks.Merge(into_case_id="x", confirmed=True, into_state=None), "nothing_to_merge_into"),
        (asks.Merge(into_case_id="x", confirmed=True, into_state=State.CLOSED), "nothing_to_merge_into"),
    ],
)
def test_a_case_is_merged_only_by_a_person_and_into_an_open_one(ask: asks.Merge, code: str) -> None:
    assert refusal(lambda: merging.merge(given.registered(), ask, by("clerk"))) == code


def test_a_case_is_not_merged_into_itself() -> None:
    case = given.registered()
    ask = asks.Merge(into_case_id=case.case_id, confirmed=True, into_state=State.REGISTERED)

    assert refusal(lambda: merging.merge(case, ask, by("clerk"))) == "nothing_to_merge_into"


@pytest.mark.requirement("IN-04")
@pytest.mark.parametrize(
    ("reason", "notice", "code"),
    [("too_busy", True, "reason_not_listed"), ("court_accepted", False, "notice_missing")],
)
def test_nothing_is_turned_away_without_a_lawful_reason_and_a_written_notice(
    reason: str, notice: bool, code: str
) -> None:
    ask = asks.NotAccept(reason=reason, notice=notice)

    assert refusal(lambda: taking_in.not_accept(given.registered(), ask, by())) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"matter_type": "unclassified"}, "matter_type_missing"),
        ({"category": "weather"}, "category_unknown"),
        ({"flags": ("dv",)}, "mandatory_report_missing"),
        ({"flags": ("minor_harm",)}, "mandatory_report_missing"),
    ],
)
def test_a_case_is_not_sorted_half(changes: dict[str, Any], code: str) -> None:
    assert refusal(lambda: triage.triage(given.registered(), given.sorting(**changes), by())) == code


def test_a_case_is_not_sorted_to_where_nobody_is_competent() -> None:
    everybody = tuple(county.id for county in given.county().units) + tuple(
        department.id for department in given.county().departments
    )
    ask = given.sorting(complained_units=everybody)

    assert refusal(lambda: triage.triage(given.registered(), ask, by())) == "nobody_competent"


# ── giving to a unit, and back ──────────────────────────────────────────────────────────────────


@pytest.mark.requirement("RT-09")
def test_the_lead_does_not_help_itself() -> None:
    ask = asks.Assign(lead_unit="housing", co_units=("housing",), reason="common_superior_decides")

    assert refusal(lambda: units.assign(given.triaged(), ask, by())) == "one_lead_unit"


def test_a_unit_of_no_list_gets_no_case() -> None:
    ask = asks.Assign(lead_unit="moon_office", reason="common_superior_decides")

    assert refusal(lambda: units.assign(given.triaged(), ask, by())) == "unit_unknown"


def test_the_unit_complained_about_never_gets_the_case_by_hand_by_table_or_by_transfer() -> None:
    case = given.triaged(complained_units=("housing",))
    led = units.assign(case, asks.Assign(), by()).state
    lead = asks.Assign(lead_unit="housing", reason="common_superior_decides")
    help_ = asks.Assign(lead_unit="police", co_units=("housing",), reason="common_superior_decides")
    move = asks.Transfer(to_unit="housing", reason="functional_line")

    refused = [
        refusal(lambda: units.assign(case, lead, by())),
        refusal(lambda: units.assign(case, help_, by())),
        refusal(lambda: units.transfer(led, move, by())),
    ]

    assert refused == ["unit_complained_about"] * 3


@pytest.mark.requirement("RT-39")
def test_a_case_is_not_passed_in_a_circle() -> None:
    case = units.transfer(
        given.assigned(), asks.Transfer(to_unit="centre_101", reason="functional_line"), by()
    ).state
    back = asks.Transfer(to_unit=COMMITTEE, reason="functional_line")

    assert refusal(lambda: units.transfer(case, back, by()), Illegal) == "transfer_loop"


@pytest.mark.requirement("IN-11")
def test_a_unit_does_not_give_back_without_a_listed_reason() -> None:
    case = given.assigned()

    asked = refusal(lambda: units.ask_return(case, asks.Return(reason="busy"), by("staff")))
    decided = refusal(lambda: units.return_(case, asks.Return(), by()))

    assert (asked, decided) == ("reason_not_listed", "reason_not_listed")


def test_a_return_nobody_asked_for_cannot_be_refused() -> None:
    assert refusal(lambda: units.refuse_return(given.assigned(), by())) == "no_return_asked"


def test_nobody_is_met_when_nobody_waits() -> None:
    assert refusal(lambda: units.arrive(given.assigned(), by("guide"))) == "nobody_waits"
