"""When a failed sitting counts as an attempt (DOMAIN 3.3, COR-11)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.mediation.model import Matter, Mediator, OfficialPresence
from services.mediation.rules import panel, recording
from shared.profile.tiers import Step
from tests.unit.mediation.given import (
    DAY,
    HOUR,
    MINUTES,
    MONDAY,
    OTHER_MEDIATOR,
    by,
    came,
    county,
    ended,
    fact,
    failed,
    last,
    session_id,
    told,
)  # fmt: skip


def verdicts(matter: Matter) -> list[tuple[bool, str]]:
    return [(session.counts_as_attempt, session.counts_reason) for session in matter.sessions]


def test_a_held_sitting_without_agreement_counts() -> None:
    decision = ended("failed")

    assert told(decision) == ["mediation.session_held", "mediation.session_failed"]
    said = fact(decision, "mediation.session_failed")
    assert (said.counts_as_attempt, said.reason_code, said.tier) == (True, "no_agreement", "village")


@pytest.mark.requirement("COR-11")
def test_talks_of_one_panel_within_the_window_are_one_round() -> None:
    matter = failed(failed(), MONDAY + 5 * HOUR)

    assert verdicts(matter) == [(True, "no_agreement"), (False, "same_round")]


@pytest.mark.requirement("COR-11")
def test_visits_that_ended_open_belong_to_the_round_that_then_fails_once() -> None:
    visited = ended("adjourned").state

    matter = failed(failed(visited, MONDAY + 3 * HOUR), MONDAY + 6 * HOUR)

    assert verdicts(matter) == [(False, ""), (True, "no_agreement"), (False, "same_round")]


def test_two_failures_an_hour_apart_count_once_even_with_another_panel() -> None:
    changed = panel.appoint(failed(), Mediator(ref=OTHER_MEDIATOR, interest="none"), by(MONDAY + HOUR)).state

    matter = failed(changed, MONDAY + 2 * HOUR)

    assert verdicts(matter) == [(True, "no_agreement"), (False, "too_soon")]


@pytest.mark.parametrize(("hours", "counts"), [(12, False), (13, True)])
def test_the_next_round_begins_twelve_hours_after_the_last_one_ended(hours: int, counts: bool) -> None:
    matter = failed(
        failed(), MONDAY + hours * HOUR + timedelta(minutes=0)
    )  # the first ended an hour after nine

    assert last(matter).counts_as_attempt is counts


def test_three_days_three_attempts() -> None:
    matter = failed(failed(failed(), MONDAY + DAY), MONDAY + 2 * DAY)

    assert matter.attempts == 3


@pytest.mark.requirement("COR-11")
@pytest.mark.parametrize(("notices", "verdict"), [(2, (True, "absent")), (1, (False, "absent_not_invited"))])
def test_a_side_that_stays_away_after_two_invitations_makes_the_round_count(
    notices: int, verdict: tuple[bool, str]
) -> None:
    matter = failed(attendance=came(li=False, notices=notices))

    assert verdicts(matter) == [verdict]


def test_an_invitation_sent_after_the_sitting_began_is_none() -> None:
    matter = failed(attendance=came(li=False, notices=2, at=MONDAY + DAY))

    assert verdicts(matter) == [(False, "absent_not_invited")]


def test_when_nobody_comes_there_was_no_round() -> None:
    assert verdicts(failed(attendance=came(wang=False, li=False, notices=2))) == [(False, "nobody_came")]


@pytest.mark.parametrize("outcome", ["adjourned", "interrupted", "agreed"])
def test_what_did_not_fail_never_counts(outcome: str) -> None:
    assert verdicts(ended(outcome).state) == [(False, "")]


def test_what_is_not_on_record_does_not_count_until_it_is() -> None:
    unwritten = failed(minutes=None)

    written = recording.write_minutes(unwritten, session_id(1), MINUTES, by(MONDAY + DAY))

    assert verdicts(unwritten) == [(False, "minutes_missing")]
    assert told(written) == ["mediation.noted", "mediation.session_failed"]
    assert verdicts(written.state) == [(True, "no_agreement")]


def test_late_minutes_do_not_make_a_round_count_twice() -> None:
    matter = failed(failed(minutes=None), MONDAY + 3 * HOUR)

    written = recording.write_minutes(matter, session_id(1), MINUTES, by(MONDAY + DAY))

    assert told(written) == ["mediation.noted"]
    assert verdicts(written.state) == [(False, "same_round"), (True, "no_agreement")]


@pytest.mark.parametrize(
    ("officials", "flagged"),
    [
        ((), ("linked_village_leader",)),
        ((OfficialPresence(role="linked_village_leader", present=False),), ("linked_village_leader",)),
        ((OfficialPresence(role="linked_village_leader", present=False, excused=True),), ()),
        ((OfficialPresence(role="linked_village_leader", present=True),), ()),
    ],
)
def test_an_official_who_stays_away_is_noted_and_the_round_counts_all_the_same(
    officials: tuple[OfficialPresence, ...], flagged: tuple[str, ...]
) -> None:
    from services.mediation.rules.rounds import missing_officials

    step = Step(tier="village", attendance_required=("linked_village_leader",), basis="test")
    ladder = type(county().ladder)(mode="attempts", steps=(step,), basis="test")
    session = last(failed(officials=officials))

    assert missing_officials(session, county().attempt, ladder) == flagged
    assert session.counts_as_attempt


@pytest.mark.requirement("COR-11")
def test_visits_to_each_side_by_itself_are_one_round_that_met_both() -> None:
    at_wangs = ended("adjourned", attendance=came(li=False), minutes=None).state

    matter = failed(at_wangs, MONDAY + 4 * HOUR, attendance=came(wang=False))

    assert verdicts(matter) == [(False, ""), (True, "no_agreement")]


def test_one_record_is_enough_for_a_round_wherever_it_is_written() -> None:
    matter = failed(ended("adjourned", minutes=None).state, MONDAY + 3 * HOUR, minutes=None)

    written = recording.write_minutes(matter, session_id(1), MINUTES, by(MONDAY + DAY))

    assert fact(written, "mediation.session_failed").session_id == session_id(2)
    assert verdicts(written.state) == [(False, ""), (True, "no_agreement")]


def test_visits_further_apart_than_the_window_are_rounds_of_their_own() -> None:
    at_wangs = ended("adjourned", attendance=came(li=False)).state

    matter = failed(at_wangs, MONDAY + 13 * HOUR, attendance=came(wang=False))

    assert verdicts(matter) == [(False, ""), (False, "absent_not_invited")]
