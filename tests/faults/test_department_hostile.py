"""A department that purges, rejects, forges and floods: nothing is lost, and no other one notices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from pika.exceptions import AMQPError

from services.routing.handlers import provisioning
from services.routing.model import Stage as Way
from services.routing.model.delivery import ask_id
from shared import clock, ids
from shared.contracts import wire
from shared.contracts.edge import AnswerConcluded, AnswerReceived
from shared.errors import Poison
from tests.faults.departments import eventually
from tests.faults.routing_edge import Side, answer, edge_side, live, reply, sent_again
from tests.servers import TestServers

pytestmark = pytest.mark.nightly

QUARTER = 16 * 60
PART = "purges its inbox, rejects everything, answers in another's name, forges, floods"


@pytest.fixture
def side(servers: TestServers) -> Iterator[Side]:
    with edge_side(servers) as made:
        yield made


@pytest.mark.fault(22, part=PART)
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


@pytest.mark.fault(22, part=PART)
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


@pytest.mark.fault(22, part=PART)
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


@pytest.mark.fault(22, part=PART)
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
