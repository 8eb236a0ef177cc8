"""Beginning a sitting, saying how it ended, and what is written about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.mediation.model import State
from services.mediation.model.commands import Close, Complain, Start
from services.mediation.rules import complaining, recording, sessions
from services.mediation.rules import ending as closing
from services.mediation.rules.minutes import opened as minutes_opened
from shared.errors import Forbidden, NotFound, Refused
from tests.unit.mediation.given import (
    DAY,
    HOUR,
    LI,
    MEDIATOR,
    MINUTES,
    MONDAY,
    OTHER_MEDIATOR,
    SEALER,
    WANG,
    by,
    came,
    county,
    ended,
    ending,
    fact,
    failed,
    last,
    scheduled,
    session_id,
    started,
    told,
)  # fmt: skip


def test_rights_are_explained_before_anybody_speaks() -> None:
    with pytest.raises(Refused, match="权利义务"):
        sessions.start(scheduled(), session_id(1), Start(), by())


def test_recording_needs_the_yes_of_everybody() -> None:
    with pytest.raises(Forbidden):
        sessions.start(
            scheduled(),
            session_id(1),
            Start(rights_notice=True, recorded=True, recording_agreed_by=(WANG,)),
            by(),
        )
    everybody = Start(rights_notice=True, recorded=True, recording_agreed_by=(WANG, LI))

    assert last(sessions.start(scheduled(), session_id(1), everybody, by()).state).recorded


def test_somebody_who_declines_in_the_room_ends_the_matter_and_it_is_no_attempt() -> None:
    decision = ended("declined", declined_by=(LI,))

    assert told(decision) == [
        "mediation.session_held",
        "mediation.session_declined",
        "mediation.matter_closed",
    ]
    assert fact(decision, "mediation.session_declined").side_count == 1
    assert (decision.state.result, decision.state.attempts) == ("declined", 0)
    assert decision.state.routes_shown_at == MONDAY + HOUR


def test_a_sitting_that_nobody_came_to_was_not_held() -> None:
    decision = sessions.hold(scheduled(), session_id(1), ending("not_held"), by())

    assert told(decision) == ["mediation.noted"]
    assert decision.state.state is State.ADJOURNED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"attendance": came()[:1]}, "attendance_incomplete"),
        ({"attendance": (*came(), came()[0])}, "attendance_incomplete"),
        ({"means": ()}, "means_missing"),
        ({"means": ("magic",)}, "means_missing"),
        ({"outcome": "agreed", "attendance": came(li=False)}, "side_absent"),
        ({"outcome": "not_held"}, "session_was_started"),
        ({"outcome": "declined"}, "declined_by_missing"),
    ],
)
def test_a_result_without_its_record_is_refused(changes: Any, code: str) -> None:
    with pytest.raises(Refused) as caught:
        sessions.hold(started(), session_id(1), ending(**{"outcome": "failed"} | changes), by(MONDAY + HOUR))

    assert caught.value.code == code


@pytest.mark.requirement("MD-22")
def test_a_sitting_ends_with_the_offer_of_further_help() -> None:
    with pytest.raises(Refused) as caught:
        sessions.hold(started(), session_id(1), ending("failed", offers={}), by(MONDAY + HOUR))
    held = last(failed())

    assert caught.value.code == "offers_missing"
    assert held.offers == {
        "legal_service": "declined",
        "legal_aid": "declined",
        "judicial_confirmation": "accepted",
    }


@pytest.mark.requirement("MD-29")
def test_a_result_names_the_means_from_the_countys_list() -> None:
    mine = replace(county(), mediation=replace(county().mediation, means=("custom",)))
    act = replace(by(MONDAY + HOUR), profile=mine)

    held = sessions.hold(started(), session_id(1), ending("failed", means=("custom",)), act)
    with pytest.raises(Refused) as caught:
        sessions.hold(started(), session_id(1), ending("failed", means=("law",)), act)

    assert last(held.state).means == ("custom",)
    assert caught.value.fields == {"means": ["请写明用了哪些办法：custom"]}


def test_a_sitting_says_how_long_it_took() -> None:
    decision = ended("adjourned", lasts=timedelta(minutes=95))

    assert fact(decision, "mediation.session_held").minutes == 95


@pytest.mark.requirement("MD-03")
def test_a_party_can_complain_about_a_mediator_who_does_not_read_it() -> None:
    ask = Complain(mediator_ref=MEDIATOR, about="partial", text="只听一边的话")

    with pytest.raises(Forbidden):
        complaining.complain(failed(), ask, by())
    made = complaining.complain(failed(), ask, by(ref=OTHER_MEDIATOR))
    with pytest.raises(NotFound):
        complaining.complain(failed(), replace(ask, mediator_ref=WANG), by())

    assert told(made) == ["mediation.noted"]
    assert "一边".encode() not in repr(made.state).encode()
    assert complaining.opened(made.state, SEALER)[0]["text"] == "只听一边的话"


@pytest.mark.requirement("MD-03")
def test_minutes_have_facts_law_proposals_and_the_view_of_each_side() -> None:
    one_sided = {"applicant": "同意", "respondent": " "}
    with pytest.raises(Refused, match="双方各自的意见"):
        recording.write_minutes(
            failed(), session_id(1), type(MINUTES)(**vars(MINUTES) | {"views": one_sided}), by()
        )

    words = minutes_opened(failed(), last(failed()), last(failed()).minutes[0], SEALER)

    assert words["law"] == "讲了相邻关系的规定"
    assert words["views"] == {"applicant": "愿意各让半米", "respondent": "不同意"}


def test_what_was_said_is_kept_sealed_and_never_told() -> None:
    decision = ended("failed")

    written = repr(decision.state).encode() + repr(decision.events).encode()
    assert not any(word.encode() in written for word in ("水沟", "相邻关系", "半米", "不同意"))


def test_new_minutes_are_added_and_the_old_ones_stay() -> None:
    matter = recording.write_minutes(failed(), session_id(1), MINUTES, by(MONDAY + DAY)).state

    assert [version.at for version in last(matter).minutes] == [MONDAY + HOUR, MONDAY + DAY]


@pytest.mark.requirement("MD-37")
def test_the_matter_is_not_ended_before_its_record_is_complete() -> None:
    unwritten = failed(minutes=None)

    with pytest.raises(Refused) as caught:
        closing.close(unwritten, Close(result="failed", reason="no_agreement"), by(MONDAY + DAY))
    assert caught.value.details == {"missing": ["minutes", "routes_notice", "requests_answered"]}
    whole = Close(result="failed", reason="no_agreement", routes_shown=True, requests_answered=True)
    closed = closing.close(failed(), whole, by(MONDAY + DAY))
    assert fact(closed, "mediation.matter_closed").days == 1


def test_an_unknown_sitting_and_one_that_is_over_are_refused() -> None:
    with pytest.raises(NotFound):
        sessions.start(scheduled(), session_id(7), Start(rights_notice=True), by())
    with pytest.raises(Refused, match="已经有结果"):
        sessions.hold(failed(), session_id(1), ending("agreed"), by(MONDAY + DAY))
