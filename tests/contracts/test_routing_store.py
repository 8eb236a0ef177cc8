"""Lists of cases and hand-overs, in memory and in the real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.routing.handlers import departments as handlers
from services.routing.handlers import mailbox
from services.routing.model import Case, Delivery, Stage, State
from services.routing.model.delivery import delivery_id
from services.routing.model.department_asks import Pause
from services.routing.model.report import report_id
from services.routing.rules import board, connection, reports, sweep
from services.routing.rules import deliveries as handing
from services.routing.store import CaseFilter, DeliveryFilter, Stores, Stuck, memory_stores
from services.routing.store.cases import MongoCases
from services.routing.store.deliveries import MongoDeliveries
from services.routing.store.departments import MongoDepartments, MongoSigns
from services.routing.store.exports import MongoExports
from services.routing.store.leases import MongoLeases
from services.routing.store.reports import MongoReports
from services.routing.store.requests import MongoRequests
from shared import ids
from shared.aggregate import MongoStore
from shared.audit import MemoryTrail
from shared.bus.mailboxes import Letter
from shared.contracts import wire
from shared.contracts.routing import CaseNoted
from shared.database import open_database
from shared.decision import Cause, Decision
from shared.place import Place
from tests import routing_given as given
from tests.routing_given import MONDAY, by
from tests.servers import TestServers


@pytest.fixture(params=["memory", "mongo"])
def stores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    """The same lists, kept in memory and in the real database."""
    if request.param == "memory":
        yield memory_stores(given.county())
        return
    servers: TestServers = request.getfixturevalue("servers")
    with servers.entered(monkeypatch):
        database = open_database("routing")
        found = Stores(
            county=given.county(),
            cases=MongoCases(),
            deliveries=MongoDeliveries(),
            leases=MongoLeases(database),
            audit=MemoryTrail("routing"),
            departments=MongoDepartments(),
            signs=MongoSigns(),
            exports=MongoExports(database),
            reports=MongoReports(),
            requests=MongoRequests(),
        )
        for store in (found.cases, found.deliveries, found.departments):
            assert isinstance(store, MongoStore)
            store.prepare()
        yield found


def keep(stores: Stores, case: Case, n: int, **changes: Any) -> str:
    """A case, kept under its own number and id."""
    id = ids.derived("stored", str(n))
    mine = replace(case, case_id=id, case_no=f"990101-2026-{n:06d}", **changes)
    event = CaseNoted(case_id=id, about="tests", reason="tests")
    stores.cases.open(id, Cause(at=MONDAY), lambda _: Decision(state=mine, events=(event,), reason="放入"))
    return id


def numbers(stores: Stores, *, after: Place | None = None, limit: int = 50, **wanted: Any) -> list[int]:
    found = stores.cases.listed(CaseFilter(**wanted), after, limit)
    return [int(held.state.case_no[-6:]) for held in found]


def test_a_case_comes_back_as_it_was_kept(stores: Stores) -> None:
    for n, case in enumerate((*given.every_case(), given.suspended())):
        id = keep(stores, case, n)

        again = stores.cases.load(id).state

        assert again == replace(case, case_id=id, case_no=again.case_no)


def test_cases_are_listed_by_what_is_due_first_page_by_page(stores: Stores) -> None:
    dues = [3, 1, 2, 1, None]
    for n, day in enumerate(dues):
        due = MONDAY + timedelta(days=day) if day else None
        keep(stores, given.handling(), n, first_due=due)

    first = stores.cases.listed(CaseFilter(order="due"), None, 2)
    edge = first[-1]
    assert edge.state.first_due is not None
    rest = stores.cases.listed(CaseFilter(order="due"), Place(at=edge.state.first_due, id=edge.id))

    assert {held.state.case_no[-1] for held in first} == {"1", "3"}
    assert [held.state.case_no[-1] for held in rest] == ["2", "0"]


def test_cases_are_listed_with_the_last_registered_first_page_by_page(stores: Stores) -> None:
    for n in range(5):
        keep(stores, given.registered(), n, registered_at=MONDAY + timedelta(minutes=n))

    place = Place(at=MONDAY + timedelta(minutes=3), id=ids.derived("stored", "3"))

    assert numbers(stores) == [4, 3, 2, 1, 0]
    assert numbers(stores, after=place, limit=2) == [2, 1]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"region": "990101101"}, {0, 1, 2, 4}),
        ({"unit": "police"}, {1, 2}),
        ({"states": (State.CLOSED,)}, {3}),
        ({"tier": "county"}, {2}),
        ({"category": "contract"}, {4}),
        ({"case_no": "990101-2026-000003"}, {3}),
        ({"not_about": "housing"}, {0, 1, 2, 3}),
        ({"protected_too": False}, {0, 1, 2, 3}),
        ({"late_at": MONDAY + timedelta(days=40)}, {0, 1, 2, 4}),
        ({"late_at": MONDAY + timedelta(days=40), "states": (State.HANDLING, State.CLOSED)}, {0, 1, 2, 4}),
        ({"late_at": MONDAY}, set()),
        ({"unit": "police", "tier": "county", "region": "990101"}, {2}),
    ],
)
def test_cases_are_found_by_place_unit_state_and_what_may_be_seen(
    stores: Stores, wanted: dict[str, Any], found: set[int]
) -> None:
    keep(stores, given.handling(), 0)
    keep(stores, given.handling(), 1, lead_unit="police")
    keep(stores, given.handling(), 2, co_units=("police",), tier="county")
    keep(stores, given.closed(), 3, region="990101102001")
    keep(stores, given.handling(), 4, category="contract", protected=True, complained_units=("housing",))

    assert set(numbers(stores, **wanted)) == found


def test_a_filter_in_memory_and_a_page_in_the_database_go_together(stores: Stores) -> None:
    for n in range(6):
        unit = "police" if n % 2 else "court"
        keep(stores, given.handling(), n, lead_unit=unit, registered_at=MONDAY + timedelta(minutes=n))

    place = Place(at=MONDAY + timedelta(minutes=5), id=ids.derived("stored", "5"))

    assert numbers(stores, unit="police", after=place) == [3, 1]


def test_time_is_asked_only_of_cases_it_can_change_and_the_earliest_first(stores: Stores) -> None:
    late, early = keep(stores, given.handling(), 1), keep(stores, given.assigned(), 2)
    keep(stores, given.closed(), 3)

    nobody = stores.cases.overdue(MONDAY)
    one = stores.cases.overdue(MONDAY + timedelta(minutes=31))
    both = stores.cases.overdue(MONDAY + timedelta(days=30))

    assert (nobody, one, both) == ([], [early], [early, late])


def test_a_tick_moves_the_case_on_to_its_next_instant(stores: Stores) -> None:
    id, at = keep(stores, given.assigned(), 1), MONDAY + timedelta(minutes=31)
    act = by("time", at=at)

    stores.cases.change(id, Cause(at=at), lambda case: sweep.tick(case, act))

    assert stores.cases.overdue(at) == []
    assert stores.cases.overdue(MONDAY + timedelta(minutes=48)) == [id]


def test_the_timeline_keeps_who_when_why_and_the_exact_events(stores: Stores) -> None:
    id = keep(stores, given.registered(), 1)

    (entry,) = stores.cases.timeline(id)

    assert (entry["v"], entry["role"], entry["reason"]) == (1, "system", "放入")
    assert [wire.decode(bytes(body)).name for body in entry["events"]] == ["case.noted"]


def hand_over(stores: Stores, n: int, department: str, **changes: Any) -> str:
    """A delivery, queued so many minutes after nine."""
    case = given.assigned(category="labour_wages", tier="county")
    case = replace(case, case_id=ids.derived("case", str(n)))
    assert case.assignment is not None
    turn = replace(case.assignment, unit=department)
    id, act = delivery_id(case.case_id, department, 1), by("time", at=MONDAY + timedelta(minutes=n))

    def rule(_: Delivery | None) -> Decision[Delivery]:
        made = handing.queued(case, turn, act)
        return replace(made, state=replace(made.state, **changes))

    stores.deliveries.open(id, Cause(at=act.at), rule)
    return id


def test_hand_overs_wait_in_order_and_fill_a_mailbox(stores: Stores) -> None:
    first, second = hand_over(stores, 1, "court"), hand_over(stores, 2, "court")
    hand_over(stores, 3, "court", stage=Stage.SENT)
    hand_over(stores, 4, "court", stage=Stage.RECEIVED)
    hand_over(stores, 5, "court", stage=Stage.ACCEPTED)
    hand_over(stores, 6, "police", stage=Stage.CONCLUDED)

    queued = stores.deliveries.listed(DeliveryFilter(department="court", stages=(Stage.QUEUED,)))

    assert [held.id for held in queued] == [first, second]
    assert (stores.deliveries.in_mailbox("court"), stores.deliveries.in_mailbox("police")) == (2, 0)
    assert stores.deliveries.departments_waiting() == ["court"]


def test_hand_overs_still_owed_are_listed_page_by_page(stores: Stores) -> None:
    made = [hand_over(stores, n, "court") for n in range(4)]
    hand_over(stores, 9, "court", stage=Stage.WITHDRAWN)

    first = stores.deliveries.listed(DeliveryFilter(region="990101"), None, 3)
    edge = Place(at=first[-1].state.queued_at, id=first[-1].id)
    rest = stores.deliveries.listed(DeliveryFilter(region="990101"), edge)
    of_one = stores.deliveries.listed(DeliveryFilter(case_id=ids.derived("case", "2")))

    secret = hand_over(stores, 20, "police", complained_units=("court",), protected=True)
    seen = [
        [held.id for held in stores.deliveries.listed(DeliveryFilter(department="police", **more))]
        for more in ({}, {"not_about": "court"}, {"protected_too": False})
    ]

    assert seen == [[secret], [], []]
    assert [held.id for held in first + rest] == made
    assert [held.id for held in of_one] == [made[2]]


HANGING: tuple[dict[str, Any], ...] = (
    {"stage": Stage.QUEUED},
    {"stage": Stage.QUEUED, "queued_at": MONDAY + timedelta(hours=2)},
    {"stage": Stage.SENT, "sent_at": MONDAY, "accept_by": None},
    {"stage": Stage.SENT, "sent_at": MONDAY + timedelta(hours=2), "accept_by": None},
    {"stage": Stage.SENT, "sent_at": MONDAY + timedelta(hours=2), "accept_by": MONDAY},
    {"stage": Stage.SENT, "sent_at": MONDAY + timedelta(hours=2), "accept_by": None, "department": "away"},
    {"stage": Stage.RECEIVED, "accept_by": MONDAY},
    {"stage": Stage.RECEIVED, "accept_by": None},
    {"stage": Stage.RECEIVED, "accept_by": MONDAY + timedelta(days=9)},
    {"stage": Stage.ACCEPTED, "due_at": MONDAY},
    {"stage": Stage.ACCEPTED, "due_at": None},
    {"stage": Stage.FAILED},
)


def test_what_hangs_is_found_in_the_database_by_the_rule_of_the_board(stores: Stores) -> None:
    now, away = MONDAY + timedelta(hours=2, minutes=10), frozenset({"away"})
    for n, change in enumerate(HANGING):
        unit = "away" if "department" in change else "court"
        hand_over(stores, n, unit, **{name: value for name, value in change.items() if name != "department"})
    every = DeliveryFilter(stages=(*DeliveryFilter().stages, Stage.FAILED))

    found = {
        hangs: [
            held.state
            for held in stores.deliveries.listed(replace(every, stuck=Stuck(hangs=hangs, at=now, away=away)))
        ]
        for hangs in (True, False)
    }

    for hangs, states in found.items():
        for state in states:
            liveness = "offline" if state.department == "away" else "unknown"
            assert bool(board.stuck(state, now, liveness)) is hangs
    assert (len(found[True]), len(found[False])) == (7, 5)
    first = stores.deliveries.listed(replace(every, stuck=Stuck(hangs=True, at=now, away=away)), None, 3)
    edge = Place(at=first[-1].state.queued_at, id=first[-1].id)
    rest = stores.deliveries.listed(replace(every, stuck=Stuck(hangs=True, at=now, away=away)), edge)
    assert [held.state for held in (*first, *rest)] == found[True]


def test_links_that_did_not_go_out_yet_are_found_while_they_open(stores: Stores) -> None:
    until = MONDAY + timedelta(hours=1)
    open_ = {"stage": Stage.SENT, "links": 1, "link_until": until}
    first = hand_over(stores, 1, "court", **open_)
    again = hand_over(stores, 2, "court", **(open_ | {"links": 2, "link_sent": 1}))
    hand_over(stores, 3, "court", **(open_ | {"link_sent": 1}))
    hand_over(stores, 4, "court", **(open_ | {"stage": Stage.CONCLUDED}))
    hand_over(stores, 5, "court", stage=Stage.SENT)

    assert [held.id for held in stores.deliveries.links_to_send(MONDAY, 10)] == [first, again]
    assert [held.id for held in stores.deliveries.links_to_send(MONDAY, 1)] == [first]
    assert stores.deliveries.links_to_send(until, 10) == []


def test_what_was_left_over_in_a_mailbox_is_kept_once_in_its_order(stores: Stores) -> None:
    letters = [Letter(type="ask.handle_case.v1", event_id=str(n), body=b"%d" % n) for n in range(3)]

    stores.exports.keep("forestry", letters[:2], MONDAY)
    stores.exports.keep("forestry", letters, MONDAY + timedelta(seconds=3))
    stores.exports.keep("forestry", [], MONDAY)

    assert [kept.event_id for kept in stores.exports.of("forestry")] == ["0", "1", "2"]
    assert stores.exports.of("forestry")[0].body == b"0" and stores.exports.of("court") == []


def test_an_ask_goes_to_the_mailbox_under_an_id_known_beforehand(stores: Stores) -> None:
    id = hand_over(stores, 1, "human_resources")
    case, act = given.assigned(category="labour_wages", tier="county"), by("time", profile=given.connected())

    stores.deliveries.change(id, Cause(at=MONDAY), lambda delivery: handing.sent(delivery, case, act))

    told = [wire.decode(body) for body in stores.deliveries.events_after(id, "0000000001.00")]
    assert [(event.name, event.sequence, event.last) for event in told] == [
        ("delivery.sent", "0000000002.00", True),
        ("ask.handle_case", "0000000002.01", True),
    ]


def test_over_https_an_ask_is_the_very_one_that_went_into_the_mailbox(stores: Stores) -> None:
    id = hand_over(stores, 1, "human_resources")
    case, act = given.assigned(category="labour_wages", tier="county"), by("time", profile=given.connected())
    held = stores.deliveries.change(id, Cause(at=MONDAY), lambda waiting: handing.sent(waiting, case, act))

    ask = mailbox.asked(stores, held)

    sent = [body for body in stores.deliveries.events_after(id, "") if b"ask.handle_case.v1" in body]
    assert sent == [ask]


def test_an_ask_is_lent_to_one_reader_at_a_time(stores: Stores) -> None:
    id, until = ids.derived("stored", "lease"), MONDAY + timedelta(seconds=60)

    first = stores.leases.take(id, until, MONDAY)
    second = stores.leases.take(id, until, MONDAY)
    later = stores.leases.take(id, until + timedelta(minutes=2), until)
    lent = stores.leases.lent(id)
    stores.leases.drop(id)

    assert (first, second, later) == (True, False, True)
    assert (lent, stores.leases.lent(id)) == (True, False)
    assert stores.leases.take(id, until, MONDAY)


def test_who_fetches_mail_over_https_is_known_for_a_while(stores: Stores) -> None:
    stores.leases.polled("housing", MONDAY)
    stores.leases.polled("health", MONDAY - timedelta(days=2))

    assert stores.leases.polling(MONDAY - timedelta(days=1)) == ["housing"]


def test_departments_are_kept_whole_and_listed_by_id(stores: Stores) -> None:
    handlers.declare(stores, MONDAY)
    handlers.declare(stores, MONDAY + timedelta(hours=1))

    found = stores.departments.everyone()

    assert [held.id for held in found] == sorted(held.id for held in found)
    assert {held.version for held in found} == {1}
    court = stores.departments.load("court").state
    assert court.connection.users[0].deployed and court.residencies[0].since == MONDAY


def test_a_change_of_a_department_is_seen_at_once(stores: Stores) -> None:
    handlers.declare(stores, MONDAY)
    before = handlers.is_live(stores, "court")
    director = Cause(at=MONDAY, actor=by("director").actor)

    handlers.change(
        stores, "court", director, lambda found, act: connection.suspend(found, Pause(reason="late"), act)
    )

    listed = {held.id: held.state.connection.stage for held in stores.departments.everyone()}
    assert (before, handlers.is_live(stores, "court"), listed["court"]) == (True, False, "suspended")


def test_the_last_sign_of_each_department_is_kept(stores: Stores) -> None:
    stores.signs.note("court", at=MONDAY, version="1.0", in_flight=3)
    stores.signs.note("court", liveness="online", consumers=1)

    sign = stores.signs.all()["court"]

    assert (sign.at, sign.version, sign.in_flight, sign.liveness) == (MONDAY, "1.0", 3, "online")


def test_reports_wait_until_they_are_sent_and_again_when_nobody_stored_them(stores: Stores) -> None:
    case, act = given.registered(), by("time")
    id = report_id(case.case_id, "province")
    why = Cause(at=MONDAY)
    stores.reports.open(id, why, lambda report: reports.kept(report, case, "province", act))
    assert [held.id for held in stores.reports.waiting("province", MONDAY, 10)] == [id]

    stores.reports.change(id, why, lambda report: reports.sent(report, act))

    assert stores.reports.waiting("province", MONDAY, 10) == []
    assert stores.reports.in_mailbox("province") == 1
    assert [held.id for held in stores.reports.sent("province", 10)] == [id]
    assert stores.reports.sent("other", 10) == []
    assert [held.id for held in stores.reports.waiting("province", MONDAY + reports.AGAIN, 10)] == [id]
