"""What the table forbids although the state allows it: one refusal per guard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.routing.model import Case, State
from services.routing.model import commands as asks
from services.routing.rules import closing, escalation, mediation, resting, taking_in, triage, units
from shared.errors import Forbidden, Illegal, Problem, Refused
from tests import routing_given as given
from tests.routing_given import COMMITTEE, MONDAY, by, staff_of


def refusal(act: Callable[[], Any], kind: type[Problem] = Refused) -> str:
    """The code with which something is refused."""
    with pytest.raises(kind) as refused:
        act()
    assert refused.value.message
    return refused.value.code


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
    assert refusal(lambda: taking_in.merge(given.registered(), ask, by("clerk"))) == code


def test_a_case_is_not_merged_into_itself() -> None:
    case = given.registered()
    ask = asks.Merge(into_case_id=case.case_id, confirmed=True, into_state=State.REGISTERED)

    assert refusal(lambda: taking_in.merge(case, ask, by("clerk"))) == "nothing_to_merge_into"


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


# ── mediation and the ladder ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"category": "discipline"}, "not_mediable"),
        ({"willingness": "unknown"}, "willingness_unknown"),
        ({"willingness": "no"}, "mediation_refused"),
    ],
)
@pytest.mark.requirement("RT-03")
def test_mediation_does_not_begin_against_the_matter_or_the_parties(
    changes: dict[str, Any], code: str
) -> None:
    case = replace(given.handling(), **changes)

    assert refusal(lambda: mediation.begun(replace(case, mediation=OPENED), by("mediation"))) == code


OPENED = given.mediating().mediation


def climb(trigger: Any, case: Case, who: str = "director", **more: Any) -> Any:
    ask = asks.Escalate(trigger=trigger, material_complete=True, **more)
    return escalation.escalate(case, ask, by(who))


def test_a_case_at_the_top_goes_no_higher() -> None:
    case = replace(given.handling(), tier="county_leader")

    assert refusal(lambda: climb("failed", case)) == "no_tier_above"


def test_a_tier_that_has_not_tried_cannot_pass_the_case_up() -> None:
    assert refusal(lambda: climb("failed", given.handling())) == "ladder_not_satisfied"


@pytest.mark.requirement("COR-10")
def test_a_fast_track_needs_its_approver() -> None:
    case = given.handling()

    nobody = refusal(lambda: climb("beyond_competence", case, "head"))
    oneself = refusal(lambda: climb("beyond_competence", case, "head", approved_by=given.PEOPLE["head"].ref))
    approved = climb("beyond_competence", case, "head", approved_by=given.PEOPLE["director"].ref)

    assert (nobody, oneself) == ("approver_missing", "approver_missing")
    assert approved.state.state is State.ESCALATING


@pytest.mark.parametrize("trigger", ["deadline", "mediation_declined", "mediation_expired"])
def test_a_reason_that_the_case_does_not_show_moves_nothing(trigger: str) -> None:
    assert refusal(lambda: climb(trigger, given.handling())) == "trigger_not_shown"


def test_a_reason_that_the_step_does_not_name_moves_nothing() -> None:
    case = replace(given.handling(), tier="county")

    assert refusal(lambda: climb("beyond_capacity", case)) == "trigger_not_listed"


def test_a_case_does_not_go_up_without_its_papers() -> None:
    ask = asks.Escalate(trigger="complex_major", material_complete=False)

    assert (
        refusal(lambda: escalation.escalate(given.handling(), ask, by("director"))) == "material_incomplete"
    )


def test_a_tier_sends_a_case_back_only_once() -> None:
    back = escalation.send_back(given.escalating(), asks.Reasoned(reason="material_unclear"), by()).state
    again = climb("complex_major", back).state

    code = refusal(lambda: escalation.send_back(again, asks.Reasoned(reason="material_unclear"), by()))

    assert code == "sent_back_before"


@pytest.mark.requirement("RT-25")
@pytest.mark.parametrize("reasons", [(), ("tired",)])
def test_a_whistle_has_listed_reasons(reasons: tuple[str, ...]) -> None:
    ask = asks.Blow(reasons=reasons, units=("police",))

    assert refusal(lambda: resting.whistle(given.handling(), ask, by("director"))) == "reason_not_listed"


def test_a_county_without_whistles_has_none() -> None:
    county = replace(given.county(), whistle=replace(given.county().whistle, enabled=False))
    ask = asks.Blow(reasons=("complex_major",), units=("police",))

    act = by("director", profile=county)

    assert refusal(lambda: resting.whistle(given.handling(), ask, act)) == "module_off"


# ── resting ─────────────────────────────────────────────────────────────────────────────────────


def rest(**changes: Any) -> asks.Suspend:
    ask: dict[str, Any] = {
        "reason": "appraisal", "until": MONDAY + timedelta(days=10), "approved_by": "head", "document": True,
    }  # fmt: skip
    return asks.Suspend(**ask | changes)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": "waiting_superior"}, "rest_not_allowed"),
        ({"document": False}, "rest_not_allowed"),
        ({"until": MONDAY}, "rest_too_long"),
        ({"until": MONDAY + timedelta(days=61)}, "rest_too_long"),
        ({"approved_by": ""}, "approver_missing"),
    ],
)
def test_a_case_does_not_rest_because_somebody_waits_for_a_superior(
    changes: dict[str, Any], code: str
) -> None:
    assert refusal(lambda: resting.suspend(given.handling(), rest(**changes), by("staff"))) == code


# ── ending ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"outcome": "mediated_oral"}, "no_agreement"),
        ({"outcome": "withdrawn"}, "outcome_unknown"),
        ({"requests_answered": False}, "requests_unanswered"),
        ({"outcome": "failed"}, "routes_notice_missing"),
        ({"outcome": "referred_court"}, "routes_notice_missing"),
    ],
)
@pytest.mark.requirement("RT-24")
def test_a_case_is_not_called_done_when_it_is_not(changes: dict[str, Any], code: str) -> None:
    ask = replace(given.DONE, **changes)

    assert refusal(lambda: closing.resolve(given.agreed(), ask, by("staff"))) == code


def test_nothing_is_verified_before_the_resident_was_asked_or_three_times_not_reached() -> None:
    case = given.resolved()
    code = refusal(lambda: closing.verify(case, by("verifier")))

    for _ in range(3):
        case = closing.call_back(case, asks.Call(reached=False), by("verifier")).state

    assert code == "callback_missing"
    assert closing.verify(case, by("verifier")).state.state is State.VERIFIED


@pytest.mark.requirement("COR-21")
def test_a_resident_who_was_reached_is_not_called_again_for_the_same_closure() -> None:
    case = given.called_back()

    code = refusal(lambda: closing.call_back(case, asks.Call(reached=True), by("verifier")))

    assert code == "already_called"


def test_after_a_rework_the_resident_is_asked_anew() -> None:
    case = closing.rework(
        given.called_back(), asks.Reasoned(reason="requests_unanswered"), by("verifier")
    ).state
    again = closing.resolve(case, given.DONE, by("staff")).state

    assert refusal(lambda: closing.verify(again, by("verifier"))) == "callback_missing"


@pytest.mark.requirement("RT-37")
def test_a_case_is_not_closed_while_something_is_owed() -> None:
    running = replace(given.verified(), clocks=given.handling().clocks)

    owed = refusal(
        lambda: closing.close(given.verified(), asks.Close(open_deliveries=("x",)), by("director"))
    )
    clock = refusal(lambda: closing.close(running, asks.Close(), by("director")))

    assert (owed, clock) == ("delivery_open", "clock_open")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"route": "newspaper"}, "route_unknown"),
        ({"material": False}, "receipt_missing"),
        ({"receipt": False}, "receipt_missing"),
    ],
)
def test_a_matter_does_not_leave_without_route_papers_and_receipt(changes: dict[str, Any], code: str) -> None:
    ask = replace(asks.ReferOut(route="court", material=True, receipt=True), **changes)

    assert refusal(lambda: closing.refer_out(given.handling(), ask, by("staff"))) == code


def test_a_case_is_taken_back_only_by_statement_and_never_where_somebody_is_in_danger() -> None:
    case, danger = given.handling(), replace(given.handling(), flags=("violence_risk",))
    stated = asks.Withdraw(reason="settled_privately", statement=True)

    unsaid = refusal(lambda: taking_in.withdraw(case, replace(stated, statement=False), by()))
    unsafe = refusal(lambda: taking_in.withdraw(danger, stated, by()))

    assert (unsaid, unsafe) == ("statement_missing", "safety_flag")


def test_a_relapse_is_confirmed_by_a_person() -> None:
    assert (
        refusal(lambda: taking_in.relapse(given.closed(), asks.Relapse(confirmed=False), by("clerk")))
        == "not_confirmed"
    )
