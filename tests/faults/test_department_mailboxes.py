"""Departments connected at run time on a real broker: made, lost, purged, flooded, taken away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial

import pika
import pytest
from pika.exceptions import AMQPError, ProbableAuthenticationError

from services.routing.handlers import provisioning
from services.routing.model import Stage as Way
from services.routing.model.delivery import ask_id
from services.routing.model.department_asks import Pause
from services.routing.rules import connection
from services.routing.store import DeliveryFilter
from services.routing.worker import RoutingWorker
from shared import clock, ids
from shared.aggregate.held import instant
from shared.bus import topology
from shared.contracts import base, wire
from shared.contracts.base import Event
from shared.contracts.edge import AnswerAccepted, AnswerConcluded, AnswerReceived
from shared.errors import Poison
from tests.faults.departments import eventually
from tests.faults.routing_edge import KIT, Side, edge_side
from tests.servers import TestServers

LONG = 90.0
QUARTER = 16 * 60


@pytest.fixture
def side(servers: TestServers) -> Iterator[Side]:
    with edge_side(servers) as made:
        yield made


def reconciled(side: Side, stage: str, department: str = "forestry") -> bool:
    """Rounds of the provisioner, until its department is so far."""

    def round() -> bool:
        side.reconcile()
        time.sleep(0.4)
        return side.stage(department) == stage

    return eventually(round, LONG)


def live(side: Side, window: int = 50) -> str:
    """A department that was connected at run time; its password."""
    side.wanted("forestry", window)
    assert reconciled(side, "provisioned")
    password = side.claimed("forestry")
    side.ordered("forestry", lambda found, by: connection.conformed(found, KIT, by))
    return password


def reply(side: Side, user: str, password: str, *bodies: bytes, outlet: str = "", **about: object) -> None:
    """A department puts something into its outlet."""
    exchange = outlet or user.rpartition(".")[0] + ".out"
    with side.connected(user, password) as link, link.channel() as channel:
        channel.confirm_delivery()
        for body in bodies:
            properties = pika.BasicProperties(delivery_mode=2, **about)
            channel.basic_publish(exchange, "reply", body, properties, mandatory=True)


def answer(department: str, told: Event, n: int = 1) -> bytes:
    """An answer on the wire, in a department's name."""
    id = str(getattr(told, "delivery_id", ""))
    return wire.encode(
        wire.Envelope(
            id=ids.new(), source=f"/dept/{department}", type=f"{told.TYPE}.v1", subject=f"delivery/{id}",
            time=instant(clock.now()), sequence=f"{n:010d}.00", data=base.dump(told),
            causationid=ask_id(id), regioncode="990101",
        )
    )  # fmt: skip


@pytest.mark.requirement("COR-01")
def test_a_new_department_gets_a_mailbox_only_it_can_read_and_a_case_comes_back_concluded(side: Side) -> None:
    password = live(side)
    (id,) = side.queue("forestry", 1)
    side.send()

    with side.connected("dept.forestry.a", password) as link, link.channel() as channel:
        _, _, body = channel.basic_get("dept.forestry.inbox", auto_ack=True)
    said = AnswerConcluded(delivery_id=id, outcome="settled", concluded_at=clock.now())
    reply(side, "dept.forestry.a", password, answer("forestry", said))

    assert wire.decode(body).id == ask_id(id)
    assert eventually(lambda: side.hear() == [] and bool(side.kept.deliveries.load(id).state.outcome))
    assert side.kept.deliveries.load(id).state.stage is Way.CONCLUDED
    with side.connected("dept.forestry.a", password) as link, pytest.raises(AMQPError):
        link.channel().basic_get("dept.court.inbox", auto_ack=True)


def test_every_round_of_the_provisioner_is_the_same_and_the_deploy_job_leaves_its_work_alone(
    side: Side,
) -> None:

    live(side)
    before = side.kept.departments.load("forestry").version
    for vhost in topology.wanted([RoutingWorker(side.kept)], ["court", "police"]):
        topology.apply(side.mailboxes.api, vhost)
    for _ in range(3):
        side.reconcile()

    assert side.kept.departments.load("forestry").version == before
    assert side.mailboxes.look("forestry").fault == ""
    bound = side.mailboxes.api.get("queues", side.mailboxes.vhost, "q.gateway", "bindings")
    assert {"dept.forestry.out", "dept.court.out", "x.return"} <= {each["source"] for each in bound}


def signs_in(side: Side, user: str, password: str) -> bool:
    try:
        with side.connected(user, password):
            return True
    except ProbableAuthenticationError:
        return False


