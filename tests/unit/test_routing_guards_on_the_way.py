"""What the table forbids on the way: mediating, rising, resting, ending without what it takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.routing.model import Case, State
from services.routing.model import commands as asks
from services.routing.rules import closing, escalation, mediation, resting, taking_in
from tests import routing_given as given
from tests.routing_given import MONDAY, by, refusal

# ── mediation and the ladder ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"category": "discipline"}, "not_mediable"),
        ({"matter_type": "help"}, "help_not_mediated"),
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


@pytest.mark.parametrize(("centre", "code"), [("centre_101", "module_off"), ("centre_102", "")])
def test_a_centre_without_whistles_has_none_and_the_others_do(centre: str, code: str) -> None:
    county = given.county()
    modules = replace(county.modules, except_centres={centre: ("whistle",)})
    ask = asks.Blow(reasons=("complex_major",), units=("police",))
    act = by("director", profile=replace(county, modules=modules))

    if code:
        assert refusal(lambda: resting.whistle(given.handling(), ask, act)) == code
    else:
        told = resting.whistle(given.handling(), ask, act).events
        assert "whistle.called" in [event.TYPE for event in told]


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
