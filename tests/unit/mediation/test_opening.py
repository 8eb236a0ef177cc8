"""Whether a case may be mediated, by whom and with whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.mediation.model import Mediator, Party
from services.mediation.model.commands import Conflict, Consent, Extend, Start
from services.mediation.rules import opening, panel, sessions, time, willing
from shared.calendar import end_of
from shared.errors import Forbidden, Illegal, Problem, Refused
from tests.unit.mediation.given import (
    BOTH,
    DAY,
    HOUR,
    LI,
    MEDIATOR,
    MM,
    MONDAY,
    OTHER_MEDIATOR,
    WANG,
    ask,
    by,
    county,
    fact,
    opened,
    party,
    scheduled,
    session_id,
    told,
    view,
)  # fmt: skip


def refusal(known: Any = None, **changes: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        opening.open_matter(MM, known or view(), ask(**changes), by(), "")
    return caught.value


def test_a_matter_begins_with_its_thirty_days_and_says_so() -> None:
    decision = opening.open_matter(MM, view(), ask(), by(), "")

    opened_fact = fact(decision, "mediation.matter_opened")
    assert opened_fact.limit_due == end_of(date(2026, 10, 7))
    assert (opened_fact.tier, opened_fact.organisation) == ("village", "committee_101201")


@pytest.mark.parametrize(
    "state", ["registered", "triaged", "escalating", "suspended", "agreed", "resolved", "closed"]
)
def test_a_case_that_no_unit_works_on_is_not_mediated(state: str) -> None:
    problem = refusal(view(state=state))

    assert (problem.status, problem.code) == (409, "case_not_ready")
    assert problem.details == {"state": state, "allowed": ["accepted", "assigned", "handling", "mediating"]}


def test_a_case_whose_rise_is_not_heard_of_yet_is_not_mediated_at_its_old_tier() -> None:
    problem = refusal(view(tier="village"), tier="township")

    assert (problem.status, problem.code) == (409, "case_not_ready")


@pytest.mark.requirement("MD-01")
def test_nobody_is_made_to_mediate_and_the_other_routes_are_named() -> None:
    problem = refusal(parties=(party(), party(LI, "respondent", "refused")))

    assert (problem.status, problem.code) == (409, "mediation_declined")
    assert {"code": "court", "name": "向人民法院起诉"} in problem.details["routes"]  # type: ignore[operator]


def test_a_refusal_heard_at_triage_holds() -> None:
    assert refusal(view(willingness="no")).code == "mediation_declined"


@pytest.mark.requirement("MD-01")
def test_a_sitting_waits_for_the_yes_of_each_party() -> None:
    matter = scheduled(opened(parties=(party(), party(LI, "respondent", "unasked"))))

    with pytest.raises(Refused) as refused:
        sessions.start(matter, session_id(1), Start(rights_notice=True), by())
    matter = willing.record_consent(matter, Consent(party_ref=LI, answer="agreed", how="oral"), by()).state
    started = sessions.start(matter, session_id(1), Start(rights_notice=True), by())

    assert refused.value.details == {"parties": [LI]}
    assert started.state.state == "in_session"


@pytest.mark.requirement("MD-01")
def test_a_county_may_be_content_that_nobody_refused() -> None:
    matter = scheduled(opened(parties=(party(), party(LI, "respondent", "unasked"))))
    lenient = replace(county(), mediation=replace(county().mediation, consent="nobody_refused"))

    begun = sessions.start(matter, session_id(1), Start(rights_notice=True), by(profile=lenient))

    assert begun.state.state == "in_session"


def test_a_no_at_any_time_ends_the_matter_with_the_routes_shown() -> None:
    decision = willing.record_consent(
        opened(), Consent(party_ref=LI, answer="refused", how="oral"), by(MONDAY + DAY)
    )

    assert told(decision) == ["mediation.matter_closed"]
    assert (decision.state.result, decision.state.routes_shown_at) == ("declined", MONDAY + DAY)


def test_a_party_that_joins_says_which_side_it_is_on() -> None:
    newcomer = MEDIATOR

    with pytest.raises(Refused, match="哪一方"):
        willing.record_consent(opened(), Consent(party_ref=newcomer, answer="agreed", how="oral"), by())
    joined = willing.record_consent(
        opened(), Consent(party_ref=newcomer, answer="agreed", how="oral", side="third"), by()
    )

    assert joined.state.refs == (WANG, LI, newcomer)


@pytest.mark.parametrize(
    "parties", [(party(),), (party(), party(LI, "third")), (party(), party(), party(LI, "respondent"))]
)
def test_both_sides_are_named_once(parties: tuple[Party, ...]) -> None:
    assert refusal(parties=parties).code in ("side_missing", "party_twice")


@pytest.mark.requirement("MD-02")
@pytest.mark.parametrize(
    ("mediator", "code"),
    [
        (Mediator(ref=MEDIATOR, interest=""), "conflict_not_declared"),
        (Mediator(ref=MEDIATOR, interest="kinship"), "mediator_conflicted"),
    ],
)
def test_a_mediator_declares_and_one_with_an_interest_stays_away(mediator: Mediator, code: str) -> None:
    assert refusal(mediators=(mediator,)).code == code


@pytest.mark.requirement("MD-02")
def test_both_parties_may_accept_an_interested_mediator_in_writing() -> None:
    matter = opened(mediators=(Mediator(ref=MEDIATOR, interest="kinship", waived=True),))

    assert panel.sitting_panel(matter) == (MEDIATOR,)


@pytest.mark.requirement("MD-02")
def test_a_mediator_who_declares_later_steps_back_and_can_do_nothing_more() -> None:
    declared = panel.declare_conflict(scheduled(), Conflict(mediator_ref=MEDIATOR, interest="interest"), by())

    assert told(declared) == ["mediation.conflict_declared"]
    with pytest.raises(Forbidden):
        sessions.start(declared.state, session_id(1), Start(rights_notice=True), by())
    with pytest.raises(Refused, match="没有可以主持的调解员"):
        sessions.start(declared.state, session_id(1), Start(rights_notice=True), by(ref=OTHER_MEDIATOR))
    replaced = panel.appoint(
        declared.state, Mediator(ref=OTHER_MEDIATOR, interest="none"), by(ref=OTHER_MEDIATOR)
    )
    begun = sessions.start(replaced.state, session_id(1), Start(rights_notice=True), by(ref=OTHER_MEDIATOR))
    assert begun.state.sessions[0].panel == (OTHER_MEDIATOR,)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"organisation": "committee_999999"}, "organisation"),
        ({"linkage": "police"}, "linkage_ref"),
        ({"linkage": "court", "linkage_ref": "（2026）诉前调1号"}, "linkage_stage"),
        ({"linkage_stage": "filed"}, "linkage_stage"),
    ],
)
def test_what_is_not_of_this_county_is_named(changes: dict[str, Any], field: str) -> None:
    assert list(refusal(**changes).fields) == [field]


def test_what_cannot_be_mediated_is_not() -> None:
    assert refusal(view(category="discipline")).code == "not_mediable"


@pytest.mark.requirement("IN-38")
def test_who_asks_for_help_is_not_led_into_mediation() -> None:
    assert refusal(view(matter_type="help")).code == "help_not_mediated"


@pytest.mark.requirement("COR-20")
@pytest.mark.parametrize(
    ("stage", "last_day"),
    [("presuit", date(2026, 10, 8)), ("filed", date(2026, 9, 22)), ("filed_simple", date(2026, 9, 14))],
)
def test_what_the_court_refers_has_the_limit_of_its_stage(stage: str, last_day: date) -> None:
    matter = opened(linkage="court", linkage_stage=stage, linkage_ref="（2026）诉前调1号")

    clock = matter.clock(matter.limit_kind)
    longer = time.extend(matter, Extend(day=last_day + timedelta(days=1), agreed_by=(WANG, LI)), by()).state
    assert longer.clock(matter.limit_kind).due_at == end_of(last_day) + DAY  # type: ignore[union-attr]
    assert clock and clock.due_at == end_of(last_day)  # 7 October is a holiday: the 30 days roll


def test_the_number_of_a_referral_is_kept_sealed() -> None:
    matter = opened(linkage="police", linkage_ref="云公调2026-77")

    assert matter.linkage_ref and "云公调".encode() not in matter.linkage_ref


def test_wages_run_the_fifteen_days_of_the_labour_law_beside() -> None:
    matter = opened(known=view(category="labour_wages"))

    assert {clock.kind for clock in matter.clocks} == {"people_mediation", "labour_mediation"}
    assert {clock.kind for clock in opened().clocks} == {"people_mediation"}


def test_a_case_that_is_mediating_already_may_get_its_next_matter() -> None:
    assert opening.open_matter(MM, view(state="mediating"), ask(parties=BOTH), by(MONDAY + HOUR), "").state
    with pytest.raises(Illegal):
        opening.open_matter(MM, view(state="agreed"), ask(), by(), "")


@pytest.mark.requirement("MD-09")
@pytest.mark.parametrize(
    ("channel", "linkage"),
    [
        ("court", "court"),
        ("police", "police"),
        ("government", "government"),
        ("procuratorate", "procuratorate"),
        ("petition_office", "petition"),
    ],
)
def test_a_case_another_office_referred_is_linked_to_it_and_its_number_is_not_typed_again(
    channel: str, linkage: str
) -> None:
    stage = "presuit" if channel == "court" else None
    known = view(channel=channel, referred=True, linkage_stage=stage)

    assert opened(known=known).linkage == linkage
    assert opened(known=view(channel=channel, referred=False)).linkage == "none"
