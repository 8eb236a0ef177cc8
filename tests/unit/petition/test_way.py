"""The way of a petition from receipt to its end, and what may not be done to it."""

from __future__ import annotations

from typing import Any

import pytest

from services.petition.model import State
from services.petition.model import commands as asks
from services.petition.model.states import TABLE, allowed
from services.petition.rules import ending, going, registering, relating
from shared import ids
from shared.errors import Forbidden, Illegal, Refused
from tests.unit.petition.given import (
    ACCEPTED,
    CASE,
    COLLEAGUE,
    DAY,
    HOUSING,
    PARTS,
    PET,
    RECEIVED,
    accepted,
    by,
    concluded,
    fact,
    handling,
    not_accepted,
    notified,
    register,
    registered,
    serve,
    served,
    staff,
    told,
    voided,
)  # fmt: skip


def test_the_straight_way_tells_each_step() -> None:
    petition = concluded()

    assert petition.state is State.CONCLUDED
    assert [step.step for step in petition.steps] == [
        "register", "transfer", "notify", "accept", "start", "serve", "conclude",
    ]  # fmt: skip


def test_a_petition_is_registered_with_its_receipt() -> None:
    decision = register(at=RECEIVED + DAY)

    assert told(decision) == ["petition.registered"]
    assert fact(decision, "petition.registered").received_at == RECEIVED
    assert decision.state.unit == "petition_office"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"representatives": 6}, "too_many_representatives"),
        ({"received_at": RECEIVED + DAY}, "received_in_the_future"),
        ({"complained_units": ("no_such_unit",)}, "unit_unknown"),
    ],
)
def test_what_cannot_be_is_refused(changes: Any, code: str) -> None:
    with pytest.raises(Refused) as caught:
        register(**changes)

    assert caught.value.code == code


def test_an_accusation_never_goes_to_the_accused() -> None:
    petition = registered(legal_type="accusation", complained_units=(HOUSING,))

    with pytest.raises(Refused) as caught:
        going.transfer(petition, asks.Transfer(to_unit=HOUSING), by())

    assert petition.protected
    assert caught.value.code == "unit_complained_about"


def test_what_turns_out_to_be_an_accusation_is_hidden_from_then_on() -> None:
    sorted_ = registering.sort(
        registered(), asks.Sort(legal_type="accusation", route="party_appeal"), by()
    ).state

    assert sorted_.protected and sorted_.route == "party_appeal"


