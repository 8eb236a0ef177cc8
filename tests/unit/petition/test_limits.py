"""The legal limits of a petition (DOMAIN 2.1, 3.5; 信访工作条例 art. 22, 23, 34)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from services.petition.model import Petition
from services.petition.model.commands import Accept, Extend, Notify
from services.petition.rules import clocks, going
from shared.calendar import last_day
from shared.contracts.petition import PetitionClockThreshold
from shared.errors import Forbidden, Problem, Refused
from shared.profile import Profile
from tests.unit.mediation.given import county
from tests.unit.petition.given import (
    ACCEPTED,
    DAY,
    HOUR,
    RECEIVED,
    accepted,
    by,
    day,
    fact,
    handling,
    not_accepted,
    notified,
    registered,
    serve,
    staff,
    told,
    transferred,
    voided,
)  # fmt: skip

ONCE = Extend(days=30, reason="complex_facts", petitioner_told=True)


def last(petition: Petition, kind: str) -> str:
    clock = petition.clock(kind)
    assert clock
    return last_day(clock.due_at).isoformat()


def state(petition: Petition, kind: str) -> str:
    clock = petition.clock(kind)
    assert clock
    return clock.state


def rolling() -> Profile:
    """A county whose petition limits move off rest days."""
    limits = {
        kind: replace(limit, roll_on_rest_day=True) if kind.startswith("petition") else limit
        for kind, limit in county().limits.items()
    }
    return replace(county(), limits=limits)


def test_the_first_limits_run_from_the_day_of_receipt_not_of_typing_it_in() -> None:
    late = registered(at=RECEIVED + 5 * DAY)

    assert (last(late, clocks.TRANSFER), last(late, clocks.NOTIFY)) == ("2026-03-07", "2026-03-07")


@pytest.mark.requirement("PT-09")
def test_passing_on_and_telling_stop_their_limits_and_every_step_is_on_record() -> None:
    petition = notified()

    assert (state(petition, clocks.TRANSFER), state(petition, clocks.NOTIFY)) == ("met", "met")
    assert [(step.step, step.unit, step.tier) for step in petition.steps] == [
        ("register", "petition_office", "county"),
        ("transfer", "petition_office", "county"),
        ("notify", "housing", "county"),
    ]


def test_what_the_office_answers_itself_need_not_be_passed_on() -> None:
    told_ = going.notify(registered(), Notify(accepted=True, how="on_the_spot"), by(RECEIVED + DAY)).state

    petition = going.accept(told_, Accept(), by(RECEIVED + DAY)).state

    assert state(petition, clocks.TRANSFER) == "cancelled"


@pytest.mark.parametrize("end", [not_accepted, voided])
def test_what_ends_early_leaves_no_limit_running(end: object) -> None:
    petition = end()  # type: ignore[operator]

    assert petition.next_at is None and petition.first_due is None


def test_sixty_days_from_acceptance_then_thirty_more_as_in_the_example() -> None:
    petition = handling()

    longer = going.extend(petition, ONCE, staff(day("2026-04-20"), "unit_head"))

    assert last(petition, clocks.MAIN) == "2026-04-30"
    assert fact(longer, "petition.extended").due_at == day("2026-05-31", 0)
    assert last(longer.state, clocks.MAIN) == "2026-05-30"  # a Saturday, and it stays
    assert last_day(clocks.due("petition_review", day("2026-06-01"), by())).isoformat() == "2026-07-01"


def test_the_example_moves_to_monday_where_petitions_roll() -> None:
    act = replace(staff(day("2026-04-20"), "unit_head"), profile=rolling())

    longer = going.extend(handling(), ONCE, act)

    assert last(longer.state, clocks.MAIN) == "2026-06-01"


@pytest.mark.parametrize(
    ("ask", "at", "role", "code"),
    [
        (ONCE, day("2026-04-20"), "unit_staff", "approver_needed"),
        (ONCE, day("2026-05-01", 0), "unit_head", "extension_not_possible"),
        (replace(ONCE, days=31), day("2026-04-20"), "unit_head", "extension_too_long"),
        (replace(ONCE, days=0), day("2026-04-20"), "unit_head", "extension_too_long"),
        (replace(ONCE, petitioner_told=False), day("2026-04-20"), "unit_head", "petitioner_not_told"),
    ],
)
def test_more_time_is_granted_by_the_head_before_the_end_and_the_petitioner_is_told(
    ask: Extend, at: datetime, role: str, code: str
) -> None:
    with pytest.raises(Problem) as caught:
        going.extend(handling(), ask, staff(at, role))

    assert caught.value.code == code


def test_more_time_is_granted_once() -> None:
    longer = going.extend(handling(), ONCE, staff(day("2026-04-20"), "unit_head")).state

    with pytest.raises(Refused, match="延长一次"):
        going.extend(longer, ONCE, staff(day("2026-05-20"), "unit_head"))


def test_fewer_days_than_thirty_are_counted_as_given() -> None:
    longer = going.extend(handling(), replace(ONCE, days=10), staff(day("2026-04-20"), "unit_head")).state

    assert last(longer, clocks.MAIN) == "2026-05-10"


def test_the_simple_procedure_has_ten_working_days_beside() -> None:
    petition = accepted(simple=True)

    assert last(petition, clocks.SIMPLE) == "2026-03-13"  # 1 March 2026 is a Sunday
    assert last(petition, clocks.MAIN) == "2026-04-30"
    assert petition.first_due == petition.clock(clocks.SIMPLE).due_at  # type: ignore[union-attr]
    assert accepted().clock(clocks.SIMPLE) is None


def test_the_opinion_stops_the_limit_on_the_day_it_was_served() -> None:
    entered_late = serve(at=day("2026-05-04"), served_at=day("2026-04-30", 17)).state
    late = serve(at=day("2026-05-04")).state

    assert (state(entered_late, clocks.MAIN), state(late, clocks.MAIN)) == ("met", "breached")


def test_every_mark_is_told_once() -> None:
    petition, seen = handling(), []
    for at in (ACCEPTED + 31 * DAY, ACCEPTED + 31 * DAY + HOUR, ACCEPTED + 49 * DAY, ACCEPTED + 61 * DAY):
        decision = going.tick(petition, by(at))
        petition = decision.state if decision else petition
        seen.append([event.pct for event in decision.events] if decision else [])  # type: ignore[attr-defined]

    assert seen == [[50], [], [80], [100]]
    assert state(petition, clocks.MAIN) == "breached"


def test_a_limit_that_was_missed_while_nobody_looked_tells_all_its_marks() -> None:
    decision = going.tick(registered(), by(RECEIVED + 30 * DAY))

    assert decision
    marks = [(e.kind, e.pct) for e in decision.events if isinstance(e, PetitionClockThreshold)]
    assert marks == [(kind, pct) for kind in (clocks.TRANSFER, clocks.NOTIFY) for pct in (50, 80, 100, 120)]


def test_nothing_pauses_a_legal_limit() -> None:
    kinds = ("petition_transfer", "petition_notify", "petition_main", "petition_simple")

    assert not any(county().limits[kind].pausable for kind in kinds)


def test_another_unit_cannot_answer_for_the_one_that_must() -> None:
    with pytest.raises(Forbidden):
        going.accept(notified(), Accept(), by(ACCEPTED))
    with pytest.raises(Forbidden):
        going.start(accepted(), by(ACCEPTED))

    assert told(going.start(accepted(), staff(ACCEPTED))) == ["petition.handling_started"]
    assert transferred().unit == "housing"
