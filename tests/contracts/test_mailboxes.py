"""Mailboxes in memory and on the real broker keep the same promises to the provisioner."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pika
import pytest
from pika.exceptions import ProbableAuthenticationError

from shared.bus.api import Management
from shared.bus.mailboxes import BrokerAway, Letter, Look, Mailboxes, MemoryMailboxes, RealMailboxes, hashed
from shared.bus.names import edge
from shared.bus.topology import apply
from tests.servers import TestServers

ID, PASSWORD = "forestry", "0123456789abcdef"
BODY = b'{"type":"ask.handle_case.v1"}'


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of mailboxes, and how a test gets at what lies behind it."""

    mailboxes: Mailboxes
    put: Callable[[bytes], None]
    lets_in: Callable[[str, str], bool]  # slot, password
    lose: Callable[[], None]
    away: Callable[[], Mailboxes]


def in_memory() -> Kind:
    kept = MemoryMailboxes()

    def put(body: bytes) -> None:
        kept.letters.setdefault(ID, []).append(Letter(type="ask.handle_case.v1", event_id="e1", body=body))

    def lets_in(slot: str, password: str) -> bool:
        return kept.users.get(ID, {}).get(slot) == hashed(password, b"salt")

    def away() -> Mailboxes:
        kept.away = True
        return kept

    def lose() -> None:
        kept.looks.pop(ID)

    return Kind(mailboxes=kept, put=put, lets_in=lets_in, lose=lose, away=away)


def on_the_broker(environment: dict[str, str]) -> Kind:
    api, vhost = Management(environment["AMQP_API"]), environment["YIZHAN_EDGE_VHOST"]
    apply(api, replace(edge([], divisor=1_000), name=vhost))
    address = environment["AMQP_URL"].rpartition("@")[2]

    def link(user: str, password: str) -> pika.BlockingConnection:
        return pika.BlockingConnection(pika.URLParameters(f"amqp://{user}:{password}@{address}/{vhost}"))

    def put(body: bytes) -> None:
        about = pika.BasicProperties(message_id="e1", type="ask.handle_case.v1", delivery_mode=2)
        given = pika.URLParameters(f"{environment['AMQP_URL']}/{vhost}")
        with pika.BlockingConnection(given) as opened, opened.channel() as channel:
            channel.confirm_delivery()
            channel.basic_publish("x.dept", ID, body, about, mandatory=True)

    def lets_in(slot: str, password: str) -> bool:
        try:
            with link(f"dept.{ID}.{slot}", password):
                return True
        except ProbableAuthenticationError:
            return False

    def lose() -> None:
        api.delete("queues", vhost, f"dept.{ID}.inbox")

    nowhere = Management("http://guest:guest@127.0.0.1:9")
    return Kind(
        mailboxes=RealMailboxes(api, vhost), put=put, lets_in=lets_in, lose=lose,
        away=lambda: RealMailboxes(nowhere, vhost),
    )  # fmt: skip


@pytest.fixture(params=["memory", "broker"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kind]:
    if request.param == "memory":
        yield in_memory()
        return
    servers: TestServers = request.getfixturevalue("servers")
    with servers.entered(monkeypatch) as environment:
        yield on_the_broker(environment)


def settled(mailboxes: Mailboxes) -> Look:
    """How the mailbox is once the broker's figures have caught up."""
    until = time.monotonic() + 20
    while (found := mailboxes.look(ID)).fault and time.monotonic() < until:
        time.sleep(0.1)
    return found


def test_a_mailbox_that_was_never_made_is_at_fault_and_nothing_lies_in_it(kind: Kind) -> None:
    assert kind.mailboxes.look(ID).fault
    assert kind.mailboxes.left_over(ID) == []


def test_what_is_made_is_safe_tried_and_made_again_without_harm(kind: Kind) -> None:
    kind.mailboxes.ensure(ID, {"a": hashed(PASSWORD, b"salt")})
    kind.mailboxes.ensure(ID, {"a": hashed(PASSWORD, b"salt")})

    assert settled(kind.mailboxes) == Look()
    assert kind.mailboxes.probe(ID)
    assert kind.mailboxes.age(ID) >= 0.0


def test_exactly_the_users_that_are_wanted_can_sign_in(kind: Kind) -> None:
    second = "fedcba9876543210"
    kind.mailboxes.ensure(ID, {"a": hashed(PASSWORD, b"salt")})
    first = [kind.lets_in("a", PASSWORD), kind.lets_in("a", second), kind.lets_in("b", second)]

    kind.mailboxes.ensure(ID, {"b": hashed(second, b"salt")})
    then = [kind.lets_in("a", PASSWORD), kind.lets_in("b", second)]

    assert (first, then) == ([True, False, False], [False, True])


def test_who_was_shut_out_stays_out_although_a_deployment_made_the_user_again(kind: Kind) -> None:
    kind.mailboxes.ensure(ID, {"a": hashed(PASSWORD, b"salt")})
    before = kind.lets_in("a", PASSWORD)

    kind.mailboxes.shut_out(ID)

    assert (before, kind.lets_in("a", PASSWORD)) == (True, False)


def test_a_mailbox_the_broker_lost_is_at_fault_until_it_is_made_again(kind: Kind) -> None:
    kind.mailboxes.ensure(ID, {})
    settled(kind.mailboxes)

    kind.lose()
    lost = kind.mailboxes.look(ID).fault
    kind.mailboxes.rebuild(ID)
    kind.mailboxes.ensure(ID, {})

    assert lost and settled(kind.mailboxes).fault == ""


def test_what_is_left_over_is_shown_stays_and_goes_only_when_it_was_saved(kind: Kind) -> None:
    kind.mailboxes.ensure(ID, {"a": hashed(PASSWORD, b"salt")})
    settled(kind.mailboxes)
    kind.put(BODY)

    shown = [kind.mailboxes.left_over(ID) for _ in range(2)]
    shut = kind.lets_in("a", PASSWORD)
    unsaved = kind.mailboxes.remove(ID, set())
    gone = kind.mailboxes.remove(ID, {letter.digest for letter in shown[0]})

    assert shown[0] == shown[1] == [Letter(type="ask.handle_case.v1", event_id="e1", body=BODY)]
    assert (shut, unsaved, gone) == (False, False, True)
    assert kind.mailboxes.look(ID).fault
    assert kind.mailboxes.remove(ID, set())  # once more is no harm


@pytest.mark.parametrize(
    "call",
    [
        lambda m: m.ensure(ID, {}),
        lambda m: m.look(ID),
        lambda m: m.probe(ID),
        lambda m: m.rebuild(ID),
        lambda m: m.left_over(ID),
        lambda m: m.remove(ID, set()),
    ],
    ids=["ensure", "look", "probe", "rebuild", "left_over", "remove"],
)
def test_a_broker_that_is_away_says_so_to_every_call(kind: Kind, call: Callable[[Mailboxes], object]) -> None:
    with pytest.raises(BrokerAway):
        call(kind.away())
