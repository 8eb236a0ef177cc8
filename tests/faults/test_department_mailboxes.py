"""Departments connected at run time on a real broker: made, lost, away for an hour, taken away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

import pytest
from pika.exceptions import AMQPError, ProbableAuthenticationError

from services.routing.model import Stage as Way
from services.routing.model.delivery import ask_id
from services.routing.model.department_asks import Pause
from services.routing.rules import access, connection
from services.routing.store import DeliveryFilter
from services.routing.worker import RoutingWorker
from shared import clock
from shared.bus import topology
from shared.contracts import wire
from shared.contracts.base import Event
from shared.contracts.edge import AnswerAccepted, AnswerConcluded, AnswerReceived
from tests.faults.departments import eventually
from tests.faults.routing_edge import KIT, Side, answer, edge_side, live, reconciled, reply, sent_again
from tests.servers import TestServers

pytestmark = pytest.mark.nightly

QUARTER = 16 * 60


@pytest.fixture
def side(servers: TestServers) -> Iterator[Side]:
    with edge_side(servers) as made:
        yield made


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
    side.ordered("forestry", access.rotate)
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
