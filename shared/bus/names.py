"""Every exchange and queue of the bus as data, and the policies that make them safe (BUS b2, b3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

EVENTS, RETURN, PARK, UNROUTED = "x.events", "x.return", "x.park", "x.unrouted"
DEPT, GATEWAY, BEATS, PARKED = "x.dept", "q.gateway", "q.beats", "q.park"
TRIALS = "q.trials"  # what adapters say while they are examined: nobody acts on it, and it may be lost

LADDER = {"2s": 2, "10s": 10, "1m": 60, "5m": 300, "30m": 1_800, "3h": 10_800}  # seconds, BUS b7
STEPS = (None, "2s", "10s", "1m", "5m", "30m", "3h")  # after the 1st … 7th failure; the 8th parks
TRIES = len(STEPS) + 1

NEVER = (
    1_000_000  # deliveries: without a limit newer brokers drop after twenty, and behind the park is nothing
)
WINDOW = 500  # deliveries in one mailbox; the rest wait in MongoDB (BUS b11)


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """An exchange and where it sends what nobody is bound for."""

    name: str
    kind: str
    alternate: str = ""


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A durable queue, its bindings as (exchange, key), and the policy keys it must show."""

    name: str
    bindings: tuple[tuple[str, str], ...] = ()
    kind: str = "quorum"
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Broker settings by name pattern: unlike queue arguments they can be changed later."""

    name: str
    pattern: str
    definition: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class User:
    """A department's broker user: may read its mailbox and write its own outlet, nothing else."""

    name: str
    secret: str
    write: str
    read: str


@dataclass(frozen=True, kw_only=True)
class Vhost:
    """Everything that must exist in one virtual host."""

    name: str
    exchanges: tuple[Exchange, ...]
    queues: tuple[Queue, ...]
    policies: tuple[Policy, ...]
    users: tuple[User, ...] = ()


def core(listeners: Iterable[tuple[str, Iterable[str]]], divisor: int = 1) -> Vhost:
    """The services' side: `listeners` are (queue, routing keys it hears)."""
    inboxes = tuple(
        Queue(name=queue, bindings=(*((EVENTS, key) for key in sorted(set(keys))), (RETURN, queue)))
        for queue, keys in listeners
    )
    return Vhost(
        name="core",
        exchanges=(Exchange(name=EVENTS, kind="topic", alternate=UNROUTED), *_common_exchanges()),
        queues=(*inboxes, *_common_queues(divisor)),
        policies=(_policy("core-inbox", r"^[a-z]+\.(inbox|slow)$", 50), *_common_policies()),
    )


def edge(departments: Iterable[str], divisor: int = 1) -> Vhost:
    """The departments' side: a mailbox and an outlet for each, one gateway for all answers."""
    ids = tuple(sorted(departments))
    outlets = tuple(Exchange(name=outlet_of(id), kind="direct") for id in ids)
    trials = tuple(Exchange(name=trial_of(id), kind="direct") for id in ids)
    gateway = Queue(name=GATEWAY, bindings=(*((o.name, "reply") for o in outlets), (RETURN, GATEWAY)))
    beats = Queue(name=BEATS, kind="classic", bindings=tuple((o.name, "beat") for o in outlets))
    return Vhost(
        name="edge",
        exchanges=(
            Exchange(name=DEPT, kind="direct", alternate=UNROUTED),
            *outlets,
            *trials,
            *_common_exchanges(),
        ),
        queues=(
            *(q for id in ids for q in _mailbox(id)),
            gateway,
            beats,
            _trials(ids),
            *_common_queues(divisor),
        ),
        policies=(
            _policy("edge-inbox", r"^dept\.[a-z0-9_]+\.(inbox|sandbox)$", 200, {"max-length": 2 * WINDOW}),
            _policy("gateway", r"^q\.gateway$", 50, {"max-length": 200_000}),
            Policy(name="beats", pattern=r"^q\.(beats|trials)$", definition=_BEATS),
            *_common_policies(),
        ),
        users=tuple(_user(id) for id in ids),
    )


def mailbox(department: str, vhost: str = "edge") -> Vhost:
    """What one more department needs at run time; the policies match its queues by name already."""
    outlet = Exchange(name=outlet_of(department), kind="direct")
    trial = Exchange(name=trial_of(department), kind="direct")
    shared = (
        Queue(name=GATEWAY, bindings=((outlet.name, "reply"), (RETURN, GATEWAY))),
        Queue(name=BEATS, kind="classic", bindings=((outlet.name, "beat"),)),
        _trials([department]),
    )
    policies = edge((), 1).policies
    return Vhost(
        name=vhost, exchanges=(outlet, trial), queues=(*_mailbox(department), *shared), policies=policies
    )


def outlet_of(department: str) -> str:
    """The exchange that only this department may write to: the identity of what it says."""
    return f"dept.{department}.out"


def trial_of(department: str) -> str:
    """Where its adapter answers what lies in the sandbox, apart from its outlet: nothing comes of it."""
    return f"dept.{department}.trial"


def _trials(ids: Iterable[str]) -> Queue:
    bindings = tuple((trial_of(id), key) for id in ids for key in ("reply", "beat"))
    return Queue(name=TRIALS, kind="classic", bindings=bindings)


def is_outlet(exchange: str) -> bool:
    """Whether an exchange is some department's outlet."""
    return exchange.startswith("dept.") and exchange.endswith(".out")


_BEATS = {"max-length": 20_000, "overflow": "drop-head", "message-ttl": 120_000}


def _mailbox(id: str) -> Iterator[Queue]:
    inbox = f"dept.{id}.inbox"
    yield Queue(name=inbox, bindings=((DEPT, id), (RETURN, inbox)))
    yield Queue(name=f"dept.{id}.sandbox")


def _user(id: str) -> User:
    return User(
        name=f"dept.{id}.a",
        secret=f"dept_{id}",
        write=rf"^dept\.{id}\.(out|trial)$",
        read=rf"^dept\.{id}\.(inbox|sandbox)$",
    )


def _common_exchanges() -> tuple[Exchange, ...]:
    ladder = tuple(Exchange(name=f"x.delay.{step}", kind="fanout") for step in LADDER)
    ends = (Exchange(name=PARK, kind="fanout"), Exchange(name=UNROUTED, kind="fanout"))
    return (*ends, Exchange(name=RETURN, kind="direct", alternate=UNROUTED), *ladder)


def _common_queues(divisor: int) -> tuple[Queue, ...]:
    ladder = tuple(
        Queue(
            name=f"q.delay.{step}",
            bindings=((f"x.delay.{step}", ""),),
            arguments={"x-message-ttl": max(1, seconds * 1_000 // divisor)},
        )
        for step, seconds in LADDER.items()
    )
    return (*ladder, Queue(name=PARKED, bindings=((PARK, ""), (UNROUTED, ""))))


def _common_policies() -> tuple[Policy, ...]:
    ladder = _policy("ladder", r"^q\.delay\.", 1_000)
    back = Policy(
        name="ladder", pattern=ladder.pattern, definition=ladder.definition | {"dead-letter-exchange": RETURN}
    )
    return (back, Policy(name="park", pattern=r"^q\.park$", definition={"delivery-limit": NEVER}))


def _policy(name: str, pattern: str, limit: int, more: dict[str, Any] | None = None) -> Policy:
    definition = {
        "delivery-limit": limit,  # always set, always positive (BUS b1)
        "dead-letter-exchange": PARK,
        "dead-letter-strategy": "at-least-once",
        "overflow": "reject-publish",
    }
    return Policy(name=name, pattern=pattern, definition=definition | (more or {}))
