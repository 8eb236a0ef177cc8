"""How a row follows what is told of its case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.petition.model.states import State
from services.reporting.model import Row
from services.reporting.rules.following import follow, row_id
from services.reporting.rules.petitions import follow as follow_petition
from shared import ids
from shared.contracts import closing, delivery, petition, routing, sla, wire
from shared.contracts.base import Event
from shared.errors import Poison
from tests.reporting_given import MONDAY, UNIT, Case, life, minute, petition_of

PET = ids.derived("tests", "petition", "1")


def told(case: Case, stream: str = "") -> Row:
    """The row after everything that was told, or after one stream of it."""
    row: Row | None = None
    for name, each in case.streams.items():
        for heard in each.heard if name.startswith(stream) else ():
            row = follow(row, wire.read(heard), heard)
    assert row is not None
    return row


def handled(**more: Any) -> Case:
    """A case that its unit handles."""
    return Case(**more).registered().triaged(minute(10)).assigned(minute(20)).accepted(minute(30))


def test_a_whole_life_ends_as_one_row() -> None:
    row = told(life())

    assert (row.state, row.outcome, row.case_no) == ("closed", "mediated_written", "990101-2026-000001")
    assert (row.category, row.tier, row.complexity, row.lead_unit) == (
        "neighbour",
        "village",
        "general",
        UNIT,
    )
    assert (row.registered_day, row.closed_day) == ("2026-09-07", "2026-09-07")
    assert (row.breaches, row.next_due, row.late_since) == (1, None, None)
    assert row.units == (UNIT, "court")


@pytest.mark.parametrize(
    ("event", "state"),
    [
        (routing.CaseNotAccepted(case_id=ids.new(), reason="not_ours", route="court"), "not_accepted"),
        (routing.CaseMerged(case_id=ids.new(), into_case_id=ids.new()), "merged"),
        (closing.CaseWithdrawn(case_id=ids.new(), reason="settled"), "withdrawn"),
        (closing.CaseReferredOut(case_id=ids.new(), route="court", receipt=True), "referred_out"),
    ],
)
def test_a_case_that_ends_otherwise_has_a_day_of_its_end(event: Any, state: str) -> None:
    case = handled()
    case.routing.tell(minute(60), event)

    row = told(case)

    assert (row.state, row.closed_at, row.closed_day) == (state, minute(60), "2026-09-07")
    assert row.hops[-1].stage == "withdrawn"


def test_a_returned_case_has_no_unit_and_waits_to_be_assigned_again() -> None:
    case = Case().registered().triaged(minute(1)).assigned(minute(2))
    back = routing.CaseReturned(case_id=case.id, from_unit=UNIT, reason="not_competent", n=1)
    case.routing.tell(minute(3), back)

    row = told(case)

    assert (row.state, row.lead_unit, row.returns) == ("triaged", "", 1)
    assert (row.hops[0].stage, row.hops[0].result) == ("returned", "not_competent")


def test_a_transfer_closes_one_hand_over_and_opens_another() -> None:
    case = handled()
    moved = routing.CaseTransferred(
        case_id=case.id, from_unit=UNIT, to_unit="police", reason="not_competent", n=1
    )
    given = routing.CaseAssigned(case_id=case.id, lead_unit="police", tier="county")
    case.routing.tell(minute(60), moved, given)

    row = told(case)

    assert [(hop.unit, hop.stage) for hop in row.hops] == [(UNIT, "transferred"), ("police", "assigned")]
    assert (row.state, row.lead_unit, row.tier) == ("assigned", "police", "county")


def test_an_escalated_case_is_at_the_upper_tier_without_a_unit() -> None:
    case = handled()
    said: dict[str, Any] = {"from_tier": "village", "to_tier": "township", "trigger": "failed", "attempts": 3}
    asked = routing.CaseEscalationRequested(case_id=case.id, **said)
    case.routing.tell(minute(60), asked)
    waiting = told(case)
    case.routing.tell(minute(90), routing.CaseEscalated(case_id=case.id, **said))

    row = told(case)

    assert (waiting.state, waiting.tier, waiting.lead_unit) == ("escalating", "village", UNIT)
    assert (row.state, row.tier, row.lead_unit) == ("triaged", "township", "")


def test_a_rest_ends_where_it_began() -> None:
    case = handled()
    rest = closing.CaseSuspended(case_id=case.id, reason="appraisal", until=minute(9_000))
    case.routing.tell(minute(60), rest)
    resting = told(case)
    case.routing.tell(minute(90), closing.CaseResumed(case_id=case.id))

    assert (resting.state, told(case).state) == ("suspended", "handling")


def test_a_relapse_opens_the_row_again() -> None:
    case = life()
    case.routing.tell(minute(9_000), closing.CaseRelapsed(case_id=case.id, relapse_count=1))

    row = told(case)

    assert (row.state, row.relapses, row.outcome, row.closed_at) == ("registered", 1, "", None)


def test_flags_are_set_and_taken_away() -> None:
    case = Case().registered()
    for flag, value in (("mass", True), ("major", True), ("mass", False)):
        told_flag = closing.CaseFlagChanged(case_id=case.id, flag=flag, value=value)  # type: ignore[arg-type]
        case.routing.tell(minute(5), told_flag)

    assert told(case).flags == ("major",)


def test_a_late_clock_is_counted_for_ever_and_the_next_to_end_is_known() -> None:
    case = Case().registered().triaged(minute(10)).assigned(minute(20)).breached(minute(80))

    row = told(case)

    pickup = next(clock for clock in row.clocks if clock.kind == "pickup")
    assert (pickup.state, pickup.was_late, pickup.unit) == ("late", True, UNIT)
    assert (row.late_since, row.breaches) == (pickup.due_at, 1)
    assert row.next_due == minute(20) + timedelta(days=3)


def test_pauses_extensions_and_reminders_move_a_clock() -> None:
    case = Case().registered()
    mine = case.clock("resident")
    case.routing.tell(minute(1), sla.SlaPaused(**mine, reason="appraisal"))
    paused = told(case).clocks[1]
    case.routing.tell(minute(2), sla.SlaResumed(**mine, due_at=minute(500)))
    case.routing.tell(minute(3), sla.SlaExtended(**mine, due_at=minute(900), reason="complex"))
    case.routing.tell(minute(4), sla.SlaThresholdReached(**mine, pct=50, due_at=minute(900)))

    clock = told(case).clocks[1]

    assert paused.state == "paused"
    assert (clock.state, clock.due_at, clock.pct) == ("running", minute(900), 50)


def test_a_clock_that_was_late_stays_late_when_it_runs_on_after_a_rework() -> None:
    case = Case().registered().breached(minute(60), "resident")
    case.routing.tell(minute(61), case.met("resident", minute(61), minute(60), late=True))
    met = told(case).clocks[1]
    case.routing.tell(minute(62), sla.SlaResumed(**case.clock("resident"), due_at=minute(60)))

    row = told(case)

    assert (met.state, met.was_late) == ("met", True)
    assert (row.clocks[1].state, row.late_since, row.breaches) == ("late", minute(60), 1)


def test_a_cancelled_clock_runs_no_more() -> None:
    case = Case().registered()
    for kind in ("triage", "resident"):
        case.routing.tell(minute(1), sla.SlaCancelled(**case.clock(kind), reason="case.merged"))

    row = told(case)

    assert ({clock.state for clock in row.clocks}, row.next_due) == ({"cancelled"}, None)


def test_the_way_into_a_mailbox_and_back_is_kept_with_its_times() -> None:
    case = handled().delivered(minute(40))

    hop = next(hop for hop in told(case).hops if hop.way == "mailbox")

    assert (hop.unit, hop.stage, hop.result) == ("court", "concluded", "mediated_written")
    times = (hop.given_at, hop.sent_at, hop.received_at, hop.accepted_at, hop.ended_at)
    assert times == (minute(40), minute(41), minute(42), minute(60), minute(130))


@pytest.mark.parametrize(
    ("event", "stage", "result"),
    [
        (delivery.DeliveryReturned, "returned", {"reason": "not_competent"}),
        (delivery.DeliveryFailed, "failed", {"reason": "too_large"}),
        (delivery.DeliveryWithdrawn, "withdrawn", {"reason": "case_closed"}),
        (delivery.DeliveryProgressed, "accepted", {"step": "investigating"}),
    ],
)
def test_other_ends_of_a_hand_over(event: Any, stage: str, result: dict[str, str]) -> None:
    case = handled().delivered(minute(40), "police", done=False)
    id = ids.derived("delivery", case.id, "police")
    end = event(delivery_id=id, case_id=case.id, department="police", **result)
    case.of("routing", "delivery", id).tell(minute(99), end)

    hop = next(hop for hop in told(case).hops if hop.way == "mailbox")

    assert (hop.stage, hop.result) == (stage, *result.values())


def test_an_answer_that_comes_late_is_kept_but_leads_not_back() -> None:
    case = handled().delivered(minute(40), "police", done=False)
    named: dict[str, Any] = {
        "delivery_id": ids.derived("delivery", case.id, "police"), "case_id": case.id, "department": "police",
    }  # fmt: skip
    way = case.of("routing", "delivery", named["delivery_id"])
    done = delivery.DeliveryConcluded(**named, outcome="settled", concluded_at=minute(90))
    late = delivery.DeliveryReturned(**named, reason="not_competent")
    way.tell(minute(90), done).tell(minute(95), late)
    way.tell(minute(99), delivery.DeliveryAccepted(**named, accepted_at=minute(50)))

    hop = next(hop for hop in told(case).hops if hop.way == "mailbox")

    assert (hop.stage, hop.result, hop.accepted_at) == ("concluded", "settled", minute(50))
    assert hop.ended_at == minute(90)


def test_a_planned_sitting_is_open_until_it_was_held_or_its_matter_ends() -> None:
    planned, held = handled().mediated(minute(60), held=False), handled().mediated(minute(60))

    assert told(planned).sittings_open == 1
    assert (told(held).sittings_open, told(held).sittings[0].outcome) == (0, "agreed")


def test_a_protected_case_shows_no_category_even_if_one_is_told() -> None:
    case = Case(protected=True).registered().triaged(minute(5), category="labour_wages")

    row = told(case)

    assert (row.protected, row.category) == (True, None)


def test_what_only_intake_has_told_is_on_its_way_in() -> None:
    row = told(Case().registered(), "registration/")

    assert (row.state, row.opened, row.case_no) == ("incoming", False, "990101-2026-000001")
    assert row.registered_day == "2026-09-07"


def test_routings_word_stands_whatever_intake_says_afterwards() -> None:
    case = handled()
    late = case.of("intake", "registration", case.reg_id).heard[-1]
    row = told(case, "case/")

    after = follow(row, wire.read(late), late)

    assert (after.state, after.lead_unit) == ("handling", UNIT)
    assert len(after.timeline) == len(row.timeline) + 1


def test_an_event_of_a_type_unknown_here_only_lengthens_the_timeline() -> None:
    case = handled()
    row = told(case)
    last = case.routing.heard[-1]
    new = wire.Envelope(**(vars(last) | {"type": "sponsorship.started.v1", "id": ids.new()}))

    after = follow(row, wire.read(new), new)

    assert after.timeline[-1].name == "sponsorship.started"
    assert (after.state, after.clocks, after.hops) == (row.state, row.clocks, row.hops)


def test_an_event_that_names_no_case_can_never_be_handled() -> None:
    heard = Case().registered().of("intake", "registration").heard
    nameless = wire.Envelope(
        id=ids.new(), source="/svc/mediation/990101", type="mediation.hummed.v1", subject="matter/x", time="",
        sequence="0000000001.00", data={},
    )  # fmt: skip

    assert not heard
    with pytest.raises(Poison):
        row_id(nameless)


def test_a_timeline_keeps_codes_and_posts_but_no_id_of_a_person_or_thing() -> None:
    entries = told(life()).timeline

    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    assert not {name for entry in entries for name in entry.codes if name.endswith(("_id", "_ref", "_ids"))}
    assert not {value for entry in entries for value in entry.codes.values() if value.count("-") == 4}


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (petition.PetitionNotified(pet_id=PET, accepted=True), State.NOTIFIED),
        (petition.PetitionNotified(pet_id=PET, accepted=False), State.NOT_ACCEPTED),
        (petition.PetitionOpinionServed(
            pet_id=PET, result="support", served_at=MONDAY, review_by=MONDAY), State.OPINION_SERVED),
    ],
)  # fmt: skip
def test_a_petition_is_counted_under_the_state_that_petition_gives_it(told: Event, state: State) -> None:
    stream = petition_of(Case()).tell(minute(400), told)
    heard = stream.heard[-1]

    row = follow_petition(None, wire.read(heard), heard)

    assert row.state == state


def test_a_petition_comes_to_belong_to_a_case_when_a_person_says_so() -> None:
    case, row = Case(), None
    seen = []
    for heard in petition_of(case).heard:
        row = follow_petition(row, wire.read(heard), heard)
        seen.append((row.state, row.links))

    assert seen == [("registered", ()), ("registered", (case.id,)), ("accepted", (case.id,))]
    assert row is not None and (row.unit, len(row.timeline)) == ("petition_office", 3)
    assert row.received_at == MONDAY + timedelta(minutes=300)
