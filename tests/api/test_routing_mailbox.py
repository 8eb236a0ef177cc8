"""The mailbox over HTTPS: the asks of AMQP, lent, acknowledged and answered by the same rules."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.routing.api import create_app
from services.routing.handlers import mailbox
from services.routing.model import State
from services.routing.model.delivery import Stage, ask_id
from services.routing.rules.deliveries import asked
from shared import ids
from shared.contracts import wire
from shared.contracts.edge import AnswerAccepted, AnswerConcluded, AnswerReceived
from tests.api.routing_mail import HOUSING, LABOUR, a_client, a_town, handed
from tests.routing_town import Town
from tests.signing import bearer, department, machine

__all__ = ["a_client", "a_town"]


def poll(client: FlaskClient, unit: str = LABOUR, most: int = 20, wait: int = 0) -> list[dict[str, Any]]:
    """What the department fetches."""
    found = client.get(f"/routing/departments/{unit}/inbox?max={most}&wait={wait}", headers=department(unit))
    assert found.status_code == 200
    items: list[dict[str, Any]] = found.get_json()["items"]
    return items


def ack(client: FlaskClient, *delivery_ids: str, unit: str = LABOUR) -> Any:
    body = {"delivery_ids": delivery_ids}
    return client.post(f"/routing/departments/{unit}/ack", json=body, headers=department(unit)).get_json()


def answer(client: FlaskClient, body: bytes, unit: str = LABOUR) -> Any:
    return client.post(
        f"/routing/departments/{unit}/answers", data=body, headers=department(unit),
        content_type="application/cloudevents+json",
    )  # fmt: skip


def test_the_ask_is_byte_for_byte_the_one_that_goes_into_the_mailbox() -> None:
    town = Town()
    handed(town)

    with create_app(town.stores, town.clock).test_client() as client:
        (item,) = poll(client)

    assert item["ask"] == json.loads(town.bus.mailboxes[LABOUR][0])


def test_a_unit_with_a_desk_fetches_the_same_ask_although_none_went_into_a_mailbox(
    client: FlaskClient, town: Town
) -> None:
    id = handed(town)

    (item,) = poll(client)

    assert LABOUR not in town.bus.mailboxes
    assert item["ask"]["id"] == ask_id(id)
    assert wire.read(wire.decode(json.dumps(item["ask"]))) == asked(town.stores.deliveries.load(id).state)
    assert (item["delivery_id"], item["ask"]["id"]) == (id, ask_id(id))


def test_an_ask_is_lent_for_a_minute_and_then_again_until_it_is_acknowledged(
    client: FlaskClient, town: Town
) -> None:
    id = handed(town)

    first, meanwhile = poll(client), poll(client)
    town.now += timedelta(seconds=61)
    again = poll(client)
    said = ack(client, id)
    town.now += timedelta(seconds=61)

    assert ([len(first), len(meanwhile), len(again)], said) == ([1, 0, 1], {"acked": [id], "refused": []})
    assert poll(client) == []
    assert town.delivery().stage is Stage.RECEIVED


def test_asks_come_in_order_and_never_more_than_wanted(client: FlaskClient, town: Town) -> None:
    all = [handed(town, n) for n in range(3)]

    first, rest = poll(client, most=2), poll(client, most=2)

    assert [item["delivery_id"] for item in (*first, *rest)] == all


def test_answers_over_https_move_the_case_and_the_same_one_twice_acts_once(
    client: FlaskClient, town: Town
) -> None:
    id = handed(town)
    accepted = town.answer_body(LABOUR, AnswerAccepted(delivery_id=id, accepted_at=town.now))
    concluded = town.answer_body(
        LABOUR, AnswerConcluded(delivery_id=id, outcome="settled", concluded_at=town.now)
    )

    replies = [answer(client, body) for body in (accepted, accepted, concluded, concluded)]
    town.settle()

    assert [(r.status_code, r.get_json()["stage"]) for r in replies] == [
        (202, "accepted"), (202, "accepted"), (202, "concluded"), (202, "concluded"),
    ]  # fmt: skip
    case = town.case(town.delivery().case_id)
    assert (case.state, case.outcome, town.delivery().late) == (State.RESOLVED, "settled", 0)


@pytest.mark.parametrize(
    ("outlet", "source", "cause", "code", "status"),
    [
        (HOUSING, HOUSING, "", "foreign_outlet", 403),
        (HOUSING, LABOUR, "", "foreign_outlet", 403),
        (LABOUR, HOUSING, "", "foreign_source", 403),
        (LABOUR, LABOUR, ids.derived("another", "ask"), "foreign_cause", 403),
    ],
)
def test_an_answer_that_is_not_its_own_is_refused_and_written_down(
    client: FlaskClient, town: Town, outlet: str, source: str, cause: str, code: str, status: int
) -> None:
    id = handed(town)
    body = town.answer_body(source, AnswerAccepted(delivery_id=id, accepted_at=town.now), cause)

    refused = answer(client, body, outlet)

    assert (refused.status_code, refused.get_json()["code"]) == (status, code)
    (entry,) = town.stores.audit.entries()
    assert (entry.action, entry.object, entry.result) == ("answer_refused", f"delivery/{id}", code)
    assert town.delivery().stage is Stage.SENT


def test_an_answer_to_nothing_and_what_is_no_answer_are_refused_with_a_sentence(
    client: FlaskClient, town: Town
) -> None:
    id = handed(town)
    nothing = town.answer_body(LABOUR, AnswerReceived(delivery_id=ids.new()))
    broken = json.loads(town.answer_body(LABOUR, AnswerReceived(delivery_id=id)))
    wrong = json.dumps(broken | {"data": {}}).encode()
    future = json.dumps(broken | {"type": "answer.received.v9"}).encode()
    unknown = json.dumps(broken | {"type": "answer.sung.v1"}).encode()

    replies = [answer(client, body) for body in (b"{", b"{}", nothing, wrong, future, unknown)]

    assert [(r.status_code, r.get_json()["code"]) for r in replies] == [
        (400, "malformed"), (400, "malformed"), (404, "unknown_delivery"), (422, "not_an_answer"),
        (422, "not_an_answer"), (422, "unknown_type"),
    ]  # fmt: skip
    assert answer(client, b" " * 70_000).status_code == 413


def test_anothers_ask_cannot_be_acknowledged_and_the_try_is_written_down(
    client: FlaskClient, town: Town
) -> None:
    id, missing = handed(town), ids.new()

    said = ack(client, id, missing, unit=HOUSING)

    assert said["acked"] == []
    assert [(r["delivery_id"], r["code"]) for r in said["refused"]] == [
        (id, "foreign_outlet"), (missing, "unknown_delivery"),
    ]  # fmt: skip
    assert [entry.result for entry in town.stores.audit.entries()] == ["foreign_outlet", "unknown_delivery"]
    assert town.delivery().stage is Stage.SENT


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (department(HOUSING), "other_unit"),
        (bearer("unit_staff", unit=LABOUR), "role_missing"),
        (machine("routing"), "role_missing"),
    ],
)
def test_nobody_else_opens_the_mailbox(
    client: FlaskClient, town: Town, headers: dict[str, str], code: str
) -> None:
    handed(town)

    refused = client.get(f"/routing/departments/{LABOUR}/inbox?wait=0", headers=headers)

    assert (refused.status_code, refused.get_json()["code"]) == (403, code)
    assert client.get(f"/routing/departments/{LABOUR}/inbox").status_code == 401


def test_a_poll_waits_for_the_first_ask_and_no_longer(town: Town) -> None:
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 2:
            handed(town)

    found = mailbox.waited(lambda: mailbox.lease(town.stores, LABOUR, 20, town.now), 20, nap)
    nothing = mailbox.waited(lambda: mailbox.lease(town.stores, LABOUR, 20, town.now), 3, nap)

    assert (len(found), nothing, len(naps)) == (1, [], 2 + 3)


class Queues:
    """A broker's management with queues that have messages and readers."""

    def __init__(self, **found: tuple[int, int]) -> None:
        self.found, self.emptied = found, list[str]()

    def get(self, *path: str) -> Any:
        """How a queue stands."""
        messages, consumers = self.found.get(path[2].split(".")[1], (0, 0))
        return {"messages": messages, "consumers": consumers}

    def delete(self, *path: str) -> None:
        """Empty a queue."""
        self.emptied.append("/".join(path[2:]))


def test_mail_that_is_fetched_over_https_does_not_pile_up_at_the_broker(
    client: FlaskClient, town: Town
) -> None:
    for unit in (LABOUR, HOUSING, "health"):
        poll(client, unit)
    broker = Queues(human_resources=(3, 0), housing=(3, 1), court=(3, 0))

    emptied = mailbox.tidy(town.stores, broker, town.now)

    assert (emptied, broker.emptied) == ([LABOUR], [f"dept.{LABOUR}.inbox/contents"])
    assert mailbox.tidy(town.stores, broker, town.now + timedelta(days=2)) == []
