"""The life of a department's connection: two people, made, tried, live, at rest, ended; and signs of life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from services.routing.model import Stage as Way
from services.routing.model.department import NEXT, Checked, Connection, Department, Stage
from services.routing.model.department_asks import AskLink, Conformance, Pause
from services.routing.rules import access, board, connection, liveness
from services.routing.rules.known import with_departments
from shared.errors import Forbidden, Illegal, Refused
from tests import routing_given as given
from tests.routing_given import MONDAY, by, refusal, told
from tests.unit.test_routing_deliveries import queued, sent

FORESTRY = Department(department="forestry", region="990101", name="林业局")
KIT = Conformance(
    kit="kit@1", schema_versions=("ask.handle_case.v1",),
    cases=tuple(Checked(name=f"case_{n}", passed=True) for n in range(14)),
)  # fmt: skip
ADMIN, DIRECTOR = "clerk", "director"


def asked(link: Any = "mailbox") -> Department:
    return connection.request(FORESTRY, AskLink(link=link, window=50), by(ADMIN)).state


def approved() -> Department:
    return connection.approve(asked(), by(DIRECTOR)).state


def provisioned() -> Department:
    done = connection.provisioned(approved(), by("time"))
    assert done is not None
    return done.state


def live() -> Department:
    return connection.conformed(provisioned(), KIT, by(ADMIN)).state


@pytest.mark.requirement("COR-01")
def test_two_people_agree_the_provisioner_makes_it_and_only_the_kit_makes_it_live() -> None:
    steps = [
        connection.request(FORESTRY, AskLink(link="mailbox"), by(ADMIN)),
        connection.approve(asked(), by(DIRECTOR)),
        connection.provisioned(approved(), by("time")),
        connection.conformed(provisioned(), KIT, by(ADMIN)),
    ]

    assert [told(step) for step in steps] == [
        ["department.onboarding_requested"],
        ["department.onboarding_requested"],
        ["department.provisioned"],
        ["department.conformance_passed", "department.onboarded"],
    ]
    assert live().connection.report is not None
    assert refusal(lambda: connection.approve(asked(), by(ADMIN)), Forbidden) == "second_person_needed"


@pytest.mark.parametrize(
    "cases",
    [
        KIT.cases[:13],
        (*KIT.cases[:13], Checked(name="case_13", passed=False)),
        (*KIT.cases[:13], KIT.cases[0]),
    ],
    ids=["thirteen", "one failed", "one twice"],
)
def test_a_report_that_is_not_whole_leaves_the_department_where_it_is(cases: Any) -> None:
    refused = refusal(lambda: connection.conformed(provisioned(), replace(KIT, cases=cases), by(ADMIN)))

    assert refused == "conformance_not_passed"


def test_a_unit_without_a_system_gets_a_desk_at_once_and_no_user() -> None:
    done = connection.approve(asked("desk"), by(DIRECTOR))

    assert told(done) == ["department.onboarding_requested", "department.onboarded"]
    assert (done.state.connection.link, done.state.connection.users) == ("desk", ())


ORDERS: dict[str, Callable[[Department], Any]] = {
    "approve": lambda d: connection.approve(d, by(DIRECTOR)),
    "conformed": lambda d: connection.conformed(d, KIT, by(ADMIN)),
    "suspend": lambda d: connection.suspend(d, Pause(reason="late"), by(ADMIN)),
    "resume": lambda d: connection.resume(d, by(ADMIN)),
    "repair": lambda d: connection.repair(d, by(ADMIN)),
    "leave": lambda d: connection.leave(d, Pause(reason="merged"), by(ADMIN)),
    "approve_leave": lambda d: connection.approve_leave(d, by(DIRECTOR)),
}
FROM = {
    "approve": (Stage.REQUESTED,),
    "conformed": (Stage.PROVISIONED,),
    "suspend": (Stage.ONBOARDED,),
    "resume": (Stage.SUSPENDED,),
    "repair": (Stage.ONBOARDED,),
    "leave": (Stage.APPROVED, Stage.PROVISIONED, Stage.ONBOARDED, Stage.SUSPENDED),
    "approve_leave": (Stage.LEAVING_ASKED,),
}


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("stage", list(Stage))
def test_every_order_is_possible_in_its_stages_and_refused_in_all_others(name: str, stage: Stage) -> None:
    link = Connection(stage=stage, link="mailbox", requested_by="x", leaving_by="x", users=())
    department = replace(FORESTRY, connection=link)

    if stage in FROM[name]:
        assert ORDERS[name](department).events
    else:
        refusal(lambda: ORDERS[name](department), Illegal)


def test_every_stage_is_in_the_table() -> None:
    assert set(NEXT) == set(Stage)


@pytest.mark.requirement("COR-01")
def test_a_password_is_claimed_once_within_a_day_and_no_event_knows_it() -> None:
    offered = access.offer(provisioned(), "hash-of-token", by(ADMIN))
    claimed = access.claimed(offered.state, "hash-of-token", "hash-of-password", "ab" * 32, by("time"))

    assert claimed.state.connection.users[-1].password_hash == "hash-of-password"
    assert "hash" not in repr(offered.events) + repr(claimed.events)
    late = by("time", at=MONDAY + timedelta(hours=24))
    for state, token, who in (
        (claimed.state, "hash-of-token", by("time")),
        (offered.state, "another", by("time")),
        (offered.state, "hash-of-token", late),
    ):
        assert refusal(partial(access.claimed, state, token, "x", "ab" * 32, who)) == "claim_not_valid"


def test_the_users_of_a_pair_take_turns_and_work_side_by_side_for_a_day() -> None:
    turned = access.rotate(live(), by(ADMIN)).state
    again = access.rotate(turned, by(ADMIN)).state

    now, later = MONDAY, MONDAY + timedelta(hours=25)
    assert [(user.slot, user.generation) for user in turned.connection.users] == [("a", 1), ("b", 2)]
    assert [user.slot for user in access.working_users(turned, now)] == ["a", "b"]
    assert [user.slot for user in access.working_users(turned, later)] == ["b"]
    assert [(user.slot, user.generation) for user in again.connection.users] == [("b", 2), ("a", 3)]


def test_only_a_suspension_for_security_takes_the_users_away() -> None:
    late = connection.suspend(live(), Pause(reason="late"), by(ADMIN)).state
    hostile = connection.suspend(live(), Pause(reason="hostile", security=True), by(ADMIN)).state

    assert [len(access.working_users(each, MONDAY)) for each in (late, hostile)] == [1, 0]


def test_a_second_turn_waits_until_the_password_of_the_first_was_claimed() -> None:
    mine = access.offer(live(), "token", by(ADMIN)).state
    known = access.claimed(mine, "token", "first", "ab" * 32, by("time")).state

    turned = access.rotate(known, by(ADMIN)).state

    assert refusal(lambda: access.rotate(turned, by(ADMIN))) == "password_not_claimed"
    assert [user.password_hash for user in access.working_users(turned, MONDAY)] == ["first", ""]
    taken = access.offer(turned, "another", by(ADMIN)).state
    done = access.claimed(taken, "another", "second", "ab" * 32, by("time")).state
    assert access.rotate(done, by(ADMIN)).events


def test_a_department_that_was_shut_out_for_security_stays_out_when_it_leaves() -> None:
    hostile = connection.suspend(live(), Pause(reason="hostile", security=True), by(ADMIN)).state

    leaving = connection.leave(hostile, Pause(reason="hostile"), by(ADMIN)).state

    assert access.working_users(leaving, MONDAY) == ()


def test_a_password_that_leaked_is_dead_once_it_was_changed_while_shut_out() -> None:
    mine = access.offer(live(), "token", by(ADMIN)).state
    known = access.claimed(mine, "token", "leaked", "ab" * 32, by("time")).state
    hostile = connection.suspend(known, Pause(reason="hostile", security=True), by(ADMIN)).state

    turned = access.rotate(hostile, by(ADMIN))

    back = connection.resume(turned.state, by(DIRECTOR)).state
    assert [user.password_hash for user in access.working_users(back, MONDAY)] == [""]
    assert turned.events[0].until == MONDAY  # type: ignore[attr-defined]


def test_a_suspension_for_security_is_ended_by_a_person_and_not_by_a_date() -> None:
    ask = Pause(reason="hostile", security=True, until=MONDAY + timedelta(days=1))

    assert refusal(lambda: connection.suspend(live(), ask, by(ADMIN))) == "invalid_fields"


def test_a_failure_is_told_once_for_each_step_and_reason() -> None:
    first = connection.failed(approved(), "safe", "not_running", by("time"))
    assert first is not None

    assert told(first) == ["department.onboarding_failed"]
    assert connection.failed(first.state, "safe", "not_running", by("time")) is None
    assert connection.failed(first.state, "probe", "not_returned", by("time")) is not None


def test_a_rebuilt_mailbox_is_live_again_without_a_second_examination() -> None:
    broken = connection.repair(live(), by(ADMIN)).state

    done = connection.provisioned(broken, by("time"))

    assert told(done) == ["department.provisioned", "department.onboarded"]


def test_the_end_needs_two_people_and_an_empty_mailbox() -> None:
    ending = connection.leave(live(), Pause(reason="merged"), by(ADMIN)).state

    assert refusal(lambda: connection.approve_leave(ending, by(ADMIN)), Forbidden) == "second_person_needed"
    agreed = connection.approve_leave(ending, by(DIRECTOR)).state
    done = connection.gone(agreed, by("time"))
    assert told(done) == ["department.offboarded"]
    assert connection.gone(live(), by("time")) is None


def test_the_county_has_the_departments_that_were_connected_and_not_those_that_left() -> None:
    county = given.county()
    ended = replace(FORESTRY, department="police", connection=Connection(stage=Stage.OFFBOARDED))

    now = with_departments(county, [live(), ended])

    assert {unit.id: unit.adapter for unit in now.departments}["forestry"] is True
    assert "police" not in {unit.id for unit in now.departments} and "police" in now.all_units
    assert with_departments(county, [asked(), provisioned()]) is county


# ── signs of life ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("seconds", "oldest", "consumers", "state"),
    [
        (None, 0, 0, "unknown"), (None, 0, 1, "silent"), (89, 0, 1, "online"), (89, 601, 1, "stuck"),
        (90, 0, 1, "silent"), (90, 0, 0, "silent"), (301, 0, 1, "silent"), (301, 0, 0, "offline"),
    ],
)  # fmt: skip
def test_liveness(seconds: int | None, oldest: int, consumers: int, state: str) -> None:
    last = None if seconds is None else MONDAY - timedelta(seconds=seconds)

    assert liveness.liveness(last, oldest, consumers, MONDAY, 30) == state


def test_going_away_and_coming_back_are_told_once_each() -> None:
    went = connection.seen(live(), "offline", 3, by("time"), last_beat=MONDAY)
    assert went is not None
    back = connection.seen(went.state, "online", 3, by("time"), version="1.0")

    assert (told(went), told(back)) == (["department.went_offline"], ["department.came_online"])
    assert connection.seen(went.state, "silent", 3, by("time")) is None
    assert connection.seen(live(), "online", 0, by("time")) is None


@pytest.mark.requirement("COR-28")
def test_an_ask_without_a_receipt_is_sent_again_after_a_quarter_of_an_hour_under_its_own_count() -> None:
    early = by("time", at=MONDAY + timedelta(minutes=14))
    late = by("time", at=MONDAY + timedelta(minutes=15))
    mail = replace(sent(), stage=Way.SENT)

    again = liveness.resent(mail, late)

    assert liveness.resent(mail, early) is None
    assert again is not None
    assert (told(again), again.state.sent_n) == (["delivery.sent", "ask.handle_case"], 2)
    assert liveness.resent(replace(mail, stage=Way.RECEIVED), late) is None


def test_a_person_can_have_it_sent_again_only_where_there_is_a_mailbox_and_something_owed() -> None:
    county = by("dispatcher", profile=given.connected())

    assert told(liveness.replayed(sent(), county)) == ["delivery.sent", "ask.handle_case"]
    assert refusal(lambda: liveness.replayed(sent(), by("dispatcher")), Refused) == "no_mailbox"
    refusal(lambda: liveness.replayed(queued(), county), Illegal)


def test_the_board_says_where_a_hand_over_hangs() -> None:
    quarter = MONDAY + timedelta(minutes=15)

    assert board.stuck(queued(), MONDAY) == ""
    assert board.stuck(queued(), quarter) == "not_sent"
    assert board.stuck(sent(), MONDAY) == ""
    assert board.stuck(sent(), quarter) == "not_received"
    assert board.stuck(sent(), MONDAY, "offline") == "not_received"
    received = replace(sent(), stage=Way.RECEIVED, accept_by=quarter)
    assert (board.stuck(received, MONDAY), board.stuck(received, quarter)) == ("", "not_accepted")
    accepted = replace(sent(), stage=Way.ACCEPTED, due_at=quarter)
    assert (board.stuck(accepted, MONDAY), board.stuck(accepted, quarter)) == ("", "overdue")
