"""Who tells what to whom, as one document: from the contracts, the topology and the listeners' own lines."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from shared.bus import names
from shared.bus.worker import Hearing, Worker
from shared.contracts import edge as edge_contracts
from shared.contracts.all import every
from shared.contracts.asyncapi import parts
from shared.contracts.base import Event
from shared.contracts.schemas import Json, stem

EACH = "{department}"  # stands for every department of a county's profile
EVENTS, ASKS, MAILBOX, ANSWERS, BEATS = "events", "asks", "mailbox", "answers", "beats"


@dataclass(frozen=True, kw_only=True)
class Listener:
    """One queue that a service consumes, and its `@on` lines."""

    service: str
    vhost: str
    queue: str
    hearings: tuple[Hearing, ...]
    keys: tuple[str, ...]

    def hears(self, contract: type[Event]) -> bool:
        """Whether one of its lines is for this event."""
        return any(hearing.takes(contract.TYPE) for hearing in self.hearings)


def listeners(modules: Iterable[str]) -> list[Listener]:
    """The listeners that modules declare; no service is started for it."""
    found = [cls for name in modules for cls in _workers(name)]
    return sorted((_listener(cls) for cls in found if cls.hearings()), key=lambda each: each.queue)


def _workers(module: str) -> Iterator[type[Worker]]:
    for _, cls in inspect.getmembers(importlib.import_module(module), inspect.isclass):
        if issubclass(cls, Worker) and cls.__module__ == module:
            yield cls


def _listener(cls: type[Worker]) -> Listener:
    queue = cls.queue if isinstance(cls.queue, str) else f"{cls.service}.inbox"
    hearings, keys = tuple(cls.hearings()), tuple(cls.keys())
    return Listener(service=cls.service, vhost=cls.vhost, queue=queue, hearings=hearings, keys=keys)


def document(heard: Sequence[Listener], version: str) -> Json:
    """The whole document. Its order is fixed, so that a difference is a change."""
    core = names.core((each.queue, each.keys) for each in heard if each.vhost == "core")
    edge = names.edge((EACH,))
    return {
        "asyncapi": "3.0.0",
        "id": "urn:yizhan:events",
        "info": parts.info(version),
        "defaultContentType": parts.CONTENT_TYPE,
        "servers": {vhost.name: _server(vhost) for vhost in (core, edge)},
        "channels": _channels(heard),
        "operations": dict([*_sending(), *_receiving(heard)]),
        "components": parts.components(every()),
    }


def _server(vhost: names.Vhost) -> Json:
    topology = {
        "exchanges": [asdict(exchange) for exchange in vhost.exchanges],
        "queues": [asdict(queue) for queue in vhost.queues],
        "policies": [asdict(policy) for policy in vhost.policies],
    }
    return parts.server(vhost.name) | {"x-rabbitmq": topology}


def _channels(heard: Sequence[Listener]) -> Json:
    inboxes = {each.queue: _inbox(each) for each in heard if each.vhost == "core"}
    outlet = f"dept.{EACH}.out"
    return {
        EVENTS: parts.exchange_channel("core", names.EVENTS, "topic", "{type}.{county6}", _core()),
        **inboxes,
        ASKS: parts.exchange_channel("edge", names.DEPT, "direct", EACH, _asks()),
        MAILBOX: parts.queue_channel("edge", f"dept.{EACH}.inbox", _asks()),
        ANSWERS: parts.exchange_channel("edge", outlet, "direct", "reply", _answers()),
        BEATS: parts.exchange_channel("edge", outlet, "direct", "beat", _beats()),
        names.GATEWAY: parts.queue_channel("edge", names.GATEWAY, _answers()),
        names.BEATS: parts.queue_channel("edge", names.BEATS, _beats()),
    }


def _inbox(each: Listener) -> Json:
    return parts.queue_channel("core", each.queue, [c for c in _core() if each.hears(c)])


def _sending() -> Iterator[tuple[str, Json]]:
    for service in sorted({c.PUBLISHER for c in _core()}):
        told = [c for c in _core() if service == c.PUBLISHER]
        yield f"{service}.tells", parts.operation("send", service, EVENTS, told)
    yield "routing.asks", parts.operation("send", "routing", ASKS, _asks())
    yield "department.answers", parts.operation("send", "department", ANSWERS, _answers())
    yield "department.beats", parts.operation("send", "department", BEATS, _beats())


def _receiving(heard: Sequence[Listener]) -> Iterator[tuple[str, Json]]:
    yield "department.hears", parts.operation("receive", "department", MAILBOX, _asks())
    carried = {names.GATEWAY: _answers(), names.BEATS: _beats()}
    for each in heard:
        told = [c for c in carried.get(each.queue, _core()) if each.hears(c)]
        name = f"{each.service}.hears.{each.queue}"
        yield name, parts.operation("receive", each.service, each.queue, told)


def _core() -> list[type[Event]]:
    return [c for c in every() if c.__module__ != edge_contracts.__name__]


def _edge(prefix: str) -> list[type[Event]]:
    return [c for c in every() if c.__module__ == edge_contracts.__name__ and stem(c).startswith(prefix)]


def _asks() -> list[type[Event]]:
    return _edge("ask.")


def _answers() -> list[type[Event]]:
    return _edge("answer.")


def _beats() -> list[type[Event]]:
    return [*_edge("adapter."), *_edge("gate.")]
