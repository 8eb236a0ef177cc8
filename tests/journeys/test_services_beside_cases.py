"""A case and the services departments give beside it: asked, sent once, answered, and never instead of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.mediation.model import FilingState, Matter
from services.mediation.model.commands import File, Sign
from services.mediation.rules import agreeing, confirming
from services.routing.handlers import NotGenuine, departments, reports, requests
from services.routing.model.department import Department
from services.routing.model.department_asks import Pause
from services.routing.model.request import OpenRequest, Request, Stage, ask_id
from services.routing.rules import connection
from services.routing.rules.by import By
from services.routing.store import memory_stores
from shared.aggregate.held import Held
from shared.contracts import wire
from shared.contracts.edge import (
    AnswerAccepted,
    AnswerProgressed,
    AnswerReceived,
    AnswerReturned,
    AnswerServed,
    AskReportCase,
    AskRequestService,
)
from shared.decision import Cause, Decision
from shared.errors import Illegal, Refused
from shared.profile import Profile
from shared.profile.organisation import Subscription
from tests import routing_given as given
from tests.journeys.test_mediation_village import Hall, handling
from tests.routing_town import Town
from tests.unit.mediation import given as mediated

OFFERS = {
    "court": ("judicial_confirmation", "cross_region_filing", "electronic_service", "online_hearing"),
    "police": ("on_site_help",),
    "judicial_bureau": ("legal_aid",),
}


def county() -> Profile:
    """The county whose departments give services."""
    before = given.connected()
    found = tuple(
        replace(unit, adapter=True, services=OFFERS.get(unit.id, ())) for unit in before.departments
    )
    return replace(before, departments=found)


@pytest.fixture
def place() -> Town:
    town = Town(stores=memory_stores(county()))
    town.register()
    return town


CASE = given.registration().case_id


def leaving(found: Department, by: By) -> Decision[Department]:
    return connection.leave(found, Pause(reason="merged"), by)


def ask(place: Town, service: str, **more: Any) -> Held[Request]:
    cause = Cause(at=place.now, actor=given.by("dispatcher").actor, key=more.pop("key", ""))
    held = requests.ask(place.stores, CASE, OpenRequest(service=service, **more), cause)
    pass_(place)
    return held


def pass_(place: Town, **length: float) -> None:
    place.pass_(**length)
    for _ in range(2):
        requests.dispatch(place.stores, place.now)
        place.settle()


def asks(place: Town, unit: str) -> list[AskRequestService]:
    found = [wire.read(event) for event in place.asks(unit)]
    return [one for one in found if isinstance(one, AskRequestService)]


def request(place: Town, service: str) -> Request:
    found: list[Request] = [held.state for held in place.stores.requests.of_case(CASE)]
    return [one for one in found if one.service == service][-1]


def answer(place: Town, unit: str, *told: Any) -> None:
    for one in told:
        place.answer(unit, one, cause=ask_id(one.delivery_id))


@pytest.mark.requirement("RT-47")
def test_the_police_are_asked_for_help_and_what_they_answer_is_written_down(place: Town) -> None:
    before = place.case(CASE)
    id = ask(place, "on_site_help").id

    (sent,) = asks(place, "police")
    assert (sent.delivery_id, sent.service, sent.case_no) == (id, "on_site_help", before.case_no)
    at = place.now
    answer(
        place, "police", AnswerReceived(delivery_id=id), AnswerAccepted(delivery_id=id, accepted_at=at),
        AnswerProgressed(delivery_id=id, step="officer_dispatched"),
        AnswerServed(delivery_id=id, result="arrived", reference="XZ0001", served_at=at),
    )  # fmt: skip

    found = request(place, "on_site_help")
    assert (found.stage, found.result, found.reference) == (Stage.SERVED, "arrived", "XZ0001")
    assert found.steps == ("officer_dispatched",)
    after = place.case(CASE)
    assert (after.state, after.lead_unit, after.clocks) == (before.state, before.lead_unit, before.clocks)


def test_what_a_department_that_left_still_owed_can_be_asked_of_another(place: Town) -> None:
    stale = ask(place, "legal_aid").id
    departments.declare(place.stores, place.now)
    for rule, who in ((leaving, "clerk"), (connection.approve_leave, "director"), (connection.gone, "time")):
        cause = Cause(at=place.now, actor=given.by(who).actor)
        departments.change(place.stores, "judicial_bureau", cause, rule)
    offers = {"court": (*OFFERS["court"], "legal_aid")}
    taken_over = tuple(
        replace(unit, services=offers.get(unit.id, unit.services)) for unit in place.stores.county.departments
    )
    place.stores = replace(place.stores, county=replace(place.stores.county, departments=taken_over))

    again = ask(place, "legal_aid", department="court")

    assert again.id != stale and again.state.department == "court"


@pytest.mark.requirement("RT-47")
def test_that_the_police_decline_is_an_answer_and_no_fault(place: Town) -> None:
    id = ask(place, "on_site_help").id

    answer(place, "police", AnswerReturned(delivery_id=id, reason="wrong_region"))

    assert request(place, "on_site_help").returned_reason == "wrong_region"
    assert ask(place, "on_site_help").id != id  # and may be asked for again


def test_a_request_is_sent_once_and_again_only_when_nobody_stored_it_for_a_day(place: Town) -> None:
    ask(place, "legal_aid")
    pass_(place, minutes=10)
    assert len(asks(place, "judicial_bureau")) == 1

    pass_(place, days=1)

    first, again = (wire.decode(body) for body in place.bus.mailboxes["judicial_bureau"])
    assert first.id == again.id


def test_the_same_key_finds_the_same_request_and_another_one_is_refused_while_it_is_open(place: Town) -> None:
    first = ask(place, "legal_aid", key="k1")

    assert ask(place, "legal_aid", key="k1").id == first.id
    with pytest.raises(Illegal, match="等待答复"):
        ask(place, "legal_aid", key="k2")


def test_an_answer_that_comes_twice_or_late_changes_nothing_more(place: Town) -> None:
    id, at = ask(place, "legal_aid").id, place.now
    meeting = at + timedelta(days=3)
    told = AnswerServed(
        delivery_id=id, result="granted", reference="L-00001", meeting_at=meeting, served_at=at
    )
    answer(place, "judicial_bureau", told)
    held = place.stores.requests.load(id)

    answer(place, "judicial_bureau", AnswerReturned(delivery_id=id, reason="duplicate"), told)

    after = place.stores.requests.load(id).state
    assert after == held.state and after.meeting_at == meeting


def test_an_answer_of_another_department_is_refused_and_written_down(place: Town) -> None:
    id = ask(place, "on_site_help").id
    told = AnswerServed(delivery_id=id, result="arrived", served_at=place.now)

    with pytest.raises(NotGenuine, match="foreign_outlet"):
        place.bus.workers[1].hear(place.answer_body("police", told, ask_id(id)), "dept.court.out")

    assert request(place, "on_site_help").stage is Stage.SENT


@pytest.mark.requirement("MD-20")
def test_without_consent_papers_are_served_on_paper_and_the_court_is_not_asked(place: Town) -> None:
    ask(place, "electronic_service", consented=False)

    assert request(place, "electronic_service").result == "paper"
    assert asks(place, "court") == []

    ask(place, "electronic_service", consented=True)
    assert [one.service for one in asks(place, "court")] == ["electronic_service"]


@pytest.mark.requirement("MD-20", "XI-15")
def test_filing_elsewhere_needs_the_region_of_the_other_court(place: Town) -> None:
    with pytest.raises(Refused) as refused:
        ask(place, "cross_region_filing", target_region="990101")
    assert "target_region" in refused.value.fields

    ask(place, "cross_region_filing", target_region="990102")
    assert asks(place, "court")[0].target_region == "990102"


def test_a_service_nobody_gives_is_refused_with_what_to_do(place: Town) -> None:
    with pytest.raises(Refused, match="线下"):
        ask(place, "temporary_relief")
    with pytest.raises(Refused):
        ask(place, "legal_aid", department="court")


def agreed(copies: int, shuffle: int | None) -> tuple[Hall, Matter]:
    """A quarrel that ended with an agreement in force."""
    hall = Hall(town=Town(stores=memory_stores(county()), copies=copies, shuffle=shuffle))
    matter = hall.round(hall.open(handling(hall.town)), "agreed")
    matter = hall.act(matter, agreeing.draft, mediated.draft())
    return hall, hall.act(matter, agreeing.sign, Sign(signatures=mediated.everybody(hall.town.now)))


@pytest.mark.requirement("COR-18", "XI-15")
@pytest.mark.parametrize(("copies", "shuffle"), [(1, None), (3, 11)])
@pytest.mark.parametrize(
    ("result", "state"), [("confirmed", FilingState.CONFIRMED), ("rejected", FilingState.REJECTED)]
)
def test_what_the_parties_file_together_goes_to_the_court_online_and_its_ruling_comes_back(
    result: str, state: FilingState, copies: int, shuffle: int | None
) -> None:
    hall, matter = agreed(copies, shuffle)
    place = hall.town
    filing = File(court="court", applicants=(mediated.WANG, mediated.LI), filed_at=place.now)

    hall.act(matter, confirming.file, filing)
    pass_(place, minutes=1)
    (sent,) = {one.delivery_id: one for one in asks(place, "court")}.values()
    assert matter.agreement is not None and sent.agreement_id == matter.agreement.agr_id
    assert (sent.asked_at, sent.due_at) == (filing.filed_at, matter.agreement.confirm_deadline)
    place.now += timedelta(days=9)
    told = AnswerServed(delivery_id=sent.delivery_id, result=result, reference="CD0001", served_at=place.now)
    answer(place, "court", told)

    agreement = hall.stores.matters.load(matter.mm_id).state.agreement
    assert agreement and agreement.filing
    assert (agreement.filing.state, agreement.filing.decided_at) == (state, place.now)


def test_after_a_refusal_the_parties_file_anew_and_the_court_is_asked_anew() -> None:
    hall, matter = agreed(1, None)
    for asked in (1, 2):
        hall.town.now += timedelta(hours=1)
        filing = File(court="court", applicants=(mediated.WANG, mediated.LI), filed_at=hall.town.now)
        hall.act(matter, confirming.file, filing)
        pass_(hall.town, minutes=1)
        sent = asks(hall.town, "court")[-1]
        assert len(asks(hall.town, "court")) == asked
        told = AnswerServed(delivery_id=sent.delivery_id, result="rejected", served_at=hall.town.now)
        answer(hall.town, "court", told)


@pytest.mark.requirement("COR-18")
def test_a_late_application_goes_to_the_court_all_the_same_with_the_day_it_should_have_come() -> None:
    hall, matter = agreed(1, None)
    hall.town.now += timedelta(days=45)
    filing = File(court="court", applicants=(mediated.WANG, mediated.LI), filed_at=hall.town.now)

    hall.act(matter, confirming.file, filing)
    pass_(hall.town, minutes=1)

    (sent,) = asks(hall.town, "court")
    assert sent.due_at and sent.asked_at > sent.due_at


def test_a_court_without_a_system_is_applied_to_on_paper() -> None:
    hall, matter = agreed(1, None)
    filing = File(court="petition_office", applicants=(mediated.WANG, mediated.LI), filed_at=hall.town.now)

    hall.act(matter, confirming.file, filing)

    assert hall.town.stores.requests.of_case(matter.case_id) == []


@pytest.mark.requirement("MD-09", "COR-20")
@pytest.mark.parametrize(
    ("stage", "kind", "days"),
    [
        ("presuit", "court_presuit", 30),
        ("filed", "court_filed", 15),
        ("filed_simple", "court_filed_simple", 7),
    ],
)
def test_a_courts_referral_runs_under_its_own_limit_and_a_late_one_warns_the_court(
    stage: str, kind: str, days: int
) -> None:
    hall = Hall(town=Town(stores=memory_stores(hearing())))
    matter = hall.open(handling(hall.town, channel="court", referred=True, linkage_stage=stage))
    clock = matter.clock(kind)
    assert (matter.linkage, matter.linkage_stage, matter.linkage_ref) == ("court", stage, None)
    assert clock and timedelta(days=days) <= clock.due_at - matter.opened_at <= timedelta(days=days + 9)

    hall.wait(days=days + 10)
    reports.dispatch(hall.town.stores, hall.town.now)
    hall.town.settle()

    told = [wire.read(event) for event in hall.town.asks("court")]
    assert [one.late for one in told if isinstance(one, AskReportCase)][-1]


def hearing() -> Profile:
    """The county with a court that hears what became of its referrals."""
    before = county()
    heard = tuple(
        replace(unit, reports=Subscription(channels=("court",))) if unit.id == "court" else unit
        for unit in before.departments
    )
    return replace(before, departments=heard)


def test_a_referral_that_somebody_types_in_needs_the_number_of_the_office() -> None:
    view = mediated.view(channel="window")

    with pytest.raises(Refused) as refused:
        mediated.opened(known=view, linkage="police")

    assert "linkage_ref" in refused.value.fields


def test_a_confirmation_is_asked_for_by_both_and_only_of_an_agreement(place: Town) -> None:
    with pytest.raises(Refused) as refused:
        ask(place, "judicial_confirmation")

    assert set(refused.value.fields) == {"service", "joint"}
