"""From an agreement in words to one in force, performed, and confirmed by a court."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from services.mediation.model import AgreementState, FilingState
from services.mediation.model.commands import CourtDecision, File, Perform, Sign
from services.mediation.rules import agreeing, confirming, performing, time
from shared.calendar import CHINA, day_of, end_of, midnight
from shared.errors import Illegal, NotFound, Problem, Refused
from tests.unit.mediation.given import (
    COMMITTEE,
    DAY,
    HOUR,
    LI,
    MEDIATOR,
    MONDAY,
    WANG,
    agreed,
    by,
    county,
    draft,
    drafted,
    ended,
    everybody,
    fact,
    failed,
    in_force,
    opened,
    promise,
    signature,
    signed,
    told,
    view,
)  # fmt: skip

NOON = MONDAY + 3 * HOUR
DUE = end_of(date(2026, 9, 30))


def test_with_the_last_signature_the_agreement_takes_effect_and_mediation_is_over() -> None:
    decision = signed()

    assert told(decision) == [
        "mediation.noted",
        "mediation.agreement_effective",
        "mediation.matter_closed",
    ]
    said = fact(decision, "mediation.agreement_effective")
    assert (said.form, said.effective_at, said.total_amount_band) == ("written", MONDAY + HOUR, "under_10k")
    assert fact(decision, "mediation.matter_closed").result == "agreed"


@pytest.mark.parametrize("left_out", range(4))
def test_without_one_of_them_it_does_not(left_out: int) -> None:
    some = tuple(one for n, one in enumerate(everybody()) if n != left_out)

    decision = agreeing.sign(drafted(), Sign(signatures=some), by(MONDAY + HOUR))

    assert told(decision) == ["mediation.noted"]
    assert decision.state.agreement and decision.state.agreement.state is AgreementState.SIGNING


@pytest.mark.requirement("COR-19")
@pytest.mark.parametrize("how", ["ink", "thumbprint"])
def test_a_photographed_signature_on_paper_is_enough_and_needs_its_hash(how: str) -> None:
    on_paper = tuple(replace(one, how=how) if one.role == "party" else one for one in everybody())

    done = agreeing.sign(drafted(), Sign(signatures=on_paper), by(MONDAY + HOUR))
    with pytest.raises(Refused) as caught:
        agreeing.sign(
            drafted(), Sign(signatures=(signature(WANG, how=how, scan_hash=""),)), by(MONDAY + HOUR)
        )

    assert "mediation.agreement_effective" in told(done)
    assert caught.value.code == "scan_missing"


@pytest.mark.requirement("COR-19")
def test_electronic_signatures_are_for_the_county_to_accept() -> None:
    electronic = signature(WANG, how="electronic", scan_hash="")
    settings = replace(county(), mediation=replace(county().mediation, e_signature="off"))

    agreeing.sign(drafted(), Sign(signatures=(electronic,)), by(MONDAY + HOUR))
    with pytest.raises(Refused) as caught:
        agreeing.sign(drafted(), Sign(signatures=(electronic,)), by(MONDAY + HOUR, profile=settings))

    assert caught.value.code == "electronic_not_accepted"


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (signature(COMMITTEE), "signer_unknown"),
        (signature(WANG, "mediator"), "signer_unknown"),
        (signature("committee_101202", "organisation"), "signer_unknown"),
        (signature(WANG, at=MONDAY + DAY), "signed_in_the_future"),
    ],
)
def test_only_those_of_the_matter_sign_and_not_in_the_future(one: Any, code: str) -> None:
    with pytest.raises(Refused) as caught:
        agreeing.sign(drafted(), Sign(signatures=(one,)), by(MONDAY + HOUR))

    assert caught.value.code == code


def test_a_text_can_be_rewritten_until_somebody_signs_it() -> None:
    rewritten = drafted(matter=drafted(), promises=(promise(amount=0), promise(amount=300_000)))
    signing = agreeing.sign(rewritten, Sign(signatures=everybody()[:1]), by(MONDAY + HOUR)).state

    assert rewritten.agreement and rewritten.agreement.total_amount == 300_000
    with pytest.raises(Illegal):
        drafted(matter=signing)


def test_nothing_is_drafted_before_the_parties_agree() -> None:
    with pytest.raises(Illegal) as caught:
        agreeing.draft(failed(), draft(), by())

    assert caught.value.details["state"] == "failed"


@pytest.mark.requirement("MD-37")
def test_nothing_is_drafted_before_the_minutes_are_written() -> None:
    with pytest.raises(Refused) as caught:
        agreeing.draft(ended("agreed", minutes=None).state, draft(), by())

    assert caught.value.code == "minutes_missing"


def test_an_agreement_by_word_of_mouth_takes_effect_at_once_when_everybody_says_yes() -> None:
    decision = agreeing.draft(agreed(), draft(form="oral", oral_yes=(WANG, LI)), by(NOON))

    assert fact(decision, "mediation.agreement_effective").effective_at == NOON
    with pytest.raises(Refused, match="各方都当场同意"):
        agreeing.draft(agreed(), draft(form="oral", oral_yes=(WANG,)), by(NOON))


def test_wages_are_agreed_in_writing() -> None:
    matter = ended("agreed", opened(known=view(category="labour_wages"))).state

    with pytest.raises(Refused, match="劳动争议调解仲裁法第十四条"):
        agreeing.draft(matter, draft(form="oral", oral_yes=(WANG, LI)), by(NOON))


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"debtor_ref": MEDIATOR}, "not_a_party"), ({"day": date(2026, 9, 6)}, "due_in_the_past")],
)
def test_an_item_has_a_party_and_a_day_to_come(changes: Any, code: str) -> None:
    with pytest.raises(Refused) as caught:
        agreeing.draft(agreed(), draft(promises=(promise(**changes),)), by())

    assert caught.value.code == code


@pytest.mark.parametrize(
    ("amount", "band"),
    [(0, "none"), (9_999, "under_10k"), (10_000, "10k-100k"), (999_999, "100k-1m"), (1_000_000, "over_1m")],
)
def test_an_amount_is_told_as_a_band(amount: int, band: str) -> None:
    assert agreeing.band(amount) == band


def test_the_words_of_an_agreement_are_sealed() -> None:
    decision = signed()

    written = repr(decision.state).encode() + repr(decision.events).encode()
    assert not any(word.encode() in written for word in ("水沟", "各半", "争执"))


@pytest.mark.requirement("MD-21")
def test_the_thirty_days_for_the_court_run_from_effect_and_move_off_a_rest_day() -> None:
    first_of_may = datetime(2026, 5, 1, 10, 0, tzinfo=CHINA)
    matter = ended("agreed", opened(first_of_may), first_of_may).state
    matter = agreeing.draft(matter, draft(promises=()), by(first_of_may)).state

    done = agreeing.sign(matter, Sign(signatures=everybody(first_of_may)), by(first_of_may))

    assert fact(done, "mediation.agreement_effective").confirm_deadline == end_of(date(2026, 6, 1))


def filed(at: datetime, by_whom: tuple[str, ...] = (WANG, LI)) -> Any:
    ask = File(court="court", applicants=by_whom, filed_at=at)
    return confirming.file(in_force(), ask, by(at))


def test_the_parties_file_together() -> None:
    with pytest.raises(Refused) as caught:
        filed(MONDAY + DAY, (WANG,))

    assert caught.value.code == "joint_application_needed"


@pytest.mark.requirement("MD-21")
def test_a_request_in_time_stops_the_window_and_follows_what_the_court_decides() -> None:
    in_time = filed(MONDAY + DAY)
    decided = confirming.decide(
        in_time.state, CourtDecision(result="confirmed", decided_at=MONDAY + 5 * DAY), by(MONDAY + 5 * DAY)
    )

    assert fact(in_time, "mediation.confirmation_filed").days_late == 0
    assert in_time.state.clock("confirm_window").state == "met"
    assert told(decided) == ["mediation.confirmed"]
    assert decided.state.clock("confirm_decision").state == "met"  # type: ignore[union-attr]


@pytest.mark.requirement("COR-18")
@pytest.mark.parametrize(
    ("day", "late"), [(date(2026, 10, 8), 0), (date(2026, 10, 9), 1), (date(2026, 11, 8), 31)]
)
def test_a_late_request_is_warned_about_and_counted_and_never_refused(day: date, late: int) -> None:
    at = midnight(day) + 10 * HOUR  # the window ends on 8 October: the 7th is a holiday

    decision = filed(at)

    assert fact(decision, "mediation.confirmation_filed").days_late == late
    assert bool(confirming.warning(decision.state.agreement)) is bool(late)


@pytest.mark.requirement("MD-21", "COR-18")
def test_the_package_for_the_court_lists_its_papers_and_warns_when_it_is_late() -> None:
    in_time = confirming.package(in_force(), MONDAY + DAY)
    late = confirming.package(in_force(), MONDAY + 60 * DAY)

    papers = {paper["code"]: paper["present"] for paper in in_time["documents"]}  # type: ignore[attr-defined]
    assert papers == {
        "application": False, "agreement": True, "mediation_proof": True, "identity": False,
        "property_proof": False,
    }  # fmt: skip
    assert (in_time["warning"], in_time["applicants"]) == ("", (WANG, LI))
    assert "由法院决定" in str(late["warning"])
    with pytest.raises(NotFound):
        confirming.package(drafted(), MONDAY)


@pytest.mark.requirement("COR-18")
def test_what_the_court_decides_about_a_late_request_is_recorded() -> None:
    matter = filed(MONDAY + 60 * DAY).state
    ask = CourtDecision(result="not_accepted", decided_at=MONDAY + 61 * DAY)

    decided = confirming.decide(matter, ask, by(MONDAY + 61 * DAY))

    assert fact(decided, "mediation.rejected").reason == "not_accepted"
    assert decided.state.agreement and decided.state.agreement.filing
    assert decided.state.agreement.filing.state is FilingState.REJECTED


def test_the_window_reminds_on_day_15_25_and_28() -> None:
    window = in_force().clock("confirm_window")

    assert window
    assert [(day_of(mark.at) - day_of(MONDAY)).days for mark in window.marks[:3]] == [15, 25, 28]


def test_an_item_is_called_on_its_day_and_again_when_the_day_has_passed() -> None:
    matter = in_force()
    assert matter.agreement

    on_the_day = time.tick(matter, by(DUE - HOUR))
    assert on_the_day
    after = time.tick(on_the_day.state, by(DUE))

    assert fact(on_the_day, "mediation.performance_due").item_no == 1
    assert after and [e.kind for e in after.events] == ["performance"]  # type: ignore[attr-defined]
    assert after.state.agreement and after.state.agreement.state is AgreementState.EFFECTIVE


def test_when_everything_is_done_the_agreement_is_performed() -> None:
    decision = performing.perform(in_force(), Perform(no=1, done_at=MONDAY + DAY), by(MONDAY + DAY))

    assert told(decision) == ["mediation.performed"]
    assert decision.state.agreement and decision.state.agreement.state is AgreementState.PERFORMED
    tick = time.tick(decision.state, by(DUE + DAY))
    assert all(event.kind == "confirm_window" for event in tick.events)  # type: ignore[union-attr]


def test_a_person_says_that_an_item_was_not_done_and_only_after_its_day() -> None:
    with pytest.raises(Refused, match="还没到履行期限"):
        performing.breach(in_force(), 1, by(MONDAY + DAY))
    breached = performing.breach(in_force(), 1, by(DUE))

    assert told(breached) == ["mediation.performance_breached"]
    late = performing.perform(breached.state, Perform(no=1, done_at=DUE + DAY), by(DUE + DAY))
    assert late.state.agreement and late.state.agreement.state is AgreementState.PERFORMED


def test_what_is_disputed_stays_in_force_until_a_court_says_otherwise() -> None:
    disputed = performing.dispute(in_force(), by(MONDAY + DAY)).state

    assert disputed.agreement and disputed.agreement.state is AgreementState.DISPUTED
    assert disputed.agreement.effective_at
    with pytest.raises(Illegal):
        performing.dispute(disputed, by(MONDAY + DAY))


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        (lambda: performing.perform(in_force(), Perform(no=9, done_at=MONDAY), by()), NotFound),
        (lambda: performing.perform(failed(), Perform(no=1, done_at=MONDAY), by()), NotFound),
        (lambda: performing.perform(drafted(), Perform(no=1, done_at=MONDAY), by()), Illegal),
        (lambda: performing.perform(in_force(), Perform(no=1, done_at=DUE), by(MONDAY + DAY)), Refused),
        (
            lambda: confirming.file(
                drafted(), File(court="court", applicants=(WANG, LI), filed_at=MONDAY), by()
            ),
            NotFound,
        ),
        (
            lambda: confirming.decide(in_force(), CourtDecision(result="confirmed", decided_at=MONDAY), by()),
            NotFound,
        ),
        (lambda: filed(MONDAY), Refused),
    ],
)
def test_what_makes_no_sense_is_refused(step: Any, problem: type[Problem]) -> None:
    with pytest.raises(problem):
        step()