@pytest.mark.parametrize(
    ("reason", "route", "code"),
    [("no_time", "court", "reason_not_listed"), ("court_accepted", "", "route_missing")],
)
def test_not_accepting_needs_a_listed_reason_and_another_road(reason: str, route: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        going.notify(
            registered(), asks.Notify(accepted=False, how="written", reason=reason, route=route), by()
        )

    assert caught.value.code == code
    assert not_accepted().state is State.NOT_ACCEPTED


def test_a_date_lies_between_receipt_and_now() -> None:
    for at in (RECEIVED - DAY, RECEIVED + 3 * DAY):
        with pytest.raises(Refused, match="收到之后"):
            going.notify(
                registered(), asks.Notify(accepted=True, how="written", notified_at=at), by(RECEIVED + DAY)
            )
    with pytest.raises(Refused, match="收到之后"):
        going.accept(notified(), asks.Accept(accepted_at=ACCEPTED + DAY), staff(ACCEPTED))
    with pytest.raises(Refused, match="受理之后"):
        serve(served_at=ACCEPTED - DAY)


@pytest.mark.parametrize("part", PARTS)
def test_a_written_opinion_has_all_its_five_parts(part: str) -> None:
    with pytest.raises(Refused) as caught:
        serve(parts=PARTS | {part: " "})

    assert caught.value.details == {"missing": [part]}


def test_no_word_of_a_petition_is_kept_open_or_told() -> None:
    decision = serve()

    written = repr(decision.state).encode() + repr(decision.events).encode()
    assert not any(word.encode() in written for word in ("塌", "修好", "公路法"))
    assert fact(decision, "petition.opinion_served").result == "support"


@pytest.mark.requirement("PT-13")
@pytest.mark.parametrize(("satisfied", "hardship"), [(0, False), (4, None)])
def test_the_end_waits_for_the_call_back(satisfied: int, hardship: bool | None) -> None:
    ask = asks.Conclude(basis="accepted_by_petitioner", satisfied=satisfied, remaining_hardship=hardship)

    with pytest.raises(Refused) as caught:
        ending.conclude(served(), ask, by(ACCEPTED + 21 * DAY))

    assert caught.value.code == "callback_missing"


@pytest.mark.requirement("PT-13")
def test_the_end_waits_for_a_result() -> None:
    ask = asks.Conclude(basis="accepted_by_petitioner", satisfied=4, remaining_hardship=False)

    with pytest.raises(Illegal):
        ending.conclude(handling(), ask, by(ACCEPTED + 21 * DAY))
    assert concluded().callback


def test_silence_ends_it_only_after_the_days_for_a_review() -> None:
    ask = asks.Conclude(basis="window_passed", satisfied=3, remaining_hardship=True)
    opinion = served().opinion
    assert opinion

    with pytest.raises(Refused) as early:
        ending.conclude(served(), ask, by(opinion.review_by - DAY))
    done = ending.conclude(served(), ask, by(opinion.review_by))

    assert early.value.code == "review_still_open"
    assert fact(done, "petition.concluded").basis == "window_passed"


@pytest.mark.requirement("PT-10")
def test_a_wrong_entry_is_voided_by_two_different_people_and_stays_readable() -> None:
    once = ending.void(registered(), asks.Void(reason="typed_twice"), by())

    assert (told(once), once.state.state) == (["petition.noted"], State.REGISTERED)
    with pytest.raises(Forbidden):
        ending.void(once.state, asks.Void(reason="typed_twice"), by())
    twice = ending.void(once.state, asks.Void(reason="other"), by(ref=COLLEAGUE))
    assert (told(twice), twice.state.state) == (["petition.voided"], State.VOIDED)
    assert twice.state.summary


def test_a_person_says_first_or_repeat_and_may_correct_it() -> None:
    first = relating.confirm(registered(), asks.Confirm(kind="first"), by())
    with pytest.raises(Refused, match="已经这样确认过"):
        relating.confirm(first.state, asks.Confirm(kind="first"), by())
    earlier = ids.derived("tests", "earlier")
    corrected = relating.confirm(
        first.state, asks.Confirm(kind="repeat", repeat_of=earlier, earlier_exists=True), by()
    )

    assert told(first) == ["petition.first_confirmed"]
    assert fact(corrected, "petition.repeat_confirmed").repeat_of == earlier


@pytest.mark.parametrize("repeat_of", [PET, ids.derived("tests", "nowhere")])
def test_a_repeat_names_another_petition_that_exists(repeat_of: str) -> None:
    with pytest.raises(Refused) as caught:
        relating.confirm(registered(), asks.Confirm(kind="repeat", repeat_of=repeat_of), by())

    assert caught.value.code == "earlier_not_found"


def test_a_petition_is_linked_to_a_case_by_a_person_once() -> None:
    linked = relating.link(registered(), asks.LinkTo(case_id=CASE, confirmed=True), by())

    assert fact(linked, "petition.linked_to_case").confirmed_by_role == "petition_officer"
    with pytest.raises(Refused, match="经办人确认"):
        relating.link(registered(), asks.LinkTo(case_id=CASE), by())
    with pytest.raises(Refused, match="已经关联过"):
        relating.link(linked.state, asks.LinkTo(case_id=CASE, confirmed=True), by())


EVERY_STATE = {
    State.REGISTERED: registered,
    State.NOTIFIED: notified,
    State.ACCEPTED: accepted,
    State.HANDLING: handling,
    State.OPINION_SERVED: served,
    State.CONCLUDED: concluded,
    State.NOT_ACCEPTED: not_accepted,
    State.VOIDED: voided,
}
STEPS: dict[str, Any] = {
    "sort": registering.sort,
    "transfer": going.transfer,
    "notify": going.notify,
    "accept": going.accept,
    "start": lambda petition, ask, by: going.start(petition, by),
    "extend": going.extend,
    "serve": ending.serve,
    "conclude": ending.conclude,
    "confirm": relating.confirm,
    "link": relating.link,
    "void": ending.void,
}


@pytest.mark.parametrize("state", EVERY_STATE)
@pytest.mark.parametrize("step", TABLE)
def test_what_the_table_does_not_know_is_refused_with_what_it_knows(state: State, step: str) -> None:
    if step in allowed(state):
        return

    with pytest.raises(Illegal) as caught:
        STEPS[step](EVERY_STATE[state](), None, staff(ACCEPTED + 30 * DAY))

    assert caught.value.details == {"state": state, "allowed": sorted(allowed(state))}