def test_users_take_turns_rest_for_security_and_end_with_the_department(side: Side) -> None:
    first = live(side)
    side.ordered("forestry", connection.rotate)
    second = side.claimed("forestry")
    both = [signs_in(side, "dept.forestry.a", first), signs_in(side, "dept.forestry.b", second)]
    clock.advance(25 * 3600)
    side.reconcile()
    later = [signs_in(side, "dept.forestry.a", first), signs_in(side, "dept.forestry.b", second)]

    side.ordered("forestry", lambda d, by: connection.suspend(d, Pause(reason="hostile", security=True), by))
    side.reconcile()
    shut = signs_in(side, "dept.forestry.b", second)
    side.ordered("forestry", connection.resume)
    side.reconcile()
    back = signs_in(side, "dept.forestry.b", second)

    assert (both, later, shut, back) == ([True, True], [False, True], False, True)


def test_a_department_leaves_when_it_owes_nothing_and_its_mailbox_is_empty(side: Side) -> None:
    live(side)
    side.queue("forestry", 1)
    side.send()
    side.ordered("forestry", lambda d, by: connection.leave(d, Pause(reason="merged"), by), "clerk")
    side.ordered("forestry", connection.approve_leave)
    side.reconcile()
    owing = side.stage("forestry")

    (held,) = side.kept.deliveries.listed(DeliveryFilter(department="forestry"))
    assert len(side.taken("forestry")) == 1
    body = answer(
        "forestry", AnswerConcluded(delivery_id=held.id, outcome="settled", concluded_at=clock.now())
    )
    with side.connected() as link, link.channel() as channel:
        channel.basic_publish("dept.forestry.out", "reply", body)
    assert eventually(lambda: side.hear() == [] and bool(side.kept.deliveries.load(held.id).state.outcome))

    assert (owing, reconciled(side, "offboarded")) == ("leaving", True)
    for kind, name in (("queues", "dept.forestry.inbox"), ("exchanges", "dept.forestry.out")):
        assert side.mailboxes.api.get(kind, side.mailboxes.vhost, name) is None


@pytest.mark.fault(6)
def test_a_broker_killed_right_after_a_mailbox_was_made_costs_no_hand_over(servers: TestServers) -> None:
    if servers.broker is None:
        pytest.skip("only a broker of one's own is killed")
    with edge_side(servers) as side:
        side.wanted("forestry")
        side.reconcile()
        servers.broker.kill()
        assert side.stage("forestry") != "provisioned"
        servers.broker.start()

        assert reconciled(side, "provisioned"), side.mailboxes.look("forestry")
        side.ordered("forestry", lambda found, by: connection.conformed(found, KIT, by))
        owed = side.queue("forestry", *range(5))
        side.send()
        side.mailboxes.rebuild("forestry")  # the queue and all in it is lost for good, as a dead one is
        side.ordered("forestry", connection.repair)
        assert reconciled(side, "onboarded")
        clock.advance(QUARTER)
        again = sent_again(side)
        side.tell()

        asks = side.taken("forestry")
        assert again == len(owed)
        assert [ask.id for ask in asks] == [ask_id(id) for id in owed]


def sent_again(side: Side, department: str = "forestry") -> int:
    """What the ledger sends again, once the broker says that the inbox is empty and the system is alive."""

    def empty() -> bool:
        side.beat(department)
        side.look()
        sign = side.kept.signs.all()[department]
        return sign.liveness == "online" and not sign.messages and not sign.fault

    assert eventually(empty), side.kept.signs.all()
    return provisioning.send_again(side.kept, clock.now())


@pytest.mark.fault(20)
def test_a_thousand_cases_for_a_department_that_is_away_for_an_hour_come_once_each_in_order(
    side: Side,
) -> None:
    password = live(side, window=50)
    owed = side.queue("forestry", *range(1_000))
    side.send()
    clock.advance(3_600)
    for _ in range(3):
        side.send()
    depth = len(side.kept.deliveries.listed(DeliveryFilter(stages=(Way.SENT,)), limit=1_000))
    began = time.monotonic()
    (other,) = side.queue("police", 1)
    side.send()
    quick, there = time.monotonic() - began, [ask.id for ask in side.taken("police")]

    came: list[str] = []
    while len(came) < len(owed):
        asks = side.taken("forestry")
        assert 0 < len(asks) <= 58, (len(asks), len(came))
        came += [ask.data["delivery_id"] for ask in asks]
        said = [
            answer("forestry", told, n)
            for ask in asks
            for n, told in enumerate(_taken(ask.data["delivery_id"]), 1)
        ]
        reply(side, "dept.forestry.a", password, *said)
        assert eventually(partial(_all_accepted, side, len(came)))
        side.send()

    assert depth == 50
    assert (there, quick < 5) == ([ask_id(other)], True)
    assert came == owed
    assert {side.kept.deliveries.load(id).state.sent_n for id in owed} == {1}


def _taken(id: str) -> tuple[Event, Event]:
    return AnswerReceived(delivery_id=id), AnswerAccepted(delivery_id=id, accepted_at=clock.now())


