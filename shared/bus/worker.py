"""How a service listens: a class of short methods, `@on(Contract)` for what it hears, `@every` for its loops.

A worker knows no broker. `shared.bus.run` puts it on a real one, `shared.bus.memory` on one in memory.
"""

from __future__ import annotations

import hashlib
import importlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, TypeVar

from shared.aggregate.held import following, stream
from shared.aggregate.mongo import MongoStore
from shared.aggregate.store import Store
from shared.aggregate.vessels import Documents, Vessel
from shared.clock import Clock, now
from shared.contracts import base, wire
from shared.decision import Actor, Cause, Order
from shared.errors import Poison

_SEQUENCE = re.compile(r"\d{10}\.\d{2}")

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """One `@on` line: which types it takes and how it keeps their order."""

    patterns: tuple[str, ...]  # "case.assigned" or "case.#"
    order: Order
    method: str

    def takes(self, name: str) -> bool:
        """Whether an event type is meant; `case.#` means every event about a case."""
        return any(p == name or (p.endswith(".#") and name.startswith(p[:-1])) for p in self.patterns)


@dataclass(frozen=True, kw_only=True)
class Loop:
    """One `@every` line. `alone` means: on one replica at a time."""

    seconds: float
    alone: bool
    method: str


def on(*heard: type[base.Event] | str, order: Order = "none") -> Callable[[F], F]:
    """The method hears these events: contracts, or a whole aggregate as `"case.#"`.

    order="strict": every event of a subject in turn, gaps filled; listen to the whole aggregate for that.
    order="latest": only events newer than the last heard one. order="none": each once, in any order.
    """
    patterns = tuple(h if isinstance(h, str) else h.TYPE for h in heard)

    def note(method: F) -> F:
        method._hearing = (patterns, order)  # type: ignore[attr-defined]
        return method

    return note


def every(seconds: float, *, alone: bool = False) -> Callable[[F], F]:
    """The method runs again and again, in real seconds whatever the shared clock says."""

    def note(method: F) -> F:
        method._loop = (seconds, alone)  # type: ignore[attr-defined]
        return method

    return note


class Worker:
    """Base of every service's listener.

    Subclasses set `service`, list their `stores` (the relay empties their outboxes), and may set `queue`
    and `vhost` when it is not the service's own inbox.
    """

    service: ClassVar[str]
    vhost: ClassVar[str] = "core"

    def __init__(self, stores: Sequence[Store[Any]] = (), clock: Clock = now) -> None:
        self.stores, self.clock = tuple(stores), clock

    @property
    def queue(self) -> str:
        """The queue this worker consumes."""
        return f"{self.service}.inbox"

    def vessels(self) -> list[Vessel]:
        """What holds sealed fields: they are sealed again when a new key comes."""
        stores = [store for store in self.stores if isinstance(store, MongoStore)]
        return [Documents(s.collection, s.document.SEALED) for s in stores if s.document.SEALED]

    @classmethod
    @cache
    def hearings(cls) -> list[Hearing]:
        """Its `@on` lines: those for single types first, then those for whole aggregates."""
        found = [Hearing(patterns=p, order=o, method=name) for name, (p, o) in _noted(cls, "_hearing")]
        return sorted(found, key=lambda h: any(p.endswith("#") for p in h.patterns))

    @classmethod
    def loops(cls) -> list[Loop]:
        """Its `@every` lines."""
        return [Loop(seconds=s, alone=a, method=name) for name, (s, a) in _noted(cls, "_loop")]

    @classmethod
    def keys(cls) -> list[str]:
        """The routing keys its queue is bound by."""
        patterns = {p for hearing in cls.hearings() for p in hearing.patterns}
        return sorted(p if p.endswith(".#") else f"{p}.#" for p in patterns)

    def hear(self, body: bytes, origin: str = "") -> bool:
        """Handle one message; False when no `@on` line takes its type.

        Raises Poison when it can never be handled, store.Early when it is before its turn, and whatever
        the handler raises.
        """
        envelope = wire.decode(body)
        told = wire.read(envelope)
        hearing = self._hearing(envelope)
        if hearing is None:
            return False
        if hearing.order != "none" and not _has_a_place(envelope):
            raise Poison(f"{envelope.type} has no place in an order")
        getattr(self, hearing.method)(told, self._cause(envelope, hearing.order, body, origin))
        return True

    def pass_over(self, body: bytes) -> None:
        """Let the stream of a discarded message go on without it, where every event is waited for.

        Raises Poison when it is no event.
        """
        envelope = wire.decode(body)
        hearing = self._hearing(envelope)
        if hearing and hearing.order == "strict" and _has_a_place(envelope):
            for store in self.stores:
                store.pass_over(stream(envelope), envelope.sequence, following(envelope))

    def _hearing(self, envelope: wire.Envelope) -> Hearing | None:
        return next((h for h in self.hearings() if h.takes(envelope.name)), None)

    def _cause(self, heard: wire.Envelope, order: Order, body: bytes, origin: str) -> Cause:
        publisher = heard.source.split("/")[2] if heard.source.count("/") >= 2 else heard.source
        return Cause(
            at=self.clock(),
            actor=Actor(ref=publisher, role=heard.actorrole or "system", region=heard.regioncode),
            key=message_key(heard) if order == "none" else "",
            heard=heard,
            order=order,
            body=body,
            origin=origin,
            correlation=heard.correlationid,
            traceparent=heard.traceparent,
        )


class RawWorker(Worker):
    """Takes messages as they are, whatever they are: the parker."""

    def take(self, body: bytes, content_type: str, headers: dict[str, Any]) -> None:
        """Handle one message's bytes."""
        raise NotImplementedError


def message_key(heard: wire.Envelope) -> str:
    """What makes a message one message: its source and id."""
    return hashlib.sha1(f"{heard.source}|{heard.id}".encode(), usedforsecurity=False).hexdigest()


def _has_a_place(heard: wire.Envelope) -> bool:
    """Whether its sequence can be followed, and its stream be a name inside a document."""
    return bool(_SEQUENCE.fullmatch(heard.sequence)) and not set(heard.source + heard.subject) & {
        ".",
        "$",
        "\0",
    }


def load_workers(modules: Iterable[str]) -> list[Worker]:
    """The workers of modules named on a command line; each module has a function `workers()`."""
    return [worker for module in modules for worker in importlib.import_module(module).workers()]


def _noted(cls: type, mark: str) -> Iterator[tuple[str, Any]]:
    for name in dir(cls):
        noted = getattr(getattr(cls, name, None), mark, None)
        if noted is not None:
            yield name, noted