def _all_accepted(side: Side, count: int) -> bool:
    accepted = DeliveryFilter(department="forestry", stages=(Way.ACCEPTED,))
    return side.hear() == [] and len(side.kept.deliveries.listed(accepted, limit=2_000)) == count


# ── a hostile department ────────────────────────────────────────────────────────────────────────


@pytest.mark.fault(22, part="purges its inbox, rejects everything, answers in another's name, forges, floods")
def test_what_a_hostile_department_purges_is_sent_again_within_twenty_minutes(side: Side) -> None:
    password = live(side)
    owed = side.queue("forestry", *range(4))
    side.send()

    with side.connected("dept.forestry.a", password) as link, link.channel() as channel:
        channel.queue_purge("dept.forestry.inbox")
    early = sent_again(side)
    clock.advance(QUARTER)
    late, twice = sent_again(side), provisioning.send_again(side.kept, clock.now())
    side.tell()

    assert (early, late, twice) == (0, 4, 0)
    assert [ask.id for ask in side.taken("forestry")] == [ask_id(id) for id in owed]
    assert [side.kept.deliveries.load(id).state.sent_n for id in owed] == [2] * 4


@pytest.mark.fault(22, part="purges its inbox, rejects everything, answers in another's name, forges, floods")
def test_what_it_rejects_is_parked_and_its_neighbour_is_not_touched(side: Side) -> None:
    password = live(side)
    side.queue("forestry", *range(4))
    (police,) = side.queue("police", 1)
    side.send()

    with side.connected("dept.forestry.a", password) as link, link.channel() as channel:
        while (got := channel.basic_get("dept.forestry.inbox"))[0] is not None:
            channel.basic_reject(got[0].delivery_tag, requeue=False)

    parked: list[bytes] = []

    def all_parked() -> bool:
        with side.connected() as link, link.channel() as channel:
            while (got := channel.basic_get("q.park", auto_ack=True))[0] is not None:
                parked.append(got[2])
        return len(parked) == 4

    assert eventually(all_parked), parked
    assert [ask.id for ask in side.taken("police")] == [ask_id(police)]


@pytest.mark.fault(22, part="purges its inbox, rejects everything, answers in another's name, forges, floods")
def test_an_answer_in_anothers_name_is_refused_written_down_and_reaches_nobodys_queue(side: Side) -> None:
    password = live(side)
    (theirs,) = side.queue("police", 1)
    (mine,) = side.queue("forestry", 2)
    side.send()
    concluded = AnswerConcluded(delivery_id=theirs, outcome="settled", concluded_at=clock.now())
    own = AnswerReceived(delivery_id=mine)
    forged = replace(wire.decode(answer("forestry", own)), causationid=ids.new())
    before = len(side.taken("police"))

    reply(
        side, "dept.forestry.a", password,
        answer("police", concluded), answer("forestry", concluded), answer("police", own),
        wire.encode(forged),
        headers={"CC": ["dept.police.inbox", "police", "q.park"]},
    )  # fmt: skip
    refused: list[Exception] = []

    def all_refused() -> bool:
        refused.extend(side.hear())
        return len(refused) == 4

    assert eventually(all_refused), refused
    assert all(isinstance(error, Poison) for error in refused)
    audited = [e.result for e in side.kept.audit.entries() if e.action == "answer_refused"]
    assert audited == ["foreign_outlet", "foreign_outlet", "foreign_source", "foreign_cause"]
    assert side.kept.deliveries.load(theirs).state.stage is Way.SENT
    assert (before, side.taken("police"), len(side.taken("forestry"))) == (1, [], 1)


@pytest.mark.fault(22, part="purges its inbox, rejects everything, answers in another's name, forges, floods")
def test_answers_twice_after_the_end_and_ten_megabytes_change_nothing_and_hold_up_nobody(side: Side) -> None:
    password = live(side)
    (id,) = side.queue("forestry", 1)
    side.send()
    said = AnswerConcluded(delivery_id=id, outcome="settled", concluded_at=clock.now())
    once = answer("forestry", said)
    reply(side, "dept.forestry.a", password, once, once, answer("forestry", said, 2))
    assert eventually(lambda: side.hear() == [] and bool(side.kept.deliveries.load(id).state.outcome))

    with suppress(AMQPError):  # a broker that limits the size hangs up; otherwise the gateway refuses it
        reply(side, "dept.forestry.a", password, b"x" * 10_000_000)
    (next_,) = side.queue("forestry", 2)
    side.send()
    reply(side, "dept.forestry.a", password, answer("forestry", AnswerReceived(delivery_id=next_)))

    assert eventually(lambda: bool(side.hear() or side.kept.deliveries.load(next_).state.received_at))
    assert eventually(lambda: side.kept.deliveries.load(next_).state.received_at is not None)
    versions = [entry["v"] for entry in side.kept.deliveries.entries(id)]
    assert versions == list(range(1, len(versions) + 1)) and len(versions) == 3
